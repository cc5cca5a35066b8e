"""Headings and rows of marked text: wrapped and coloured on a terminal, plain lines elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from factory.cli.output import clean

TEXT_LIMIT = 20_000

Piece = tuple[str, str]
"""Text that is not trusted, and how it looks: a key of `_STYLES`."""

_STYLES = {
    "": "",
    "heading": "bold",
    "added": "green",
    "removed": "red",
    "changed": "yellow",
    "faint": "dim",
}
_SIGNS = {"added": ("{+", "+}"), "removed": ("[-", "-]")}


@dataclass(kw_only=True)
class Block:
    """A heading (or none) with rows below it: a sign, a label, pieces of text."""

    heading: tuple[Piece, ...] = ()
    rows: list[tuple[str, str, tuple[Piece, ...]]] = field(default_factory=list)

    def row(self, sign: str, label: str, *pieces: Piece) -> None:
        """Add a row."""
        self.rows.append((sign, label, pieces))


def signed(kind: str, text: str) -> Piece:
    """Words between signs that say without colour whether they came or went."""
    before, after = _SIGNS.get(kind, ("", ""))
    return before + text + after, kind


def print_blocks(blocks: Iterable[Block]) -> None:
    """Print them to stdout, an empty line between two."""
    from rich.console import Console

    console = Console(highlight=False, markup=False, emoji=False)
    for number, block in enumerate(blocks):
        if number:
            console.print()
        for line in _wrapped(block) if console.is_terminal else _plain(block):
            console.print(line, soft_wrap=not console.is_terminal)


def _plain(block: Block) -> Iterator[Any]:
    if block.heading:
        yield _text(block.heading)
    for sign, label, pieces in block.rows:
        words = [sign, clean(label), _text(pieces).plain]
        yield ("  " + "  ".join(word for word in words if word)).rstrip()


def _wrapped(block: Block) -> Iterator[Any]:
    from rich.table import Table
    from rich.text import Text

    if block.heading:
        yield _text(block.heading)
    table = Table.grid(padding=(0, 2, 0, 0))
    signs = {"+": "added", "-": "removed", "~": "changed", ">": "changed"}
    has_signs, has_labels = (any(row[at] for row in block.rows) for at in (0, 1))
    for used in (has_signs, has_labels):
        if used:
            table.add_column(no_wrap=True)
    table.add_column(ratio=1, overflow="fold")
    for sign, label, pieces in block.rows:
        style = _STYLES[signs.get(sign, "")]
        head = [Text(sign, style)] * has_signs + [Text(clean(label), style)] * has_labels
        table.add_row(*head, _text(pieces))
    if block.rows:
        from rich.padding import Padding

        yield Padding(table, (0, 0, 0, 2))


def _text(pieces: Iterable[Piece]) -> Any:
    from rich.text import Text

    parts = [(clean(text, TEXT_LIMIT), _STYLES[style]) for text, style in pieces]
    return Text(" ").join(Text(text, style) for text, style in parts if text)
