"""Read one field of a row. Each function returns the value or raises FieldError."""

import re
from datetime import date
from decimal import Decimal

from tally.errors import FieldError

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_ACCOUNT = re.compile(r"[\w-](?:[\w -]*[\w-])?(?::[\w-](?:[\w -]*[\w-])?)*")
_AMOUNT = re.compile(r"-?[0-9]{1,12}(?:\.[0-9]{1,4})?")
_CURRENCY = re.compile(r"[A-Z]{3}")


def read_date(text: str) -> date:
    """A day, ``YYYY-MM-DD``."""
    if _DATE.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            pass
    raise FieldError(f"date must be YYYY-MM-DD, not {text!r}")


def read_account(text: str) -> str:
    """Names joined by ``:``."""
    if not _ACCOUNT.fullmatch(text):
        raise FieldError(f"account must be names joined by ':', not {text!r}")
    return text


def read_amount(text: str) -> Decimal:
    """Up to 12 digits and up to 4 decimals after a point, exactly as written."""
    if not _AMOUNT.fullmatch(text):
        raise FieldError(f"amount must be a decimal number, not {text!r}")
    return Decimal(text)


def read_currency(text: str) -> str:
    """Three capital letters."""
    if not _CURRENCY.fullmatch(text):
        raise FieldError(f"currency must be three capital letters, not {text!r}")
    return text
