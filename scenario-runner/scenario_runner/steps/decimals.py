"""Numbers as people count them: 0.3 is within 0.1 of 0.2."""

from __future__ import annotations

from decimal import Decimal
from typing import Any


def near(seen: Any, expected: Any, tolerance: Any) -> bool:
    """Whether two numbers, or their texts, differ by no more.

    Raises decimal.InvalidOperation for a text that is no number.
    """
    difference = Decimal(str(seen)) - Decimal(str(expected))
    return abs(difference) <= Decimal(str(tolerance))
