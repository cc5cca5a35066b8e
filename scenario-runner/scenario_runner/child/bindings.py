"""Test modules of a suite written for pytest-bdd. What `scenarios(...)` or `@scenario` binds runs
in its module, as pytest-bdd would run it: with the module's fixtures, steps, marks and parameters,
and the function's own body after the last step."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from pytest_bdd.feature import get_feature
from pytest_bdd.parser import ScenarioTemplate

from scenario_runner.child.items import ScenarioItem
from scenario_runner.model import Scenario
from scenario_runner.suite.feature_file import parse_bytes

if TYPE_CHECKING:
    from scenario_runner.child.plugin import ScenarioPlugin

# Its package has a function of the same name.
_bdd: Any = importlib.import_module("pytest_bdd.scenario")
_EXAMPLE = "_pytest_bdd_example"


class BoundModule(pytest.Module):
    """A test module; of its tests only those count that stand for scenarios of the inventory."""

    plugin: ScenarioPlugin

    def collect(self) -> Iterator[ScenarioItem]:
        self.plugin.loader.load_steps_for(self)
        for function in super().collect():
            if isinstance(function, pytest.Function):
                scenario = self.plugin.bindings.scenario(function)
                if scenario is not None:
                    yield ScenarioItem.like(function, scenario, self.plugin)


class Bindings:
    """Which scenario of the inventory a bound test function stands for."""

    def __init__(self, root: Path, scenarios: list[Scenario]) -> None:
        self._root = root
        self._by_line = {(each.path, each.line): each for each in scenarios}
        self._lines: dict[str, dict[int, list[int]]] = {}
        # Bound functions come to their steps through this one.
        _bdd._execute_scenario = _execute_scenario

    def scenario(self, function: pytest.Function) -> Scenario | None:
        """None for a test that binds none, or one that is not asked for."""
        template = _bdd.scenario_wrapper_template_registry.get(function.obj)
        if template is None:
            return None
        path = self._relative(template)
        rows = self._rows(path).get(template.line_number, [])
        row = _row(function)
        return self._by_line.get((path, rows[row])) if row < len(rows) else None

    def shown(self, scenario: Scenario) -> tuple[Any, Any] | None:
        """The feature and the scenario as pytest-bdd reads them; None where it cannot."""
        try:
            feature = get_feature(str(self._root), scenario.path)
            line, row = next(
                (line, rows.index(scenario.line))
                for line, rows in self._rows(scenario.path).items()
                if scenario.line in rows
            )
            template = next(each for each in feature.scenarios.values() if each.line_number == line)
            examples = [row for each in template.examples for row in each.as_contexts()]
            return feature, template.render(examples[row] if examples else {})
        except Exception:
            # It is stricter about some files than Gherkin is; hooks do with less, then.
            return None

    def _relative(self, template: ScenarioTemplate) -> str:
        file = Path(template.feature.filename).resolve()
        return file.relative_to(self._root).as_posix() if file.is_relative_to(self._root) else ""

    def _rows(self, path: str) -> dict[int, list[int]]:
        """The lines at which a feature's scenarios begin, each with those of its rows."""
        lines = self._lines.get(path)
        if lines is None:
            lines = self._lines[path] = {}
            parsed = parse_bytes((self._root / path).read_bytes(), path) if path else None
            if parsed is not None:
                for scenario, (_, line, _) in zip(parsed.scenarios, parsed.templates, strict=True):
                    lines.setdefault(line, []).append(scenario.line)
        return lines


def _row(function: pytest.Function) -> int:
    """Which row of an outline, counted from 0 over all its Examples; 0 where there are none."""
    callspec = getattr(function, "callspec", None)
    example = None if callspec is None else callspec.params.get(_EXAMPLE)
    for mark in getattr(function.obj, "pytestmark", ()):
        if mark.name == "parametrize" and mark.args[0] == _EXAMPLE:
            return next(i for i, row in enumerate(mark.args[1]) if row.values[0] is example)
    return 0


def _execute_scenario(feature: Any, scenario: Any, request: Any) -> None:
    """Stands in for pytest-bdd's own: the engine runs the steps that were bound before the run."""
    __tracebackhide__ = True
    request.node.run_steps((feature, scenario))
