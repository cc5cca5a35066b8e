"""course_of: attempts, spend and time of one run, from the ledger's entries."""

from __future__ import annotations

from factory.records import LedgerEntry
from factory.verdict import Course, course_of
from factory.verdict.course import Lap
from tests.unit.verdict.test_present import order_of


def entry(event, at, attempt=1, **facts):
    order = order_of(attempt=attempt)
    return LedgerEntry.of(order, event, at=f"2026-11-22T{at}Z", **facts)


def test_attempts_come_with_spend_and_time_by_the_clock():
    entries = [
        entry("planned", "21:00:00"),
        entry("built", "21:05:00"),
        entry("released", "21:05:00", usd=0.5, seconds=200.0),
        entry("judged", "21:10:00", verdict="fail", requirements_not_met=("R2",)),
        entry("planned", "21:11:00", attempt=2),
        entry("released", "21:20:00", attempt=2, usd=0.25),
        entry("judged", "21:31:00", attempt=2, verdict="pass"),
    ]
    assert course_of(entries, order_of(attempt=2)) == Course(
        laps=(
            Lap(attempt=1, verdict="fail", not_met=("R2",), usd=0.5, seconds=600.0),
            Lap(attempt=2, verdict="pass", usd=0.25, seconds=1200.0),
        ),
        seconds=1860.0,
    )


def test_another_run_and_a_later_attempt_do_not_count():
    later = entry("judged", "23:00:00", attempt=2, verdict="pass")
    foreign = LedgerEntry(
        at="2026-11-22T20:00:00Z", event="planned", run_id="20261122t200000-ffffffff", attempt=1,
        spec_id="link-expiry", spec_version=1, spec_digest=later.spec_digest, product="shortener",
    )  # fmt: skip
    mine = [entry("planned", "21:00:00"), entry("judged", "21:01:00", verdict="fail")]
    found = course_of([foreign, *mine, later], order_of())
    assert [one.attempt for one in found.laps] == [1]
    assert found.seconds == 60.0


def test_what_is_not_in_the_ledger_is_not_known():
    assert course_of([], order_of()) == Course()
    (lap,) = course_of([entry("judged", "21:00:00", verdict="fail")], order_of()).laps
    assert (lap.usd, lap.seconds) == (None, None)


def test_a_clock_that_was_set_back_takes_no_time():
    entries = [entry("planned", "21:00:00"), entry("judged", "20:00:00", verdict="fail")]
    assert course_of(entries, order_of()).seconds == 0.0
