"""Dates and times: how they are written, and how they lie to each other and to now.

A time is ISO 8601 (2024-05-01T12:30:00Z, an offset for Z, a fraction of a second) or a date of
HTTP; a date (2024-05-01) stands for its first moment. A time without a zone compares with its like
alone.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime

from scenario_runner.engine.context import ScenarioContext
from scenario_runner.engine.phrases import phrase
from scenario_runner.errors import StepFailed
from scenario_runner.steps.json_checks import at
from scenario_runner.steps.sources import DOCUMENTS, Seen, Source, check

_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_TIME = re.compile(
    r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d)?)(\.\d{1,12})?(Z|[+-]\d\d:?\d\d)?", re.ASCII
)


def _at_path(source: Source) -> Source:
    def read(context: ScenarioContext, *values: str) -> object:
        *own, path = values
        return at(Seen(source.words, source.read(context, *own)), path)

    return Source(f"{source.words} at {{path:string}}", f'{source.shown} at "due"', read)


def _header(context: ScenarioContext, name: str) -> str:
    value = context.answer().header(name)
    if value is None:
        raise StepFailed(f"the response has no header {name}")
    return value


_TIMES = (
    *map(_at_path, DOCUMENTS),
    Source("the response header {name:string}", 'the response header "Expires"', _header),
    Source("the value {value:string}", 'the value "${due}"', lambda _context, value: value),
)


def parse(value: object, what: str) -> datetime:
    """Raises StepFailed unless it is a date or a time."""
    if isinstance(value, str) and len(value) <= 64:
        try:
            return _parse(value)
        except (ValueError, TypeError, OverflowError):
            pass
    raise StepFailed(f"{what} is no date or time", expected="2024-05-01T12:30:00Z", seen=value)


def _parse(text: str) -> datetime:
    if _DATE.fullmatch(text):
        day = date.fromisoformat(text)
        return datetime(day.year, day.month, day.day)
    match = _TIME.fullmatch(text)
    if match is None:
        return parsedate_to_datetime(text)
    day_text, clock, fraction, zone = match.groups()
    # Python reads six digits of a fraction.
    return datetime.fromisoformat(f"{day_text}T{clock}{(fraction or '')[:7]}{zone or ''}")


def _between(later: datetime, earlier: datetime, what: str) -> timedelta:
    if (later.tzinfo is None) != (earlier.tzinfo is None):
        raise StepFailed(f"{what}: one has a time zone and one has none", seen=[later, earlier])
    return later - earlier


@check(
    _TIMES,
    "SOURCE is a date",
    about="A day of the calendar as 2024-05-01.",
    example="SOURCE is a date",
)
def is_date(context: ScenarioContext, seen: Seen) -> None:
    parse(seen.value, seen.what)
    if not _DATE.fullmatch(seen.value):
        raise StepFailed(f"{seen.what} is no date", expected="2024-05-01", seen=seen.value)


@check(
    _TIMES,
    "SOURCE is a time",
    about="A moment of the calendar, with a zone or without, such as 2024-05-01T12:30:00Z.",
    example="SOURCE is a time",
)
def is_time(context: ScenarioContext, seen: Seen) -> None:
    parse(seen.value, seen.what)
    if _DATE.fullmatch(seen.value):
        raise StepFailed(f"{seen.what} is a date without a time", seen=seen.value)


@check(
    _TIMES,
    "SOURCE is a time in UTC",
    about="A time that ends in Z or +00:00, or a date of HTTP.",
    example="SOURCE is a time in UTC",
)
def is_utc(context: ScenarioContext, seen: Seen) -> None:
    is_time(context, seen)
    moment = parse(seen.value, seen.what)
    if moment.tzinfo is None or moment.utcoffset():
        raise StepFailed(f"{seen.what} is not in UTC", expected="Z at the end", seen=seen.value)


@check(
    _TIMES,
    "SOURCE is a time in UTC within {count:number} {unit:unit} of now",
    about="By the clock of the machine that runs the scenarios, before or after.",
    example="SOURCE is a time in UTC within 5 seconds of now",
)
def is_now(context: ScenarioContext, seen: Seen, count: float, unit: int) -> None:
    is_utc(context, seen)
    moment, now = parse(seen.value, seen.what), datetime.now(UTC)
    if abs((moment - now).total_seconds()) > count * unit:
        raise StepFailed(
            f"{seen.what} is not near enough to now",
            expected=f"within {count * unit:g} s of {now.isoformat()}",
            seen=seen.value,
        )


def _distance(words: str, sign: int) -> None:
    @check(
        _TIMES,
        f"SOURCE is {{count:number}} {{unit:unit}} {words} {{other:string}}",
        about="Exactly so much. A day has 24 hours; a date is its first moment.",
        example=f'SOURCE is 3 days {words} "${{date}}"',
    )
    def exactly(context: ScenarioContext, seen: Seen, count: float, unit: int, other: str) -> None:
        about(context, seen, count, unit, other, 0, 1)

    @check(
        _TIMES,
        f"SOURCE is {{count:number}} {{unit:unit}} {words} {{other:string}} within "
        "{tolerance:number} {tolerance_unit:unit}",
        about="So much, a little more or less.",
        example=f'SOURCE is 3 days {words} "${{date}}" within 2 seconds',
    )
    def about(
        context: ScenarioContext,
        seen: Seen,
        count: float,
        unit: int,
        other: str,
        tolerance: float,
        tolerance_unit: int,
    ) -> None:
        moment, base = parse(seen.value, seen.what), parse(other, "the other value")
        apart = _between(moment, base, seen.what).total_seconds() - sign * count * unit
        if abs(apart) > tolerance * tolerance_unit:
            raise StepFailed(
                f"{seen.what} is {abs(apart):g} s too {'late' if apart > 0 else 'early'}",
                expected=f"{count:g} x {unit} s {words} {other}",
                seen=seen.value,
            )

    @check(
        _TIMES,
        f"SOURCE is {words} {{other:string}}",
        about="By any time at all; the same moment does not count.",
        example=f'SOURCE is {words} "${{start}}"',
    )
    def beyond(context: ScenarioContext, seen: Seen, other: str) -> None:
        moment, base = parse(seen.value, seen.what), parse(other, "the other value")
        if _between(moment, base, seen.what).total_seconds() * sign <= 0:
            raise StepFailed(
                f"{seen.what} is not {words} it", expected=f"{words} {other}", seen=seen.value
            )


_distance("after", 1)
_distance("before", -1)


@phrase(
    "the response header {name:string} is a whole number between {low:int} and {high:int}",
    keyword="Then",
    about="Digits alone, both ends included; for Retry-After in seconds and their like.",
    example='Then the response header "Retry-After" is a whole number between 1 and 60',
)
def header_number(context: ScenarioContext, name: str, low: int, high: int) -> None:
    seen = _header(context, name)
    number = int(seen) if re.fullmatch(r"-?[0-9]{1,15}", seen) else None
    if number is None or not low <= number <= high:
        raise StepFailed(
            f"the header {name} is not as expected", expected=f"{low} to {high}", seen=seen
        )
