"""Fixtures without pytest: for steps of the library, which want none, and for steps of a suite
that want no more than the subject, the remembered values, and what earlier steps gave."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from scenario_runner.engine.context import ScenarioContext
from scenario_runner.engine.execute import parameters
from scenario_runner.engine.table import Bound, BoundSuiteStep
from scenario_runner.errors import StepFailed

ALWAYS = ("subject", "remembered")


class PlainFixtures:
    """One scenario's own."""

    __slots__ = ("_values",)

    def __init__(self, context: ScenarioContext) -> None:
        self._values: dict[str, Any] = {"subject": context.subject, "remembered": context.memory}

    def value(self, name: str) -> Any:
        if name not in self._values:
            raise StepFailed(f"there is no fixture {name} here")
        return self._values[name]

    def call_generator(self, function: Any, arguments: dict[str, Any]) -> Any:
        raise StepFailed("a step that yields needs pytest")

    def set(self, name: str, value: Any) -> None:
        self._values[name] = value


def suffice(steps: Sequence[Bound]) -> bool:
    """Whether the scenario asks for nothing that only pytest could give."""
    known = set(ALWAYS)
    for bound in steps:
        if not isinstance(bound, BoundSuiteStep):
            continue
        names, required, is_generator = parameters(bound.definition.step_func)
        given = set(bound.arguments) & names
        if bound.step.table is not None:
            given.add("datatable")
        if bound.step.docstring is not None:
            given.add("docstring")
        if is_generator or not set(required) <= known | given:
            return False
        if bound.definition.target_fixture is not None:
            known.add(bound.definition.target_fixture)
    return True
