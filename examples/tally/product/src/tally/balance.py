"""Balances: the sum of all amounts, for each account and currency."""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

from tally.ledger import Entry


def balances(entries: Iterable[Entry]) -> list[tuple[str, str, Decimal]]:
    """(account, currency, sum), sorted by account, then currency."""
    sums: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for entry in entries:
        sums[entry.account, entry.currency] += entry.amount
    return [(account, currency, total) for (account, currency), total in sorted(sums.items())]
