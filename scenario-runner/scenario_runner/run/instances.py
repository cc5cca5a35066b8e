"""Who has which instance of the subjects that we start: fresh ones are started ahead, each goes to
whom it is for, and ends with them. Lives in the parent, where no step code can reach it."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from scenario_runner import processes
from scenario_runner.model import Outcome, Scenario
from scenario_runner.run.books import Books
from scenario_runner.run.resets import Resets
from scenario_runner.run.spares import Instance, Spares
from scenario_runner.subject.given import GivenSubject
from scenario_runner.subject.managed import Managed, StartFailed
from scenario_runner.suite.freshness import Freshness

Answer = Callable[[dict[str, Any]], None]
_SUITE = ""


class OutOfTurn(ValueError):
    """The child asked for what it cannot need."""


class Instances:
    """A context manager: on the way out everything that was started is ended.

    `hosts` holds those who start subjects, by the subject's name. `most` instances of each may live
    at once; None for as many as it takes. A holder, of an instance, is a
    scenario's id, a feature's path after a NUL, or "" for the whole suite.
    """

    def __init__(
        self,
        freshness: Freshness,
        scenarios: Collection[Scenario],
        hosts: Mapping[str, Managed],
        jobs: int,
        most: int | None = None,
    ) -> None:
        self._fresh = freshness
        self._given = {
            each.name: each for each in freshness.subjects if each.managed or each.reset is not None
        }
        self._scenarios = {each.id: each for each in scenarios}
        self._hosts = hosts
        self._answer: Answer = lambda answer: None
        self._lock = threading.RLock()
        # A thread for each that waits, and some for those that start and stop.
        self._workers = ThreadPoolExecutor(len(self._given) * (4 * jobs + 2) + 2, "subject")
        needs = {
            name: len({self._holder(each, given) for each in scenarios}) if given.managed else 0
            for name, given in self._given.items()
        }
        # Each that runs has its own already. One that is ending meanwhile counts for a moment more.
        ahead = jobs + 1 if most is None else max(min(jobs + 1, most - jobs), 0)
        self._spares = {
            name: Spares(name, host, self._workers, ahead=ahead, needed=needs[name])
            for name, host in hosts.items()
        }
        self._left = Counter(
            (self._holder(each, given), name)
            for each in scenarios
            for name, given in self._given.items()
        )
        self._held: dict[tuple[str, str], Instance] = {}
        self._asked: set[tuple[str, str]] = set()
        self._over: set[str] = set()
        self._books = Books()
        self._resets = Resets(freshness)
        self._closed = False

    @property
    def problems(self) -> list[str]:
        return self._books.problems

    def __enter__(self) -> Instances:
        return self

    def __exit__(self, *_problem: object) -> None:
        self.close()

    def begin(self, answer: Answer) -> None:
        """Scenarios are about to run: start ahead. `answer` takes an answer to the child."""
        self._answer = answer
        with self._lock:
            for spares in self._spares.values():
                spares.fill()

    def ask(self, number: int, do: str, identity: str, name: str) -> None:
        """A question of the child, about a scenario that runs; it is answered from a thread.

        Raises OutOfTurn.
        """
        scenario, given = self._scenarios.get(identity), self._given.get(name)
        if scenario is None or given is None or do not in ("take", "kill", "start", "restart"):
            raise OutOfTurn("a subject was asked for that there is not")
        holder = self._holder(scenario, given)
        with self._lock:
            if self._closed:
                return
            if do == "take":
                if (identity, name) in self._asked and self._fresh.asked_each(scenario):
                    raise OutOfTurn("a fresh subject was asked for twice")
                self._asked.add((identity, name))
                if given.managed and (holder, name) not in self._held:
                    self._held[holder, name] = self._spares[name].draw()
                work = self._take
            elif (holder, name) not in self._held or (holder, name) not in self._books.served:
                raise OutOfTurn("a restart was asked for of a subject that was not given")
            else:
                work = self._kill if do == "kill" else self._start_again
            instance = self._held.get((holder, name))
        self._workers.submit(self._work, work, number, do, scenario, given, instance)

    def finished(self, identity: str) -> None:
        """What the scenario was the last to use is ended, meanwhile."""
        scenario = self._scenarios.get(identity)
        if scenario is None:
            return
        with self._lock:
            # Its time may have run out while it waited: what becomes of that is nobody's now.
            self._over.add(identity)
            for name, given in self._given.items():
                key = (self._holder(scenario, given), name)
                self._left[key] -= 1
                if self._left[key] <= 0 and not self._closed and key in self._held:
                    self._workers.submit(self._end, name, self._held.pop(key))

    def judged(self, identity: str, outcome: Outcome) -> Outcome:
        """Nothing passes without the subjects it was to have, whatever the child says."""
        scenario = self._scenarios.get(identity)
        if scenario is None:
            return outcome
        needed = [(self._holder(scenario, given), name) for name, given in self._given.items()]
        if self._fresh.asked_each(scenario):
            needed += [(identity, name) for name in self._given]
        with self._lock:
            return self._books.judged(identity, outcome, needed)

    def close(self) -> None:
        """End all that was started; a second Ctrl-C must not stop that."""
        processes.ignore_interrupts()
        with self._lock:
            self._closed = True
        self._workers.shutdown(wait=False, cancel_futures=True)
        for host in self._hosts.values():
            try:
                host.close()
            except StartFailed as problem:
                self._books.trouble(problem.message)
        self._workers.shutdown(wait=True)

    def _holder(self, scenario: Scenario, given: GivenSubject) -> str:
        """Whose instance it is."""
        scope = self._fresh.of(scenario)
        if scope == "suite" or given.reset is not None:
            return _SUITE
        return scenario.id if scope == "scenario" else f"\0{scenario.path}"

    def _work(
        self,
        work: Callable[[str, Scenario, GivenSubject, Instance | None], str],
        number: int,
        do: str,
        scenario: Scenario,
        given: GivenSubject,
        instance: Instance | None,
    ) -> None:
        try:
            address = work(do, scenario, given, instance)
        except StartFailed as problem:
            self._failed(scenario, problem)
            self._answer({"number": number, "failed": problem.message})
        except Exception as problem:
            failure = StartFailed("ours", f"{do}: {type(problem).__name__}: {problem}")
            self._failed(scenario, failure)
            self._answer({"number": number, "failed": failure.message})
        else:
            self._answer({"number": number, "address": address})

    def _failed(self, scenario: Scenario, problem: StartFailed) -> None:
        with self._lock:
            if self._closed or scenario.id in self._over:
                return
            self._books.failed(scenario.id, problem)

    def _take(
        self, do: str, scenario: Scenario, given: GivenSubject, instance: Instance | None
    ) -> str:
        address = given.text
        if instance is not None:
            address = instance.address()
            if instance.down:
                # A step of an earlier scenario killed it.
                address = self._hosts[given.name].restart(instance.id)
                instance.set_address(address)
        self._resets.before(scenario, given, address)
        with self._lock:
            self._books.served.add((self._holder(scenario, given), given.name))
            self._books.served.add((scenario.id, given.name))
        return address

    def _kill(
        self, do: str, scenario: Scenario, given: GivenSubject, instance: Instance | None
    ) -> str:
        assert instance is not None
        instance.down = True
        self._hosts[given.name].kill(instance.id)
        return ""

    def _start_again(
        self, do: str, scenario: Scenario, given: GivenSubject, instance: Instance | None
    ) -> str:
        assert instance is not None
        if do == "start" and not instance.down:
            raise StartFailed("subject", "the service was not killed: there is nothing to start")
        instance.down = True
        address = self._hosts[given.name].restart(instance.id)
        instance.set_address(address)
        return address

    def _end(self, name: str, instance: Instance) -> None:
        if instance.never_began():
            return
        try:
            self._hosts[name].stop(instance.id)
        except Exception as problem:
            with self._lock:
                if not self._closed:
                    self._books.trouble(f"a subject could not be stopped: {problem}")
