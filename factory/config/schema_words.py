"""A person's words for what does not fit a JSON Schema: what it is, and what to write instead.

A schema's `form`, an annotation of ours, says what a value looks like, as something that one can
write; where it has none, its `description` does.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

_LONGEST_SHOWN = 60
_TYPES = {
    "object": "a mapping",
    "array": "a list",
    "string": "a text",
    "integer": "a whole number",
    "number": "a number",
}
_HOW = {"object": ": `key: value` on each line", "array": ": `- ` before each of its items"}
_NONE = {"object": ", `{}` for none", "array": ", `[]` for none"}


class _Bound(NamedTuple):
    """What a value is that breaks a bound, and what to write instead."""

    fault: str
    mend: str


_BOUNDS = {
    "minimum": _Bound("below", "at least"),
    "maximum": _Bound("above", "at most"),
    "exclusiveMinimum": _Bound("not above", "more than"),
    "exclusiveMaximum": _Bound("not below", "less than"),
}
_LISTED = re.compile(r"[A-Za-z][\w-]*(?:, *[A-Za-z][\w-]*)*")

Key = tuple[str | int, ...]


class Said(NamedTuple):
    """`key` is the path to what it is about: to its value, or to the key itself where `at_key`."""

    message: str
    mend: str
    key: Key
    at_key: bool = False


def said_of(error: Any, key: Key) -> Iterator[Said]:
    """What is to be said of an error of jsonschema about the value at `key`."""
    name = ".".join(str(part) for part in key) or "the document"
    kind, wanted, value, schema = (
        error.validator, error.validator_value, error.instance, error.schema
    )  # fmt: skip
    if kind == "required":
        # There is an error for each that is missing, and only its message says for which.
        for missing in wanted:
            if error.message.startswith(repr(missing)):
                yield Said(f"{name} lacks the key {missing!r}", f"add `{missing}:`", key)
    elif kind == "additionalProperties":
        allowed = sorted(schema.get("properties", {}))
        for extra in value:
            if extra not in allowed:
                message = f"{name} has the unknown key {extra!r}"
                yield Said(message, _nearest(str(extra), allowed), (*key, str(extra)), True)
    elif "propertyNames" in error.schema_path:
        yield Said(f"{name} has the key {value!r}", _form(schema, value), (*key, str(value)), True)
    elif kind == "not":
        mend = str(schema.get("description", "remove it"))
        yield Said(f"{name} does not belong here", mend, key, True)
    elif kind == "type":
        yield Said(f"{name} is {shown(value)}", _of_type(wanted, value, schema), key)
    else:
        yield Said(f"{name} {_fault(kind, wanted, value)}", _mend(kind, wanted, value, schema), key)


def shown(value: Any) -> str:
    """A value as one would write it on one line, cut where it is long."""
    if value is None:
        return "empty"
    if isinstance(value, str):
        text = repr(value)
    else:
        written = json.dumps(value, ensure_ascii=False, default=str)
        text = "".join(one if one.isprintable() else "?" for one in written)
    return text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 3] + "..."


def _fault(kind: str, wanted: Any, value: Any) -> str:
    if kind in ("minLength", "minItems", "minProperties"):
        return f"is {shown(value)}, which is too short" if value else "is empty"
    if kind in ("maxLength", "maxItems", "maxProperties"):
        return "is too long"
    if kind == "uniqueItems":
        return "holds the same item twice"
    if kind in _BOUNDS:
        return f"is {shown(value)}, which is {_BOUNDS[kind].fault} {wanted}"
    return f"is {shown(value)}"


def _mend(kind: str, wanted: Any, value: Any, schema: Mapping[str, Any]) -> str:
    if kind == "enum":
        return f"use one of: {', '.join(str(one) for one in wanted)}"
    if kind == "const":
        unquoted = ", without quotes" if isinstance(value, str) and value == str(wanted) else ""
        return f"write {shown(wanted)}{unquoted}"
    if kind == "uniqueItems":
        return "remove one of the two"
    if kind in _BOUNDS and "form" not in schema and "description" not in schema:
        return f"write {_BOUNDS[kind].mend} {wanted}"
    return _form(schema, value)


def _form(schema: Mapping[str, Any], value: Any) -> str:
    """What to write, with the nearest to what stands there that fits."""
    pattern = schema.get("pattern", "")
    form = str(schema.get("form") or schema.get("description") or "")
    if not form:
        return f"write what matches {pattern}" if pattern else "write another value"
    if form[1:2].islower() or form[1:2] == " ":
        form = form[:1].lower() + form[1:]
    form = form.removesuffix(".")
    if pattern and isinstance(value, str):
        close = re.sub(r"[^a-z0-9]+", "-", value.lower()).strip("-")
        if close and close != value and re.search(pattern, close):
            return f"write `{close}`: {form}"
    return f"write {form}"


def _of_type(wanted: Any, value: Any, schema: Mapping[str, Any]) -> str:
    kinds = wanted if isinstance(wanted, list) else [wanted]
    what = " or ".join(_TYPES.get(kind, f"a {kind}") for kind in kinds)
    first = str(kinds[0])
    if value is None:
        return f"write {what} here{_NONE.get(first, '')}"
    if len(kinds) > 1:
        return f"write {what} here"
    if isinstance(value, str) and first in ("integer", "number"):
        whole = re.fullmatch(r"-?\d{1,15}", value)
        plain = whole or (first == "number" and re.fullmatch(r"-?\d{1,15}\.\d{1,15}", value))
        return f"write {what} here: {value}, without quotes" if plain else f"write {what} here"
    if isinstance(value, float) and first == "integer" and value.is_integer():
        return f"write {what} here: {value:.0f}"
    if first == "string" and isinstance(value, int | float):
        return f"write {what} here: put it in quotes"
    items = schema.get("items", {})
    of_texts = items.get("type") == "string" or "$ref" in items
    if first == "array" and of_texts and isinstance(value, str) and _LISTED.fullmatch(value):
        return f"write {what} here: `[{value}]`"
    return f"write {what} here{_HOW.get(first, '')}"


def _nearest(word: str, allowed: list[str]) -> str:
    import difflib

    close = difflib.get_close_matches(word, allowed, n=1)
    return f"did you mean `{close[0]}`?" if close else f"known keys: {', '.join(allowed)}"
