"""Load a suite's step modules into pytest, and list the step definitions a folder can see."""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from pytest_bdd import plugin as bdd_plugin
from pytest_bdd.compat import get_fixture_names, getfixturedefs
from pytest_bdd.steps import StepNamePrefix, step_function_context_registry

from scenario_runner.engine.table import SuiteStep

_MODERN = tuple(int(part) for part in pytest.__version__.split(".")[:2]) >= (9, 1)


def load_module(path: Path, name: str, config: pytest.Config) -> ModuleType:
    """Import a step module under a name of its own, with pytest's assertion rewriting.

    A module that a conftest.py has already imported is taken as it is, so that its state is one.
    """
    path = path.resolve()
    for known in list(sys.modules.values()):
        file = getattr(known, "__file__", None)
        if isinstance(file, str) and os.path.realpath(file) == str(path):
            return known
    hook: Any = config.pluginmanager.rewrite_hook
    loader = hook if hasattr(hook, "exec_module") else None
    spec = importlib.util.spec_from_file_location(name, path, loader=loader)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        sys.modules.pop(name, None)
        raise
    return module


def register(module: ModuleType, node: pytest.Collector) -> None:
    """Make the module's fixtures and steps visible below the folder of `node`."""
    manager: Any = node.session._fixturemanager
    if _MODERN:
        manager.parsefactories(holder=module, node=node)
    else:
        manager.parsefactories(module, node.nodeid)


def visible_from(node: pytest.Collector) -> list[list[SuiteStep]]:
    """Definitions that `node` sees, nearest folder first."""
    manager: Any = node.session._fixturemanager
    levels: dict[int, list[SuiteStep]] = {}
    for name in get_fixture_names(manager):
        if not name.startswith(StepNamePrefix.step_def.value):
            continue
        for fixture in getfixturedefs(manager, name, node) or ():
            definition = step_function_context_registry.get(fixture.func)
            if definition is None or definition.step_func.__module__ == bdd_plugin.__name__:
                continue
            depth = _depth(fixture.baseid)
            levels.setdefault(depth, []).append(SuiteStep(definition, _where(definition, node)))
    return [levels[depth] for depth in sorted(levels, reverse=True)]


def _depth(baseid: str) -> int:
    """How deep the folder is in which a definition lives; plugins and the root are 0."""
    if baseid in ("", "."):
        return 0
    return baseid.count("/") + 1


def _where(definition: Any, node: pytest.Collector) -> str:
    code = getattr(definition.step_func, "__code__", None)
    if code is None:
        return definition.parser.name  # type: ignore[no-any-return]
    try:
        path = Path(code.co_filename).resolve().relative_to(node.config.rootpath.resolve())
    except ValueError:
        path = Path(code.co_filename)
    return f"{path}:{code.co_firstlineno}"
