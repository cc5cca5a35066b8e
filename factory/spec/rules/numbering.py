"""`requirement-number`: lines without a number, and numbers where nobody reads them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from itertools import groupby, pairwise
from operator import attrgetter

from factory.requirement_id import PATTERN
from factory.spec.document import REQUIREMENT_SECTIONS, SpecDocument
from factory.spec.finding import Finding, finding_in
from factory.spec.language.late import late
from factory.spec.language.prose import sentences
from factory.spec.markdown import Block, Passage, Section
from factory.spec.rules.acting import acts
from factory.spec.rules.nothing import says_nothing
from factory.spec.surroundings import Surroundings

_LEAD = r"(?>(?:[ \t*_]|<[^<>\n]{1,100}>)*)"
_BEGINS_LINE = late(rf"{_LEAD}({PATTERN})(?:\s*,\s*{PATTERN})*[*_]*\s*:")
_BEGINS_CELL = late(rf"{_LEAD}({PATTERN})[*_]*\s*(?::|\Z)")
_IN_CODE = late(rf"(?<!\S)({PATTERN}):\s")
_ASKS = late(r"open (?:question|point|issue)\b", re.IGNORECASE)
_OBLIGING = frozenset(("must", "shall", "should", "never", "may", "cannot", "only"))
_LIKE_A_NUMBER = late(r"[REC][0-9]+(?=\s*:)")
# `Nothing beyond the rules`, `No constraints of its own`; but `Nothing leaves the device` binds.
_NONE = late(
    r"(?:there (?:is|are) )?(?:none\b(?! of)|nothing (?:beyond|besides|else|more|further|special|"
    r"is (?:asked|needed|required|known))\b|"
    r"no (?:\w+ ){0,2}(?:constraints?|rules?|limits?|bounds?|requirements?|restrictions?)\b)"
    r"|(?:\w+ ){1,4}(?:has|have|needs?|sets?|adds?) no (?:\w+ ){0,2}(?:constraints?|rules?)\b",
    re.IGNORECASE,
)
# `Those of `answer-limits` hold`: what is numbered there binds by itself.
_THOSE_OF_OTHERS = late(r"[^.]*`[a-z][a-z0-9-]{1,62}`[^.]*\b(?:appl(?:y|ies)|holds?|binds?)\b")
_LONGEST_NONE = 300


def numbering(document: SpecDocument, _: Surroundings) -> Iterator[Finding]:
    """Sections of requirements in which something is no requirement."""
    ids = document.requirement_at
    known = frozenset(ids.values())
    for section in document.sections:
        if section.name == "Evaluation":
            continue
        letter = REQUIREMENT_SECTIONS.get(section.name) or _letter_of(section, ids)
        told = False
        for found in _in_section(document, section, letter, ids, known):
            told = True
            yield found  # One by one: a hostile spec has a million, and nobody asks for them all.
        if told or not ids or section.name not in REQUIREMENT_SECTIONS:
            continue
        if any(block.line in ids for block in section.blocks):
            continue
        first = _unnumbered(document, section)
        if first is not None:
            yield finding_in(
                document, "requirement-number", f"{section.name!r} has no numbered line",
                f"write each as an item of a list: `- {letter}1: …`", line=first.line,
            )  # fmt: skip


def _in_section(
    document: SpecDocument,
    section: Section,
    letter: str,
    ids: dict[int, str],
    known: Collection[str],
) -> Iterator[Finding]:
    begun = False
    apart: frozenset[int] | None = None
    for block in section.blocks:
        own = ids.get(block.line, "")
        begun = begun or bool(own)
        if block.kind == "text" and _ASKS.match(block.text):
            continue  # Told as an open question; its answer may well be no requirement.
        if block.kind == "text" and _SAYS_WHAT_IS_MEANT.match(block.text):
            continue
        like = _LIKE_A_NUMBER.match(block.text) if block.kind == "item" and not own else None
        loose = block.kind == "text" and begun and section.name in REQUIREMENT_SECTIONS
        loose = loose and _binds(block)
        if like and like[0][0] in (letter or "REC"):
            yield finding_in(
                document, "requirement-number", f"{like[0]} is no number of a requirement",
                f"give it one from {like[0][0]}1 to {like[0][0]}999", line=block.line,
            )  # fmt: skip
        elif letter and not own and (block.kind == "item" or loose):
            apart = _apart(section, ids) if apart is None else apart
            yield finding_in(
                document, "requirement-number", f"a line of {section.name!r} has no number",
                f"begin it with `{letter}1:`, `{letter}2:` …", line=block.line,
                # It may say what a word means.
                severity="warning" if loose or block.line in apart else None,
            )  # fmt: skip
        elif letter:
            for name, where, line, column in _astray(document, block, own, known):
                yield finding_in(
                    document, "requirement-number", f"{name} stands {where}, where nobody reads it",
                    f"write it as an item of its own: `- {name}: …`", line=line, column=column,
                )  # fmt: skip


def _apart(section: Section, ids: Mapping[int, str]) -> frozenset[int]:
    """The lines of lists that a paragraph leads to, beside a list with numbers."""
    groups = [(kind, list(blocks)) for kind, blocks in groupby(section.blocks, _KIND)]
    lists = [
        [block.line for block in blocks]
        for (lead, _), (kind, blocks) in pairwise(groups)
        if (lead, kind) == ("text", "item")
    ]
    unnumbered = [lines for lines in lists if ids.keys().isdisjoint(lines)]
    numbered = any(block.line in ids for block in section.blocks)
    return frozenset(line for lines in unnumbered for line in lines) if numbered else frozenset()


_KIND = attrgetter("kind")


def _binds(block: Block) -> bool:
    """Whether a paragraph says what is done, or must be; others head the lines below them, or say
    what a word means."""
    if block.text.endswith(":"):
        return False
    said = [one.words for passage in block.passages for one in sentences(passage.raw)]
    return any(acts(words) or not _OBLIGING.isdisjoint(words) for words in said)


def _astray(
    document: SpecDocument, block: Block, own: str, known: Collection[str]
) -> Iterator[tuple[str, str, int, int]]:
    """(id, where, line, column) of each number in a block that begins no item of its own.

    A table or code may well speak of requirements that stand elsewhere.
    """
    if block.kind == "item":
        for name, line, column in numbers_within(document, block):
            yield name, f"within {own}", line, column
    elif block.kind == "text":
        for name, line, column in _beginning(document, block.passages[0], first=not own):
            yield name, f"within {own}" if own else "in a paragraph", line, column
    elif block.kind == "row":
        for passage in block.passages:
            cell = _BEGINS_CELL.match(passage.raw)
            if cell and cell[1] not in known:
                yield cell[1], "in a table", *document.place(passage, cell.start(1))
    elif block.kind == "code":
        for found in _IN_CODE.finditer(block.text):
            if found[1] not in known:
                yield found[1], "in code", block.line, 1


# `In this list *it* is `tracktool csv`.`
_SAYS_WHAT_IS_MEANT = late(
    r"(?:In|Throughout) (?:this|the) (?:list|section|table),? "
    r"(?P<mark>[*_`\"])\w[^*_`\".;]{0,30}(?P=mark) "
    r"(?:means?\b|stands? for\b|(?:is|are) [*_`\"])[^.;]*\.?\Z"
)


def numbers_within(document: SpecDocument, item: Block) -> Iterator[tuple[str, int, int]]:
    """(id, line, column) of each number that begins a line of an item, but for its first."""
    for number, passage in enumerate(item.passages):
        yield from _beginning(document, passage, first=number > 0)


def _beginning(
    document: SpecDocument, passage: Passage, *, first: bool
) -> Iterator[tuple[str, int, int]]:
    """(id, line, column) of each number that begins a line; of the first only where asked."""
    raw = passage.raw
    start = 0 if first else raw.find("\n") + 1
    while first or start:
        found = _BEGINS_LINE.match(raw, start)
        if found:
            yield found[1], *document.place(passage, found.start(1))
        first, start = False, raw.find("\n", start) + 1


def _letter_of(section: Section, ids: dict[int, str]) -> str:
    """The letter that a section of the author's own numbers its lines with, or ""."""
    return next((ids[item.line][0] for item in section.items if item.line in ids), "")


def _unnumbered(document: SpecDocument, section: Section) -> Block | None:
    """The first block of a section without a number that should have one; `None.` need not."""
    if section.name == "Edge cases" and document.kind == "feature":
        return None  # `edge-case-none` asks for these.
    said = (one for one in section.blocks if one.text and one.kind != "heading")
    return next((one for one in said if not _says_none(one.text)), None)


def _says_none(text: str) -> bool:
    if _ASKS.match(text):
        return True  # For now: it is told as an open question.
    if len(text) > _LONGEST_NONE or any(map(str.isdigit, text)):
        return False
    return says_nothing(text) or any(one.match(text) for one in (_NONE, _THOSE_OF_OTHERS))
