"""What became of the subjects of each scenario, and which outcomes that allows."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from scenario_runner.model import Outcome
from scenario_runner.subject.managed import StartFailed


@dataclass
class Books:
    """Whoever calls holds a lock. A key is a holder and a subject's name; a holder is a scenario's
    id, or what stands for a feature or for the whole suite. `problems` make a run inconclusive."""

    problems: list[str] = field(default_factory=list)
    served: set[tuple[str, str]] = field(default_factory=set)
    _down: set[str] = field(default_factory=set)
    _unknowable: set[str] = field(default_factory=set)

    def failed(self, identity: str, problem: StartFailed) -> None:
        """A scenario's subject did not start, was not reset, or did not come back."""
        if problem.whose == "subject":
            self._down.add(identity)
            return
        self._unknowable.add(identity)
        self.trouble(problem.message)

    def trouble(self, message: str) -> None:
        if message not in self.problems:
            self.problems.append(message)

    def judged(
        self, identity: str, outcome: Outcome, needed: Collection[tuple[str, str]]
    ) -> Outcome:
        """Nothing passes without the subjects it was to have, whatever the child says."""
        if identity in self._unknowable:
            return "invalid"
        if outcome != "passed":
            return outcome
        if identity in self._down:
            return "failed"
        return outcome if self.served.issuperset(needed) else "invalid"
