"""Words, references and JSON in what scenarios hold."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

REFERENCE = re.compile(r"\$\{[^{}$\n]{1,100}\}")
_STRING_OR_MADE = re.compile(r'"(?:[^"\\]|\\.)*"|[-\w.]*(?:\$\{[^{}$\n]{1,100}\}[-\w.]*)+')
WORD = re.compile(r"[^\W\d_]\w+")


def pieces(text: str) -> list[str]:
    """What stands between the `${name}` of a text."""
    return [one for one in REFERENCE.split(text) if one]


def parsed(text: str) -> Any:
    """A text as JSON, in which `${name}` outside a text makes one; None where it is none."""
    quoted = _STRING_OR_MADE.sub(lambda one: one[0] if one[0][0] == '"' else f'"{one[0]}"', text)
    try:
        return json.loads(quoted)
    except (ValueError, RecursionError):
        return None


def keys(value: Any) -> Iterator[str]:
    """Every key of the objects in a JSON value."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from keys(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from keys(inner)


def leaves(value: Any) -> Iterator[str]:
    """Every text and number in a JSON value, as text."""
    if isinstance(value, dict):
        for inner in value.values():
            yield from leaves(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from leaves(inner)
    elif isinstance(value, (str, int, float)) and not isinstance(value, bool):
        yield str(value)
