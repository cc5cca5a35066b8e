"""The front matter's rules: one value, one finding."""

import pytest

from factory import resources
from factory.spec.document import parse_spec
from factory.spec.gate import check_specs
from factory.spec.surroundings import Surroundings

FEATURE = (resources.folder("spec-templates") / "feature.md").read_text("utf-8")


def rules_of_product(product: str, *, known: frozenset[str] | None) -> list[tuple[str, int]]:
    lines = FEATURE.split("\n")
    at = next(n for n, line in enumerate(lines) if line.startswith("product:"))
    lines[at] = f"product: {product}"
    around = Surroundings(products=known)
    found = check_specs([parse_spec("\n".join(lines), path="x.md")], around)
    assert all(one.line == at + 1 and one.mend for one in found)
    return [(one.rule, one.column) for one in found]


@pytest.mark.parametrize("known", [None, frozenset(("shop",))])
@pytest.mark.parametrize("product", ["TODO", "todo-product", "TBD"])
def test_a_product_that_is_still_open_is_told_once(
    product: str, known: frozenset[str] | None
) -> None:
    assert rules_of_product(product, known=known) == [("open-question", 10)]


def test_a_product_that_cannot_be_one_is_told_once() -> None:
    assert rules_of_product("My Shop", known=frozenset(("shop",))) == [("front-matter", 10)]


def test_a_product_that_nobody_knows_is_told() -> None:
    assert rules_of_product("ship", known=frozenset(("shop",))) == [("product-unknown", 10)]
    assert rules_of_product("ship", known=None) == []
    assert rules_of_product("todo", known=frozenset(("todo",))) == []
