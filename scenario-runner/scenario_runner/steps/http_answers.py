"""What a response must be: status, headers, body, time."""

from __future__ import annotations

from collections import Counter

from scenario_runner import strict_json
from scenario_runner.engine import patterns
from scenario_runner.engine.context import ScenarioContext, shorten
from scenario_runner.engine.phrases import phrase
from scenario_runner.errors import StepFailed
from scenario_runner.http_client import Response
from scenario_runner.steps.sources import response_json


def _fail_status(expected: object, response: Response) -> None:
    raise StepFailed(
        f"the status is {response.status}, expected {expected}; the body is: "
        f"{shorten(response.body)}",
        expected=expected,
        seen=response.status,
    )


def count_statuses(context: ScenarioContext) -> Counter[int]:
    """How often each status is among the last answers. Raises StepFailed where there is none."""
    context.answer()
    return Counter(response.status for response in context.responses)


@phrase(
    "the response status is {status:int}",
    keyword="Then",
    about="The status of the last response.",
    example="Then the response status is 201",
)
def status_is(context: ScenarioContext, status: int) -> None:
    if context.answer().status != status:
        _fail_status(status, context.answer())


@phrase(
    "the response status is not {status:int}",
    keyword="Then",
    about="The last response has any other status.",
    example="Then the response status is not 500",
)
def status_is_not(context: ScenarioContext, status: int) -> None:
    if context.answer().status == status:
        _fail_status(f"not {status}", context.answer())


@phrase(
    "the response status is one of {statuses:statuses}",
    keyword="Then",
    about="The status of the last response is in the list.",
    example="Then the response status is one of 400, 422",
)
def status_one_of(context: ScenarioContext, statuses: list[int]) -> None:
    if context.answer().status not in statuses:
        _fail_status(statuses, context.answer())


@phrase(
    "every response status is {status:int}",
    keyword="Then",
    about='Of all responses to the last "N times" or "at once".',
    example="Then every response status is 200",
)
def every_status(context: ScenarioContext, status: int) -> None:
    every_status_one_of(context, [status])


@phrase(
    "every response status is one of {statuses:statuses}",
    keyword="Then",
    about='Of all responses to the last "N times" or "at once".',
    example="Then every response status is one of 201, 409",
)
def every_status_one_of(context: ScenarioContext, statuses: list[int]) -> None:
    seen = count_statuses(context)
    if any(status not in statuses for status in seen):
        raise StepFailed("not every status is as expected", expected=statuses, seen=dict(seen))


@phrase(
    "{count:int} response(s) have status {status:int}",
    keyword="Then",
    about='Exactly this many of the responses to the last "N times" or "at once".',
    example="Then 2 responses have status 201",
)
@phrase(
    "{count:int} response(s) has status {status:int}",
    keyword="Then",
    about='Exactly this many of the responses to the last "N times" or "at once".',
    example="Then 1 response has status 201",
)
def count_status(context: ScenarioContext, count: int, status: int) -> None:
    seen = count_statuses(context)
    if seen[status] != count:
        raise StepFailed(
            f"{seen[status]} responses have status {status}", expected=count, seen=dict(seen)
        )


def _header(context: ScenarioContext, name: str) -> str:
    value = context.answer().header(name)
    if value is None:
        names = sorted({key for key, _ in context.answer().headers})
        raise StepFailed(f"the response has no header {name}", seen=names)
    return value


@phrase(
    "the response header {name:string} is {value:string}",
    keyword="Then",
    about="The whole value of a header of the last response.",
    example='Then the response header "Location" is "https://a.example/"',
)
def header_is(context: ScenarioContext, name: str, value: str) -> None:
    seen = _header(context, name)
    if seen != value:
        raise StepFailed(f"the header {name} differs", expected=value, seen=seen)


@phrase(
    "the response header {name:string} contains {value:string}",
    keyword="Then",
    about="Part of the value of a header of the last response.",
    example='Then the response header "Content-Type" contains "application/json"',
)
def header_contains(context: ScenarioContext, name: str, value: str) -> None:
    seen = _header(context, name)
    if value not in seen:
        raise StepFailed(f"the header {name} lacks the text", expected=value, seen=seen)


@phrase(
    "the response header {name:string} matches {pattern:regex}",
    keyword="Then",
    about="A regular expression found anywhere in the header's value.",
    example='Then the response header "Retry-After" matches "^[0-9]+$"',
)
def header_matches(context: ScenarioContext, name: str, pattern: patterns.Pattern) -> None:
    seen = _header(context, name)
    if not patterns.search(pattern, seen):
        raise StepFailed(f"the header {name} does not match", expected=pattern.pattern, seen=seen)


@phrase(
    "the response header {name:string} is present",
    keyword="Then",
    about="The last response has the header, with any value.",
    example='Then the response header "Retry-After" is present',
)
def header_present(context: ScenarioContext, name: str) -> None:
    _header(context, name)


@phrase(
    "the response header {name:string} is absent",
    keyword="Then",
    about="The last response lacks the header.",
    example='Then the response header "X-Powered-By" is absent',
)
def header_absent(context: ScenarioContext, name: str) -> None:
    seen = context.answer().header(name)
    if seen is not None:
        raise StepFailed(f"the header {name} is there", seen=seen)


@phrase(
    "the response body is empty",
    keyword="Then",
    about="The last response has no body.",
    example="Then the response body is empty",
)
def body_empty(context: ScenarioContext) -> None:
    if context.answer().body:
        raise StepFailed("the body is not empty", seen=shorten(context.answer().body))


@phrase(
    "the response JSON is:",
    keyword="Then",
    about="The whole body as JSON; the order of keys and white space do not count.",
    example='Then the response JSON is:\n  """\n  {"links": []}\n  """',
    takes="json",
)
def json_is(context: ScenarioContext, text: str) -> None:
    seen = response_json(context.answer())
    expected = strict_json.loads(text)
    if not strict_json.same(seen, expected):
        raise StepFailed("the JSON differs", expected=expected, seen=seen)


@phrase(
    "the response arrives within {milliseconds:number} millisecond(s)",
    keyword="Then",
    about="From sending the last request to the last byte of its answer.",
    example="Then the response arrives within 500 milliseconds",
)
def arrives_within(context: ScenarioContext, milliseconds: float) -> None:
    seen = context.answer().elapsed_seconds * 1000
    if seen > milliseconds:
        raise StepFailed("the response took too long", expected=milliseconds, seen=round(seen, 1))
