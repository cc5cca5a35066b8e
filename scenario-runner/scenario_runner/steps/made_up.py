"""More values made fresh for every run, and the present time.

Each is in the private record under `generated`.
"""

from __future__ import annotations

import string
import uuid
from datetime import UTC, date, datetime, timedelta

from scenario_runner.engine.context import ScenarioContext
from scenario_runner.engine.phrases import phrase
from scenario_runner.errors import StepFailed
from scenario_runner.steps.remember import made

MAX_CHARACTERS = 100_000
# Plain letters: names that every service should take.
_FIRST = ("Ada", "Bo", "Chen", "Dina", "Emil", "Fatou", "Goran", "Hana", "Ines", "Jonas")
_LAST = ("Abel", "Berg", "Costa", "Diallo", "Evans", "Fischer", "Gupta", "Horn", "Ito", "Jansen")


@phrase(
    "a random name as {name:string}",
    keyword="Given",
    about="A person's first and last name, new in every run; few enough to come again.",
    example='Given a random name as "customer"',
)
def random_name(context: ScenarioContext, name: str) -> None:
    made(context, name, f"{context.random.choice(_FIRST)} {context.random.choice(_LAST)}")


@phrase(
    "a random text of {count:int} character(s) as {name:string}",
    keyword="Given",
    about="Letters and digits, new in every run; at most 100000.",
    example='Given a random text of 256 characters as "note"',
)
def random_text(context: ScenarioContext, count: int, name: str) -> None:
    if not 0 <= count <= MAX_CHARACTERS:
        raise StepFailed(f"a text has 0 to {MAX_CHARACTERS} characters", seen=count)
    letters = string.ascii_letters + string.digits
    made(context, name, "".join(context.random.choices(letters, k=count)))


@phrase(
    "a random UUID as {name:string}",
    keyword="Given",
    about="A version 4 UUID, new in every run.",
    example='Given a random UUID as "id"',
)
def random_uuid(context: ScenarioContext, name: str) -> None:
    value = uuid.UUID(int=context.random.getrandbits(128), version=4)
    made(context, name, str(value))


@phrase(
    "a random amount between {low:number} and {high:number} as {name:string}",
    keyword="Given",
    about="A number with two decimals, both ends included, new in every run.",
    example='Given a random amount between 0.01 and 99.99 as "price"',
)
def random_amount(context: ScenarioContext, low: float, high: float, name: str) -> None:
    if low > high:
        raise StepFailed("the first number must not be above the second", seen=[low, high])
    cents = context.random.randint(round(low * 100), round(high * 100))
    sign, cents = "-" if cents < 0 else "", abs(cents)
    made(context, name, f"{sign}{cents // 100}.{cents % 100:02d}")


@phrase(
    "a random choice of {choices:names} as {name:string}",
    keyword="Given",
    about="One of the texts, drawn anew in every run.",
    example='Given a random choice of "EUR", "USD" or "CHF" as "currency"',
)
def random_choice(context: ScenarioContext, choices: list[str], name: str) -> None:
    made(context, name, context.random.choice(choices))


@phrase(
    "a random date between {first:string} and {last:string} as {name:string}",
    keyword="Given",
    about="A day as 2024-05-01, both ends included, new in every run.",
    example='Given a random date between "2024-01-01" and "2024-12-31" as "day"',
)
def random_date(context: ScenarioContext, first: str, last: str, name: str) -> None:
    try:
        low, high = date.fromisoformat(first), date.fromisoformat(last)
    except ValueError as problem:
        raise StepFailed(f"a date reads 2024-05-01: {problem}", seen=[first, last]) from None
    if low > high:
        raise StepFailed("the first date must not be after the second", seen=[first, last])
    days = context.random.randint(0, (high - low).days)
    made(context, name, (low + timedelta(days=days)).isoformat())


@phrase(
    "the time now as {name:string}",
    keyword="Given",
    about="The present time in UTC, as 2024-05-01T12:30:00Z.",
    example='Given the time now as "start"',
)
def time_now(context: ScenarioContext, name: str) -> None:
    made(context, name, _written(datetime.now(UTC)))


@phrase(
    "the time {count:int} {unit:unit} from now as {name:string}",
    keyword="Given",
    about="In UTC, as 2024-05-01T12:30:00Z; a number below 0 lies in the past.",
    example='Given the time 2 hours from now as "start"',
)
def time_from_now(context: ScenarioContext, count: int, unit: int, name: str) -> None:
    try:
        moment = datetime.now(UTC) + timedelta(seconds=count * unit)
    except OverflowError:
        raise StepFailed("that time is out of the calendar", seen=count) from None
    made(context, name, _written(moment))


@phrase(
    "the date {count:int} day(s) from today as {name:string}",
    keyword="Given",
    about="Today is the day in UTC, and the date reads 2024-05-01; 0 is today, -1 yesterday.",
    example='Given the date 3 days from today as "due"',
)
def date_from_today(context: ScenarioContext, count: int, name: str) -> None:
    try:
        day = datetime.now(UTC).date() + timedelta(days=count)
    except OverflowError:
        raise StepFailed("that date is out of the calendar", seen=count) from None
    made(context, name, day.isoformat())


def _written(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
