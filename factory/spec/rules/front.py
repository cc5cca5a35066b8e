"""Front matter, and what hides from a reviewer."""

from __future__ import annotations

from collections.abc import Iterator

from factory.spec.binding import EVERY_PRODUCT
from factory.spec.document import SpecDocument, front_matter_problems
from factory.spec.finding import Finding, finding_in
from factory.spec.surroundings import Surroundings
from factory.spec.visible import HIDDEN_IN_LINE, hidden_characters


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


def hidden(document: SpecDocument, _: Surroundings) -> Iterator[Finding]:
    """What a reviewer cannot see, an agent still reads; each line of it once."""
    seen = False
    for line, column, name in hidden_characters(document.text):
        seen = True
        yield _hidden(document, f"holds {name}", line, column)
    for key in ("title", "owner"):  # YAML can write one as an escape, which the lines do not show.
        found = HIDDEN_IN_LINE.search(str(document.meta.get(key, "")))
        if found and not seen:
            place = document.front.place((key,))
            yield _hidden(document, f"{key} holds U+{ord(found[0]):04X}", *place)


def _hidden(document: SpecDocument, what: str, line: int, column: int) -> Finding:
    return finding_in(
        document, "hidden-character", f"{what}, which nobody sees", "remove it",
        line=line, column=column,
    )  # fmt: skip
