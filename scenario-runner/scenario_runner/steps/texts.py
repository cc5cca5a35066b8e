"""What a text must say, wherever it came from: outputs, a body, a file, a remembered value."""

from __future__ import annotations

import re
from decimal import Decimal

from scenario_runner import strict_json
from scenario_runner.engine import patterns
from scenario_runner.engine.context import ScenarioContext, shorten
from scenario_runner.errors import StepFailed
from scenario_runner.steps.decimals import near
from scenario_runner.steps.sources import TEXTS, Seen, check, json_of

_NUMBER = re.compile(r"[+-]?[0-9]{1,30}(?:\.[0-9]{1,30})?")


def trimmed(text: str) -> list[str]:
    """Lines without white space at their ends, and no empty lines at the end."""
    lines = [line.rstrip() for line in text.split("\n")]
    while lines and not lines[-1]:
        lines.pop()
    return lines


@check(
    TEXTS,
    "SOURCE is:",
    about="The whole text; white space at line ends and at the end does not count.",
    example='SOURCE is:\n  """\n  2 entries\n  """',
    takes="text",
)
def is_block(context: ScenarioContext, seen: Seen, text: str) -> None:
    if trimmed(seen.value) != trimmed(text):
        raise StepFailed(f"{seen.what} differs", expected=text, seen=shorten(seen.value))


@check(
    TEXTS,
    "SOURCE is {text:string}",
    about="The whole text; white space at line ends and at the end does not count.",
    example='SOURCE is "2 entries"',
)
def is_text(context: ScenarioContext, seen: Seen, text: str) -> None:
    is_block(context, seen, text)


@check(
    TEXTS,
    "SOURCE is not {text:string}",
    about="Any other text; white space at line ends and at the end does not count.",
    example='SOURCE is not "${first}"',
)
def is_not_text(context: ScenarioContext, seen: Seen, text: str) -> None:
    if trimmed(seen.value) == trimmed(text):
        raise StepFailed(f"{seen.what} is the same", expected=f"not {text}", seen=text)


@check(
    TEXTS,
    "SOURCE contains {text:string}",
    about="Part of the text.",
    example='SOURCE contains "2 entries"',
)
def contains(context: ScenarioContext, seen: Seen, text: str) -> None:
    if text not in seen.value:
        raise StepFailed(f"{seen.what} lacks the text", expected=text, seen=shorten(seen.value))


@check(
    TEXTS,
    "SOURCE contains {text:string} {count:int} time(s)",
    about="Exactly so often, counted without overlap.",
    example='SOURCE contains "warning" 2 times',
)
def contains_times(context: ScenarioContext, seen: Seen, text: str, count: int) -> None:
    found = seen.value.count(text) if text else -1
    if found != count:
        raise StepFailed(f'{seen.what} holds "{text}" {found} times', expected=count, seen=found)


@check(
    TEXTS,
    "SOURCE does not contain {text:string}",
    about="The text is nowhere in it.",
    example='SOURCE does not contain "Traceback"',
)
def lacks(context: ScenarioContext, seen: Seen, text: str) -> None:
    if text in seen.value:
        raise StepFailed(
            f"{seen.what} holds the text", expected=f"not {text}", seen=shorten(seen.value)
        )


@check(
    TEXTS,
    "SOURCE contains each of:",
    about="Every row of the one-column table is part of the text, in any order.",
    example="SOURCE contains each of:\n  | tea    |\n  | coffee |",
    takes="table",
)
def contains_each(context: ScenarioContext, seen: Seen, rows: tuple[tuple[str, ...], ...]) -> None:
    missing = [row[0] for row in rows if row[0] not in seen.value]
    if missing:
        raise StepFailed(f"{seen.what} lacks texts", expected=missing, seen=shorten(seen.value))


@check(
    TEXTS,
    "SOURCE begins with {text:string}",
    about="The first characters of the text.",
    example='SOURCE begins with "usage:"',
)
def begins_with(context: ScenarioContext, seen: Seen, text: str) -> None:
    if not seen.value.startswith(text):
        raise StepFailed(
            f"{seen.what} begins otherwise", expected=text, seen=seen.value[: len(text) + 50]
        )


@check(
    TEXTS,
    "SOURCE ends with {text:string}",
    about="The last characters; white space at the end does not count.",
    example='SOURCE ends with "done"',
)
def ends_with(context: ScenarioContext, seen: Seen, text: str) -> None:
    if not seen.value.rstrip().endswith(text.rstrip()):
        raise StepFailed(
            f"{seen.what} ends otherwise", expected=text, seen=seen.value[-len(text) - 50 :]
        )


@check(
    TEXTS,
    "SOURCE matches {pattern:regex}",
    about="A regular expression found anywhere; write (?m) first for ^ and $ at each line.",
    example='SOURCE matches "(?m)^total: [0-9]+$"',
)
def matches(context: ScenarioContext, seen: Seen, pattern: patterns.Pattern) -> None:
    if not patterns.search(pattern, seen.value):
        raise StepFailed(
            f"{seen.what} does not match", expected=pattern.pattern, seen=shorten(seen.value)
        )


@check(
    TEXTS,
    "SOURCE does not match {pattern:regex}",
    about="The regular expression is found nowhere.",
    example='SOURCE does not match "[0-9]{16}"',
)
def does_not_match(context: ScenarioContext, seen: Seen, pattern: patterns.Pattern) -> None:
    if patterns.search(pattern, seen.value):
        raise StepFailed(
            f"{seen.what} matches", expected=f"not {pattern.pattern}", seen=shorten(seen.value)
        )


@check(
    TEXTS,
    "SOURCE has {count:int} line(s)",
    about="Empty lines at the end do not count.",
    example="SOURCE has 3 lines",
)
def has_lines(context: ScenarioContext, seen: Seen, count: int) -> None:
    lines = trimmed(seen.value)
    if len(lines) != count:
        raise StepFailed(f"{seen.what} has {len(lines)} lines", expected=count, seen=lines[:50])


@check(
    TEXTS,
    "line {number:int} of SOURCE is {text:string}",
    about="Lines count from 1; white space at the line's end does not count.",
    example='line 1 of SOURCE is "date,amount"',
)
def line_is(context: ScenarioContext, seen: Seen, number: int, text: str) -> None:
    lines = trimmed(seen.value)
    if not 1 <= number <= len(lines):
        raise StepFailed(f"{seen.what} has no line {number}", expected=text, seen=lines[:50])
    if lines[number - 1] != text.rstrip():
        raise StepFailed(
            f"line {number} of {seen.what} differs", expected=text, seen=lines[number - 1]
        )


@check(
    [source for source in TEXTS if source.words != "the response body"],
    "SOURCE is JSON equal to:",
    about="The whole text as JSON; the order of keys and white space do not count.",
    example='SOURCE is JSON equal to:\n  """\n  {"total": 3}\n  """',
    takes="json",
)
def is_json(context: ScenarioContext, seen: Seen, text: str) -> None:
    expected, found = strict_json.loads(text), json_of(seen.what, seen.value)
    if not strict_json.same(found, expected):
        raise StepFailed("the JSON differs", expected=expected, seen=found)


@check(
    TEXTS,
    "SOURCE is a number within {tolerance:number} of {number:number}",
    about="The whole text is one number, which differs by no more.",
    example="SOURCE is a number within 0.01 of 3.14",
)
def is_near(context: ScenarioContext, seen: Seen, tolerance: float, number: float) -> None:
    _must_be_number(seen, f"{number} ± {tolerance}", number, tolerance)


@check(
    TEXTS,
    "SOURCE is a number between {low:number} and {high:number}",
    about="The whole text is one number, both ends included.",
    example="SOURCE is a number between 1 and 5",
)
def is_between(context: ScenarioContext, seen: Seen, low: float, high: float) -> None:
    half = (Decimal(str(high)) - Decimal(str(low))) / 2
    _must_be_number(seen, f"{low} to {high}", Decimal(str(low)) + half, half)


def _must_be_number(seen: Seen, expected: str, middle: object, half: object) -> None:
    text = seen.value.strip()
    if not _NUMBER.fullmatch(text) or not near(text, middle, half):
        raise StepFailed(
            f"{seen.what} is no such number", expected=expected, seen=shorten(seen.value)
        )
