"""Load a suite's files, bind its steps, and gather what is wrong with them."""

from __future__ import annotations

import os
import traceback
from pathlib import Path

import pytest

from scenario_runner.child import native, suite_steps
from scenario_runner.child.subject_rules import SubjectRules
from scenario_runner.engine.table import Bound, StepTable
from scenario_runner.model import Scenario, SuiteError


class SuiteLoader:
    """`root` is FEATURES; `step_modules` maps a folder to the files in the `steps/` beside it.

    `errors` grows; whoever loads or binds looks there.
    """

    def __init__(
        self,
        root: Path,
        step_modules: dict[str, list[str]],
        scenarios: list[Scenario],
        binding_modules: list[str],
        rules: SubjectRules,
    ) -> None:
        self.root = root
        self.rules = rules
        self.errors: list[SuiteError] = []
        self.scenarios: dict[str, list[Scenario]] = {}
        for scenario in scenarios:
            self.scenarios.setdefault(scenario.path, []).append(scenario)
        self.binding_modules = frozenset(binding_modules)
        paths = [*self.scenarios, *binding_modules]
        self.folders = {parent for path in paths for parent in (root / path).parents}
        self._step_modules = step_modules
        self._loaded: set[str] = set()
        self._tables: dict[Path, StepTable] = {}

    def load_steps_for(self, file: pytest.Module) -> None:
        """Load the step modules of every folder above the file, each once."""
        for node in file.listchain():
            if not isinstance(node, (pytest.Dir, pytest.Package, pytest.Session)):
                continue
            folder = self.relative(node.path)
            if folder in self._loaded or (folder == "" and isinstance(node, pytest.Session)):
                continue
            self._loaded.add(folder)
            for number, path in enumerate(self._step_modules.get(folder, [])):
                name = f"scenario_runner_suite.steps_{len(self._loaded)}_{number}"
                try:
                    module = suite_steps.load_module(self.root / path, name, file.config)
                    suite_steps.register(module, node)
                except BaseException as problem:
                    self.failed(problem, path)

    def bind(self, scenario: Scenario, file: pytest.Module) -> list[Bound]:
        """The scenario's steps; what cannot be bound is an error."""
        return native.bind(scenario, self.table(file), self.rules, self.errors)

    def table(self, file: pytest.Module) -> StepTable:
        """The definitions that a file sees; feature files of one folder see the same."""
        place = file.path if file.path.suffix == ".py" else file.path.parent
        table = self._tables.get(place)
        if table is None:
            table = self._tables[place] = StepTable(suite_steps.visible_from(file))
        return table

    def failed(self, problem: BaseException, path: str) -> None:
        """Note an error in the file that could not be loaded, at the line that raised it."""
        cause = getattr(problem, "cause", None) or problem.__cause__ or problem
        frames = traceback.extract_tb(cause.__traceback__)
        line = getattr(cause, "lineno", None) or 1
        where = path
        shown = getattr(problem, "path", None)
        if shown is not None:
            where = self.relative(Path(shown)) or path
        for frame in frames:
            if os.path.realpath(frame.filename) == str(self.root / where):
                line = frame.lineno or line
        message = f"cannot be loaded: {type(cause).__name__}: {cause}"
        self.errors.append(SuiteError(where, int(line), message))

    def relative(self, path: Path) -> str:
        """A path as the inventory writes it; "" for the root, or for what is outside."""
        try:
            relative = path.relative_to(self.root).as_posix()
        except ValueError:
            return ""
        return "" if relative == "." else relative
