"""Take secrets out of what is written down: the values we know, and what looks like a key."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

SHORTEST_SECRET = 6
"""A shorter value would blank out ordinary words, and guards nothing."""
REDACTED = "[redacted]"

# Key shapes as their issuers document them; each pattern is linear and of bounded length. Looking
# for the mark first, which is in every match, takes a twentieth of the pattern's time.
_SHAPES = tuple(
    (mark, re.compile(shape))
    for mark, shape in (
        ("sk-ant-", r"(?<![A-Za-z0-9])sk-ant-[A-Za-z0-9_-]{8,300}"),
        ("sk-", r"(?<![A-Za-z0-9])sk-(?:proj-)?[A-Za-z0-9_-]{20,300}"),
        *((f"gh{kind}_", rf"gh{kind}_[A-Za-z0-9]{{20,300}}") for kind in "pousr"),
        ("github_pat_", r"github_pat_[A-Za-z0-9_]{20,300}"),
        ("xox", r"xox[abprs]-[A-Za-z0-9-]{10,300}"),
        ("AKIA", r"(?<![A-Za-z0-9])AKIA[A-Z0-9]{16}(?![A-Za-z0-9])"),
        ("ASIA", r"(?<![A-Za-z0-9])ASIA[A-Z0-9]{16}(?![A-Za-z0-9])"),
        (
            "-----BEGIN ",
            r"-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[A-Za-z0-9+/=\s]{0,20000}",
        ),
    )
)


def redactor(secrets: Iterable[str] = ()) -> Callable[[Any], Any]:
    """A function that redacts strings, and the strings in lists and dicts (keys too).

    A secret of several lines is also looked for line by line.
    """
    values = {part for value in secrets for part in (value, *value.splitlines())}
    known = sorted((v for v in values if len(v) >= SHORTEST_SECRET), key=len, reverse=True)

    def redact(value: Any) -> Any:
        if isinstance(value, str):
            for secret in known:
                value = value.replace(secret, REDACTED)
            for mark, shape in _SHAPES:
                if mark in value:
                    value = shape.sub(REDACTED, value)
            return value
        if isinstance(value, dict):
            return {redact(key): redact(item) for key, item in value.items()}
        if isinstance(value, (list, tuple)):
            return [redact(item) for item in value]
        return value

    return redact
