"""A text read as CSV, against a table."""

from __future__ import annotations

import csv
import io

from scenario_runner.engine.context import ScenarioContext, shorten
from scenario_runner.errors import StepFailed
from scenario_runner.steps.rows import must_be_rows
from scenario_runner.steps.sources import TEXTS, Rows, Seen, check

_TABLE = "\n  | date       | amount |\n  | 2024-05-01 | 3.50   |"


def _csv(seen: Seen) -> list[list[str]]:
    try:
        reader = csv.reader(io.StringIO(seen.value, newline=""), strict=True)
        return [row for row in reader if row]
    except csv.Error as problem:
        raise StepFailed(f"{seen.what} is not CSV: {problem}", seen=shorten(seen.value)) from None


@check(
    TEXTS,
    "SOURCE is CSV equal to:",
    about="Read as CSV it equals the table, heading included, rows and columns in this order.",
    example=f"SOURCE is CSV equal to:{_TABLE}",
    takes="table",
)
def is_csv(context: ScenarioContext, seen: Seen, rows: Rows) -> None:
    found, expected = _csv(seen), [list(row) for row in rows]
    if found == expected:
        return
    for number, (left, right) in enumerate(zip(found, expected, strict=False), start=1):
        if left != right:
            raise StepFailed(f"CSV row {number} of {seen.what} differs", expected=right, seen=left)
    raise StepFailed(
        f"{seen.what} has {len(found)} CSV rows, expected {len(expected)}",
        expected=expected,
        seen=found,
    )


_ABOUT = "Read as CSV with a heading; the columns may stand in any order"


def _compare(seen: Seen, rows: Rows, tolerance: float, *, any_order: bool) -> None:
    found, heading = _csv(seen), list(rows[0])
    if not found or sorted(found[0]) != sorted(heading):
        raise StepFailed(
            f"{seen.what} has other columns", expected=heading, seen=found[0] if found else None
        )
    if len(set(heading)) != len(heading):
        raise StepFailed(f"{seen.what} has two columns of one name", seen=found[0])
    places = [found[0].index(name) for name in heading]
    uneven = [row for row in found if len(row) != len(found[0])]
    if uneven:
        raise StepFailed(f"{seen.what} has rows of another length than its heading", seen=uneven[0])
    body = [[row[place] for place in places] for row in found[1:]]
    must_be_rows(seen.what, body, rows[1:], any_order=any_order, tolerance=tolerance)


def _table_check(words: str, about: str, *, any_order: bool) -> None:
    @check(
        TEXTS,
        f"SOURCE is the CSV table{words}:",
        about=f"{_ABOUT}; {about}.",
        example=f"SOURCE is the CSV table{words}:{_TABLE}",
        takes="table",
    )
    def exact(context: ScenarioContext, seen: Seen, rows: Rows) -> None:
        _compare(seen, rows, 0, any_order=any_order)

    @check(
        TEXTS,
        f"SOURCE is the CSV table{words} within {{tolerance:number}}:",
        about=f"{_ABOUT}; {about}; numbers may differ by the tolerance.",
        example=f"SOURCE is the CSV table{words} within 0.01:{_TABLE}",
        takes="table",
    )
    def near(context: ScenarioContext, seen: Seen, tolerance: float, rows: Rows) -> None:
        _compare(seen, rows, tolerance, any_order=any_order)


_table_check("", "the rows in this order", any_order=False)
_table_check(" in any order", "and so may the rows", any_order=True)
