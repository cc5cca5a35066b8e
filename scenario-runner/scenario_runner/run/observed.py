"""What the child is told, and what it was seen to do."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from scenario_runner.model import Outcome, SuiteError


@dataclass(frozen=True, slots=True)
class Job:
    """What the child needs to know. `step_modules` maps a folder to the files in its steps/."""

    root: Path
    subject: str
    start_folder: Path
    seed: str
    step_modules: dict[str, list[str]]
    scenario_timeout_seconds: float
    total_timeout_seconds: float | None


@dataclass(frozen=True, slots=True)
class Finish:
    outcome: Outcome
    duration_seconds: float


@dataclass
class Observed:
    """`bound` is None until the child has bound every step. `running` is the scenario that had
    started and not finished when the child ended; `twice` holds ids that ran more than once."""

    bound: list[SuiteError] | None = None
    finished: dict[str, Finish] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    running: str | None = None
    running_seconds: float = 0.0
    running_timed_out: bool = False
    twice: set[str] = field(default_factory=set)
    ended: bool = False
    interrupted: bool = False
