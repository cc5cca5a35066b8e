"""What a number inside a JSON document must be."""

from __future__ import annotations

from decimal import Decimal

from scenario_runner.engine.context import ScenarioContext
from scenario_runner.steps.decimals import near
from scenario_runner.steps.json_checks import AT, at, is_number, must
from scenario_runner.steps.sources import DOCUMENTS, Seen, check


def _number_at(seen: Seen, path: str) -> float:
    value = at(seen, path)
    must(is_number(value), path, "a number", value)
    return value  # type: ignore[no-any-return]


@check(
    DOCUMENTS,
    f"{AT} is at least {{number:number}}",
    about="A number, this one or above.",
    example='SOURCE at "visits" is at least 1',
)
def json_at_least(context: ScenarioContext, seen: Seen, path: str, number: float) -> None:
    found = _number_at(seen, path)
    must(found >= number, path, f"at least {number}", found)


@check(
    DOCUMENTS,
    f"{AT} is at most {{number:number}}",
    about="A number, this one or below.",
    example='SOURCE at "visits" is at most 10',
)
def json_at_most(context: ScenarioContext, seen: Seen, path: str, number: float) -> None:
    found = _number_at(seen, path)
    must(found <= number, path, f"at most {number}", found)


@check(
    DOCUMENTS,
    f"{AT} is between {{low:number}} and {{high:number}}",
    about="A number, both ends included.",
    example='SOURCE at "rating" is between 1 and 5',
)
def json_between(context: ScenarioContext, seen: Seen, path: str, low: float, high: float) -> None:
    found = _number_at(seen, path)
    must(low <= found <= high, path, f"between {low} and {high}", found)


@check(
    DOCUMENTS,
    f"{AT} is within {{tolerance:number}} of {{number:number}}",
    about="A number that differs by no more; counted in decimals, so 0.3 is within 0.1 of 0.2.",
    example='SOURCE at "total" is within 0.01 of 12.34',
)
def json_within(
    context: ScenarioContext, seen: Seen, path: str, tolerance: float, number: float
) -> None:
    found = _number_at(seen, path)
    must(near(found, number, tolerance), path, f"{number} ± {tolerance}", found)


def _apart(words: str, sign: int) -> None:
    @check(
        DOCUMENTS,
        f"{AT} is {{difference:number}} {words} than {{number:number}}",
        about="Exactly so much, counted in decimals.",
        example=f'SOURCE at "visits" is 1 {words} than ${{before}}',
    )
    def json_apart(
        context: ScenarioContext, seen: Seen, path: str, difference: float, number: float
    ) -> None:
        found = _number_at(seen, path)
        expected = Decimal(str(number)) + sign * Decimal(str(difference))
        must(near(found, expected, 0), path, f"{difference} {words} than {number}", found)


_apart("more", 1)
_apart("less", -1)
