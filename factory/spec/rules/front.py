"""Front matter, and what hides from a reviewer."""

from __future__ import annotations

import re
from collections.abc import Iterator

from factory.spec.document import SpecDocument, front_matter_problems
from factory.spec.finding import Finding, finding_in
from factory.spec.surroundings import Surroundings

# Controls but tab, soft hyphen, zero-width space, bidi controls, invisible operators, line and
# paragraph separators, byte order mark, tag characters. Not the joiners, which scripts need.
_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u115f\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_HIDDEN_IN_LINE = re.compile(f"[\n\t]|{_HIDDEN.pattern}")


def front_matter(document: SpecDocument, around: Surroundings) -> Iterator[Finding]:
    """What its schema does not take, and a product that nobody knows."""
    for message, mend, line, column in front_matter_problems(document):
        yield finding_in(document, "front-matter", message, mend, line=line, column=column)
    product = document.meta.get("product")
    if around.products is not None and isinstance(product, str) and product not in around.products:
        line, column = document.front.place(("product",))
        yield finding_in(
            document, "product-unknown", f"there is no product {product!r} in factory.yml",
            f"use one of: {', '.join(sorted(around.products))}", line=line, column=column,
        )  # fmt: skip


def hidden_characters(document: SpecDocument, _: Surroundings) -> Iterator[Finding]:
    """What a reviewer cannot see, an agent still reads; each line of it once."""
    seen = False
    if _HIDDEN.search(document.text.replace("\n", " ")):
        for number, text in enumerate(document.lines, 1):
            found = _HIDDEN.search(text)
            if found:
                seen = True
                yield _hidden(document, found[0], "", number, found.start() + 1)
    for key in ("title", "owner"):  # YAML can write one as an escape, which the lines do not show.
        found = _HIDDEN_IN_LINE.search(str(document.meta.get(key, "")))
        if found and not seen:
            yield _hidden(document, found[0], f"{key} ", *document.front.place((key,)))


def _hidden(document: SpecDocument, char: str, where: str, line: int, column: int) -> Finding:
    return finding_in(
        document, "hidden-character", f"{where}holds U+{ord(char):04X}, which nobody sees",
        "remove it", line=line, column=column,
    )  # fmt: skip
