"""The numbered lines of a section: items, paragraphs, rows, and what a lesser heading numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import takewhile
from typing import NamedTuple

import msgspec

from factory.spec.language.line_numbers import ALONE, BEGINS, BEGINS_A_LINE, ids_in
from factory.spec.markdown import Block, Passage, Section

_STEPS = ("given", "when", "then")


class Line(NamedTuple):
    """`ids` are those that it begins with, `text` is what it says behind them; the first of its
    `blocks` is the one that it begins with."""

    ids: tuple[str, ...]
    text: str
    blocks: tuple[Block, ...]


def numbers_of(block: Block) -> tuple[tuple[str, ...], str]:
    """The ids that a block begins with, and what it says behind them."""
    # As it was written: numbers may stand on a line of their own.
    found = BEGINS.match(block.passages[0].raw) if block.passages else None
    if found is None:
        return (), block.text
    return ids_in(found[1]), block.text[len(" ".join(found[0].split())) :].strip()


def lines_of(section: Section) -> Iterator[Line]:
    """Each item of a section, and each paragraph, row and lesser heading that begins with ids.

    What stands below such a heading, up to the next or to other ids, is of its line.
    """
    head: list[str] = []
    before = ""
    below = 0
    for at, block in enumerate(section.blocks):
        if below:
            below -= 1
            continue
        if block.kind == "row":
            cells = block.text.split(" | ")
            head = cells if before != "row" else head
            alone = ALONE.fullmatch(cells[0])
            if alone:
                yield Line(ids_in(alone[1]), _in_steps(head, cells), (block,))
        elif block.kind == "heading":
            blocks = _below(section.blocks, at)
            alone = ALONE.fullmatch(block.text)
            ids, title = (ids_in(alone[1]), "") if alone else numbers_of(block)
            if ids and blocks:
                below = len(blocks)
                said = " ".join(filter(None, (title, *(one.text for one in blocks))))
                yield Line(ids, said, (block, *blocks))
        elif block.kind != "code":
            ids, text = numbers_of(block)
            if ids or block.kind == "item":
                yield Line(ids, text, (block,))
        before = block.kind


def _below(blocks: Sequence[Block], at: int) -> list[Block]:
    """What stands below a heading, up to what has numbers of its own."""
    return list(
        takewhile(lambda one: one.kind != "heading" and not numbers_of(one)[0], blocks[at + 1 :])
    )


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


def with_lines_apart(section: Section) -> Section:
    """The section with a block of its own for each numbered line of a paragraph."""
    blocks = tuple(part for block in section.blocks for part in _apart(block))
    return section if len(blocks) == len(section.blocks) else msgspec.structs.replace(
        section, blocks=blocks
    )  # fmt: skip


def _apart(block: Block) -> Iterator[Block]:
    raw = block.passages[0].raw if block.kind == "text" and len(block.passages) == 1 else ""
    starts = [0]
    if "\n" in raw and BEGINS.match(raw):
        starts += [found.start() + 1 for found in BEGINS_A_LINE.finditer(raw)]
    if len(starts) == 1:
        yield block
        return
    line = block.line
    for start, end in zip(starts, [*(one - 1 for one in starts[1:]), len(raw)], strict=True):
        piece = raw[start:end]
        yield Block("text", " ".join(piece.split()), line, (Passage(piece, line),))
        line += piece.count("\n") + 1
