"""What the child was seen to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from scenario_runner.model import Outcome, SuiteError


@dataclass(frozen=True, slots=True)
class Finish:
    outcome: Outcome
    duration_seconds: float


@dataclass(frozen=True, slots=True)
class Again:
    """What running scenarios again showed. `attempts` holds, by id, every run of those that were
    run again, the first one first; a run that was not seen to its end is not among them."""

    attempts: Mapping[str, tuple[Finish, ...]] = field(default_factory=dict)
    problems: tuple[str, ...] = ()
    interrupted: bool = False


@dataclass
class Observed:
    """`bound` is None until the child has bound every step. `running` maps each scenario that has
    started and not finished to the moment (monotonic) it did, `letting_go` those whose steps are
    over to when they were; `twice` holds ids that ran more than once; `out_of_time`: we ended the
    child, at `ended_at`; `total_time_up`: since the whole run's time was."""

    bound: list[SuiteError] | None = None
    finished: dict[str, Finish] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    running: dict[str, float] = field(default_factory=dict)
    letting_go: dict[str, float] = field(default_factory=dict)
    ended_at: float = 0.0
    out_of_time: bool = False
    total_time_up: bool = False
    twice: set[str] = field(default_factory=set)
    ended: bool = False
    interrupted: bool = False

    @property
    def undisturbed(self) -> bool:
        """Seen to its end, and nothing seen that should not be."""
        return self.ended and self.bound == [] and not self.problems and not self.interrupted

    def cut_off(self, timeout_seconds: float) -> dict[str, Finish]:
        """Scenarios that took the child along, or would not stop, with what becomes of them.

        Where several ran side by side nobody can say whose fault it was: only those whose time
        was up are blamed, the others were never seen to an end.
        """
        if self.interrupted:
            return {}
        found = {}
        for identity, started in self.running.items():
            seconds = self.ended_at - started
            late = self.out_of_time and (len(self.running) == 1 or seconds >= timeout_seconds)
            if late:
                found[identity] = Finish("timed_out", seconds)
            elif len(self.running) == 1:
                found[identity] = Finish("failed", seconds)
        return found
