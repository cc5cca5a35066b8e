"""A specs repository to review changes of."""

from __future__ import annotations

import pytest

from tests.unit.spec.review.specs_repository import FACTORY_YML, Specs, spec


@pytest.fixture
def specs(tmp_path):
    """main holds one good spec, a factory.yml and CODEOWNERS."""
    made = Specs(tmp_path / "specs")
    made.commit(
        {
            "specs/first.md": spec("first"),
            "factory.yml": FACTORY_YML,
            ".github/CODEOWNERS": "* @ann\n",
        }
    )
    return made
