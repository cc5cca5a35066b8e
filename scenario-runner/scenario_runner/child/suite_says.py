"""Whether code of the suite has a say in each scenario, also in one that uses no step of it."""

from __future__ import annotations

from collections.abc import Iterable
from types import ModuleType
from typing import Any

import pytest

_NOT_THE_SUITES = ("_pytest", "pytest", "pytest_bdd", "pluggy", "scenario_runner")


def foreign_hooks(config: pytest.Config) -> bool:
    """True when anything but pytest, pytest-bdd and we implements any of pytest's hooks."""
    manager = config.pluginmanager
    for plugin in manager.get_plugins():
        if of_the_suite(plugin) and manager.get_hookcallers(plugin):
            return True
    return False


def of_the_suite(plugin: Any) -> bool:
    return _home(plugin) not in _NOT_THE_SUITES


def foreign_autouse(node: pytest.Collector) -> bool:
    """True when a fixture that every scenario below `node` uses is the suite's."""
    manager: Any = node.session._fixturemanager
    return foreign_fixture(node, manager._getautousenames(node))


def foreign_fixture(node: pytest.Collector, names: Iterable[str]) -> bool:
    """True when the suite has a fixture of its own under one of these names."""
    manager: Any = node.session._fixturemanager
    return any(
        fixture.func.__module__.partition(".")[0] not in _NOT_THE_SUITES
        for name in names
        for fixture in manager.getfixturedefs(name, node) or ()
    )


def _home(plugin: Any) -> str:
    """The top-level package that a plugin comes from."""
    name = plugin.__name__ if isinstance(plugin, ModuleType) else type(plugin).__module__
    return str(name).partition(".")[0]
