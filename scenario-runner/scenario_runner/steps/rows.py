"""Rows against rows: in order or in any order, numbers with a tolerance or without."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import InvalidOperation
from typing import Any

from scenario_runner.errors import StepFailed
from scenario_runner.steps.decimals import near

# Matching in any order takes the square of it.
MAX_ROWS = 1000

Row = Sequence[Any]


def must_be_rows(
    what: str,
    seen: Sequence[Row],
    expected: Sequence[Sequence[str]],
    *,
    any_order: bool,
    tolerance: float = 0,
) -> None:
    """`seen` holds texts, numbers, booleans and None; `expected` the texts of a table, in the same
    columns. Raises StepFailed, with the first row that is missing or too many."""
    if max(len(seen), len(expected)) > MAX_ROWS:
        raise StepFailed(f"{what} has more than {MAX_ROWS} rows", seen=len(seen))
    if any_order:
        missing, extra = _unmatched(seen, expected, tolerance)
        if missing or extra:
            raise StepFailed(
                f"{what} has rows that differ: {len(missing)} missing, {len(extra)} too many",
                expected=[list(expected[i]) for i in missing],
                seen=[list(seen[i]) for i in extra],
            )
        return
    for number, (left, right) in enumerate(zip(seen, expected, strict=False), start=1):
        if not _same_row(left, right, tolerance):
            raise StepFailed(f"row {number} of {what} differs", expected=list(right), seen=left)
    if len(seen) != len(expected):
        raise StepFailed(
            f"{what} has {len(seen)} rows, expected {len(expected)}", expected=expected, seen=seen
        )


def same_cell(seen: Any, expected: str, tolerance: float) -> bool:
    """A text equals its cell, a number one of its value; true, false and null as JSON says."""
    if seen is None or isinstance(seen, bool):
        return {None: "null", True: "true", False: "false"}[seen] == expected
    if isinstance(seen, str) and (seen == expected or not tolerance):
        return seen == expected
    try:
        return near(seen, expected, tolerance)
    except (InvalidOperation, ValueError):
        return False


def _same_row(seen: Row, expected: Sequence[str], tolerance: float) -> bool:
    return len(seen) == len(expected) and all(
        same_cell(left, right, tolerance) for left, right in zip(seen, expected, strict=True)
    )


def _unmatched(
    seen: Sequence[Row], expected: Sequence[Sequence[str]], tolerance: float
) -> tuple[list[int], list[int]]:
    """Indexes of `expected` and of `seen` left over by a largest matching.

    With a tolerance a row may fit several: the first come is not the best, so that paths of
    exchange are sought (Kuhn).
    """
    fits = [
        [j for j, row in enumerate(seen) if _same_row(row, wanted, tolerance)]
        for wanted in expected
    ]
    taken: dict[int, int] = {}

    def place(start: int) -> bool:
        visited: set[int] = set()
        came_by: dict[int, int] = {}
        open_rows = [start]
        while open_rows:
            row = open_rows.pop()
            for j in fits[row]:
                if j in visited:
                    continue
                visited.add(j)
                came_by[j] = row
                if j not in taken:
                    _exchange(j, start, came_by, taken)
                    return True
                open_rows.append(taken[j])
        return False

    missing = [i for i in range(len(expected)) if not place(i)]
    return missing, [j for j in range(len(seen)) if j not in taken]


def _exchange(free: int, start: int, came_by: dict[int, int], taken: dict[int, int]) -> None:
    while True:
        row = came_by[free]
        before = next((j for j, i in taken.items() if i == row), None)
        taken[free] = row
        if row == start:
            return
        assert before is not None
        free = before
