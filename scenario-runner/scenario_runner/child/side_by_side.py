"""Run planned scenarios side by side in threads of this process, each with a subject of its own.

Signals reach the main thread alone, so it stands by as the clock: where a scenario's time is up it
raises ScenarioTimeout in that scenario's thread. What waits in the system and not in Python, a
request or a command, is given no more time than the scenario has left.
"""

from __future__ import annotations

import ctypes
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from scenario_runner.child import judge
from scenario_runner.child.native import Planned, attempt
from scenario_runner.child.trail import definitions
from scenario_runner.child.witness import Witness
from scenario_runner.engine.context import fresh_context
from scenario_runner.engine.execute import Progress
from scenario_runner.errors import ScenarioTimeout
from scenario_runner.model import Outcome
from scenario_runner.subject.subject import Subject

# Beyond its own time a request gets this much more, so that running out of it is surely too late.
_SLACK_SECONDS = 0.05


class SideBySide:
    """`make_subject` is called once a thread: connections and work folders are not shared."""

    def __init__(
        self,
        witness: Witness,
        make_subject: Callable[[], Subject],
        seed: str,
        *,
        jobs: int,
        fail_fast: bool,
        root: Path,
    ) -> None:
        self.root = root
        self.witness = witness
        self.make_subject = make_subject
        self.seed = seed
        self.outcomes: list[Outcome] = []
        self._jobs = jobs
        self._fail_fast = fail_fast
        self._lock = threading.Lock()
        self._left: Iterator[Planned] = iter(())
        self._stopped = False

    def run(self, plans: Sequence[Planned]) -> list[Outcome]:
        """The outcomes, in no order; returns when every scenario is over."""
        self._left = iter(plans)
        workers = [_Worker(self, number) for number in range(min(self._jobs, len(plans)))]
        for worker in workers:
            worker.start()
        while alive := [worker for worker in workers if worker.is_alive()]:
            now = time.monotonic()
            for worker in alive:
                worker.ring_if_late(now)
            # One that begins after this has a later end than any that runs now.
            ends = [worker.ends_at for worker in alive if worker.ends_at > now]
            wait = min([*ends, now + self.witness.timeout_seconds]) - now
            alive[0].join(min(max(wait, 0.001), 0.1))
        self.witness.wait_for_threads()
        self.witness.flush()
        return self.outcomes

    def next(self, earlier: Outcome | None) -> Planned | None:
        with self._lock:
            if earlier is not None:
                self.outcomes.append(earlier)
                self._stopped |= self._fail_fast and earlier != "passed"
            return None if self._stopped else next(self._left, None)


class _Worker(threading.Thread):
    def __init__(self, owner: SideBySide, number: int) -> None:
        # No daemon: threads that steps start would be daemons too, and nobody waits for those.
        super().__init__(name=f"scenario-runner-{number}", daemon=False)
        self.ends_at = 0.0
        self._owner = owner
        self._lock = threading.Lock()
        self._inside = False
        self._rung = False

    def run(self) -> None:
        subject = self._owner.make_subject()
        outcome: Outcome | None = None
        try:
            while (planned := self._owner.next(outcome)) is not None:
                outcome = self._scenario(planned, subject)
        finally:
            # Others may run for long: what this one saw last must not wait for them.
            self._owner.witness.flush()
            subject.close()

    def _scenario(self, planned: Planned, subject: Subject) -> Outcome:
        witness, scenario = self._owner.witness, planned.scenario
        witness.started(scenario.id)
        started = time.monotonic()
        self._rung = False
        self.ends_at = started + witness.timeout_seconds
        context = fresh_context(subject, self._owner.seed, scenario)
        context.ends_at = self.ends_at + _SLACK_SECONDS
        progress = Progress(len(planned.steps))
        problem = attempt(planned.steps, context, progress, self)
        seconds = time.monotonic() - started
        timed_out = self._rung or seconds >= witness.timeout_seconds
        outcome = judge.outcome_of(progress, problem, timed_out, ())
        spare = witness.timeout_seconds - seconds
        if context.closing:
            witness.letting_go(scenario.id)
        context.close(failed=outcome != "passed", spare_seconds=spare)
        found = judge.detail(context, progress, problem, ())
        found.update(definitions(planned.steps, self._owner.root))
        witness.finished(scenario.id, outcome, seconds - context.waited_seconds, found)
        return outcome

    # The frame in which its time limit may be raised.

    def enter(self) -> None:
        with self._lock:
            self._inside = True

    def leave(self) -> None:
        with self._lock:
            self._inside = False
            if self._rung:
                _raise_in(self.ident, None)  # not raised yet: never, then

    def ring_if_late(self, now: float) -> None:
        with self._lock:
            if self._inside and not self._rung and now >= self.ends_at:
                self._rung = True
                _raise_in(self.ident, ScenarioTimeout)


def _raise_in(thread: int | None, problem: type[BaseException] | None) -> None:
    value = ctypes.py_object(problem) if problem is not None else None
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread or 0), value)
