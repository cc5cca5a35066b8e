"""Setting aside: each level holds, the refusal says which and when, a cut attempt goes on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from messages_api.factory_of_runs import an_order

from factory.errors import BudgetExceeded
from factory.ledger.accounts import Accounts, Used
from factory.plan import release, reserve, settle
from factory.plan.levels import require_some
from factory.records import AgentProfile, Budget, LedgerEntry

NOON = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)


class Ledger:
    """Entries, and what is done with them at a time."""

    def __init__(self, **budget: Any) -> None:
        self.budget = Budget(**{"usd": 5, "minutes": 30, **budget})
        self.entries: list[LedgerEntry] = []

    def reserve(self, run: int, *, now=NOON, attempt=1, before=None, **order: Any) -> Budget:
        import msgspec

        wanted = msgspec.structs.replace(an_order(run, attempt, self.budget), **order)
        done = reserve(wanted, self.entries, now=now, before=before)
        self.entries += done.entries
        return done.order.budget

    def release(self, run: int, usd: float | None, *, now=NOON, tokens=0, seconds=0.0) -> None:
        total = None if usd is None else Used(nano=round(usd * 1e9), tokens=tokens, seconds=seconds)
        order = an_order(run, 1, self.budget)
        self.entries += release(order, self.entries, now=now, total=total)


def refused(ledger: Ledger, *args: Any, **facts: Any) -> BudgetExceeded:
    before = list(ledger.entries)
    with pytest.raises(BudgetExceeded) as caught:
        ledger.reserve(*args, **facts)
    assert ledger.entries == before
    return caught.value


@pytest.mark.parametrize(
    ("limits", "level", "runs"),
    [
        ({"spec_usd": 7}, "spec", (2, 4)),
        ({"day_usd": 7}, "day", (1, 2)),
        ({"factory_usd": 7}, "factory", (1, 2)),
    ],
)
def test_the_level_that_leaves_least_is_what_an_attempt_gets(limits, level, runs):
    ledger = Ledger(**limits)
    assert (ledger.reserve(runs[0]).usd, ledger.budget.usd_level) == (5, "attempt")
    second = ledger.reserve(runs[1])
    assert (second.usd, second.usd_level) == (2, level)
    error = refused(ledger, 6)
    assert error.level == level
    assert "$7.0000: $0.0000 spent, $7.0000 set aside" in error.message
    assert f"`budget: {{{level}: {{usd: …}}}}`" in error.mend
    ledger.release(runs[0], 1.5)
    assert ledger.reserve(6).usd == 3.5


@pytest.mark.parametrize("limits", [{"day_usd": 5}, {"factory_usd": 5}, {"day_tokens": 9}])
def test_a_plan_begins_nothing_that_day_or_factory_would_refuse(limits):
    ledger = Ledger(**limits)
    require_some(ledger.budget, Accounts(ledger.entries), NOON)
    ledger.reserve(1)
    with pytest.raises(BudgetExceeded) as caught:
        require_some(ledger.budget, Accounts(ledger.entries), NOON)
    error = refused(ledger, 2)
    assert str(caught.value) == str(error) and caught.value.level == error.level
    assert caught.value.frees_at == error.frees_at != ""
    ledger.release(1, 0.5, tokens=5)
    require_some(ledger.budget, Accounts(ledger.entries), NOON)


def test_near_midnight_a_plan_looks_at_both_days():
    ledger = Ledger(day_usd=5)
    before_midnight = NOON.replace(hour=23, minute=40)
    ledger.reserve(1, now=NOON + timedelta(days=1))
    require_some(ledger.budget, Accounts(ledger.entries), NOON)
    with pytest.raises(BudgetExceeded, match="2026-11-28"):
        require_some(ledger.budget, Accounts(ledger.entries), before_midnight)


def test_a_day_frees_at_midnight_or_when_an_attempt_under_way_is_settled():
    ledger = Ledger(day_usd=5)
    ledger.reserve(1)
    error = refused(ledger, 2)
    assert error.frees_at == "2026-11-27T12:35:00Z"
    assert "run again after 2026-11-27 12:35 UTC" in error.mend
    ledger.release(1, None)
    assert refused(ledger, 2).frees_at == "2026-11-28T00:00:00Z"
    assert ledger.reserve(2, now=NOON + timedelta(days=1)).usd == 5


def test_an_attempt_that_may_see_tomorrow_must_fit_into_both_days():
    late = NOON.replace(hour=23, minute=40)
    ledger = Ledger(day_usd=6)
    ledger.reserve(1, now=late)
    assert ledger.reserve(2, now=late).usd == 1
    assert refused(ledger, 3, now=late + timedelta(hours=1)).level == "day"


def test_a_crashed_attempt_counts_in_full_until_it_goes_on_or_is_settled():
    ledger = Ledger(spec_usd=8, day_usd=5)
    ledger.reserve(2)
    refused(ledger, 1)
    tomorrow = NOON + timedelta(days=1)
    assert ledger.reserve(1, now=tomorrow).usd == 5, "it does not block another day"
    going_on = ledger.reserve(
        2, now=NOON + timedelta(days=3), before=Used(nano=2_000_000_000, tokens=5)
    )
    assert going_on.usd == 5, "of which two dollars are spent"
    *_, closing, opening = ledger.entries
    assert (closing.event, closing.turn, closing.usd) == ("released", 1, 2)
    assert (opening.event, opening.turn, opening.reserved_usd) == ("reserved", 2, 3)
    ledger.release(2, 2.5, now=NOON + timedelta(days=3))
    assert ledger.entries[-1].usd == 0.5 and ledger.entries[-1].turn == 2


def test_what_is_not_known_counts_as_spent_in_full_and_twice_is_once():
    ledger = Ledger()
    ledger.reserve(1)
    ledger.release(1, None)
    assert ledger.entries[-1].usd == 5 and "not known" in ledger.entries[-1].reason
    count = len(ledger.entries)
    ledger.release(1, 0.1)
    assert len(ledger.entries) == count


@pytest.mark.parametrize("first", [3, None])
def test_each_try_on_a_machine_of_its_own_counts_by_itself(first):
    """After "Re-run all jobs" the second machine tells its own spend and knows of no other."""
    ledger = Ledger(spec_usd=15, day_usd=100)
    order = an_order(2, 1, ledger.budget)
    spent = None if first is None else Used(nano=first * 10**9, tokens=7, seconds=60.0)
    ledger.reserve(2)
    ledger.entries += settle(order, ledger.entries, now=NOON, spent=spent)
    ledger.reserve(2)
    again = Used(nano=3 * 10**9, tokens=7, seconds=60.0)
    ledger.entries += settle(order, ledger.entries, now=NOON, spent=again)
    accounts = Accounts(ledger.entries)
    assert accounts.all.nano == ((first or 5) + 3) * 10**9 and accounts.open == []
    ledger.reserve(2)  # Its runner is lost, and nobody settles it.
    ledger.reserve(4)  # Another run of the same spec.
    ledger.entries += settle(order, ledger.entries, now=NOON, spent=None)
    assert settle(order, ledger.entries, now=NOON, spent=again) == []
    refused(ledger, 6)


def test_what_may_begin_later_fits_into_the_days_until_then_and_counts_on_the_one_it_saw():
    """A build waits for a runner, or for somebody who approves, past midnight."""
    ledger = Ledger(day_usd=8)
    late = NOON.replace(hour=20)
    order = an_order(2, 1, ledger.budget)
    done = reserve(order, ledger.entries, now=late, wait=timedelta(hours=6))
    assert done.order.budget.begin_by == "2026-11-28T02:00:00Z"
    ledger.entries += done.entries
    tomorrow = late + timedelta(hours=5)
    with pytest.raises(BudgetExceeded):  # 5 of 8 USD may yet be spent on that day.
        require_some(msgspec.structs.replace(ledger.budget, day_usd=5), Accounts(ledger.entries),
                     tomorrow)  # fmt: skip
    end = tomorrow + timedelta(minutes=30)
    used = Used(nano=5 * 10**9)
    ledger.entries += settle(order, ledger.entries, now=end, spent=used)
    assert Accounts(ledger.entries).day(end.date()).nano == 5 * 10**9
    assert reserve(an_order(4, 1, Budget()), [], now=NOON).order.budget.begin_by == ""


@pytest.mark.parametrize(("hours", "left"), [(0, (5.0, "attempt")), (6, (3.0, "day"))])
def test_what_may_begin_later_gets_what_the_days_until_then_have_left(hours, left):
    ledger = Ledger(day_usd=8)
    late = NOON.replace(hour=20)
    ledger.reserve(2, now=late + timedelta(hours=8))  # 5 of 8 USD, on the day after alone.
    order = an_order(6, 1, ledger.budget)
    done = reserve(order, ledger.entries, now=late, wait=timedelta(hours=hours))
    assert (done.order.budget.usd, done.order.budget.usd_level) == left


def test_a_lost_try_is_not_paid_by_the_one_that_follows_it():
    ledger = Ledger(spec_usd=50)
    order = an_order(2, 1, ledger.budget)
    ledger.reserve(2)
    ledger.reserve(2)
    ledger.entries += settle(order, ledger.entries, now=NOON, spent=Used(nano=10**9))
    told = [(one.turn, one.usd) for one in ledger.entries if one.event == "released"]
    assert told == [(1, 5), (2, 1)]


def test_tokens_have_levels_too():
    ledger = Ledger(tokens=1000, spec_tokens=1500, day_tokens=1800)
    assert ledger.reserve(2).tokens == 1000
    second = ledger.reserve(4)
    assert (second.tokens, second.tokens_level) == (500, "spec")
    third = ledger.reserve(1)
    assert (third.tokens, third.tokens_level) == (300, "day")
    error = refused(ledger, 3)
    assert "1,800 tokens" in error.message and "`budget: {day: {tokens: …}}`" in error.mend


def test_minutes_of_a_spec_hold_building_and_evaluating_and_keep_a_share_for_judging():
    ledger = Ledger(spec_minutes=40)
    first = ledger.reserve(2)
    assert (first.minutes, first.spec_minutes) == (30, 40)
    ledger.release(2, 0, seconds=20 * 60)
    second = ledger.reserve(4)
    assert (second.minutes, second.spec_minutes) == (15, 20)
    ledger.release(4, 0, seconds=20 * 60)
    assert "40 of 40 minutes" in refused(ledger, 6).message


def test_an_agent_that_asks_no_model_sets_nothing_aside_and_is_never_refused_for_money():
    ledger = Ledger(day_usd=0.5)
    ledger.reserve(1)
    free = AgentProfile(name="again", uses="replay")
    ledger.reserve(2, agent=free)
    assert ledger.entries[-1].reserved_usd == 0
    refused(ledger, 3)


def test_what_a_try_spent_yesterday_does_not_count_today_where_it_goes_on():
    ledger = Ledger(day_usd=5, usd=4)
    ledger.reserve(1)
    tomorrow = NOON + timedelta(days=1)
    ledger.reserve(3, now=tomorrow)
    ledger.release(3, 2, now=tomorrow)
    going_on = ledger.reserve(1, now=tomorrow, before=Used(nano=2_500_000_000))
    assert going_on.usd == 4 and ledger.entries[-1].reserved_usd == 1.5
    from factory.ledger.accounts import Accounts

    accounts = Accounts(ledger.entries)
    assert accounts.day(tomorrow.date()).nano == 3_500_000_000
    assert accounts.day(NOON.date()).nano == 2_500_000_000
