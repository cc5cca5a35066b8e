"""What kind of statement a block is, from its own words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from factory.spec.importing import questions
from factory.spec.importing.blocks import Block, Code, Listing, Paragraph, Table
from factory.spec.importing.headings import meaning_of
from factory.spec.importing.origins import is_origin, split_origin
from factory.spec.importing.scenarios import head, is_scenario, is_whole, without_task_mark

_OBLIGES = re.compile(r"\b(must|shall|MUSS|muss|müssen|darf nicht|dürfen nicht)\b", re.IGNORECASE)
_STORY = re.compile(r"\W*(\d+[.)] *)?((?i:user story|story \d+)\b|US-?\d+\b)")
_ROLE = re.compile(
    r"(as (an?|the)\b.*\b(i|we) (\w+ )?(want|need|can|must|would|should|expect|like|wish)\b"
    r"|als .*\b(möchte|will|kann|muss|brauche|möchten|wollen|können) (ich|wir)\b)",
    re.IGNORECASE,
)
_BY_PREFIX = {
    **dict.fromkeys(("FR", "REQ", "RQ", "BR", "UX", "UI", "SEC", "DR", "TR", "FA", "ANF"), "Rules"),
    **dict.fromkeys(("NFR", "NFA", "SC", "PERF", "KPI", "CON"), "Constraints"),
    "EC": "Edge cases",
    "AC": "Evaluation",
}
_NUMBER_COLUMNS = {"id", "nr", "nr.", "no", "no.", "#", "req", "req.", "requirement id", "ref"}


def is_story(title: str) -> bool:
    """Whether a heading begins a user story."""
    return _STORY.match(title) is not None


def tells_whose_it_is(block: Block) -> bool:
    """Whether this is "As a …, I want …", so that it says who uses the product, and what for."""
    return isinstance(block, Paragraph) and _ROLE.match(block.text) is not None


def section_by_content(block: Block) -> str:
    """Where no heading tells: the section by the numbers or steps of a list, or ""."""
    if isinstance(block, Code) and is_scenario(block):
        return "Evaluation"
    if not isinstance(block, Listing) or not block.items:
        return ""
    heads = [without_task_mark(head(item)) for item in block.items]
    if all(map(is_whole, heads)):
        return "Evaluation"
    prefixes = {split_origin(one)[0].partition("-")[0].rstrip("0123456789.") for one in heads}
    return _BY_PREFIX.get(prefixes.pop(), "") if len(prefixes) == 1 else ""


def label_in(block: Block) -> str:
    """The words of a paragraph of one line, which may stand for a heading; else ""."""
    if not isinstance(block, Paragraph) or len(block.lines) != 1:
        return ""
    return block.text.rstrip(": ")


def ends_a_story_s_telling(block: Block) -> bool:
    """Whether a block of a story no longer tells it, but weighs or judges it."""
    if is_scenario(block):
        return True
    if not isinstance(block, Paragraph):
        return False
    aside = block.text.casefold().startswith(("why this priority", "independent test", "why p"))
    return aside or meaning_of(label_in(block)) is not None


def hold_numbers(blocks: Iterable[Block]) -> bool:
    """Whether a list among these has items that the source numbers."""
    return any(
        isinstance(block, Listing) and any(split_origin(head(item))[0] for item in block.items)
        for block in blocks
    )


def is_numbered(table: Table) -> bool:
    """Whether the rows of a table are statements that the source numbers."""
    if table.head[0].casefold().strip() in _NUMBER_COLUMNS:
        return True
    return bool(table.rows) and all(is_origin(row[0]) for row in table.rows)


def rows_as_items(table: Table, *, ask: bool) -> Iterator[tuple[Block, ...]]:
    """Each row as a list item: its first words, then the others with their column's name.

    Where it may `ask`, a cell that is empty is an open question.
    """
    for row in table.rows:
        first, *rest = zip(table.head, row, strict=True)
        number = ""
        if is_origin(first[1]) and rest:
            number = f"{first[1].strip('[] :.')}: "
            first, *rest = rest
        words = number + first[1]
        for name, cell in rest:
            if cell:
                words += f" ({name}: {cell})" if name else f" ({cell})"
            elif ask and name and words:
                words += f" ({questions.OPEN} {name}?)"
        if words.strip():
            yield (Paragraph((words.strip(),)),)


def states(text: str, *, obliging: bool) -> bool:
    """Whether a paragraph states a requirement; `obliging`: only by a word such as MUST."""
    if text.endswith(":"):
        return False  # It leads to what follows.
    return bool(split_origin(text)[0]) or not obliging or _OBLIGES.search(text) is not None


def asked(block: Block) -> Block:
    """Under "Open questions": each question so that the gate sees it."""
    if isinstance(block, Listing):
        items = [(asked(one[0]), *one[1:]) for one in block.items]
        return Listing(tuple(items), block.first)
    if isinstance(block, Paragraph):
        return Paragraph((f"{questions.OPEN} {without_task_mark(block.text)}",))
    return block
