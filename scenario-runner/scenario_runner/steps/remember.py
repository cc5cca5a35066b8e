"""Values kept for later steps as `${name}`, and values made fresh for every run."""

from __future__ import annotations

import re
import string
from typing import Any

from scenario_runner.engine import patterns
from scenario_runner.engine.context import ScenarioContext, shorten
from scenario_runner.engine.phrases import phrase
from scenario_runner.errors import StepFailed
from scenario_runner.steps.json_checks import at
from scenario_runner.steps.sources import DOCUMENTS, TEXTS, Seen, check

_NAME = re.compile(r"[^{}$\n]{1,100}")


def keep(context: ScenarioContext, name: str, value: Any) -> None:
    if not _NAME.fullmatch(name):
        raise StepFailed(f'"{name}" cannot be a name; leave out braces and dollar signs')
    context.memory[name] = value


def made(context: ScenarioContext, name: str, value: Any) -> None:
    keep(context, name, value)
    context.generated[name] = value


def _word(context: ScenarioContext) -> str:
    return "".join(context.random.choices(string.ascii_lowercase, k=8))


@check(
    DOCUMENTS,
    "I remember SOURCE at {path:string} as {name:string}",
    keyword="When",
    about="Keeps a value of the document; later steps write ${name}.",
    example='I remember SOURCE at "code" as "code"',
)
def remember_json(context: ScenarioContext, seen: Seen, path: str, name: str) -> None:
    keep(context, name, at(seen, path))


@phrase(
    "I remember the response header {header:string} as {name:string}",
    keyword="When",
    about="Keeps a header of the last response; later steps write ${name}.",
    example='When I remember the response header "Location" as "target"',
)
def remember_header(context: ScenarioContext, header: str, name: str) -> None:
    value = context.answer().header(header)
    if value is None:
        raise StepFailed(f"the response has no header {header} to remember")
    keep(context, name, value)


@check(
    TEXTS,
    "I remember line {number:int} of SOURCE as {name:string}",
    keyword="When",
    about="Keeps a line without white space at its end; later steps write ${name}.",
    example='I remember line 1 of SOURCE as "total"',
)
def remember_line(context: ScenarioContext, seen: Seen, number: int, name: str) -> None:
    lines = seen.value.split("\n")
    if not 1 <= number <= len(lines):
        raise StepFailed(f"{seen.what} has no line {number}", seen=len(lines))
    keep(context, name, lines[number - 1].rstrip())


@check(
    TEXTS,
    "I remember what matches {pattern:regex} in SOURCE as {name:string}",
    keyword="When",
    about="Keeps the first part of the text that the regular expression fits.",
    example='I remember what matches "[A-Z]{3}-[0-9]+" in SOURCE as "ticket"',
)
def remember_match(
    context: ScenarioContext, seen: Seen, pattern: patterns.Pattern, name: str
) -> None:
    found = patterns.first(pattern, seen.value)
    if found is None:
        raise StepFailed(
            f"{seen.what} does not match", expected=pattern.pattern, seen=shorten(seen.value)
        )
    keep(context, name, found)


@check(
    TEXTS,
    "I remember SOURCE as {name:string}",
    keyword="When",
    about="Keeps the whole text without white space at its end; later steps write ${name}.",
    example='I remember SOURCE as "first"',
)
def remember_source(context: ScenarioContext, seen: Seen, name: str) -> None:
    keep(context, name, seen.value.rstrip())


@phrase(
    "I remember {value:string} as {name:string}",
    keyword="Given",
    about="Keeps a text; later steps write ${name}.",
    example='Given I remember "sale-${word}" as "alias"',
)
def remember_text(context: ScenarioContext, value: str, name: str) -> None:
    keep(context, name, value)


@phrase(
    "a random word as {name:string}",
    keyword="Given",
    about="Eight lower-case letters, new in every run.",
    example='Given a random word as "alias"',
)
def random_word(context: ScenarioContext, name: str) -> None:
    made(context, name, _word(context))


@phrase(
    "a random number between {low:int} and {high:int} as {name:string}",
    keyword="Given",
    about="A whole number, both ends included, new in every run.",
    example='Given a random number between 10 and 99 as "amount"',
)
def random_number(context: ScenarioContext, low: int, high: int, name: str) -> None:
    if low > high:
        raise StepFailed("the first number must not be above the second", seen=[low, high])
    made(context, name, context.random.randint(low, high))


@phrase(
    "a random email as {name:string}",
    keyword="Given",
    about="An address that reaches nobody, new in every run.",
    example='Given a random email as "email"',
)
def random_email(context: ScenarioContext, name: str) -> None:
    made(context, name, f"{_word(context)}@{_word(context)}.example")


@phrase(
    "a random URL as {name:string}",
    keyword="Given",
    about="An address that leads nowhere, new in every run.",
    example='Given a random URL as "target"',
)
def random_url(context: ScenarioContext, name: str) -> None:
    made(context, name, f"https://{_word(context)}.example/{_word(context)}")
