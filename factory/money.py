"""Money in whole nano-dollars: charges are rounded up, limits down, so that no sum is too kind.

A nano-dollar is exact for every price that a token has. Records and files hold US dollars.
"""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

NANO = 1_000_000_000
"""Nano-dollars in a dollar."""


def charge(usd: float) -> int:
    """US dollars spent, in nano-dollars, rounded up."""
    return int((Decimal(str(usd)) * NANO).to_integral_value(ROUND_CEILING))


def limit(usd: float) -> int:
    """US dollars that may be spent, in nano-dollars, rounded down."""
    return int((Decimal(str(usd)) * NANO).to_integral_value(ROUND_FLOOR))


def dollars(nano: int) -> float:
    """Nano-dollars as US dollars, for a record; `charge` of it gives the same again."""
    return nano / NANO


def said(nano: int, *, places: int = 4) -> str:
    """`$1.2500`, for a message: to the ten-thousandth of a dollar, rounded up."""
    step = 10 ** (9 - places)
    return f"${-(-nano // step) / 10**places:,.{places}f}"
