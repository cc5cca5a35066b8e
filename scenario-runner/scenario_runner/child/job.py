"""What the parent asks of the child; the other side is in run/supervise.py."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scenario_runner.child.subject_rules import SubjectRules
from scenario_runner.child.witness import Witness
from scenario_runner.model import Scenario
from scenario_runner.subject.family import Asking
from scenario_runner.subject.given import GivenSubject
from scenario_runner.subject.subject import Subject, of_given


@dataclass(frozen=True)
class Job:
    """`scenarios` in the order in which they run where `ordered`, else pytest's own order holds;
    `step_modules` maps a folder to the files in the `steps/` beside it; `binding_modules` are test
    modules that bind scenarios. Of the ids of scenarios, `asked_each` has a subject made ready, or
    reset, before each; `own` shares its subjects with nobody; `apart` may not run beside others."""

    root: Path
    step_modules: dict[str, list[str]]
    binding_modules: list[str]
    scenarios: list[Scenario]
    seed: str
    scenario_timeout_seconds: float
    jobs: int
    fail_fast: bool
    ordered: bool
    has_code: bool
    private_folder: Path
    subjects: tuple[GivenSubject, ...]
    asked_each: frozenset[str]
    own: frozenset[str]
    apart: frozenset[str]

    @staticmethod
    def from_wire(data: dict[str, Any]) -> Job:
        paths = {name: Path(data[name]) for name in ("root", "private_folder")}
        ids = {name: frozenset(data[name]) for name in ("asked_each", "own", "apart")}
        scenarios = [Scenario.from_wire(each) for each in data["scenarios"]]
        given = tuple(GivenSubject.from_wire(each) for each in data["subjects"])
        return Job(**{**data, **paths, **ids, "scenarios": scenarios, "subjects": given})

    def places(self) -> dict[str, int]:
        """Each scenario's place in the order of the run, by its id."""
        return {scenario.id: place for place, scenario in enumerate(self.scenarios)}

    def rules(self) -> SubjectRules:
        return SubjectRules({each.name: each.managed for each in self.subjects})

    def subject_maker(self, witness: Witness, control: Any) -> Callable[[], Subject]:
        """Each call makes the subjects anew, with connections of their own; gives the default."""
        names = {each.name for each in self.subjects if each.managed or each.reset}
        asking: Asking | None = None
        if names:
            from scenario_runner.child.asking import Asking as Parent

            asking = Parent(witness, control, self.asked_each, names)
        return lambda: of_given(self.subjects, asking)
