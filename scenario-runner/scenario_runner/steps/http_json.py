"""What the JSON body of a response must hold. Paths read `a.b.0.c`; "" is the whole body."""

from __future__ import annotations

import re
from typing import Any

from scenario_runner import strict_json
from scenario_runner.engine import patterns
from scenario_runner.engine.context import ScenarioContext
from scenario_runner.engine.phrases import phrase
from scenario_runner.errors import StepFailed
from scenario_runner.steps.http_answers import response_json

_AT = "the response JSON at {path:string}"


def value_at(context: ScenarioContext, path: str) -> Any:
    """Raises StepFailed when nothing is there."""
    document = response_json(context.answer())
    there, value = strict_json.at(document, path)
    if not there:
        raise StepFailed(f'the JSON has nothing at "{path}"', seen=document)
    return value


def _must(condition: bool, path: str, expected: object, seen: object) -> None:
    if not condition:
        raise StepFailed(f'the JSON at "{path}" is not as expected', expected=expected, seen=seen)


@phrase(
    f"{_AT} is {{value:json}}",
    keyword="Then",
    about='A JSON value: 3, true, null, "text", a list or an object. 3 equals 3.0.',
    example='Then the response JSON at "links.0.visits" is 3',
)
def json_at_is(context: ScenarioContext, path: str, value: Any) -> None:
    seen = value_at(context, path)
    _must(strict_json.same(seen, value), path, value, seen)


@phrase(
    f"{_AT} is not {{value:json}}",
    keyword="Then",
    about="Something is there, and it is another JSON value.",
    example='Then the response JSON at "code" is not "${first}"',
)
def json_at_is_not(context: ScenarioContext, path: str, value: Any) -> None:
    seen = value_at(context, path)
    _must(not strict_json.same(seen, value), path, f"not {value!r}", seen)


@phrase(
    f"{_AT} is present",
    keyword="Then",
    about="Something is there, null included.",
    example='Then the response JSON at "expires_at" is present',
)
def json_present(context: ScenarioContext, path: str) -> None:
    value_at(context, path)


@phrase(
    f"{_AT} is absent",
    keyword="Then",
    about="Nothing is there; null is something.",
    example='Then the response JSON at "password" is absent',
)
def json_absent(context: ScenarioContext, path: str) -> None:
    there, value = strict_json.at(response_json(context.answer()), path)
    _must(not there, path, "nothing", value)


@phrase(
    f"{_AT} is a number",
    keyword="Then",
    about="Any JSON number.",
    example='Then the response JSON at "visits" is a number',
)
def json_number(context: ScenarioContext, path: str) -> None:
    _number_at(context, path)


@phrase(
    f"{_AT} is a string",
    keyword="Then",
    about="Any JSON text.",
    example='Then the response JSON at "code" is a string',
)
def json_string(context: ScenarioContext, path: str) -> None:
    seen = value_at(context, path)
    _must(isinstance(seen, str), path, "a string", seen)


@phrase(
    f"{_AT} is a list",
    keyword="Then",
    about="Any JSON array, also an empty one.",
    example='Then the response JSON at "links" is a list',
)
def json_list(context: ScenarioContext, path: str) -> None:
    seen = value_at(context, path)
    _must(isinstance(seen, list), path, "a list", seen)


@phrase(
    f"{_AT} is an object",
    keyword="Then",
    about="Any JSON object.",
    example='Then the response JSON at "error" is an object',
)
def json_object(context: ScenarioContext, path: str) -> None:
    seen = value_at(context, path)
    _must(isinstance(seen, dict), path, "an object", seen)


@phrase(
    f"{_AT} matches {{pattern:regex}}",
    keyword="Then",
    about="A regular expression found anywhere in the text (anchor it with ^ and $).",
    example='Then the response JSON at "code" matches "^[a-z0-9]{6}$"',
)
def json_matches(context: ScenarioContext, path: str, pattern: re.Pattern[str]) -> None:
    seen = value_at(context, path)
    found = isinstance(seen, str) and patterns.search(pattern, seen)
    _must(found, path, pattern.pattern, seen)


@phrase(
    f"{_AT} contains {{text:string}}",
    keyword="Then",
    about="A text that holds the text, or a list that has it as an item.",
    example='Then the response JSON at "error" contains "alias"',
)
def json_contains(context: ScenarioContext, path: str, text: str) -> None:
    seen = value_at(context, path)
    _must(isinstance(seen, (str, list)) and text in seen, path, text, seen)


@phrase(
    f"{_AT} has {{count:int}} item(s)",
    keyword="Then",
    about="The length of a list.",
    example='Then the response JSON at "links" has 2 items',
)
def json_items(context: ScenarioContext, path: str, count: int) -> None:
    seen = value_at(context, path)
    _must(isinstance(seen, list) and len(seen) == count, path, f"{count} items", seen)


@phrase(
    f"{_AT} is at least {{number:number}}",
    keyword="Then",
    about="A number, this one or above.",
    example='Then the response JSON at "visits" is at least 1',
)
def json_at_least(context: ScenarioContext, path: str, number: float) -> None:
    seen = _number_at(context, path)
    _must(seen >= number, path, f"at least {number}", seen)


@phrase(
    f"{_AT} is at most {{number:number}}",
    keyword="Then",
    about="A number, this one or below.",
    example='Then the response JSON at "visits" is at most 10',
)
def json_at_most(context: ScenarioContext, path: str, number: float) -> None:
    seen = _number_at(context, path)
    _must(seen <= number, path, f"at most {number}", seen)


@phrase(
    "every response differs in the JSON at {path:string}",
    keyword="Then",
    about='No two responses to the last "N times" or "at once" have the same value there.',
    example='Then every response differs in the JSON at "code"',
)
def json_all_differ(context: ScenarioContext, path: str) -> None:
    context.answer()
    seen: list[str] = []
    for response in context.responses:
        there, value = strict_json.at(response_json(response), path)
        _must(there, path, "a value in every response", "nothing in one")
        seen.append(strict_json.dumps(value))
    _must(len(set(seen)) == len(seen), path, "no value twice", seen)


def _number_at(context: ScenarioContext, path: str) -> float:
    seen = value_at(context, path)
    number = isinstance(seen, (int, float)) and not isinstance(seen, bool)
    _must(number, path, "a number", seen)
    return float(seen) if isinstance(seen, float) else int(seen)
