"""Front matter, and what hides from a reviewer."""

from __future__ import annotations

from collections.abc import Iterator

from factory.spec.document import SpecDocument, front_matter_problems
from factory.spec.finding import Finding, finding_in
from factory.spec.rules.questions import left_open_in
from factory.spec.surroundings import Surroundings
from factory.spec.visible import HIDDEN_IN_LINE, hidden_characters


def front_matter(document: SpecDocument, around: Surroundings) -> Iterator[Finding]:
    """What its schema does not take, and a product that nobody knows.

    Of a value that is still open only that is told, and of a product that cannot be one no more.
    """
    unfit: set[tuple[int, int]] = set()
    for message, mend, line, column in front_matter_problems(document):
        unfit.add((line, column))
        if not _is_open(document, around, (line, column)):
            yield finding_in(document, "front-matter", message, mend, line=line, column=column)
    product = document.meta.get("product")
    if around.products is None or not isinstance(product, str) or product in around.products:
        return
    line, column = document.front.place(("product",))
    if (line, column) not in unfit and not _is_open(document, around, (line, column)):
        yield finding_in(
            document, "product-unknown", f"there is no product {product!r} in factory.yml",
            f"use one of: {', '.join(sorted(around.products))}", line=line, column=column,
        )  # fmt: skip


def _is_open(document: SpecDocument, around: Surroundings, place: tuple[int, int]) -> bool:
    return any(document.front.place((key,)) == place for key, _ in left_open_in(document, around))


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
