"""A specs repository with one ready spec on main."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.spec.versions.specs_repository import SpecsRepository, spec


@pytest.fixture
def specs(tmp_path: Path) -> SpecsRepository:
    made = SpecsRepository(tmp_path / "specs")
    made.commit(spec())
    return made
