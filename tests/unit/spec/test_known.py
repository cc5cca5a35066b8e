"""What a specs repository knows of a new spec, and a factory.yml that cannot be asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from factory.errors import ConfigurationError
from factory.spec.known import known_in


def test_without_a_factory_yml_nothing_is_known(tmp_path: Path) -> None:
    known = known_in(tmp_path)
    assert (known.products, known.owner, known.specs) == ([], None, ())


def test_one_that_leads_nowhere_is_told(tmp_path: Path) -> None:
    (tmp_path / "factory.yml").symlink_to("gone.yml")
    with pytest.raises(ConfigurationError, match=r"factory\.yml"):
        known_in(tmp_path)
