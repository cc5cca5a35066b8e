"""What can be known before the run of steps about subjects: names that there are not, and
restarts of what the runner did not start."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from scenario_runner.engine.phrases import RESTARTS
from scenario_runner.engine.table import Bound, BoundLibraryStep
from scenario_runner.model import Scenario, SuiteError
from scenario_runner.subject.family import unknown

_SWITCHES = "several_subjects"


@dataclass(frozen=True, slots=True)
class SubjectRules:
    """`managed`: by name, the default first, whether the runner starts it."""

    managed: Mapping[str, bool]

    def errors(self, scenario: Scenario, steps: Sequence[Bound]) -> Iterator[SuiteError]:
        current: str | None = next(iter(self.managed))
        for bound in steps:
            if not isinstance(bound, BoundLibraryStep):
                continue
            message = None
            if bound.group == _SWITCHES:
                # A name made of remembered values is known when it is said.
                current = None if bound.resolvers is not None else bound.values[0]
                if current is not None and current not in self.managed:
                    message = unknown(current, list(self.managed))
                    current = None
            elif bound.group == RESTARTS and current is not None and not self.managed[current]:
                message = (
                    f'"{bound.step.text}": the subject "{current}" was not started by the runner, '
                    "which cannot start it again; give --subject service:COMMAND, image:NAME or "
                    "launcher:COMMAND"
                )
            if message is not None:
                yield SuiteError(scenario.path, bound.step.line, message)
