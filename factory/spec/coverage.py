"""Which requirements each line of an Evaluation covers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from factory.requirement_id import PATTERN
from factory.spec.markdown import Block, Section

IDS = rf"{PATTERN}(?:\s*,\s*{PATTERN})*"
# Behind the ids some set a colon, some a dash, and some a new line.
_COVERS = re.compile(rf"({IDS})\s*(?:[:–—]|(?=\W*(?i:given)\b))\s*(.*)", re.DOTALL)
_IDS_ALONE = re.compile(rf"({IDS})\s*:?\s*")
_STEPS = ("given", "when", "then")


def covered(section: Section) -> Iterator[tuple[Block, tuple[str, ...], str]]:
    """Each item, and each row of a table that begins with ids: its block, the ids that it covers,
    what it says."""
    head: list[str] = []
    before = ""
    for block in section.blocks:
        if block.kind == "item":
            found = _COVERS.match(block.text)
            yield block, _ids(found), found[2].strip() if found else block.text
        elif block.kind == "row":
            cells = block.text.split(" | ")
            head = cells if before != "row" else head
            alone = _IDS_ALONE.fullmatch(cells[0])
            if alone:
                yield block, _ids(alone), _in_steps(head, cells)
        before = block.kind


def _ids(found: re.Match[str] | None) -> tuple[str, ...]:
    return tuple(one.strip() for one in found[1].split(",")) if found else ()


def _in_steps(head: list[str], cells: list[str]) -> str:
    """What a row says behind its ids, with the steps that stand in the head of its table."""
    told = cells[1:]
    if len(head) == len(cells):
        told = [
            f"{step} {cell}"
            if step.lower() in _STEPS and step.lower() not in cell.lower()
            else cell
            for step, cell in zip(head[1:], told, strict=True)
        ]
    return ", ".join(told)
