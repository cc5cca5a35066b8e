"""The browser's own dialogs, its console, and where pages reach out"""

from __future__ import annotations

from scenario_runner.engine.context import ScenarioContext
from scenario_runner.engine.phrases import phrase
from scenario_runner.errors import StepFailed
from scenario_runner.steps.on_page import on_page, window


@phrase(
    "the next dialog is accepted",
    keyword="Given",
    about="Of the browser itself: alert, confirm or prompt. One that nothing was said of is "
    "dismissed. Said several times, it is about as many dialogs.",
    example="Given the next dialog is accepted",
)
def accepted(context: ScenarioContext) -> None:
    window(context).answers.append(True)


@phrase(
    "the next dialog is dismissed",
    keyword="Given",
    about="Of the browser itself, as by Escape.",
    example="Given the next dialog is dismissed",
)
def dismissed(context: ScenarioContext) -> None:
    window(context).answers.append(False)


@phrase(
    "the next dialog is answered with {text:string}",
    keyword="Given",
    about="A prompt of the browser itself.",
    example='Given the next dialog is answered with "Ann"',
)
def answered(context: ScenarioContext, text: str) -> None:
    window(context).answers.append(text)


@on_page(
    "a dialog asked {text:string}",
    keyword="Then",
    about="One of the browser's own dialogs has shown this text, the whole of it. Waits up to 5 "
    "seconds, or as long as the step says.",
    example='a dialog asked "Delete the order?"',
)
def asked(context: ScenarioContext, seconds: float, text: str) -> None:
    on = window(context)

    async def look() -> StepFailed | None:
        if text in on.dialogs:
            return None
        return StepFailed("no dialog asked that", expected=text, seen=list(on.dialogs))

    on.eventually(look, seconds)


@phrase(
    "no dialog was shown",
    keyword="Then",
    about="None of the browser's own, since the scenario began.",
    example="Then no dialog was shown",
)
def none_asked(context: ScenarioContext) -> None:
    on = window(context)
    _rest(context)
    if on.dialogs:
        raise StepFailed("a dialog was shown", expected=[], seen=list(on.dialogs))


@phrase(
    "the browser's console shows no errors",
    keyword="Then",
    about="Nor did a script of a page fail unheard, since the scenario began.",
    example="Then the browser's console shows no errors",
)
def no_errors(context: ScenarioContext) -> None:
    on = window(context)
    _rest(context)
    if on.errors:
        raise StepFailed("the console shows errors", expected=[], seen=list(on.errors))


@phrase(
    "the pages have asked nothing of other addresses",
    keyword="Then",
    about="Whatever a page asks of anybody but the subject is blocked, and in the private report; "
    "this says that none did.",
    example="Then the pages have asked nothing of other addresses",
)
def stayed(context: ScenarioContext) -> None:
    on = window(context)
    _rest(context)
    elsewhere = on.reached_out()
    if elsewhere:
        raise StepFailed("a page reached out", expected=[], seen=elsewhere)


def _rest(context: ScenarioContext) -> None:
    """Hear what the page has said so far: an answer from it comes after."""
    on = window(context)
    on.do(on.page.title())
