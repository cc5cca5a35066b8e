"""Tables and lists of a page, against a table"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import TYPE_CHECKING, Any

from scenario_runner.browser.roles import only
from scenario_runner.engine.context import ScenarioContext
from scenario_runner.errors import StepFailed
from scenario_runner.steps.on_page import Thing, on_page, window
from scenario_runner.steps.rows import must_be_rows
from scenario_runner.steps.sources import Rows

if TYPE_CHECKING:
    from playwright.async_api import Locator

# Each cell is read on its own, in the browser's world and not the page's.
MAX_ROWS = 200
MAX_CELLS = 2000
_WAITS = "Waits up to 5 seconds, or as long as the step says."
_TABLE = "\n  | Name | Price |\n  | Tea  | 3.50  |"
_LIST = "\n  | Tea    |\n  | Coffee |"

Read = Callable[["Locator"], Awaitable[list[list[str]]]]


async def _texts(found: Any, limit: int) -> list[str]:
    count = await found.count()
    if count > limit:
        raise StepFailed(f"there are more than {limit}", seen=count)
    return await _gathered(found.nth(number).inner_text() for number in range(count))


async def _gathered(reading: Iterable[Awaitable[str | None]]) -> list[str]:
    """All at once, since each is a question to the browser; white space made one blank."""
    import asyncio  # takes a while to load, for runs that have no browser

    return [" ".join((text or "").split()) for text in await asyncio.gather(*reading)]


async def _cells(table: Locator) -> list[list[str]]:
    rows = await table.get_by_role("row").all()
    if len(rows) > MAX_ROWS:
        raise StepFailed(f"the table has more than {MAX_ROWS} rows", seen=len(rows))
    kinds: Any = ("cell", "gridcell", "columnheader", "rowheader")
    found, left = [], MAX_CELLS
    for row in rows:
        cells = row.get_by_role(kinds[0])
        for kind in kinds[1:]:
            cells = cells.or_(row.get_by_role(kind))
        found.append(await _texts(cells, left))
        left -= len(found[-1])
    return found


async def _items(part: Locator) -> list[list[str]]:
    return [[text] for text in await _texts(part.get_by_role("listitem"), MAX_ROWS)]


async def _options(part: Locator) -> list[list[str]]:
    found: Any = part.locator("option, [role=option]")
    count = await found.count()
    if count > MAX_ROWS:
        raise StepFailed(f"there are more than {MAX_ROWS} options", seen=count)
    # Those of a closed list are out of sight.
    texts = await _gathered(found.nth(number).text_content() for number in range(count))
    return [[text] for text in texts]


def _columns(what: str, seen: list[list[str]], heading: tuple[str, ...]) -> list[list[str]]:
    """Below the heading, the columns that are named. Raises StepFailed."""
    if not seen:
        raise StepFailed(f"{what} has no rows", expected=list(heading))
    lacking = [name for name in heading if seen[0].count(name) != 1]
    if lacking:
        raise StepFailed(
            f"{what} has not one column of each name", expected=list(heading), seen=seen[0]
        )
    places = [seen[0].index(name) for name in heading]
    return [[row[place] if place < len(row) else "" for place in places] for row in seen[1:]]


def _compare(
    context: ScenarioContext,
    thing: Thing | None,
    seconds: float,
    rows: Rows,
    read: Read,
    *,
    any_order: bool,
) -> None:
    on = window(context)
    page = on.page
    what = thing.what if thing is not None else "the table"
    headed = read is _cells

    async def look() -> StepFailed | None:
        if thing is not None:
            wrong, found = await thing.problem(page), thing.on(page)
        else:
            found = page.get_by_role("table").or_(page.get_by_role("grid"))
            wrong = await only(found, "table")
        if wrong is not None:
            return wrong
        try:
            seen = await read(found)
            if headed:
                seen = _columns(what, seen, rows[0])
            must_be_rows(what, seen, rows[1:] if headed else rows, any_order=any_order)
        except StepFailed as problem:
            return problem
        return None

    on.eventually(look, seconds)


def _checks(words: str, about: str, *, any_order: bool) -> None:
    @on_page(
        f"THING shows the rows{words}:",
        keyword="Then",
        about=f"Below the heading, the columns that the table names; {about}. {_WAITS}",
        example=f"THING shows the rows{words}:{_TABLE}",
        thing='the table "Prices"',
        takes="table",
    )
    def rows_of(context: ScenarioContext, thing: Thing, seconds: float, rows: Rows) -> None:
        _compare(context, thing, seconds, rows, _cells, any_order=any_order)

    @on_page(
        f"the table shows the rows{words}:",
        keyword="Then",
        about=f"Of the only table in sight; otherwise as above, {about}. {_WAITS}",
        example=f"the table shows the rows{words}:{_TABLE}",
        takes="table",
    )
    def rows_of_page(context: ScenarioContext, seconds: float, rows: Rows) -> None:
        _compare(context, None, seconds, rows, _cells, any_order=any_order)

    @on_page(
        f"THING shows the items{words}:",
        keyword="Then",
        about=f"The text of each list item, {about}. {_WAITS}",
        example=f"THING shows the items{words}:{_LIST}",
        thing='the list "Basket"',
        takes="table",
    )
    def items_of(context: ScenarioContext, thing: Thing, seconds: float, rows: Rows) -> None:
        _compare(context, thing, seconds, rows, _items, any_order=any_order)


_checks("", "in this order", any_order=False)
_checks(" in any order", "in any order", any_order=True)


@on_page(
    "THING offers the options:",
    keyword="Then",
    about=f"What there is to choose from, in this order. {_WAITS}",
    example="THING offers the options:\n  | Small |\n  | Large |",
    thing='the field "Size"',
    takes="table",
)
def offers(context: ScenarioContext, thing: Thing, seconds: float, rows: Rows) -> None:
    _compare(context, thing, seconds, rows, _options, any_order=False)
