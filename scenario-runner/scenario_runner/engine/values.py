"""Types of the parameters in phrases: how each is written, checked before the run, and resolved.

`static(raw)` is called once, before anything runs, and raises ValueError with a sentence for the
author; `resolve(value, context)` is called in each scenario, only where a value holds `${name}`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from scenario_runner import strict_json
from scenario_runner.browser import roles
from scenario_runner.engine import patterns
from scenario_runner.errors import StepFailed

REFERENCE = re.compile(r"\$\{([^{}$\n]{1,100})\}")


class Memory(Protocol):
    """What resolving needs of a scenario: its remembered values by name."""

    memory: dict[str, Any]


@dataclass(frozen=True, slots=True)
class ValueType:
    name: str
    pattern: str
    static: Callable[[str], Any]
    resolve: Callable[[Any, Memory], Any]


def recall(name: str, context: Memory) -> Any:
    """The remembered value. Raises StepFailed for a name that nothing was remembered under."""
    try:
        return context.memory[name]
    except KeyError:
        known = ", ".join(sorted(context.memory)) or "nothing yet"
        raise StepFailed(
            f'nothing is remembered as "{name}" (remembered so far: {known})'
        ) from None


def as_text(value: Any) -> str:
    return value if isinstance(value, str) else strict_json.dumps(value)


def substitute(text: str, context: Memory) -> str:
    """Replace each `${name}` by the remembered value."""
    if "${" not in text:
        return text
    return REFERENCE.sub(lambda match: as_text(recall(match.group(1), context)), text)


def substitute_in_json_text(text: str, context: Memory) -> str:
    """As `substitute`, but a text goes in escaped, so that the JSON around it stays JSON."""
    if "${" not in text:
        return text

    def replacement(match: re.Match[str]) -> str:
        encoded = strict_json.dumps(recall(match.group(1), context))
        return encoded[1:-1] if encoded.startswith('"') else encoded

    return REFERENCE.sub(replacement, text)


def substitute_in_json(value: Any, context: Memory) -> Any:
    """Replace `${name}` inside the texts of a JSON value."""
    if isinstance(value, str):
        return substitute(value, context)
    if isinstance(value, list):
        return [substitute_in_json(item, context) for item in value]
    if isinstance(value, dict):
        return {key: substitute_in_json(item, context) for key, item in value.items()}
    return value


def unquote(raw: str) -> str:
    r"""Only `\"` is an escape; any other backslash stays, so that patterns read as written."""
    return raw[1:-1].replace('\\"', '"')


def _number(raw: str) -> Any:
    if raw.startswith("$"):
        return raw
    return float(raw) if "." in raw else int(raw)


def _resolve_number(value: Any, context: Memory) -> Any:
    if not isinstance(value, str):
        return value
    remembered = recall(value[2:-1], context)
    try:
        return _number(as_text(remembered))
    except ValueError:
        raise StepFailed(f"{value} is not a number", seen=remembered) from None


def _json(raw: str) -> Any:
    if REFERENCE.fullmatch(raw):
        return Reference(raw[2:-1])
    try:
        return strict_json.loads(raw)
    except ValueError as problem:
        raise ValueError(f"{raw} is not JSON: {problem}") from None


@dataclass(frozen=True, slots=True)
class Reference:
    """A JSON value that is wholly `${name}`: the remembered value with its own type."""

    name: str


def _resolve_json(value: Any, context: Memory) -> Any:
    if isinstance(value, Reference):
        return recall(value.name, context)
    return substitute_in_json(value, context)


def _regex(raw: str) -> Any:
    text = unquote(raw)
    return text if "${" in text else patterns.compile_safe(text)


def _resolve_regex(value: Any, context: Memory) -> Any:
    if isinstance(value, patterns.Pattern):
        return value
    try:
        return patterns.compile_safe(
            REFERENCE.sub(lambda m: re.escape(as_text(recall(m.group(1), context))), value)
        )
    except ValueError as problem:
        raise StepFailed(str(problem)) from None


def _keep(value: Any, context: Memory) -> Any:
    return value


_UNITS = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400, "week": 7 * 86_400}


def _seconds(raw: str) -> int:
    """How many seconds a unit of time has; a day has 24 hours."""
    return _UNITS[raw.removesuffix("s")]


def _any_of(words: Iterable[str]) -> str:
    """The longer first: "tab" must not hide "tab panel"."""
    return "|".join(sorted(words, key=lambda word: (-len(word), word)))


_QUOTED = r'"(?:[^"\\]|\\.)*"'
_REF = r"\$\{[^{}$\n]{1,100}\}"

TYPES: dict[str, ValueType] = {
    kind.name: kind
    for kind in (
        ValueType("string", _QUOTED, unquote, substitute),
        ValueType("regex", _QUOTED, _regex, _resolve_regex),
        ValueType("int", rf"-?\d{{1,12}}|{_REF}", _number, _resolve_number),
        ValueType("number", rf"-?\d{{1,12}}(?:\.\d{{1,9}})?|{_REF}", _number, _resolve_number),
        ValueType(
            "statuses",
            r"\d{3}(?:(?:, | or |, or )\d{3}){1,20}",
            lambda raw: [int(each) for each in re.findall(r"\d+", raw)],
            _keep,
        ),
        ValueType(
            "names",
            rf"{_QUOTED}(?:(?:, | and |, and | or |, or ){_QUOTED}){{0,50}}",
            lambda raw: [unquote(each) for each in re.findall(_QUOTED, raw)],
            substitute_in_json,
        ),
        ValueType("unit", "(?:second|minute|hour|day|week)s?", _seconds, _keep),
        ValueType("method", "GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS", str, _keep),
        ValueType(
            "json",
            rf"-?\d\S*|{_QUOTED}|true|false|null|\[.*\]|\{{.*\}}|{_REF}",
            _json,
            _resolve_json,
        ),
        ValueType("role", _any_of((*roles.ROLES, roles.FIELD)), str, _keep),
        ValueType(
            "roles",
            _any_of((*roles.ROLES, *map(roles.plural, roles.ROLES))),
            roles.singular,
            _keep,
        ),
        ValueType("state", _any_of(roles.STATES), str, _keep),
        ValueType("impact", "minor|moderate|serious|critical", str, _keep),
    )
}
