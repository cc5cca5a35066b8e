"""JSON as RFC 8259 says and no more: no NaN, no key twice, limited depth.

Two readers of one document must not see two things, and a subject must not exhaust ours.
"""

from __future__ import annotations

import json
from typing import Any

MAX_DEPTH = 64


def loads(text: str | bytes) -> Any:
    """Raises ValueError with a sentence that says what is wrong."""
    if isinstance(text, bytes):
        try:
            text = text.decode("utf-8")
        except UnicodeDecodeError:
            raise ValueError("not UTF-8") from None
    _check_depth(text)
    try:
        return _DECODER.decode(text)
    except json.JSONDecodeError as problem:
        raise ValueError(f"{problem.msg} (line {problem.lineno}, column {problem.colno})") from None
    except RecursionError:
        raise ValueError(f"nested more than {MAX_DEPTH} deep") from None


def dumps(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def same(left: Any, right: Any) -> bool:
    """Equal as JSON: 1 equals 1.0, but true does not equal 1; the order of keys is free."""
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same(left[key], right[key]) for key in left)
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    return bool(left == right)


def at(value: Any, path: str) -> tuple[bool, Any]:
    """Follow `a.b.0.c`; "" is the whole value. Returns whether it is there, and what is there.

    A list is indexed by number; a dot inside a key is written with a backslash before it.
    """
    if path == "":
        return True, value
    for part in path.replace("\\.", "\0").split("."):
        key = part.replace("\0", ".")
        if isinstance(value, dict) and key in value:
            value = value[key]
        elif isinstance(value, list) and key.isascii() and key.isdigit() and len(key) < 10:
            if int(key) >= len(value):
                return False, None
            value = value[int(key)]
        else:
            return False, None
    return True, value


def _check_depth(text: str) -> None:
    if text.count("[") + text.count("{") <= MAX_DEPTH:
        return
    depth, in_string, escaped = 0, False, False
    for character in text:
        if in_string:
            if escaped:
                escaped = False
            elif character == "\\":
                escaped = True
            elif character == '"':
                in_string = False
        elif character == '"':
            in_string = True
        elif character in "[{":
            depth += 1
            if depth > MAX_DEPTH:
                raise ValueError(f"nested more than {MAX_DEPTH} deep")
        elif character in "]}":
            depth -= 1


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f'the key "{twice[:80]}" stands twice in one object')
    return result


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_constant=_no_constant)
