"""What an answer's `usage` says it is to be charged for, and whether that can be true.

The other side is not trusted to count: its word is taken where an honest answer could have such
figures. Otherwise the worst case is charged. What may cost money and has no price known to us
ends the asking.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from factory.agents.prices import Tokens

LARGEST_COUNT = 10**12
"""No figure is read as more; a thousand times what any model takes."""
_COUNTS = (
    "input_tokens",
    "output_tokens",
    "cache_creation_input_tokens",
    "cache_read_input_tokens",
)
_SPLIT = "cache_creation"
_HOUR, _FIVE_MINUTES = "ephemeral_1h_input_tokens", "ephemeral_5m_input_tokens"
_HARMLESS: Mapping[str, frozenset[Any]] = {
    # Billed at the list price or below it.
    "service_tier": frozenset(("standard", "priority", "batch")),
    "speed": frozenset(("standard",)),
    "inference_geo": frozenset(("global", "not_available")),
}
_BREAKDOWNS = ("output_tokens_details",)
"""Say again what `output_tokens` holds."""


@dataclass(frozen=True, kw_only=True)
class Told:
    """A usage that was read. `tokens` is None where it is not to be believed, so that the worst
    case counts; `unpriced` names what may cost money and has no price, else it is empty.
    """

    tokens: Tokens | None = None
    unpriced: str = ""


def read_usage(
    told: Sequence[Any], *, included: Iterable[str] = (), least_prompt: int, least_output: int
) -> Told:
    """Judge what the events of one answer said of its usage. Pure.

    Args:
        told: each `usage` in the order of events, as plain values. Figures are totals so far.
        included: fields that cost nothing beyond the price, see `Price.included`.
        least_prompt: tokens that the prompt has at least, by our own count.
        least_output: tokens that were received at least, by our own count.
    """
    known = [one for one in told if isinstance(one, Mapping)]
    unpriced = next(filter(None, (_unpriced(one, frozenset(included)) for one in known)), "")
    if unpriced:
        return Told(unpriced=unpriced)
    if len(known) < len(told) or not all(_counted(one) for one in known):
        return Told()
    most = {name: max((_count(one.get(name)) for one in known), default=0) for name in _COUNTS}
    written = most["cache_creation_input_tokens"]
    splits = [one[_SPLIT] for one in known if one.get(_SPLIT)]
    hour, short = (max((_count(s.get(key)) for s in splits), default=0)
                   for key in (_HOUR, _FIVE_MINUTES))  # fmt: skip
    if hour + short > written:
        return Told()
    tokens = Tokens(
        input=most["input_tokens"],
        cache_write=written - hour,
        cache_write_1h=hour,
        cache_read=most["cache_read_input_tokens"],
        output=most["output_tokens"],
    )
    if tokens.prompt < max(least_prompt, 1) or tokens.output < max(least_output, 1):
        return Told()
    return Told(tokens=tokens)


def _unpriced(usage: Mapping[str, Any], included: frozenset[str]) -> str:
    """The first field that may cost money and has no price, with its value."""
    for name, value in usage.items():
        if name in included or name in _COUNTS or name in _BREAKDOWNS or _nothing(value):
            continue
        if name == _SPLIT and isinstance(value, Mapping):
            other = [key for key in value if key not in (_HOUR, _FIVE_MINUTES)]
            if all(_nothing(value[key]) for key in other):
                continue
        if name in _HARMLESS and isinstance(value, str) and value in _HARMLESS[name]:
            continue
        return f"{name}: {value!r}"[:200]
    return ""


def _nothing(value: Any) -> bool:
    """Whether a value of any depth holds no number but 0, and no word."""
    level = [value]
    for _ in range(8):
        flat: list[Any] = []
        for one in level:
            if isinstance(one, Mapping):
                flat += one.values()
            elif isinstance(one, (list, tuple)):
                flat += one
            elif one not in (None, 0, ""):
                return False
        if not flat:
            return True
        level = flat
    return False


def _counted(usage: Mapping[str, Any]) -> bool:
    """Whether every figure is a whole number from 0 on, or left out."""
    split = usage.get(_SPLIT)
    if split is not None and not isinstance(split, Mapping):
        return False
    values = [usage.get(name) for name in _COUNTS] + [*(split or {}).values()]
    return all(value is None or (type(value) is int and value >= 0) for value in values)


def _count(value: Any) -> int:
    return min(value, LARGEST_COUNT) if type(value) is int else 0
