"""What the last run wrote to its output and its error output."""

from __future__ import annotations

import csv
import io
import re

from scenario_runner import strict_json
from scenario_runner.engine import patterns
from scenario_runner.engine.context import ScenarioContext, shorten
from scenario_runner.engine.phrases import phrase
from scenario_runner.errors import StepFailed
from scenario_runner.steps.http_answers import trimmed

Rows = tuple[tuple[str, ...], ...]


def _output(context: ScenarioContext) -> str:
    return context.command_run().output


def _errors(context: ScenarioContext) -> str:
    return context.command_run().error_output


def must_equal(what: str, seen: str, expected: str) -> None:
    if trimmed(seen) != trimmed(expected):
        raise StepFailed(f"{what} differs", expected=expected, seen=shorten(seen))


def must_contain(what: str, seen: str, text: str) -> None:
    if text not in seen:
        raise StepFailed(f"{what} lacks the text", expected=text, seen=shorten(seen))


def must_lack(what: str, seen: str, text: str) -> None:
    if text in seen:
        raise StepFailed(f"{what} holds the text", expected=f"not {text}", seen=shorten(seen))


def _must_be_empty(what: str, seen: str) -> None:
    if seen.strip():
        raise StepFailed(f"{what} is not empty", expected="", seen=shorten(seen))


@phrase(
    "the output is:",
    keyword="Then",
    about="The whole output; white space at line ends and at the end does not count.",
    example='Then the output is:\n  """\n  2 entries\n  """',
    takes="text",
)
def output_is(context: ScenarioContext, text: str) -> None:
    must_equal("the output", _output(context), text)


@phrase(
    "the output contains {text:string}",
    keyword="Then",
    about="Part of the output.",
    example='Then the output contains "2 entries"',
)
def output_contains(context: ScenarioContext, text: str) -> None:
    must_contain("the output", _output(context), text)


@phrase(
    "the output does not contain {text:string}",
    keyword="Then",
    about="The text is nowhere in the output.",
    example='Then the output does not contain "Traceback"',
)
def output_lacks(context: ScenarioContext, text: str) -> None:
    must_lack("the output", _output(context), text)


@phrase(
    "the output is empty",
    keyword="Then",
    about="Nothing but white space was written.",
    example="Then the output is empty",
)
def output_empty(context: ScenarioContext) -> None:
    _must_be_empty("the output", _output(context))


@phrase(
    "the output has {count:int} line(s)",
    keyword="Then",
    about="Empty lines at the end do not count.",
    example="Then the output has 3 lines",
)
def output_lines(context: ScenarioContext, count: int) -> None:
    lines = trimmed(_output(context))
    if len(lines) != count:
        raise StepFailed(f"the output has {len(lines)} lines", expected=count, seen=lines[:50])


@phrase(
    "line {number:int} of the output is {text:string}",
    keyword="Then",
    about="Lines count from 1; white space at the line's end does not count.",
    example='Then line 1 of the output is "date,amount"',
)
def line_is(context: ScenarioContext, number: int, text: str) -> None:
    lines = trimmed(_output(context))
    if not 1 <= number <= len(lines):
        raise StepFailed(f"the output has no line {number}", expected=text, seen=lines[:50])
    if lines[number - 1] != text.rstrip():
        raise StepFailed(f"line {number} differs", expected=text, seen=lines[number - 1])


@phrase(
    "the output matches {pattern:regex}",
    keyword="Then",
    about="A regular expression found anywhere; write (?m) first for ^ and $ at each line.",
    example='Then the output matches "(?m)^total: [0-9]+$"',
)
def output_matches(context: ScenarioContext, pattern: re.Pattern[str]) -> None:
    if not patterns.search(pattern, _output(context)):
        raise StepFailed(
            "the output does not match",
            expected=pattern.pattern,
            seen=shorten(_output(context)),
        )


@phrase(
    "the error output is:",
    keyword="Then",
    about="The whole error output; white space at line ends and at the end does not count.",
    example='Then the error output is:\n  """\n  no such file\n  """',
    takes="text",
)
def errors_are(context: ScenarioContext, text: str) -> None:
    must_equal("the error output", _errors(context), text)


@phrase(
    "the error output contains {text:string}",
    keyword="Then",
    about="Part of the error output.",
    example='Then the error output contains "line 3"',
)
def errors_contain(context: ScenarioContext, text: str) -> None:
    must_contain("the error output", _errors(context), text)


@phrase(
    "the error output does not contain {text:string}",
    keyword="Then",
    about="The text is nowhere in the error output.",
    example='Then the error output does not contain "Traceback"',
)
def errors_lack(context: ScenarioContext, text: str) -> None:
    must_lack("the error output", _errors(context), text)


@phrase(
    "the error output matches {pattern:regex}",
    keyword="Then",
    about="A regular expression found anywhere in the error output.",
    example='Then the error output matches "line [0-9]+"',
)
def errors_match(context: ScenarioContext, pattern: re.Pattern[str]) -> None:
    if not patterns.search(pattern, _errors(context)):
        raise StepFailed(
            "the error output does not match",
            expected=pattern.pattern,
            seen=shorten(_errors(context)),
        )


@phrase(
    "the error output is empty",
    keyword="Then",
    about="Nothing but white space was written.",
    example="Then the error output is empty",
)
def errors_empty(context: ScenarioContext) -> None:
    _must_be_empty("the error output", _errors(context))


@phrase(
    "the output is CSV equal to:",
    keyword="Then",
    about="The output read as CSV equals the table, heading included, rows in this order.",
    example="Then the output is CSV equal to:\n  | date       | amount |\n"
    "  | 2024-05-01 | 3.50   |",
    takes="table",
)
def output_csv(context: ScenarioContext, rows: Rows) -> None:
    must_be_csv("the output", _output(context), rows)


@phrase(
    "the output is JSON equal to:",
    keyword="Then",
    about="The whole output as JSON; the order of keys and white space do not count.",
    example='Then the output is JSON equal to:\n  """\n  {"total": 3}\n  """',
    takes="json",
)
def output_json(context: ScenarioContext, text: str) -> None:
    expected = strict_json.loads(text)
    try:
        seen = strict_json.loads(_output(context))
    except ValueError as problem:
        raise StepFailed(
            f"the output is not JSON: {problem}", seen=shorten(_output(context))
        ) from None
    if not strict_json.same(seen, expected):
        raise StepFailed("the JSON differs", expected=expected, seen=seen)


def must_be_csv(what: str, text: str, rows: Rows) -> None:
    try:
        seen = [row for row in csv.reader(io.StringIO(text, newline=""), strict=True) if row]
    except csv.Error as problem:
        raise StepFailed(f"{what} is not CSV: {problem}", seen=shorten(text)) from None
    expected = [list(row) for row in rows]
    if seen == expected:
        return
    for number, (left, right) in enumerate(zip(seen, expected, strict=False), start=1):
        if left != right:
            raise StepFailed(f"CSV row {number} of {what} differs", expected=right, seen=left)
    raise StepFailed(
        f"{what} has {len(seen)} CSV rows, expected {len(expected)}", expected=expected, seen=seen
    )
