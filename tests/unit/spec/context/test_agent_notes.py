"""Which notes reach an agent: those of its own name, or those that its profile lists."""

from __future__ import annotations

from pathlib import Path

import pytest

from factory.errors import InputError
from factory.spec.context import read_context


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "agents").mkdir()
    (tmp_path / "context").mkdir()
    (tmp_path / "context/product.md").write_text("# The product\n\nIt greets.\n")
    for name in ("house", "builder", "other"):
        (tmp_path / f"agents/{name}.md").write_text(f"# Notes\n\nTo {name}.\n")
    return tmp_path


def paths(root: Path, agent: str, system: list[str] | None = None) -> list[str]:
    return [one.path for one in read_context(root, agent, system).files]


def test_by_its_name_unless_its_profile_lists_others(root: Path) -> None:
    product = "context/product.md"
    assert paths(root, "builder") == [product, "agents/builder.md"]
    assert paths(root, "nobody") == [product]
    listed = ["agents/house.md", "agents/builder.md"]
    assert paths(root, "builder", listed) == [product, *listed]
    assert paths(root, "builder", listed[::-1]) == [product, *listed[::-1]]


def test_a_listed_file_that_is_not_there_is_named(root: Path) -> None:
    with pytest.raises(InputError) as caught:
        paths(root, "builder", ["agents/house.md", "agents/hose.md"])
    assert caught.value.path == str(root / "agents/hose.md")
    assert "`system`" in caught.value.mend
