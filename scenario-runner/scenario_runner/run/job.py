"""What the child is told; the other side is child/job.py."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scenario_runner.model import Scenario
from scenario_runner.suite.freshness import Freshness


@dataclass(frozen=True, slots=True)
class Job:
    """What the child needs to know. `step_modules` maps a folder to the files in its steps/;
    `binding_modules` are test modules that bind scenarios; `has_code`: the suite brings Python;
    `order`: all scenarios, or None for the suite's own."""

    root: Path
    freshness: Freshness
    seed: str
    step_modules: dict[str, list[str]]
    binding_modules: list[str]
    scenario_timeout_seconds: float
    total_timeout_seconds: float | None
    has_code: bool
    jobs: int
    fail_fast: bool
    order: tuple[Scenario, ...] | None

    def to_wire(
        self, token: str, private_folder: Path, scenarios: Collection[Scenario]
    ) -> dict[str, Any]:
        """`scenarios` are those that may run."""
        fresh = self.freshness
        return {
            "token": token,
            "has_code": self.has_code,
            "jobs": self.jobs,
            "fail_fast": self.fail_fast,
            "ordered": self.order is not None,
            "root": str(self.root),
            "subjects": [each.to_wire() for each in fresh.subjects],
            "asked_each": [each.id for each in scenarios if fresh.asked_each(each)],
            "own": [each.id for each in scenarios if fresh.own(each)],
            "apart": [each.id for each in scenarios if fresh.apart(each)],
            "seed": self.seed,
            "step_modules": self.step_modules,
            "binding_modules": self.binding_modules,
            "scenario_timeout_seconds": self.scenario_timeout_seconds,
            "private_folder": str(private_folder),
            "scenarios": [each.to_wire() for each in scenarios],
        }
