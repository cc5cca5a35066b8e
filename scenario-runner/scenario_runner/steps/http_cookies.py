"""Cookies: kept when a scenario says so, sent, and looked at."""

from __future__ import annotations

from scenario_runner.cookies import Cookie, set_by
from scenario_runner.engine.context import ScenarioContext
from scenario_runner.engine.phrases import phrase
from scenario_runner.errors import StepFailed
from scenario_runner.steps.remember import keep


@phrase(
    "cookies are kept",
    keyword="Given",
    about="From now on the scenario keeps what answers set and sends it back, as a browser does.",
    example="Given cookies are kept",
)
def kept(context: ScenarioContext) -> None:
    context.cookies.keeps = True


@phrase(
    "the cookie {name:string} is sent as {value:string}",
    keyword="Given",
    about="All later requests of the scenario carry this cookie.",
    example='Given the cookie "theme" is sent as "dark"',
)
def sent(context: ScenarioContext, name: str, value: str) -> None:
    context.cookies.put(Cookie(name, value, {}))


@phrase(
    "all cookies are forgotten",
    keyword="Given",
    about="As after closing a private window.",
    example="Given all cookies are forgotten",
)
def forgotten(context: ScenarioContext) -> None:
    context.cookies.clear()


def _cookie(context: ScenarioContext, name: str) -> Cookie:
    found = set_by(context.answer().headers)
    last = next((each for each in reversed(found) if each.name == name), None)
    if last is None or last.ended:
        raise StepFailed(
            f'the response does not set the cookie "{name}"',
            seen=[each.name for each in found if not each.ended],
        )
    return last


@phrase(
    "the response sets the cookie {name:string}",
    keyword="Then",
    about="The last response sets the cookie, to any value; one that ends at once is none.",
    example='Then the response sets the cookie "session"',
)
def is_set(context: ScenarioContext, name: str) -> None:
    _cookie(context, name)


@phrase(
    "the response sets the cookie {name:string} to {value:string}",
    keyword="Then",
    about="The last response sets the cookie to this value.",
    example='Then the response sets the cookie "theme" to "dark"',
)
def is_set_to(context: ScenarioContext, name: str, value: str) -> None:
    seen = _cookie(context, name).value
    if seen != value:
        raise StepFailed(f'the cookie "{name}" differs', expected=value, seen=seen)


@phrase(
    "the response sets the cookie {name:string} with the attributes {attributes:names}",
    keyword="Then",
    about='Each is a name such as "HttpOnly" or a name and value such as "SameSite=Lax"; capitals '
    "do not count.",
    example='Then the response sets the cookie "session" with the attributes "HttpOnly" and '
    '"SameSite=Lax"',
)
def has_attributes(context: ScenarioContext, name: str, attributes: list[str]) -> None:
    seen = _cookie(context, name).attributes
    for attribute in attributes:
        key, equals, value = attribute.lower().partition("=")
        if key not in seen or (equals and seen[key].lower() != value):
            raise StepFailed(
                f'the cookie "{name}" lacks {attribute}', expected=attributes, seen=seen
            )


@phrase(
    "the response sets no cookie {name:string}",
    keyword="Then",
    about="The last response does not set it; it may take it away.",
    example='Then the response sets no cookie "session"',
)
def is_not_set(context: ScenarioContext, name: str) -> None:
    for each in set_by(context.answer().headers):
        if each.name == name and not each.ended:
            raise StepFailed(f'the response sets the cookie "{name}"', seen=each.value)


@phrase(
    "the response takes the cookie {name:string} away",
    keyword="Then",
    about="The last response sets it with an end in the past.",
    example='Then the response takes the cookie "session" away',
)
def is_taken_away(context: ScenarioContext, name: str) -> None:
    found = [each for each in set_by(context.answer().headers) if each.name == name]
    if not found or not found[-1].ended:
        raise StepFailed(f'the response does not take the cookie "{name}" away', seen=found)


@phrase(
    "I remember the cookie {cookie:string} as {name:string}",
    keyword="When",
    about="Keeps the value that the last response sets; later steps write ${name}.",
    example='When I remember the cookie "session" as "session"',
)
def remember_cookie(context: ScenarioContext, cookie: str, name: str) -> None:
    keep(context, name, _cookie(context, cookie).value)
