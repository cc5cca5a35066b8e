"""A list of objects inside a JSON document, against a table with a heading."""

from __future__ import annotations

from typing import Any

from scenario_runner import strict_json
from scenario_runner.engine.context import ScenarioContext
from scenario_runner.errors import StepFailed
from scenario_runner.steps.json_checks import AT
from scenario_runner.steps.json_lists import list_at
from scenario_runner.steps.rows import must_be_rows
from scenario_runner.steps.sources import DOCUMENTS, Rows, Seen, check

_ABOUT = (
    "The heading names the keys (paths such as owner.name too) and a row is an item of the list; "
    "further keys do not count. Texts and numbers are not told apart."
)
_TABLE = "\n  | name | amount |\n  | tea  | 3.50   |"


def _compare(seen: Seen, path: str, rows: Rows, tolerance: float, *, any_order: bool) -> None:
    what = f'the JSON at "{path}"'
    found = [[_cell(what, item, key) for key in rows[0]] for item in list_at(seen, path)]
    must_be_rows(what, found, rows[1:], any_order=any_order, tolerance=tolerance)


def _cell(what: str, item: Any, path: str) -> Any:
    there, value = strict_json.at(item, path)
    if not there:
        raise StepFailed(f'{what} has an item with nothing at "{path}"', seen=item)
    return strict_json.dumps(value) if isinstance(value, (dict, list)) else value


def _table_check(words: str, *, any_order: bool) -> None:
    @check(
        DOCUMENTS,
        f"{AT} is the table{words}:",
        about=_ABOUT,
        example=f'SOURCE at "rows" is the table{words}:{_TABLE}',
        takes="table",
    )
    def exact(context: ScenarioContext, seen: Seen, path: str, rows: Rows) -> None:
        _compare(seen, path, rows, 0, any_order=any_order)

    @check(
        DOCUMENTS,
        f"{AT} is the table{words} within {{tolerance:number}}:",
        about=_ABOUT + " Numbers may differ by the tolerance.",
        example=f'SOURCE at "rows" is the table{words} within 0.01:{_TABLE}',
        takes="table",
    )
    def near(context: ScenarioContext, seen: Seen, path: str, tolerance: float, rows: Rows) -> None:
        _compare(seen, path, rows, tolerance, any_order=any_order)


_table_check("", any_order=False)
_table_check(" in any order", any_order=True)
