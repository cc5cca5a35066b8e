"""A line of a file on a terminal, and the mark under the words that a finding is about."""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from factory.cli.output import is_shown

TAB_COLUMNS = 4
_CUT = "..."
# Joiners and variation selectors: scripts and symbols need them, a terminal gives them no column.
_NO_COLUMN = re.compile("[\u200c\u200d\ufe00-\ufe0f]")


class Excerpt(msgspec.Struct, frozen=True, kw_only=True):
    """The line as it is shown, and below it the blanks before the mark and the mark's length."""

    line: str
    blanks: int
    mark: int


def excerpt(line: str, column: int, length: int, room: int) -> Excerpt:
    """The part of a line around what is marked, as a terminal shows it.

    Args:
        line: one line of a file; not trusted.
        column: 1-based, in characters; beyond the line it is taken for the place after it.
        length: how many characters are marked.
        room: terminal columns that the line may take.
    """
    start = min(max(column - 1, 0), len(line))
    end = min(start + min(max(length, 1), room), len(line))
    # Far from the mark nothing is shown, and a line may be a megabyte long.
    first, last = max(start - 2 * room, 0), min(end + 2 * room, len(line))
    cells = _cells(line[first:last], start - first)
    start, end = start - first, end - first
    left = _left(cells, start, end, room, begins=not first)
    right = _right(cells, left, room, begins=not first, ends=last == len(line))
    before = _CUT if left or first else ""
    after = _CUT if right < len(cells) or last < len(line) else ""
    shown = "".join(cell for cell, _ in cells[left:right])
    return Excerpt(
        line=(before + shown + after).rstrip(),
        blanks=len(before) + _width(cells[left:start]),
        mark=max(_width(cells[start : min(end, right)]), 1),
    )


Cell = tuple[str, int]


def _cells(text: str, marked: int) -> list[Cell]:
    """What each character is shown as, and how many columns that takes."""
    cells: list[Cell] = []
    at = 0
    for index, char in enumerate(text):
        if char == "\t":
            cell = " " * (TAB_COLUMNS - at % TAB_COLUMNS)
        elif _NO_COLUMN.match(char) and index != marked:
            cell = ""
        elif char == "[" and text[max(index - 2, 0) : index] == "##":
            cell = " ["  # A GitHub runner takes `##[` for a command.
        elif is_shown(char) and not _NO_COLUMN.match(char):
            cell = char
        else:
            cell = f"<U+{ord(char):04X}>"
        width = len(cell) if cell.isascii() else _columns(cell)
        cells.append((cell, width))
        at += width
    return cells


def _columns(cell: str) -> int:
    from rich.cells import get_character_cell_size

    return sum(get_character_cell_size(char) for char in cell)


def _width(cells: Sequence[Cell]) -> int:
    return sum(width for _, width in cells)


def _left(cells: Sequence[Cell], start: int, end: int, room: int, *, begins: bool) -> int:
    """The first cell to show: that of the line, else up to a third of the room before the mark."""
    if begins and min(_width(cells), _width(cells[:end]) + len(_CUT)) <= room:
        return 0
    left, spare = start, room // 3
    while left > 0 and spare >= cells[left - 1][1]:
        left -= 1
        spare -= cells[left][1]
    while left < start and cells[left][1] == 0:
        left += 1  # An accent without its letter.
    return left


def _right(cells: Sequence[Cell], left: int, room: int, *, begins: bool, ends: bool) -> int:
    """The cell up to which all fit, with what stands for the parts that do not."""
    room -= len(_CUT) if left or not begins else 0
    if ends and _width(cells[left:]) <= room:
        return len(cells)
    right, free = left, room - len(_CUT)
    while right < len(cells) and free >= cells[right][1]:
        free -= cells[right][1]
        right += 1
    return right
