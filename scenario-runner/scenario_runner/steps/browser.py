"""Pages in a browser: opening them, windows, what the browser is; needs Playwright and Chromium"""

from __future__ import annotations

from urllib.parse import urlsplit

from scenario_runner.engine import patterns
from scenario_runner.engine.context import ScenarioContext
from scenario_runner.engine.phrases import phrase
from scenario_runner.errors import StepFailed
from scenario_runner.steps.on_page import on_page, window
from scenario_runner.steps.remember import keep

_PHONE = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 3,
    "is_mobile": True,
    "has_touch": True,
    "user_agent": "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/131.0.0.0 Mobile Safari/537.36",
}
MAX_PIXELS = 8000


@phrase(
    "the browser window has {width:int} by {height:int} pixels",
    keyword="Given",
    about="The size of the page on the screen; 1280 by 720 where nothing is said.",
    example="Given the browser window has 1024 by 768 pixels",
)
def size(context: ScenarioContext, width: int, height: int) -> None:
    if not (1 <= width <= MAX_PIXELS and 1 <= height <= MAX_PIXELS):
        raise StepFailed(f"a side has 1 to {MAX_PIXELS} pixels", seen=[width, height])
    window(context).resize(width, height)


@phrase(
    "the browser is a phone's",
    keyword="Given",
    about="390 by 844 points, touch, and a phone's name; to be said before the first page.",
    example="Given the browser is a phone's",
)
def phone(context: ScenarioContext) -> None:
    window(context).setting(**_PHONE)


@phrase(
    "the browser speaks {language:string}",
    keyword="Given",
    about="The language that pages are asked for, en-US where nothing is said; before the first "
    "page.",
    example='Given the browser speaks "de-CH"',
)
def language(context: ScenarioContext, language: str) -> None:
    window(context).setting(locale=language)


@phrase(
    "the browser is in the time zone {zone:string}",
    keyword="Given",
    about="By its name in the IANA database, UTC where nothing is said; before the first page.",
    example='Given the browser is in the time zone "Europe/Zurich"',
)
def time_zone(context: ScenarioContext, zone: str) -> None:
    window(context).setting(timezone_id=zone)


@phrase(
    "the browser prefers dark colours",
    keyword="Given",
    about="As the person's system says to pages; before the first page.",
    example="Given the browser prefers dark colours",
)
def dark(context: ScenarioContext) -> None:
    window(context).setting(color_scheme="dark")


@phrase(
    "the browser prefers reduced motion",
    keyword="Given",
    about="As the person's system says to pages; before the first page.",
    example="Given the browser prefers reduced motion",
)
def still(context: ScenarioContext) -> None:
    window(context).setting(reduced_motion="reduce")


@phrase(
    "the browser runs no scripts",
    keyword="Given",
    about="Pages must do without JavaScript; before the first page.",
    example="Given the browser runs no scripts",
)
def scriptless(context: ScenarioContext) -> None:
    window(context).setting(java_script_enabled=False)


@phrase(
    "the browser has the cookie {name:string} with the value {value:string}",
    keyword="Given",
    about="A cookie of the subject, such as a session that a request opened.",
    example='Given the browser has the cookie "session" with the value "${session}"',
)
def cookie(context: ScenarioContext, name: str, value: str) -> None:
    url = context.subject.url
    window(context).add_cookies([{"name": name, "value": value, "url": url}])


@phrase(
    "I open the page {path:string}",
    keyword="When",
    about="Opens a page of the subject and waits up to 10 seconds until it is loaded. Each "
    "scenario has a browser without cookies, which reaches nothing but the subject.",
    example='When I open the page "/orders?state=open"',
)
def open_page(context: ScenarioContext, path: str) -> None:
    on = window(context)
    on.open(path)
    walls = {"page": on.address, "status": on.status}
    context.note({"sent": {"browser": f"open {path}"}, "got": walls})


@phrase(
    "I reload the page",
    keyword="When",
    about="As the person's F5 does, and waits until it is loaded.",
    example="When I reload the page",
)
def reload(context: ScenarioContext) -> None:
    window(context).travel("reload")


@phrase(
    "I go back to the page before",
    keyword="When",
    about="One back in the browser's history.",
    example="When I go back to the page before",
)
def back(context: ScenarioContext) -> None:
    window(context).travel("go_back")


@phrase(
    "I go forward again",
    keyword="When",
    about="One forward in the browser's history.",
    example="When I go forward again",
)
def forward(context: ScenarioContext) -> None:
    window(context).travel("go_forward")


@phrase(
    "I go on in the new window",
    keyword="When",
    about="Waits for the window or tab that the page opens; later steps are about that one.",
    example="When I go on in the new window",
)
def new_window(context: ScenarioContext) -> None:
    window(context).use_newest()


@phrase(
    "I close the window",
    keyword="When",
    about="Closes the window, or tab; later steps are about the one opened before it.",
    example="When I close the window",
)
def close_window(context: ScenarioContext) -> None:
    window(context).close_window()


@phrase(
    "I take a screenshot called {name:string}",
    keyword="When",
    about="The whole page, into the private report. One is taken of every scenario that does not "
    "pass, anyway.",
    example='When I take a screenshot called "basket"',
)
def screenshot(context: ScenarioContext, name: str) -> None:
    on = window(context)
    if not context.attach(name, *on.picture(whole=True, seconds=5.0)):
        raise StepFailed("the scenario has taken too many screenshots, or too large ones")


@phrase(
    "the page answered with status {status:int}",
    keyword="Then",
    about="The HTTP status of the page opened last.",
    example="Then the page answered with status 404",
)
def status(context: ScenarioContext, status: int) -> None:
    seen = window(context).status
    if seen != status:
        raise StepFailed("the page answered with another status", expected=status, seen=seen)


def _page_text(words: str, read: str, shown: str, pattern: str) -> None:
    """The checks of a text that belongs to the page as a whole. `read` names how it is read."""

    async def text(context: ScenarioContext) -> str:
        on = window(context)
        return on.address if read == "address" else await on.page.title()

    @on_page(
        f"{words} is {{text:string}}",
        keyword="Then",
        about="The whole text. Waits up to 5 seconds, or as long as the step says.",
        example=f'{words} is "{shown}"',
    )
    def whole(context: ScenarioContext, seconds: float, expected: str) -> None:
        wanted = expected
        if read == "address" and urlsplit(expected).scheme == "":
            wanted = expected or "/"

        async def look() -> StepFailed | None:
            seen = await text(context)
            if seen == wanted:
                return None
            return StepFailed(f"{words} differs", expected=expected, seen=seen)

        window(context).eventually(look, seconds)

    @on_page(
        f"{words} contains {{text:string}}",
        keyword="Then",
        about="Part of the text. Waits up to 5 seconds, or as long as the step says.",
        example=f'{words} contains "{shown[:5]}"',
    )
    def part(context: ScenarioContext, seconds: float, expected: str) -> None:
        async def look() -> StepFailed | None:
            seen = await text(context)
            if expected in seen:
                return None
            return StepFailed(f"{words} lacks the text", expected=expected, seen=seen)

        window(context).eventually(look, seconds)

    @on_page(
        f"{words} matches {{pattern:regex}}",
        keyword="Then",
        about="A regular expression found anywhere in it. Waits up to 5 seconds, or as long as the "
        "step says.",
        example=f'{words} matches "{pattern}"',
    )
    def fits(context: ScenarioContext, seconds: float, expected: patterns.Pattern) -> None:
        async def look() -> StepFailed | None:
            seen = await text(context)
            if patterns.search(expected, seen):
                return None
            return StepFailed(f"{words} does not match", expected=expected.pattern, seen=seen)

        window(context).eventually(look, seconds)


_page_text("the page title", "title", "Orders (3)", "^Orders")
_page_text("the page address", "address", "/orders?state=open", "^/orders/[0-9]+$")


@phrase(
    "I remember the page address as {key:string}",
    keyword="When",
    about="Without the subject's own address at its beginning; later steps write ${name}.",
    example='When I remember the page address as "order"',
)
def remember_address(context: ScenarioContext, key: str) -> None:
    keep(context, key, window(context).address)
