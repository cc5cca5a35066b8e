from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest


def _load() -> ModuleType:
    name = "product_repository"
    if name not in sys.modules:
        place = Path(__file__).parents[1] / "hold" / f"{name}.py"
        spec = importlib.util.spec_from_file_location(name, place)
        assert spec and spec.loader
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    return sys.modules[name]


@pytest.fixture
def repositories() -> ModuleType:
    return _load()


@pytest.fixture
def product(tmp_path: Path):
    """A product repository with a base commit on main."""
    return _load().ProductRepository(tmp_path / "product")
