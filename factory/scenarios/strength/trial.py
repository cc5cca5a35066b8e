"""One mutant before the suites: does any scenario not pass?"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Literal

from factory.errors import Inconclusive
from factory.ports.scenario_tags import requirements_of
from factory.ports.scratch import scratch
from factory.scenarios.repository import Repository, Suite
from factory.scenarios.running import RUN_SECONDS, SCENARIO_SECONDS, copy_suite, run_suite
from factory.scenarios.strength.mutants import Mutant
from factory.scenarios.strength.product import NotStarted, Start

Fate = Literal["killed", "timed-out", "not-started", "survived"]

# What a mutant may take longer than the product itself; less would kill it on a busy machine.
_SLOWER = 5.0
_LEAST_SECONDS = 20.0
_SIDE_BY_SIDE = ("--jobs", "4")


@dataclass(frozen=True, kw_only=True)
class Trial:
    """What became of a mutant. `spec` and `requirements` are those of the scenario that killed it.

    Where it did not start, or survived, they are empty.
    """

    mutant: Mutant
    fate: Fate
    spec: str = ""
    requirements: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class _Allowed:
    scenario_seconds: float = SCENARIO_SECONDS
    total_seconds: float = RUN_SECONDS


class Bench(AbstractContextManager["Bench"]):
    """Suites laid out to be run again and again, each time against a product of its own.

    Safe to use from several threads.
    """

    def __init__(self, suites: Sequence[Suite], repository: Repository, start: Start) -> None:
        self.suites = {suite.spec_id: suite for suite in suites}
        self._repository = repository
        self._start = start
        self._scratch = scratch("mutants")
        self._number = itertools.count()
        self._allowed: dict[str, _Allowed] = {}
        self._killed_before: dict[tuple[str, str], tuple[str, Path]] = {}
        self._lock = threading.Lock()

    def __enter__(self) -> Bench:
        self._folder = self._scratch.__enter__()
        for suite in self.suites.values():
            suite.require_readable()
            copy_suite(suite, self._repository, self._folder / "suites" / suite.spec_id)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._scratch.__exit__(kind, error, trace)

    def control(self) -> None:
        """Run every suite against the product as it is; what it takes bounds the mutants' time.

        Raises:
            Inconclusive: a scenario does not pass, twice: a mutant's failure would say nothing.
            NotStarted: the product itself does not start.
        """
        for spec in self.suites:
            rows = self.rows(spec, {})
            if fate_of(rows)[0] != "survived":  # As with a kill, once may be the machine.
                rows = self.rows(spec, {})
            lost = sum(row["outcome"] != "passed" for row in rows)
            if lost:
                raise Inconclusive(
                    f"{lost} of the {len(rows)} scenarios for {spec} do not pass with the product "
                    "as it is, so that nothing can be told from its mutants",
                    mend="mend the suite or the product; --spec leaves out specs that have not "
                    "shipped",
                )
            seconds = [float(row["duration_seconds"]) for row in rows]
            self._allowed[spec] = _Allowed(
                scenario_seconds=max(_LEAST_SECONDS, _SLOWER * max(seconds)),
                total_seconds=max(3 * _LEAST_SECONDS, _SLOWER * sum(seconds)),
            )

    def trial(self, mutant: Mutant) -> Trial:
        """Run the suites until a scenario does not pass, twice: a busy machine fails one once."""
        place = (mutant.path, mutant.function)
        changes = {mutant.path: mutant.text}
        for spec, more in self._in_turn(place):
            try:
                fate, tags, report = self._once(spec, changes, more)
                if fate == "killed":
                    fate, tags, report = self._once(spec, changes, _first(report))
            except NotStarted:
                return Trial(mutant=mutant, fate="not-started")
            if fate != "survived":
                with self._lock:
                    self._killed_before[place] = (spec, report)
                return Trial(
                    mutant=mutant, fate=fate, spec=spec, requirements=requirements_of(tags)
                )
        return Trial(mutant=mutant, fate="survived")

    def _once(
        self, spec: str, changes: Mapping[str, str], more: Sequence[str]
    ) -> tuple[Fate, Sequence[str], Path]:
        """The fate, the tags of the scenario that told it, and the report of the run."""
        report = self._report()
        fate, tags = fate_of(self._run(spec, changes, report, "--fail-fast", *more))
        return fate, tags, report / "report.json"

    def rows(self, spec: str, changes: Mapping[str, str], *more: str) -> list[dict[str, Any]]:
        """What the runner reports of one suite against the product with `changes`.

        Raises:
            NotStarted: the product with them does not start.
            SuiteError: the runner refuses the suite.
            RunnerFailed: it left no report.
        """
        return self._run(spec, changes, self._report(), *more)

    def _run(
        self, spec: str, changes: Mapping[str, str], report: Path, *more: str
    ) -> list[dict[str, Any]]:
        allowed = self._allowed.get(spec, _Allowed())
        with self._start(changes) as subject:
            return run_suite(
                self._folder / "suites" / spec,
                subject,
                report,
                shown=self.suites[spec].shown(""),
                scenario_seconds=allowed.scenario_seconds,
                total_seconds=allowed.total_seconds,
                more=(*_SIDE_BY_SIDE, *more),
            )

    def _report(self) -> Path:
        folder = self._folder / str(next(self._number))
        folder.mkdir()
        return folder / "report"

    def _in_turn(self, place: tuple[str, str]) -> list[tuple[str, tuple[str, ...]]]:
        """The suites with options, first the scenario that killed a neighbour.

        Most mutants meet no other.
        """
        with self._lock:
            first, report = self._killed_before.get(place, ("", Path()))
        rest: list[tuple[str, tuple[str, ...]]] = [
            (spec, ()) for spec in self.suites if spec != first
        ]
        return [(first, _first(report)), *rest] if first else rest


def _first(report: Path) -> tuple[str, ...]:
    """Options to begin with what did not pass in a report."""
    return ("--rerun", str(report))


_DEATHS: tuple[tuple[Fate, tuple[str, ...]], ...] = (
    ("killed", ("failed", "invalid")),
    ("timed-out", ("timed_out", "missing")),
)


def fate_of(rows: Sequence[Mapping[str, Any]]) -> tuple[Fate, Sequence[str]]:
    """The fate that a report tells, and the tags of the scenario that told it."""
    for fate, outcomes in _DEATHS:
        for row in rows:
            if row["outcome"] in outcomes:
                return fate, row["tags"]
    return "survived", ()
