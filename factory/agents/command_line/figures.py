"""Numbers as programs report them, read strictly: what cannot be is refused, never mended."""

from __future__ import annotations

import json
from typing import Any

from factory.agents.prices import Tokens

MOST_TOKENS = 10**10
MOST_USD = 1_000_000.0
NO_TOKENS = Tokens()


class Implausible(Exception):
    """A figure, or a line, that no honest program reports; the text says which."""


def parsed(line: bytes) -> dict[str, Any]:
    """One JSON object.

    Raises:
        Implausible: something else; NaN and Infinity are no JSON.
    """
    try:
        data = json.loads(line, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise Implausible(f"a line that is no JSON: {line[:80]!r}") from error
    if not isinstance(data, dict):
        raise Implausible(f"a line that is no JSON object: {line[:80]!r}")
    return data


def mapping(value: Any, name: str) -> dict[str, Any]:
    """A JSON object within another; raises Implausible for anything else."""
    if not isinstance(value, dict):
        raise Implausible(f"`{name}` is no object")
    return value


def count(data: dict[str, Any], name: str, default: int | None = None) -> int:
    """A number of tokens; raises Implausible where it is missing (without default) or no count."""
    value = data.get(name, default)
    if type(value) is not int or not 0 <= value <= MOST_TOKENS:
        raise Implausible(f"`{name}` is {_short(value)}")
    return value


def usd(data: dict[str, Any], name: str) -> float:
    """An amount of US dollars; raises Implausible where it is missing, negative or no amount."""
    value = data.get(name)
    # Neither is True an amount, nor NaN between 0 and anything.
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= MOST_USD:
        raise Implausible(f"`{name}` is {_short(value)}")
    return float(value)


def text(value: Any) -> str:
    """What a program says where text belongs: text itself, the texts of a list, else nothing."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        parts = [part.get("text") if isinstance(part, dict) else part for part in value]
        return "\n".join(part for part in parts if isinstance(part, str))
    return ""


def added(one: Tokens, two: Tokens) -> Tokens:
    """The sum of two."""
    return Tokens(
        input=one.input + two.input,
        cache_write=one.cache_write + two.cache_write,
        cache_write_1h=one.cache_write_1h + two.cache_write_1h,
        cache_read=one.cache_read + two.cache_read,
        output=one.output + two.output,
    )


def _short(value: Any) -> str:
    try:
        shown = repr(value)
    except ValueError:  # An integer of thousands of digits.
        shown = "an integer"
    return shown if len(shown) <= 40 else shown[:37] + "..."


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is not JSON")
