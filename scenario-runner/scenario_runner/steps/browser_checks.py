"""What a page shows: things by role and name, their state, texts, the focus"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from scenario_runner.browser import roles
from scenario_runner.engine.context import ScenarioContext
from scenario_runner.errors import StepFailed
from scenario_runner.steps.on_page import Thing, on_page, settled, window
from scenario_runner.steps.remember import keep
from scenario_runner.steps.sources import Rows

if TYPE_CHECKING:
    from playwright.async_api import Locator, Page

_WAITS = "Waits up to 5 seconds, or as long as the step says."


async def _around(page: Page | Locator) -> str:
    part = page.locator("body") if hasattr(page, "goto") else page
    seen = await part.aria_snapshot()
    return seen if len(seen) <= roles.MAX_SNAPSHOT else seen[: roles.MAX_SNAPSHOT] + "\n[…]"


def _eventually(
    context: ScenarioContext,
    thing: Thing | None,
    seconds: float,
    look: Callable[[Any], Awaitable[StepFailed | None]],
) -> None:
    """Give `look` the locator of the one thing, or the page where `thing` is None, again and again
    until it gives None. Raises the last StepFailed that it gave, or why there is not one thing."""
    on = window(context)
    page = on.page

    async def once() -> StepFailed | None:
        if thing is None:
            return await look(page)
        wrong = await thing.problem(page)
        return wrong if wrong is not None else await look(thing.on(page))

    on.eventually(once, seconds)


@on_page(
    "THING is shown",
    keyword="Then",
    about=f"There is exactly one of that role and name, in sight of everybody. {_WAITS}",
    example="THING is shown",
    thing='the heading "Your order"',
)
def shown(context: ScenarioContext, thing: Thing, seconds: float) -> None:
    settled(window(context), thing, seconds)


@on_page(
    "THING is not shown",
    keyword="Then",
    about=f"There is none, or it is hidden. {_WAITS} That the page has come to rest, a step before "
    "must see to.",
    example="THING is not shown",
    thing='the button "Pay"',
)
def not_shown(context: ScenarioContext, thing: Thing, seconds: float) -> None:
    async def look(page: Any) -> StepFailed | None:
        count = await thing.on(page).count()
        if not count:
            return None
        return StepFailed(f"there is {thing.what}", expected="none", seen=await _around(page))

    _eventually(context, None, seconds, look)


@on_page(
    "the page shows {text:string}",
    keyword="Then",
    about="The text is in sight, perhaps more than once; capitals count, line ends do not. "
    f"{_WAITS}",
    example='the page shows "Thank you, Ann"',
)
def shows(context: ScenarioContext, seconds: float, text: str) -> None:
    _must_show(context, None, text, seconds)


@on_page(
    "the page does not show {text:string}",
    keyword="Then",
    about=f"The text is nowhere in sight. {_WAITS}",
    example='the page does not show "Sorry"',
)
def shows_not(context: ScenarioContext, seconds: float, text: str) -> None:
    async def look(page: Any) -> StepFailed | None:
        if not await roles.text(page, text).count():
            return None
        return StepFailed(
            "the page shows the text", expected=f"not {text}", seen=await _around(page)
        )

    _eventually(context, None, seconds, look)


@on_page(
    "THING says {text:string}",
    keyword="Then",
    about=f"The text is in sight there. {_WAITS}",
    example='THING says "12.50"',
    thing='the row "Tea"',
)
def says(context: ScenarioContext, thing: Thing, seconds: float, text: str) -> None:
    _must_show(context, thing, text, seconds)


def _must_show(context: ScenarioContext, thing: Thing | None, text: str, seconds: float) -> None:
    what = thing.what if thing else "the page"

    async def look(part: Any) -> StepFailed | None:
        inside = await roles.text(part, text).count()
        if inside or (thing is not None and await roles.says(part, text)):
            return None
        seen = await _around(part)
        return StepFailed(f"{what} does not show the text", expected=text, seen=seen)

    _eventually(context, thing, seconds, look)


def _message(role: str, example: str) -> None:
    article = "an" if role[0] in "aeiou" else "a"

    @on_page(
        f"{article} {role} says {{text:string}}",
        keyword="Then",
        about=f"The page shows something of the role {roles.ROLES[role]} that holds the text. "
        f"{_WAITS}",
        example=f'{article} {role} says "{example}"',
    )
    def message(context: ScenarioContext, seconds: float, text: str) -> None:
        async def look(page: Any) -> StepFailed | None:
            if await roles.find(page, role, text).count() == 1:
                return None
            every = await roles.all_of(page, role).all()
            seen = [(await each.inner_text())[:500] for each in every[:10]]
            return StepFailed(f"{article} {role} must say it", expected=text, seen=seen)

        _eventually(context, None, seconds, look)


_message("alert", "The card was declined")
_message("status", "Saved")


@on_page(
    "THING is {state:state}",
    keyword="Then",
    about=f"{', '.join(list(roles.STATES)[:-1])} or focused, as assistive technology is told. "
    f"{_WAITS}",
    example="THING is disabled",
    thing='the button "Pay"',
)
def is_state(context: ScenarioContext, thing: Thing, seconds: float, state: str) -> None:
    page = window(context).page

    async def look(found: Any) -> StepFailed | None:
        selector = roles.STATES[state]
        if selector:
            fits = await found.and_(page.locator(selector)).count() == 1
        else:
            fits = await found.is_disabled() == (state == "disabled")
        if fits:
            return None
        seen = await (found if state != "focused" else page.locator(":focus")).all()
        told = [(await each.aria_snapshot())[:500] for each in seen[:1]]
        return StepFailed(f"{thing.what} is not {state}", expected=state, seen=told)

    _eventually(context, thing, seconds, look)


@on_page(
    "THING has the value {text:string}",
    keyword="Then",
    about=f"What the field holds, as the page would send it. {_WAITS}",
    example='THING has the value "ann@mail.example"',
    thing='the field "Email"',
)
def has_value(context: ScenarioContext, thing: Thing, seconds: float, text: str) -> None:
    async def look(field: Any) -> StepFailed | None:
        seen = await field.input_value()
        if seen == text:
            return None
        return StepFailed(f"{thing.what} has another value", expected=text, seen=seen)

    _eventually(context, thing, seconds, look)


@on_page(
    "THING is empty",
    keyword="Then",
    about=f"The field holds nothing. {_WAITS}",
    example="THING is empty",
    thing='the field "Email"',
)
def is_empty(context: ScenarioContext, thing: Thing, seconds: float) -> None:
    has_value(context, thing, seconds, "")


@on_page(
    "THING leads to {path:string}",
    keyword="Then",
    about=f"Where the link points, as it is written in the page. {_WAITS}",
    example='THING leads to "/help"',
    thing='the link "Help"',
)
def leads_to(context: ScenarioContext, thing: Thing, seconds: float, path: str) -> None:
    async def look(link: Any) -> StepFailed | None:
        seen = await link.get_attribute("href")
        if seen == path:
            return None
        return StepFailed(f"{thing.what} leads elsewhere", expected=path, seen=seen)

    _eventually(context, thing, seconds, look)


@on_page(
    "the page has {count:int} {roles:roles}",
    keyword="Then",
    about=f"Exactly so many in sight. {_WAITS}",
    example="the page has 3 list items",
)
def page_has(context: ScenarioContext, seconds: float, count: int, role: str) -> None:
    _must_have(context, None, seconds, count, role)


@on_page(
    "THING has {count:int} {roles:roles}",
    keyword="Then",
    about=f"Exactly so many in that part of the page. {_WAITS}",
    example="THING has 3 list items",
    thing='the list "Basket"',
)
def thing_has(
    context: ScenarioContext, thing: Thing, seconds: float, count: int, role: str
) -> None:
    _must_have(context, thing, seconds, count, role)


def _must_have(
    context: ScenarioContext, thing: Thing | None, seconds: float, count: int, role: str
) -> None:
    async def look(part: Any) -> StepFailed | None:
        seen = await roles.all_of(part, role).count()
        if seen == count:
            return None
        what = thing.what if thing else "the page"
        return StepFailed(f"{what} has {seen} {roles.plural(role)}", expected=count, seen=seen)

    _eventually(context, thing, seconds, look)


@on_page(
    "the Tab key moves the focus through:",
    keyword="Then",
    about="A row a press, from where the focus is: the role and the name of what has it then.",
    example="the Tab key moves the focus through:\n  | field  | Email |\n  | button | Sign in |",
    takes="table",
)
def tab_order(context: ScenarioContext, seconds: float, rows: Rows) -> None:
    on = window(context)
    for number, row in enumerate(rows, start=1):
        if len(row) != 2 or row[0] not in (*roles.ROLES, roles.FIELD):
            raise StepFailed("each row has a role and a name", seen=list(row))
        on.do(on.page.keyboard.press("Tab"))
        thing = Thing(row[0], row[1])
        try:
            is_state(context, thing, min(seconds, 1.0), "focused")
        except StepFailed as problem:
            raise StepFailed(
                f"press {number} of Tab: {problem}", expected=thing.what, seen=problem.seen
            ) from None


@on_page(
    "I remember the text of THING as {key:string}",
    keyword="When",
    about="What is in sight there; later steps write ${name}.",
    example='I remember the text of THING as "total"',
    thing='the status "Total"',
)
def remember_text(context: ScenarioContext, thing: Thing, key: str) -> None:
    on = window(context)
    keep(context, key, " ".join(on.do(settled(on, thing).inner_text(timeout=0)).split()))


@on_page(
    "I remember the value of THING as {key:string}",
    keyword="When",
    about="What the field holds; later steps write ${name}.",
    example='I remember the value of THING as "voucher"',
    thing='the field "Voucher"',
)
def remember_value(context: ScenarioContext, thing: Thing, key: str) -> None:
    on = window(context)
    keep(context, key, on.do(settled(on, thing).input_value(timeout=0)))
