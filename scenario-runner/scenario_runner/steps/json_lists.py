"""What a list inside a JSON document must hold."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from scenario_runner import strict_json
from scenario_runner.engine.context import ScenarioContext
from scenario_runner.errors import StepFailed
from scenario_runner.steps.json_checks import AT, at, is_number, must
from scenario_runner.steps.sources import DOCUMENTS, Seen, check

# Each item is compared with each before it.
MAX_COMPARED = 2000


def list_at(seen: Seen, path: str) -> list[Any]:
    """Raises StepFailed."""
    found = at(seen, path)
    must(isinstance(found, list), path, "a list", found)
    return found  # type: ignore[no-any-return]


def _counted(words: str, about: str, fits: Callable[[int, int], bool]) -> None:
    @check(
        DOCUMENTS,
        f"{AT} has {words}{{count:int}} item(s)",
        about=about,
        example=f'SOURCE at "links" has {words}2 items',
    )
    def json_items(context: ScenarioContext, seen: Seen, path: str, count: int) -> None:
        found = at(seen, path)
        fit = isinstance(found, list) and fits(len(found), count)
        must(fit, path, f"{words}{count} items", found)


_counted("", "The length of a list.", lambda seen, count: seen == count)
_counted("at least ", "The length of a list.", lambda seen, count: seen >= count)
_counted("at most ", "The length of a list.", lambda seen, count: seen <= count)


@check(
    DOCUMENTS,
    f"{AT} holds an item with {{value:json}} at {{inner:string}}",
    about='Some item of the list has the value there; "" is the item itself.',
    example='SOURCE at "links" holds an item with "sale" at "code"',
)
def holds_one(context: ScenarioContext, seen: Seen, path: str, value: Any, inner: str) -> None:
    found = list_at(seen, path)
    must(any(_has(each, inner, value) for each in found), path, f"{value!r} at {inner}", found)


@check(
    DOCUMENTS,
    f"{AT} holds no item with {{value:json}} at {{inner:string}}",
    about='No item of the list has the value there; "" is the item itself.',
    example='SOURCE at "links" holds no item with "sale" at "code"',
)
def holds_none(context: ScenarioContext, seen: Seen, path: str, value: Any, inner: str) -> None:
    found = list_at(seen, path)
    held = any(_has(each, inner, value) for each in found)
    must(not held, path, f"nowhere {value!r} at {inner}", found)


@check(
    DOCUMENTS,
    f"{AT} holds only items with {{value:json}} at {{inner:string}}",
    about="The list has items, and each has the value there.",
    example='SOURCE at "links" holds only items with "open" at "state"',
)
def holds_only(context: ScenarioContext, seen: Seen, path: str, value: Any, inner: str) -> None:
    found = list_at(seen, path)
    fit = bool(found) and all(_has(each, inner, value) for each in found)
    must(fit, path, f"everywhere {value!r} at {inner}", found)


def _has(item: Any, inner: str, value: Any) -> bool:
    there, seen = strict_json.at(item, inner)
    return there and strict_json.same(seen, value)


@check(
    DOCUMENTS,
    f"{AT} has no item twice",
    about="A list whose items all differ.",
    example='SOURCE at "codes" has no item twice',
)
def no_item_twice(context: ScenarioContext, seen: Seen, path: str) -> None:
    found = list_at(seen, path)
    if len(found) > MAX_COMPARED:
        raise StepFailed(f"more than {MAX_COMPARED} items", seen=len(found))
    again = any(strict_json.same(a, b) for i, a in enumerate(found) for b in found[:i])
    must(not again, path, "no item twice", found)


def _sorted(words: str, about: str, *, inner: bool, down: bool) -> None:
    tail = " by {inner:string}" if inner else ""
    shown = ' by "date"' if inner else ""

    @check(
        DOCUMENTS,
        f"{AT} is sorted{tail}{words}",
        about=about,
        example=f'SOURCE at "links" is sorted{shown}{words}',
    )
    def is_sorted(context: ScenarioContext, seen: Seen, path: str, inner_path: str = "") -> None:
        found = list_at(seen, path)
        keys = [_key(item, inner_path) for item in found]
        if not (all(map(is_number, keys)) or all(isinstance(key, str) for key in keys)):
            raise StepFailed("only numbers, or only texts, can be sorted", seen=keys)
        wanted = sorted(keys, reverse=down)
        must(keys == wanted, path, wanted, keys)


def _key(item: Any, inner: str) -> Any:
    there, value = strict_json.at(item, inner)
    if not there:
        raise StepFailed(f'an item has nothing at "{inner}" to sort by', seen=item)
    return value


_UP = "All numbers or all texts, from low to high; equal ones may follow each other."
_DOWN = "All numbers or all texts, from high to low; equal ones may follow each other."
_sorted("", _UP, inner=False, down=False)
_sorted(" in descending order", _DOWN, inner=False, down=True)
_sorted("", _UP, inner=True, down=False)
_sorted(" in descending order", _DOWN, inner=True, down=True)
