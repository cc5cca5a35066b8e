"""What the parent asks of the child; the other side is in run/supervise.py."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scenario_runner.model import Scenario
from scenario_runner.subject import subject as subjects


@dataclass(frozen=True)
class Job:
    """`scenarios` in the order in which they run where `ordered`, else pytest's own order holds;
    `step_modules` maps a folder to the files in the `steps/` beside it; `binding_modules` are test
    modules that bind scenarios."""

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
    subject: str
    start_folder: Path

    @staticmethod
    def from_wire(data: dict[str, Any]) -> Job:
        paths = {name: Path(data[name]) for name in ("root", "private_folder", "start_folder")}
        scenarios = [Scenario.from_wire(each) for each in data["scenarios"]]
        return Job(**{**data, **paths, "scenarios": scenarios})

    def places(self) -> dict[str, int]:
        """Each scenario's place in the order of the run, by its id."""
        return {scenario.id: place for place, scenario in enumerate(self.scenarios)}

    def make_subject(self) -> subjects.Subject:
        return subjects.parse(self.subject, self.start_folder)
