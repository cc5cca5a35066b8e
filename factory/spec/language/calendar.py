"""Months, days of the week and hours, as they are written."""

from __future__ import annotations

from factory.spec.language.late import late

MOMENT = "moment of the week"
"""The dimension of a claim that says when in the week, or in a day, something happens."""

# In lower case and in their order.
MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_CLOCK = late(r"([0-2]?\d):([0-5]\d)\Z")


def minutes(word: str) -> int | None:
    """The minutes since midnight of `06:30`; None of another word."""
    found = _CLOCK.match(word)
    return int(found[1]) * 60 + int(found[2]) if found else None
