"""Amounts and tables as text."""

import csv
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal


def amount_text(amount: Decimal) -> str:
    """An amount with two decimals, such as ``-12.50``."""
    return f"{amount:.2f}"


def csv_text(rows: Iterable[Sequence[str]]) -> str:
    """Rows as CSV, each ended by a newline."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()
