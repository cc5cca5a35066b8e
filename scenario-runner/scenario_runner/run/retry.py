"""Run again what did not pass: apart, after all others, each in a process of its own.

It asks one thing, whether the outcome holds. No answer makes a pass: the first run's outcome stays.
Generated values are drawn anew: what the first run left in the subject does not stand in the way,
and a subject that remembers a question and its answer gains nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from scenario_runner import processes
from scenario_runner.model import Inventory, Scenario
from scenario_runner.run.child_process import ChildProcess
from scenario_runner.run.job import Job
from scenario_runner.run.observed import Again, Finish, Observed
from scenario_runner.run.record import Record
from scenario_runner.run.subjects import Subjects
from scenario_runner.run.supervise import Supervisor

# Where more did not pass, the subject is broken rather than flaky: nothing is learned by asking.
MAX_SCENARIOS = 20


class Retries:
    """Made as the run begins: what is left of its total time is left for these."""

    def __init__(
        self,
        times: int,
        job: Job,
        inventory: Inventory,
        log_path: Path,
        record: Record,
        subjects: Subjects,
    ) -> None:
        self._times = times
        self._job = job
        self._inventory = inventory
        self._log_path = log_path
        self._record = record
        self._subjects = subjects
        total = job.total_timeout_seconds
        self._ends_at = None if total is None else time.monotonic() + total
        self._attempts: dict[str, tuple[Finish, ...]] = {}
        self._problems: list[str] = []

    def run(self, observed: Observed, note: Callable[[str], None]) -> Again:
        """`observed` is the first run; one that was disturbed proves nothing, and is left so.

        KeyboardInterrupt is taken as Ctrl-C: noted in `interrupted`.
        """
        if not self._times or not observed.undisturbed or self._inventory.errors:
            return Again()
        firsts = [
            (scenario, finish)
            for scenario in self._job.order or self._inventory.scenarios
            if (finish := observed.finished.get(scenario.id)) is not None
            and finish.outcome in ("failed", "timed_out")
        ]
        if len(firsts) > MAX_SCENARIOS:
            note(f"{len(firsts)} did not pass: too many for flakes, so none is run again")
            return Again()
        if firsts:
            note(f"{len(firsts)} did not pass and are run again, apart")
        interrupted = False
        try:
            for scenario, first in firsts:
                if not self._until_it_passes(scenario, first):
                    break
        except KeyboardInterrupt:
            interrupted = True
            processes.ignore_interrupts()
        return Again(self._attempts, tuple(self._problems), interrupted)

    def _until_it_passes(self, scenario: Scenario, first: Finish) -> bool:
        """False where no other scenario is to be run again."""
        runs = [first]
        for number in range(2, self._times + 2):
            left = None if self._ends_at is None else self._ends_at - time.monotonic()
            if left is not None and left <= 0:
                return False
            # A number, so that --seed asks the same once more.
            seed = str(int(self._job.seed) + number - 1)
            self._record.begin(number, {"seed": seed})
            finish = self._once(scenario, seed, left)
            if finish is None:
                return False
            runs.append(finish)
            self._attempts[scenario.id] = tuple(runs)
            if finish.outcome == "passed":
                return True
        return not self._job.fail_fast

    def _once(self, scenario: Scenario, seed: str, left_seconds: float | None) -> Finish | None:
        """None where it was not seen to its end."""
        job = replace(self._job, seed=seed, jobs=1, order=None, total_timeout_seconds=left_seconds)
        alone = replace(self._inventory, scenarios=(scenario,))
        with ChildProcess() as child, self._subjects.instances(alone, 1) as instances:
            supervisor = Supervisor(child, job, alone, self._log_path, self._record, instances)
            observed = supervisor.run()
        observed.problems += [] if instances is None else instances.problems
        if observed.interrupted:
            raise KeyboardInterrupt
        if observed.total_time_up:
            return None  # What was seen before stands; only the answer to the question is missing.
        if not observed.undisturbed:
            said = observed.problems or ["its process ended before its time; see private.log"]
            self._problems += [f"when a scenario was run again: {text}" for text in said]
        finish = observed.finished.get(scenario.id)
        if finish is None:
            cut_off = observed.cut_off(job.scenario_timeout_seconds)
            finish = cut_off.get(scenario.id)
            if finish is not None:
                self._record.cut_off(scenario.id, finish)
        if finish is None or finish.outcome == "invalid":
            self._problems.append("a scenario that was run again came to no outcome")
            return None
        return finish
