"""The templates are models of their kind: the gate finds nothing in them."""

from pathlib import Path

import pytest

from factory import resources
from factory.spec import check_specs, read_spec


@pytest.mark.parametrize("kind", ["feature", "architecture", "constraint"])
def test_a_template_passes_the_gate(kind: str) -> None:
    path: Path = resources.folder("spec-templates") / f"{kind}.md"
    assert check_specs([read_spec(path)]) == []
