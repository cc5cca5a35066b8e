"""Front matter: its schema, and the products that it names."""

from __future__ import annotations

from collections.abc import Iterator

from factory.spec.document import SpecDocument, front_matter_problems
from factory.spec.finding import Finding, finding_in
from factory.spec.reach import EVERY_PRODUCT
from factory.spec.rules.questions import left_open_in
from factory.spec.surroundings import Surroundings


def front_matter(document: SpecDocument, around: Surroundings) -> Iterator[Finding]:
    """What its schema does not take, and a product that nobody knows.

    Of a value that is still open only that is told, and of a product that cannot be one no more.
    """
    unfit: set[tuple[int, int]] = set()
    for message, mend, line, column in front_matter_problems(document):
        unfit.add((line, column))
        if not _is_open(document, around, (line, column)):
            yield finding_in(document, "front-matter", message, mend, line=line, column=column)
    if around.products is None:
        return
    for one in _unknown_products(document, around.products):
        place = (one.line, one.column)
        if place not in unfit and not _is_open(document, around, place):
            yield one


def _is_open(document: SpecDocument, around: Surroundings, place: tuple[int, int]) -> bool:
    return any(document.front.place((key,)) == place for key, _ in left_open_in(document, around))


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
