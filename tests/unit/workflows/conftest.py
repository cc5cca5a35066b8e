"""The action's own scripts, importable as the runner imports them."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import pytest

ACTION = Path(__file__).resolve().parents[3] / ".github" / "action"
NAMES = [
    ".".join(path.relative_to(ACTION).with_suffix("").parts).removesuffix(".__init__")
    for path in ACTION.rglob("*.py")
]


@pytest.fixture
def script(monkeypatch, tmp_path):
    """`script("run")`: a fresh import, in a job of its own below tmp_path."""
    for name in [name for name in __import__("os").environ if name.startswith("GITHUB_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("RUNNER_TEMP", str(tmp_path / "runner"))
    monkeypatch.setenv("GITHUB_OUTPUT", str(tmp_path / "output"))
    monkeypatch.setattr(sys, "path", [str(ACTION), *sys.path])
    for name in NAMES:
        monkeypatch.delitem(sys.modules, name, raising=False)
    yield importlib.import_module
    for name in NAMES:
        sys.modules.pop(name, None)
