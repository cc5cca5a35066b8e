"""Acting on a page: clicks, fields, keys, files"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from scenario_runner import safe_files
from scenario_runner.engine.context import ScenarioContext
from scenario_runner.engine.phrases import phrase
from scenario_runner.errors import StepFailed
from scenario_runner.steps.files import write_file
from scenario_runner.steps.on_page import Thing, on_page, settled, window
from scenario_runner.steps.sources import Rows, read_file

if TYPE_CHECKING:
    from playwright.async_api import Locator

MAX_KEYS = 200
_KEYS = "Enter, Tab, Shift+Tab, Escape, Space, ArrowDown, Home, PageUp, Control+A"


def _act(context: ScenarioContext, thing: Thing, act: Callable[[Locator], Awaitable[Any]]) -> None:
    """As soon as there is exactly one, and it can be acted on. Raises StepFailed."""
    on = window(context)
    found = settled(on, thing)

    async def work() -> None:
        await act(found)

    try:
        on.do(work())
    except StepFailed as problem:
        what = f"{thing.what}: {problem}"
        raise StepFailed(what, expected=problem.expected, seen=problem.seen) from None


def _click(phrase: str, about: str, act: Callable[[Locator], Awaitable[Any]]) -> None:
    @on_page(phrase, keyword="When", about=about, example=phrase, thing='the button "Save"')
    def step(context: ScenarioContext, thing: Thing) -> None:
        _act(context, thing, act)


_click(
    "I click THING",
    "Waits up to 5 seconds until there is exactly one of that role and name, in sight and ready. "
    "The name is the whole accessible name; capitals count. A field goes by its label; a row by "
    "the text of a cell; a list item, an article, an alert and a status by text in them.",
    lambda found: found.click(timeout=0),
)
_click(
    "I double-click THING", "Two clicks in short order.", lambda found: found.dblclick(timeout=0)
)
_click(
    "I right-click THING",
    "With the other button of the mouse.",
    lambda found: found.click(button="right", timeout=0),
)
_click("I point at THING", "Moves the mouse there.", lambda found: found.hover(timeout=0))
_click(
    "I scroll to THING", "Until it is in sight.", lambda found: found.scroll_into_view_if_needed()
)
_click("I move the focus to THING", "Without the mouse.", lambda found: found.focus(timeout=0))


@on_page(
    "I check THING",
    keyword="When",
    about="A checkbox, a switch or a radio button; one that is checked stays so.",
    example="I check THING",
    thing='the checkbox "I agree"',
)
def check(context: ScenarioContext, thing: Thing) -> None:
    _act(context, thing, lambda found: found.check(timeout=0))


@on_page(
    "I uncheck THING",
    keyword="When",
    about="A checkbox or a switch; one that is not checked stays so.",
    example="I uncheck THING",
    thing='the checkbox "Send me news"',
)
def uncheck(context: ScenarioContext, thing: Thing) -> None:
    _act(context, thing, lambda found: found.uncheck(timeout=0))


@on_page(
    "I fill THING with {text:string}",
    keyword="When",
    about="Puts the text in place of what a field holds. A date reads 2024-05-01, a time 12:30.",
    example='I fill THING with "ann@mail.example"',
    thing='the field "Email"',
)
def fill(context: ScenarioContext, thing: Thing, text: str) -> None:
    _act(context, thing, lambda found: found.fill(text, timeout=0))


@on_page(
    "I fill THING with:",
    keyword="When",
    about="The doc string, line ends kept, in place of what a field holds.",
    example='I fill THING with:\n  """\n  Dear all,\n  see you.\n  """',
    thing='the field "Message"',
    takes="text",
)
def fill_block(context: ScenarioContext, thing: Thing, text: str) -> None:
    fill(context, thing, text)


@on_page(
    "I clear THING",
    keyword="When",
    about="Leaves the field empty.",
    example="I clear THING",
    thing='the field "Email"',
)
def clear(context: ScenarioContext, thing: Thing) -> None:
    fill(context, thing, "")


@on_page(
    "I type {text:string} into THING",
    keyword="When",
    about="Key by key, behind what is there: for fields that answer to each.",
    example='I type "Zur" into THING',
    thing='the field "City"',
)
def type_into(context: ScenarioContext, thing: Thing, text: str) -> None:
    _act(context, thing, lambda found: found.press_sequentially(text, timeout=0))


@phrase(
    "I fill these fields:",
    keyword="When",
    about="A row a field: its label, and the text.",
    example="When I fill these fields:\n  | Email    | ann@mail.example |\n  | Password | s3cret |",
    takes="table",
)
def fill_fields(context: ScenarioContext, rows: Rows) -> None:
    for row in rows:
        if len(row) != 2:
            raise StepFailed("each row has a label and a text", seen=list(row))
        fill(context, Thing("field", row[0]), row[1])


@on_page(
    "I select {options:names} in THING",
    keyword="When",
    about="In a list to choose from (HTML's select); the options by their labels. What else was "
    "selected is not any more.",
    example='I select "Large" in THING',
    thing='the field "Size"',
)
def select(context: ScenarioContext, thing: Thing, options: list[str]) -> None:
    _act(context, thing, lambda found: found.select_option(label=options, timeout=0))


@on_page(
    "I attach the files {names:names} to THING",
    keyword="When",
    about="Files of the work folder, to a field that takes files.",
    example='I attach the files "a.png", "b.png" to THING',
    thing='the field "Photos"',
)
def attach(context: ScenarioContext, thing: Thing, names: list[str]) -> None:
    files: list[Any] = [
        {
            "name": safe_files.parts_of(name)[-1],
            "mimeType": "application/octet-stream",
            "buffer": read_file(context, name),
        }
        for name in names
    ]
    _act(context, thing, lambda found: found.set_input_files(files, timeout=0))


@on_page(
    "I drag THING to the {target:role} {target_name:string}",
    keyword="When",
    about="With the mouse, from the middle of one to the middle of the other.",
    example='I drag THING to the region "Done"',
    thing='the list item "Write the offer"',
)
def drag(context: ScenarioContext, thing: Thing, role: str, name: str) -> None:
    target = settled(window(context), Thing(role, name))
    _act(context, thing, lambda found: found.drag_to(target, timeout=0))


@on_page(
    "I download {file:string} by clicking THING",
    keyword="When",
    about="Waits for the download that a click begins, and keeps it in the work folder by this "
    "name; at most 4 MiB.",
    example='I download "orders.csv" by clicking THING',
    thing='the link "Export"',
)
def download(context: ScenarioContext, thing: Thing, file: str) -> None:
    on = window(context)
    found, page = settled(on, thing), on.page

    async def work() -> str:
        async with page.expect_download(timeout=0) as waiting:
            await found.click(timeout=0)
        return str(await (await waiting.value).path())

    write_file(context, file, on.browser.read_download(on.do(work())))


@phrase(
    "I press the key {key:string}",
    keyword="When",
    about=f"On the keyboard, wherever the focus is: a character, {_KEYS} and the like.",
    example='When I press the key "Enter"',
)
def press(context: ScenarioContext, key: str) -> None:
    press_times(context, key, 1)


@phrase(
    "I press the key {key:string} {count:int} time(s)",
    keyword="When",
    about=f"One after the other; at most {MAX_KEYS} times.",
    example='When I press the key "Tab" 3 times',
)
def press_times(context: ScenarioContext, key: str, count: int) -> None:
    if not 1 <= count <= MAX_KEYS:
        raise StepFailed(f"a key is pressed 1 to {MAX_KEYS} times", seen=count)
    keyboard = window(context).page.keyboard

    async def work() -> None:
        for _ in range(count):
            await keyboard.press(key)

    window(context).do(work())


@phrase(
    "I type {text:string} on the keyboard",
    keyword="When",
    about="Wherever the focus is.",
    example='When I type "tea" on the keyboard',
)
def type_text(context: ScenarioContext, text: str) -> None:
    window(context).do(window(context).page.keyboard.type(text))
