"""Front matter: its schema, and the products that it names."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import Any

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
    yield from _misread_numbers(document)
    if around.products is None:
        return
    for one in _unknown_products(document, around.products):
        place = (one.line, one.column)
        if place not in unfit and not _is_open(document, around, place):
            yield one


def _is_open(document: SpecDocument, around: Surroundings, place: tuple[int, int]) -> bool:
    return any(document.front.place((key,)) == place for key, _ in left_open_in(document, around))


def _misread_numbers(document: SpecDocument) -> Iterator[Finding]:
    """Numbers that YAML reads as others than are written: `1:30` is 90 to it, and `010` is 8."""
    for key, (line, column) in document.front.positions.items():
        value: Any = document.meta
        for part in key:
            value = value[part]
        if type(value) not in (int, float) or not math.isfinite(value):
            continue
        written = re.split(r"[\s,\]}]", document.lines[line - 1][column - 1 :], maxsplit=1)[0]
        try:
            misread = type(value)(written) != value
        except ValueError:
            misread = True
        if misread:
            name = ".".join(map(str, key))
            yield finding_in(
                document, "front-matter", f"{name} is written {written!r}, and YAML reads {value}",
                f"write {value} in its place if that is meant", line=line, column=column,
            )  # fmt: skip


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
