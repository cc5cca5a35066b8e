"""What the ledger's entries come to on each level: whatever may have been spent counts."""

from __future__ import annotations

from datetime import date

import pytest

from factory.ledger.accounts import Accounts, Used
from factory.records import LedgerEntry

FRIDAY, SATURDAY, SUNDAY = date(2026, 11, 27), date(2026, 11, 28), date(2026, 11, 29)


def entry(event: str, at: str, **facts: object) -> LedgerEntry:
    return LedgerEntry(
        at=f"2026-11-{at}Z",
        event=event,  # type: ignore[arg-type]
        run_id="20261122t211008-0123abcd",
        attempt=1,
        spec_id="first",
        spec_version=1,
        spec_digest="sha256:" + "1" * 64,
        product="p",
        **facts,  # type: ignore[arg-type]
    )


def reserved(at: str = "27T12:00:00", usd: float = 5, minutes: float = 30) -> LedgerEntry:
    return entry("reserved", at, reserved_usd=usd, reserved_seconds=minutes * 60)


def on(*entries: LedgerEntry) -> list[float]:
    accounts = Accounts(entries)
    return [accounts.day(day).nano / 1e9 for day in (FRIDAY, SATURDAY, SUNDAY)]


def test_what_is_set_aside_counts_until_it_is_settled_and_then_what_was_spent():
    closing = entry("released", "27T12:20:00", usd=0.5)
    assert on(reserved()) == [5, 0, 0]
    assert on(reserved(), closing) == on(closing, reserved()) == [0.5, 0, 0]
    accounts = Accounts([reserved(), closing])
    assert accounts.spec("first", 1).nano == accounts.all.nano == 500_000_000
    assert accounts.spec("first", 2) == Used() and accounts.open == []


def test_a_reservation_of_a_crashed_job_blocks_the_days_it_may_have_spent_on_and_no_other():
    assert on(reserved()) == [5, 0, 0]
    assert Accounts([reserved()]).all.nano == 5_000_000_000, "it is never forgotten"


@pytest.mark.parametrize(
    ("at", "expected"),
    [("27T23:15:00", [5, 0, 0]), ("27T23:21:00", [5, 5, 0]), ("28T00:03:00", [5, 5, 0])],
)
def test_near_midnight_it_counts_on_both_days(at, expected):
    """Thirty minutes, five to end in, and clocks that may be five apart."""
    assert on(reserved(at)) == expected


def test_an_attempt_that_ends_on_another_day_counts_on_both():
    closing = entry("released", "28T00:20:00", usd=0.5)
    assert on(reserved("27T23:50:00"), closing) == [0.5, 0.5, 0]


def test_a_settled_figure_closes_the_reservation_it_names_and_no_other():
    first, second = reserved(usd=5), entry("reserved", "27T12:05:00", reserved_usd=1, turn=2)
    closing = entry("released", "27T12:05:00", usd=0.25)
    assert on(first, closing, second) == [1.25, 0, 0]


def test_spend_without_a_reservation_counts_too():
    assert on(entry("built", "27T12:00:00", usd=2)) == [2, 0, 0]
    assert on(entry("judged", "29T12:00:00", usd=0.1)) == [0, 0, 0.1]


def test_minutes_of_an_evaluation_count_for_the_spec_and_move_no_money_to_its_day():
    closing = entry("released", "27T12:20:00", usd=0.5, seconds=60)
    judged = entry("judged", "29T12:00:00", seconds=120)
    assert on(reserved(), closing, judged) == [0.5, 0, 0]
    assert Accounts([reserved(), closing, judged]).spec("first", 1).seconds == 180
