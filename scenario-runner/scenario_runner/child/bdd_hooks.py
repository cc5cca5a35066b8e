"""pytest-bdd's own hooks, called only where the suite implements one: they cost time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pytest_bdd import parser as bdd

from scenario_runner.child.suite_says import of_the_suite
from scenario_runner.engine.table import Bound, BoundLibraryStep
from scenario_runner.model import Scenario, Step

if TYPE_CHECKING:
    from scenario_runner.child.items import ScenarioItem

_BDD = (
    "pytest_bdd_before_scenario",
    "pytest_bdd_after_scenario",
    "pytest_bdd_before_step",
    "pytest_bdd_before_step_call",
    "pytest_bdd_after_step",
    "pytest_bdd_step_error",
)
# A suite's own report may read what pytest-bdd tells a report of the scenario.
_REPORTS = ("pytest_runtest_makereport", "pytest_runtest_logreport")


class BddHooks:
    """Asks once a session whether the suite listens."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._wanted: bool | None = None

    def observer(self, item: ScenarioItem, shown: Any = None) -> BddObserver | None:
        """`shown`: the feature and the scenario in pytest-bdd's types, where they are made."""
        if self._wanted is None:
            self._wanted = any(self._foreign(name) for name in (*_BDD, *_REPORTS))
        return BddObserver(item, shown) if self._wanted else None

    def foreign_tag_hook(self) -> bool:
        return self._foreign("pytest_bdd_apply_tag")

    def makes_variants(self) -> bool:
        """Whether the suite itself gives parameters to what it collects."""
        return self._foreign("pytest_generate_tests")

    def _foreign(self, name: str) -> bool:
        caller: Any = getattr(self._config.hook, name)
        return any(of_the_suite(each.plugin) for each in caller.get_hookimpls())


class BddObserver:
    """Shows the running scenario to the suite's hooks in pytest-bdd's own types."""

    def __init__(self, item: ScenarioItem, shown: Any) -> None:
        self._hook: Any = item.config.hook
        self._request: Any = item._request
        shown = shown or item.plugin.bindings.shown(item.scenario)
        if shown is None or len(shown[1].steps) != len(item.bound):
            shown = _scenario(item, [_step(bound.step) for bound in item.bound])
        self._feature, self._scenario = shown
        self._steps = {
            id(bound): step for bound, step in zip(item.bound, shown[1].steps, strict=True)
        }

    def before_scenario(self) -> None:
        self._hook.pytest_bdd_before_scenario(
            request=self._request, feature=self._feature, scenario=self._scenario
        )

    def after_scenario(self) -> None:
        self._hook.pytest_bdd_after_scenario(
            request=self._request, feature=self._feature, scenario=self._scenario
        )

    def before_step(self, bound: Bound) -> None:
        self._hook.pytest_bdd_before_step(**self._about(bound))

    def before_call(self, bound: Bound, arguments: dict[str, Any]) -> None:
        self._hook.pytest_bdd_before_step_call(**self._about(bound), step_func_args=arguments)

    def after_step(self, bound: Bound, arguments: dict[str, Any]) -> None:
        self._hook.pytest_bdd_after_step(**self._about(bound), step_func_args=arguments)

    def step_error(self, bound: Bound, arguments: dict[str, Any], problem: BaseException) -> None:
        if not isinstance(problem, (Exception, pytest.fail.Exception)):
            return  # a skip, say: pytest-bdd is silent about it
        self._hook.pytest_bdd_step_error(
            **self._about(bound), step_func_args=arguments, exception=problem
        )

    def _about(self, bound: Bound) -> dict[str, Any]:
        function = (
            bound.function if isinstance(bound, BoundLibraryStep) else bound.definition.step_func
        )
        return {
            "request": self._request,
            "feature": self._feature,
            "scenario": self._scenario,
            "step": self._steps[id(bound)],
            "step_func": function,
        }


def _step(step: Step) -> bdd.Step:
    return bdd.Step(
        name=step.text,
        type=step.type or "given",
        indent=4,
        line_number=step.line,
        keyword=step.keyword.title(),
        docstring=step.docstring,
    )


def _scenario(item: ScenarioItem, steps: list[bdd.Step]) -> tuple[bdd.Feature, bdd.Scenario]:
    from collections import OrderedDict

    scenario: Scenario = item.scenario
    feature = bdd.Feature(
        scenarios=OrderedDict(),
        filename=str(item.path),
        rel_filename=scenario.path,
        language="en",
        keyword="Feature",
        name=scenario.feature,
        tags=set(),
        background=None,
        line_number=1,
        description="",
    )
    shown = bdd.Scenario(
        feature=feature,
        keyword="Scenario",
        name=scenario.name,
        line_number=scenario.line,
        steps=steps,
        description="",
        tags={tag.lstrip("@") for tag in scenario.tags},
    )
    return feature, shown
