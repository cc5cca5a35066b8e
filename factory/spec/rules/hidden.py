"""What a reviewer of the rendered page cannot see, and an agent still reads."""

from __future__ import annotations

from collections.abc import Iterator
from html import unescape

from factory.spec.document import SpecDocument
from factory.spec.finding import Finding, finding_in
from factory.spec.language.late import late
from factory.spec.language.prose import masked
from factory.spec.surroundings import Surroundings
from factory.spec.visible import HIDDEN_IN_LINE, hidden_characters

_FENCE = late(r"[\s>*+-]*(?:`{3,}|~{3,})[ \t]*[^\s`]+[ \t]+([^\s`][^`]*)$")
_DEFINITION = late(r" {0,3}\[[^\]\n]{1,200}\]:\s*\S+\s+([\"'(].+)")
_TITLE = late(r"\]\([^)\s]{1,2000}\s+([\"'(][^)\n]{1,1000})")
_ATTRIBUTE = late(r"<[A-Za-z][\w-]*\s[^<>\n]{0,200}?=")
_ENTITY = late(r"&#(?:\d{1,7}|[xX][0-9a-fA-F]{1,6});")


def hidden(document: SpecDocument, _: Surroundings) -> Iterator[Finding]:
    """`hidden-character` and `hidden-text`; each line of it once."""
    yield from _characters(document)
    yield from _texts(document)


def _characters(document: SpecDocument) -> Iterator[Finding]:
    seen = False
    for line, column, name in hidden_characters(document.text):
        seen = True
        yield _no_character(document, f"holds {name}", line, column)
    for key in ("title", "owner"):  # YAML can write one as an escape, which the lines do not show.
        found = HIDDEN_IN_LINE.search(str(document.meta.get(key, "")))
        if found and not seen:
            place = document.front.place((key,))
            yield _no_character(document, f"{key} holds U+{ord(found[0]):04X}", *place)


def _no_character(document: SpecDocument, what: str, line: int, column: int) -> Finding:
    return finding_in(
        document, "hidden-character", f"{what}, which nobody sees", "remove it",
        line=line, column=column,
    )  # fmt: skip


def _has_a_mark(text: str) -> bool:
    """Whether a link, HTML or a character by its number may stand in it."""
    return "<" in text or "](" in text or "&#" in text


def _texts(document: SpecDocument) -> Iterator[Finding]:
    body = document.body
    if "```" in body or "~~~" in body or "]:" in body:
        yield from _beside_marks(document)
    marked = _has_a_mark(body)
    if not marked and "|" not in body:
        return  # Most specs: no block of them need be looked at.
    for block in (one for section in document.sections for one in section.blocks):
        for passage in block.beyond:
            place = document.place(passage, 0)
            yield _no_text(document, "beyond the last column", passage.raw, *place)
        if marked and _has_a_mark(block.text):
            for passage in block.passages:
                for what, at, text in _in_prose(passage.raw):
                    yield _no_text(document, what, text, *document.place(passage, at))


def _beside_marks(document: SpecDocument) -> Iterator[Finding]:
    """What stands behind the language of a code block, or is the title of a link defined."""
    for number, line in enumerate(document.body.split("\n"), 1):
        if "`" not in line and "~" not in line and "]:" not in line:
            continue
        for pattern, what in ((_FENCE, "behind a fence's language"), (_DEFINITION, "a title")):
            found = pattern.match(line)
            if found:
                column = document.lines[number - 1].find(found[1]) + 1
                yield _no_text(document, what, found[1], number, column or 1)


def _in_prose(raw: str) -> Iterator[tuple[str, int, str]]:
    """(what, offset, text) of each thing in prose that no page shows."""
    prose = masked(raw)
    for found in _TITLE.finditer(raw):
        yield "the title of a link", found.start(1), found[1]
    for found in _ATTRIBUTE.finditer(prose):
        yield "an HTML attribute", found.start(), raw[found.start() :]
    for found in _ENTITY.finditer(prose):
        if unescape(found[0]).isalnum():
            yield "a letter as a number", found.start(), found[0]


def _no_text(document: SpecDocument, what: str, text: str, line: int, column: int) -> Finding:
    return finding_in(
        document, "hidden-text", f"{what}: {text[:40]!r} is on no page, but in the file",
        "write it as text, or take it out", line=line, column=column,
    )  # fmt: skip
