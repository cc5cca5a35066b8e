"""Feature files and scenarios as pytest nodes. Where fixtures or marks have parameters a scenario
is several items, its variants; they make one outcome."""

from __future__ import annotations

import types
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
from _pytest.fixtures import call_fixture_func
from pytest_bdd.compat import inject_fixture

from scenario_runner.engine.context import ScenarioContext
from scenario_runner.engine.execute import Progress, execute
from scenario_runner.engine.table import Bound
from scenario_runner.errors import StepFailed
from scenario_runner.model import Scenario

if TYPE_CHECKING:
    from scenario_runner.child.plugin import ScenarioPlugin


class FeatureFile(pytest.Module):
    """A feature file; it stands where pytest expects a module, so that module-scoped fixtures
    live as long as one feature, as they do under pytest-bdd."""

    scenarios: list[Scenario]
    plugin: ScenarioPlugin

    def _getobj(self) -> types.ModuleType:
        module = types.ModuleType(self.path.stem)
        module.__file__ = str(self.path)
        return module

    def collect(self) -> Iterator[ScenarioItem]:
        self.plugin.loader.load_steps_for(self)
        unneeded = self.plugin.plans_natively(self)
        for scenario in self.scenarios:
            if scenario.id not in unneeded:
                yield from self.variants(scenario)

    def variants(self, scenario: Scenario) -> list[ScenarioItem]:
        """One item, or where something has parameters one for each."""
        name = scenario.name or "unnamed"
        function = self.plugin.tagged_function(scenario)
        only = ScenarioItem.from_parent(
            self, name=name, callobj=function, scenario=scenario, plugin=self.plugin
        )
        if not (self.plugin.hooks.makes_variants() or _has_parameters(only)):
            return [only]
        # pytest looks the function up by its name.
        setattr(self.obj, name, function)
        return [
            ScenarioItem.like(each, scenario, self.plugin)
            for each in self._genfunctions(name, function)
        ]


def _has_parameters(item: pytest.Function) -> bool:
    info = item._fixtureinfo
    return any(fixture.params for known in info.name2fixturedefs.values() for fixture in known)


class ScenarioItem(pytest.Function):
    """One scenario, or one variant of it: `first` and `last` say which. The engine runs where
    pytest would call the test function, or where a test function that binds it asks for it."""

    def __init__(self, *, scenario: Scenario, plugin: ScenarioPlugin, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.scenario = scenario
        self.plugin = plugin
        self.bound: list[Bound] = []
        self.context: ScenarioContext | None = None
        self.progress = Progress(0)
        self.problem: BaseException | None = None
        self.reports: list[pytest.TestReport] = []
        self.first = self.last = True

    @classmethod
    def from_parent(cls, parent: Any, **kwargs: Any) -> ScenarioItem:
        return super().from_parent(parent=parent, **kwargs)

    def take_subject(self) -> None:
        assert self.context is not None
        try:
            self.context.take_subject()
        except BaseException as problem:
            self.problem = problem
            raise

    @classmethod
    def like(
        cls, function: pytest.Function, scenario: Scenario, plugin: ScenarioPlugin
    ) -> ScenarioItem:
        """A scenario in the place of a test function, with its parameters, fixtures and marks."""
        callspec = getattr(function, "callspec", None)
        return cls.from_parent(
            function.parent,
            name=function.name,
            callspec=callspec,
            callobj=function.obj,
            keywords=None if callspec is None else {callspec.id: True},
            fixtureinfo=function._fixtureinfo,
            originalname=function.originalname,
            scenario=scenario,
            plugin=plugin,
        )

    def run_steps(self, shown: Any = None) -> None:
        """`shown`: the feature and the scenario in pytest-bdd's types, where it has made them."""
        assert self.context is not None
        observer = self.plugin.hooks.observer(self, shown)
        if observer is not None:
            observer.before_scenario()
        try:
            execute(self.bound, self.context, _PytestFixtures(self), self.progress, observer)
        finally:
            if observer is not None:
                observer.after_scenario()

    def runtest(self) -> None:
        self.progress = Progress(len(self.bound))
        try:
            if isinstance(self.parent, FeatureFile):
                self.run_steps()
            else:
                super().runtest()
        except BaseException as problem:
            self.problem = problem
            if isinstance(problem, KeyboardInterrupt):
                # Only step code can raise it: a real Ctrl-C reaches the parent alone.
                raise RuntimeError("a step raised KeyboardInterrupt") from problem
            raise

    def repr_failure(self, excinfo: Any) -> Any:  # type: ignore[override]
        # Our own steps say what they expected; a traceback through them tells nobody anything.
        if isinstance(excinfo.value, StepFailed):
            return str(excinfo.value)
        return super().repr_failure(excinfo)

    def reportinfo(self) -> tuple[Any, int, str]:
        return self.path, self.scenario.line - 1, self.scenario.name


class _PytestFixtures:
    """The engine's view of pytest's fixtures for one scenario."""

    def __init__(self, item: ScenarioItem) -> None:
        self._request: Any = item._request

    def value(self, name: str) -> Any:
        return self._request.getfixturevalue(name)

    def call_generator(self, function: Callable[..., Any], arguments: dict[str, Any]) -> Any:
        return call_fixture_func(fixturefunc=function, request=self._request, kwargs=arguments)

    def set(self, name: str, value: Any) -> None:
        inject_fixture(self._request, name, value)
