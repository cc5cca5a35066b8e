"""Feature files and scenarios as pytest nodes."""

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
                yield self.item(scenario)

    def item(self, scenario: Scenario) -> ScenarioItem:
        return ScenarioItem.from_parent(
            self,
            name=scenario.name or "unnamed",
            callobj=self.plugin.tagged_function(scenario),
            scenario=scenario,
            plugin=self.plugin,
        )


class ScenarioItem(pytest.Function):
    """One scenario. Its engine runs where pytest would call the test function."""

    def __init__(self, *, scenario: Scenario, plugin: ScenarioPlugin, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.scenario = scenario
        self.plugin = plugin
        self.bound: list[Bound] = []
        self.context: ScenarioContext | None = None
        self.progress = Progress(0)
        self.problem: BaseException | None = None
        self.reports: list[pytest.TestReport] = []

    @classmethod
    def from_parent(cls, parent: Any, **kwargs: Any) -> ScenarioItem:
        return super().from_parent(parent=parent, **kwargs)

    def runtest(self) -> None:
        assert self.context is not None
        self.progress = Progress(len(self.bound))
        observer = self.plugin.hooks.observer(self)
        try:
            if observer is not None:
                observer.before_scenario()
            try:
                execute(self.bound, self.context, _PytestFixtures(self), self.progress, observer)
            finally:
                if observer is not None:
                    observer.after_scenario()
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
