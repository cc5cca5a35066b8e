"""Front matter: its schema, and the products that it names."""

from __future__ import annotations

from collections.abc import Iterator

from factory.spec.document import SpecDocument, front_matter_problems
from factory.spec.finding import Finding, finding_in
from factory.spec.reach import EVERY_PRODUCT
from factory.spec.surroundings import Surroundings


def front_matter(document: SpecDocument, around: Surroundings) -> Iterator[Finding]:
    """What its schema does not take, and a product that nobody knows."""
    for message, mend, line, column in front_matter_problems(document):
        yield finding_in(document, "front-matter", message, mend, line=line, column=column)
    if around.products is not None:
        yield from _unknown_products(document, around.products)


def _unknown_products(document: SpecDocument, known: frozenset[str]) -> Iterator[Finding]:
    """The product, and those that `applies-to` names, which nobody knows."""
    named = [*document.listed("applies-to", "products")]
    product = document.meta.get("product")
    if isinstance(product, str):
        named.insert(0, (product, *document.front.place(("product",))))
    for name, line, column in named:
        if name not in known | {EVERY_PRODUCT}:
            yield finding_in(
                document, "product-unknown", f"there is no product {name!r} in factory.yml",
                f"use one of: {', '.join(sorted(known))}", line=line, column=column,
            )  # fmt: skip
