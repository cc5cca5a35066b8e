"""Words, references and JSON in what scenarios hold."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

# No step of the library begins so: what holds such a step is refused before it runs.
UNWRITTEN = "to be written: "
REFERENCE = re.compile(r"\$\{[^{}$\n]{1,100}\}")
_STRING_OR_MADE = re.compile(
    r'"(?:[^"\\]|\\.)*"|[-\w.]{0,100}(?:\$\{[^{}$\n]{1,100}\}[-\w.]{0,100})+'
)
WORD = re.compile(r"[^\W\d_]\w+")
METHOD = "GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS"
HEADER = re.compile(r"`([A-Z][A-Za-z]*(?:-[A-Z][A-Za-z]*)*): ([^`]{1,200})`")


def pieces(text: str) -> list[str]:
    """What stands between the `${name}` of a text."""
    return [one for one in REFERENCE.split(text) if one]


def parsed(text: str) -> Any:
    """A text as JSON, in which `${name}` outside a text makes one; None where it is none."""
    if "${" in text:
        text = _STRING_OR_MADE.sub(lambda one: one[0] if one[0][0] == '"' else f'"{one[0]}"', text)
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def keys(value: Any) -> Iterator[str]:
    """Every key of the objects in a JSON value."""
    for one in _parts(value):
        if isinstance(one, dict):
            yield from one


def leaves(value: Any) -> Iterator[str]:
    """Every text and number in a JSON value, as text."""
    for one in _parts(value):
        if isinstance(one, (str, int, float)) and not isinstance(one, bool):
            yield str(one)


def _parts(value: Any) -> Iterator[Any]:
    """The value and all values in it, however deep, without recursion."""
    left = [value]
    while left:
        one = left.pop()
        yield one
        if isinstance(one, dict):
            left += reversed(one.values())
        elif isinstance(one, list):
            left += reversed(one)
