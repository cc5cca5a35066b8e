"""What runs when, where some scenarios need pytest and others do not: in the order of the suite,
or first side by side what may run so, then the rest."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import pytest

from scenario_runner.child.job import Job
from scenario_runner.child.native import NativeRunner, Planned
from scenario_runner.child.witness import Witness
from scenario_runner.model import Outcome, Scenario
from scenario_runner.subject.subject import Subject

if TYPE_CHECKING:
    from scenario_runner.child.items import FeatureFile, ScenarioItem


class Schedule:
    """Filled while pytest collects. A scenario is either an item of pytest's or planned here."""

    def __init__(
        self, job: Job, witness: Witness, subject: Subject, make_subject: Callable[[], Subject]
    ) -> None:
        self._job = job
        self._witness = witness
        self._make_subject = make_subject
        self._native = NativeRunner(witness, subject, job.seed, job.root)
        self._collected: list[tuple[Scenario, FeatureFile, Planned | None]] = []

    def collected(self, scenario: Scenario, file: FeatureFile, planned: Planned | None) -> None:
        self._collected.append((scenario, file, planned))

    def clear(self) -> None:
        self._collected.clear()

    def give_back(self, items: list[pytest.Item]) -> None:
        """Make items of pytest's of all that was planned, each in its place."""
        if not any(planned for _, _, planned in self._collected):
            return
        made: dict[str | None, list[pytest.Item]] = {}
        for each in items:
            scenario = getattr(each, "scenario", None)
            made.setdefault(scenario and scenario.id, []).append(each)
        every: list[pytest.Item] = []
        for scenario, file, planned in self._collected:
            if planned is None:
                every += made.pop(scenario.id, [])
                continue
            for item in file.variants(scenario):
                item.ihook.pytest_itemcollected(item=item)
                every.append(item)
        items[:] = [*every, *(each for several in made.values() for each in several)]
        self.clear()

    def planned(self) -> list[Planned]:
        """What runs without pytest."""
        return [each for _, _, each in self._collected if each is not None]

    def apart(self, items: Sequence[pytest.Item]) -> int:
        """How many would not run beside others, were there several jobs."""
        under_pytest = {getattr(item, "scenario", item) for item in items}
        alone = [each for each in self.planned() if not each.may_run_beside_others(self._job)]
        return len(under_pytest) + len(alone)

    def run(self, session: pytest.Session) -> bool | None:
        """None where pytest's own loop does: nothing is planned here."""
        if not any(planned for _, _, planned in self._collected):
            return None
        if session.testsfailed:
            raise session.Interrupted("errors during collection")
        session.testscollected = len(self._collected)
        entries = self._in_order(session)
        if self._job.jobs > 1:
            together: list[Planned] = []
            apart: list[Planned | ScenarioItem] = []
            for each in entries:
                if isinstance(each, Planned) and each.may_run_beside_others(self._job):
                    together.append(each)
                else:
                    apart.append(each)
            self._side_by_side(session, together)
            entries = apart
        self._one_by_one(session, entries)
        return True

    def _in_order(self, session: pytest.Session) -> list[Planned | ScenarioItem]:
        # Strangers among the items were refused before the run.
        every: Sequence[Any] = session.items
        items: dict[str, list[Any]] = {}
        for item in every:
            items.setdefault(item.scenario.id, []).append(item)
        entries: list[Planned | ScenarioItem] = []
        for scenario, _, planned in self._collected:
            entries += [planned] if planned is not None else items.pop(scenario.id, [])
        entries += (each for several in items.values() for each in several)
        if self._job.ordered:
            place = self._job.places()
            entries.sort(key=lambda each: place[each.scenario.id])
        return entries

    def _side_by_side(self, session: pytest.Session, plans: Sequence[Planned]) -> None:
        from scenario_runner.child.side_by_side import SideBySide

        job = self._job
        together = SideBySide(
            self._witness,
            self._make_subject,
            job.seed,
            jobs=job.jobs,
            fail_fast=job.fail_fast,
            root=job.root,
        )
        for outcome in together.run(plans):
            self._count(session, outcome)

    def _one_by_one(
        self, session: pytest.Session, entries: Sequence[Planned | ScenarioItem]
    ) -> None:
        items = [each for each in entries if not isinstance(each, Planned)]
        following = iter([*items[1:], None])
        for each in entries:
            if session.shouldfail:
                self._witness.flush()
                raise session.Failed(session.shouldfail)
            if session.shouldstop:
                self._witness.flush()
                raise session.Interrupted(session.shouldstop)
            if isinstance(each, Planned):
                self._count(session, self._native.run(each))
            else:
                self._witness.flush()
                each.config.hook.pytest_runtest_protocol(item=each, nextitem=next(following))
        self._witness.flush()

    def _count(self, session: pytest.Session, outcome: Outcome) -> None:
        if outcome != "passed":
            session.testsfailed += 1
            if self._job.fail_fast:
                session.shouldfail = "--fail-fast"
