"""What a JSON document must hold, wherever it came from.

Paths read `a.b.0.c`; "" is the whole document.
"""

from __future__ import annotations

from typing import Any

from scenario_runner import strict_json
from scenario_runner.engine import patterns
from scenario_runner.engine.context import ScenarioContext
from scenario_runner.engine.phrases import phrase
from scenario_runner.errors import StepFailed
from scenario_runner.steps.sources import DOCUMENTS, Seen, check, response_json

AT = "SOURCE at {path:string}"


def at(seen: Seen, path: str) -> Any:
    """Raises StepFailed when nothing is there."""
    there, value = strict_json.at(seen.value, path)
    if not there:
        raise StepFailed(f'the JSON has nothing at "{path}"', seen=seen.value)
    return value


def must(condition: bool, path: str, expected: object, seen: object) -> None:
    if not condition:
        raise StepFailed(f'the JSON at "{path}" is not as expected', expected=expected, seen=seen)


def is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


@check(
    DOCUMENTS,
    f"{AT} is {{value:json}}",
    about='A JSON value: 3, true, null, "text", a list or an object. 3 equals 3.0.',
    example='SOURCE at "links.0.visits" is 3',
)
def json_is(context: ScenarioContext, seen: Seen, path: str, value: Any) -> None:
    found = at(seen, path)
    must(strict_json.same(found, value), path, value, found)


@check(
    DOCUMENTS,
    f"{AT} is not {{value:json}}",
    about="Something is there, and it is another JSON value.",
    example='SOURCE at "code" is not "${first}"',
)
def json_is_not(context: ScenarioContext, seen: Seen, path: str, value: Any) -> None:
    found = at(seen, path)
    must(not strict_json.same(found, value), path, f"not {value!r}", found)


@check(
    DOCUMENTS,
    f"{AT} is:",
    about="The JSON value of the doc string; the order of keys and white space do not count.",
    example='SOURCE at "owner" is:\n  """\n  {"name": "Ann"}\n  """',
    takes="json",
)
def json_is_block(context: ScenarioContext, seen: Seen, path: str, text: str) -> None:
    json_is(context, seen, path, strict_json.loads(text))


@check(
    DOCUMENTS,
    f"{AT} includes:",
    about="All that the doc string says is there; an object may have further keys, at any depth. "
    "Lists are compared item by item and have no further items.",
    example='SOURCE at "owner" includes:\n  """\n  {"name": "Ann"}\n  """',
    takes="json",
)
def json_includes(context: ScenarioContext, seen: Seen, path: str, text: str) -> None:
    found, expected = at(seen, path), strict_json.loads(text)
    must(_includes(found, expected), path, expected, found)


def _includes(seen: Any, expected: Any) -> bool:
    if isinstance(seen, dict) and isinstance(expected, dict):
        return all(key in seen and _includes(seen[key], expected[key]) for key in expected)
    if isinstance(seen, list) and isinstance(expected, list):
        return len(seen) == len(expected) and all(map(_includes, seen, expected))
    return strict_json.same(seen, expected)


@check(
    DOCUMENTS,
    f"{AT} is present",
    about="Something is there, null included.",
    example='SOURCE at "expires_at" is present',
)
def json_present(context: ScenarioContext, seen: Seen, path: str) -> None:
    at(seen, path)


@check(
    DOCUMENTS,
    f"{AT} is absent",
    about="Nothing is there; null is something.",
    example='SOURCE at "password" is absent',
)
def json_absent(context: ScenarioContext, seen: Seen, path: str) -> None:
    there, value = strict_json.at(seen.value, path)
    must(not there, path, "nothing", value)


def _type_check(words: str, about: str, example: str, fits: Any) -> None:
    @check(DOCUMENTS, f"{AT} is {words}", about=about, example=f"SOURCE at {example} is {words}")
    def json_type(context: ScenarioContext, seen: Seen, path: str) -> None:
        found = at(seen, path)
        must(fits(found), path, words, found)


_type_check("a number", "Any JSON number.", '"visits"', is_number)
_type_check(
    "a whole number",
    "A JSON number without a fraction; 3.0 is one.",
    '"visits"',
    lambda value: is_number(value) and value == value // 1,
)
_type_check("a string", "Any JSON text.", '"code"', lambda value: isinstance(value, str))
_type_check("a boolean", "true or false.", '"open"', lambda value: isinstance(value, bool))
_type_check("a list", "Any JSON list.", '"links"', lambda value: isinstance(value, list))
_type_check("an object", "Any JSON object.", '"error"', lambda value: isinstance(value, dict))
_type_check(
    "empty",
    "A text, list or object with nothing in it.",
    '"links"',
    lambda value: isinstance(value, (str, list, dict)) and not value,
)


@check(
    DOCUMENTS,
    f"{AT} matches {{pattern:regex}}",
    about="A regular expression found anywhere in the text (anchor it with ^ and $).",
    example='SOURCE at "code" matches "^[a-z0-9]{6}$"',
)
def json_matches(
    context: ScenarioContext, seen: Seen, path: str, pattern: patterns.Pattern
) -> None:
    found = at(seen, path)
    fits = isinstance(found, str) and patterns.search(pattern, found)
    must(fits, path, pattern.pattern, found)


@check(
    DOCUMENTS,
    f"{AT} does not match {{pattern:regex}}",
    about="A text in which the regular expression is found nowhere.",
    example='SOURCE at "name" does not match "[<>]"',
)
def json_no_match(
    context: ScenarioContext, seen: Seen, path: str, pattern: patterns.Pattern
) -> None:
    found = at(seen, path)
    fits = isinstance(found, str) and not patterns.search(pattern, found)
    must(fits, path, f"a text without {pattern.pattern}", found)


@check(
    DOCUMENTS,
    f"{AT} contains {{text:string}}",
    about="A text that holds the text, or a list that has it as an item.",
    example='SOURCE at "error" contains "alias"',
)
def json_contains(context: ScenarioContext, seen: Seen, path: str, text: str) -> None:
    found = at(seen, path)
    must(isinstance(found, (str, list)) and text in found, path, text, found)


@check(
    DOCUMENTS,
    f"{AT} does not contain {{text:string}}",
    about="A text that lacks the text, or a list that lacks it as an item.",
    example='SOURCE at "error" does not contain "Traceback"',
)
def json_lacks(context: ScenarioContext, seen: Seen, path: str, text: str) -> None:
    found = at(seen, path)
    must(isinstance(found, (str, list)) and text not in found, path, f"not {text}", found)


@check(
    DOCUMENTS,
    f"{AT} has {{count:int}} character(s)",
    about="The length of a text; a letter with its accent may count as two.",
    example='SOURCE at "code" has 6 characters',
)
def json_characters(context: ScenarioContext, seen: Seen, path: str, count: int) -> None:
    found = at(seen, path)
    must(isinstance(found, str) and len(found) == count, path, f"{count} characters", found)


@check(
    DOCUMENTS,
    f"{AT} has exactly the keys {{names:names}}",
    about="An object with these keys and no other, in any order.",
    example='SOURCE at "owner" has exactly the keys "id", "name" and "email"',
)
def json_exact_keys(context: ScenarioContext, seen: Seen, path: str, names: list[str]) -> None:
    found = at(seen, path)
    keys = sorted(found) if isinstance(found, dict) else found
    must(keys == sorted(set(names)), path, sorted(set(names)), keys)


@check(
    DOCUMENTS,
    f"{AT} has the keys {{names:names}}",
    about="An object with these keys at least.",
    example='SOURCE at "owner" has the keys "id" and "name"',
)
def json_keys(context: ScenarioContext, seen: Seen, path: str, names: list[str]) -> None:
    found = at(seen, path)
    must(isinstance(found, dict) and all(name in found for name in names), path, names, found)


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
        must(there, path, "a value in every response", "nothing in one")
        seen.append(strict_json.dumps(value))
    must(len(set(seen)) == len(seen), path, "no value twice", seen)
