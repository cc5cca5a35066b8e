"""Steps about what is on a page: each is written once, over a phrase that holds THING, and said of
a thing on the page, of one in a part of the page and, where it checks something, with a time limit.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scenario_runner.browser import roles
from scenario_runner.browser.roles import PATIENCE_SECONDS, only
from scenario_runner.engine.context import ScenarioContext
from scenario_runner.engine.phrases import Takes, phrase
from scenario_runner.errors import NotObserved, StepFailed

if TYPE_CHECKING:
    from playwright.async_api import Locator, Page

    from scenario_runner.browser.window import Window

_KEY = "browser"
_THING = "the {role:role} {name:string}"
_AREA = " in the {area:role} {area_name:string}"
_AREA_SHOWN = ' in the dialog "Order"'
_WITHIN = "within {seconds:number} second(s) "
# For a last look at the page. A scenario whose time is up has a little more and no longer, else the
# time that it left.
_LAST_LOOK_SECONDS, _LAST_LOOK_LIMIT_SECONDS = 0.7, 5.0


@dataclass(frozen=True, slots=True)
class Thing:
    """What a step speaks of: a role and a name, perhaps in a part of the page that has both."""

    role: str
    name: str
    area: tuple[str, str] | None = None

    @property
    def what(self) -> str:
        inside = f' in the {self.area[0]} "{self.area[1]}"' if self.area else ""
        return f'{self.role} "{self.name}"{inside}'

    def on(self, page: Page) -> Locator:
        within = roles.find(page, *self.area) if self.area else page
        return roles.find(within, self.role, self.name)

    async def problem(self, page: Page) -> StepFailed | None:
        """Why it is not the one thing that is meant; None where it is."""
        if self.area is not None:
            role, name = self.area
            wrong = await only(roles.find(page, role, name), f'{role} "{name}"')
            if wrong is not None:
                return wrong
        found = self.on(page)
        wrong = await only(found, self.what)
        if wrong is not None and wrong.seen is None:
            wrong.seen = await _of_the_kind(page, self)
        return wrong


async def _of_the_kind(page: Page, thing: Thing) -> list[str]:
    """What there is of that kind, to see a name that is spelt otherwise."""
    within = roles.find(page, *thing.area) if thing.area else page
    found = (
        roles.controls(within) if thing.role == roles.FIELD else roles.all_of(within, thing.role)
    )
    count = min(await found.count(), 12)
    shown = [(await found.nth(number).aria_snapshot()).split("\n")[0] for number in range(count)]
    return [each.strip("- :")[:150] for each in shown]


def window(context: ScenarioContext) -> Window:
    """The scenario's own, made at first use."""
    if _KEY not in context.kept:
        from scenario_runner.browser.window import Window

        made = Window(context.subject.browser, context.limit)
        context.kept[_KEY] = made
        context.closing.append(lambda: _end(context, made))
    found: Window = context.kept[_KEY]
    # Another subject may be meant than before, and one that was started again may be elsewhere.
    found.browser = context.subject.browser
    return found


def _end(context: ScenarioContext, window: Window) -> None:
    elsewhere = window.reached_out() if window.opened else []
    if window.opened and (context.failed or elsewhere):
        look = min(_LAST_LOOK_SECONDS + context.spare_seconds / 4, _LAST_LOOK_LIMIT_SECONDS)
        browser = window.browser
        walls = [*browser.walls, *(["sandbox of the browser"] if browser.sandboxed else [])]
        context.note(
            {
                "sent": {
                    "browser": f"Chromium {browser.version}: the page at the end",
                    "address": _address(window),
                    "walls": ", ".join(walls),
                },
                "got": {
                    "blocked": "\n".join(elsewhere),
                    "console": "\n".join(window.errors),
                    "dialogs": "\n".join(window.dialogs),
                    "page": window.snapshot(look),
                },
            }
        )
        if context.failed:
            try:
                context.attach("at the end", *window.picture(whole=False, seconds=look))
            except (StepFailed, NotObserved):
                pass  # what the note says of the page says why
    window.close()


def _address(window: Window) -> str:
    try:
        return window.address
    except (StepFailed, NotObserved):
        return ""


def on_page(
    text: str,
    *,
    keyword: str,
    about: str,
    example: str,
    thing: str = "",
    takes: Takes | None = None,
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Register `function(context, [thing,] [seconds,] *values[, block])`.

    It gets a Thing where `text` holds the word THING (`thing` is what its example says), and
    seconds where it checks something; other values are those of the phrase, in their order.
    """
    checks = keyword == "Then"

    def register(function: Callable[..., None]) -> Callable[..., None]:
        for area in ("", _AREA) if "THING" in text else ("",):
            for limit in ("", _WITHIN) if checks else ("",):
                shown = example.replace("THING", thing + (_AREA_SHOWN if area else ""))
                full = limit + text.replace("THING", _THING + area)
                phrase(
                    full,
                    keyword=keyword,
                    about=about,
                    example=f"{keyword} {'within 2 seconds ' if limit else ''}{shown}",
                    takes=takes,
                    family=text,
                )(_bound(function, full, checks=checks))
        return function

    return register


def _bound(function: Callable[..., None], text: str, *, checks: bool) -> Callable[..., None]:
    has_thing, has_area = _THING in text, _AREA in text
    before = text.partition(_THING)[0].count("{") if has_thing else 0
    limited = text.startswith(_WITHIN)

    def step(context: ScenarioContext, *values: Any) -> None:
        own = list(values)
        parts: list[Any] = []
        if has_thing:
            role, name, *area = own[before : before + (4 if has_area else 2)]
            del own[before : before + (4 if has_area else 2)]
            parts.append(Thing(role, name, tuple(area) if area else None))
        if checks:
            parts.append(float(own.pop(0)) if limited else PATIENCE_SECONDS)
        function(context, *parts, *own)

    step.__module__, step.__doc__ = function.__module__, function.__doc__
    return step


def settled(window: Window, thing: Thing, seconds: float = PATIENCE_SECONDS) -> Locator:
    """The one thing that is meant, as soon as there is one. Raises StepFailed."""
    page = window.page
    window.eventually(lambda: thing.problem(page), seconds)
    return thing.on(page)
