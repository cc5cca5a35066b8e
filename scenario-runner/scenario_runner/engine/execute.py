"""Run the bound steps of one scenario, in order, until one fails."""

from __future__ import annotations

import textwrap
import time
from collections.abc import Sequence
from functools import cache
from inspect import Parameter, isgeneratorfunction, signature
from typing import Any, Protocol

from scenario_runner.engine.context import ScenarioContext
from scenario_runner.engine.table import Bound, BoundLibraryStep, BoundSuiteStep
from scenario_runner.errors import StepFailed


class Fixtures(Protocol):
    """What steps of the suite ask for by name: pytest's own fixtures where pytest runs the
    scenario, else the few of PlainFixtures."""

    def value(self, name: str) -> Any: ...

    def call_generator(self, function: Any, arguments: dict[str, Any]) -> Any: ...

    def set(self, name: str, value: Any) -> None: ...


class Observer(Protocol):
    """Told about each step of the suite or library; the glue calls the suite's own hooks."""

    def before_step(self, bound: Bound) -> None: ...

    def before_call(self, bound: Bound, arguments: dict[str, Any]) -> None: ...

    def after_step(self, bound: Bound, arguments: dict[str, Any]) -> None: ...

    def step_error(
        self, bound: Bound, arguments: dict[str, Any], problem: BaseException
    ) -> None: ...


class Progress:
    """How far a scenario came: `done` counts steps that ended without an exception.

    `began` and `ended`, one entry a step done, are seconds since the epoch.
    """

    __slots__ = ("began", "ended", "total")

    def __init__(self, total: int) -> None:
        self.total = total
        self.began = time.time()
        self.ended: list[float] = []

    def begin(self) -> None:
        """Now: nothing before this moment is the first step's."""
        self.began = time.time()

    def step_done(self) -> None:
        self.ended.append(time.time())

    @property
    def done(self) -> int:
        return len(self.ended)

    @property
    def complete(self) -> bool:
        return self.done == self.total and self.total > 0


def execute(
    steps: Sequence[Bound],
    context: ScenarioContext,
    fixtures: Fixtures,
    progress: Progress,
    observer: Observer | None = None,
) -> None:
    """Raises whatever the first failing step raises; `progress` tells which it was."""
    for bound in steps:
        if isinstance(bound, BoundLibraryStep):
            if observer is None:
                _call_library(bound, context)
            else:
                _observed(bound, context, fixtures, observer)
        elif observer is None:
            _call_suite(bound, _arguments(bound, fixtures), fixtures)
        else:
            _observed(bound, context, fixtures, observer)
        progress.step_done()


def _observed(
    bound: Bound, context: ScenarioContext, fixtures: Fixtures, observer: Observer
) -> None:
    arguments: dict[str, Any] = {}
    observer.before_step(bound)
    try:
        if isinstance(bound, BoundLibraryStep):
            observer.before_call(bound, arguments)
            _call_library(bound, context)
        else:
            arguments = _arguments(bound, fixtures)
            observer.before_call(bound, arguments)
            _call_suite(bound, arguments, fixtures)
    except BaseException as problem:
        observer.step_error(bound, arguments, problem)
        raise
    observer.after_step(bound, arguments)


def _call_library(bound: BoundLibraryStep, context: ScenarioContext) -> None:
    values = bound.values
    if bound.resolvers is not None:
        values = tuple(
            value if resolver is None else resolver(value, context)
            for value, resolver in zip(values, bound.resolvers, strict=True)
        )
    takes = bound.takes
    if takes is None:
        bound.function(context, *values)
    elif takes == "table":
        rows = tuple(tuple(context.text(cell) for cell in row) for row in bound.step.table or ())
        bound.function(context, *values, rows)
    elif takes == "json":
        text = context.json_text(bound.step.docstring or "")
        if "${" in (bound.step.docstring or ""):
            _must_be_json(text)
        bound.function(context, *values, text)
    else:
        bound.function(context, *values, context.text(bound.step.docstring or ""))


def _must_be_json(text: str) -> None:
    from scenario_runner import strict_json

    try:
        strict_json.loads(text)
    except ValueError as problem:
        raise StepFailed(f"the doc string is not JSON: {problem}", seen=text) from None


@cache
def parameters(function: Any) -> tuple[frozenset[str], tuple[str, ...], bool]:
    """All parameter names, those that must be filled, and whether it is a generator."""
    parameters = signature(function).parameters.values()
    required = tuple(
        each.name
        for each in parameters
        if each.kind is Parameter.POSITIONAL_OR_KEYWORD and each.default is Parameter.empty
    )
    return frozenset(each.name for each in parameters), required, isgeneratorfunction(function)


def _arguments(bound: BoundSuiteStep, fixtures: Fixtures) -> dict[str, Any]:
    """As pytest-bdd fills them: from the text, converted; the block; then fixtures by name."""
    definition, step = bound.definition, bound.step
    names, required, _ = parameters(definition.step_func)
    converters = definition.converters or {}
    arguments: dict[str, Any] = {
        name: converters[name](value) if name in converters else value
        for name, value in bound.arguments.items()
        if name in names
    }
    if "datatable" in names and step.table is not None:
        arguments["datatable"] = [list(row) for row in step.table]
    if "docstring" in names and step.docstring is not None:
        arguments["docstring"] = textwrap.dedent(step.docstring)
    for name in required:
        if name not in arguments:
            arguments[name] = fixtures.value(name)
    return arguments


def _call_suite(bound: BoundSuiteStep, arguments: dict[str, Any], fixtures: Fixtures) -> None:
    definition = bound.definition
    if parameters(definition.step_func)[2]:
        returned = fixtures.call_generator(definition.step_func, arguments)
    else:
        returned = definition.step_func(**arguments)
    if definition.target_fixture is not None:
        fixtures.set(definition.target_fixture, returned)
