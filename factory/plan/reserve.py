"""Set an attempt's budget aside on the ledger before its first request, and close it after.

Both decide purely on the ledger's entries; whoever appends what they return does so by compare
and swap, so that of two attempts for the last dollar one is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec

from factory import money
from factory.ledger.accounts import MARGIN, Accounts, Used, unsettled
from factory.moment import moment_text
from factory.plan.levels import Span, minutes_left, tokens_left, usd_left
from factory.records import LedgerEntry, WorkOrder

FREE_AGENTS = ("replay",)
"""Kinds of agents that never ask a model."""


@dataclass(frozen=True, kw_only=True)
class Reserved:
    """`order` with its budget lowered to what was set aside, and the entries that say so."""

    order: WorkOrder
    entries: tuple[LedgerEntry, ...]


def reserve(
    order: WorkOrder,
    entries: Sequence[LedgerEntry],
    *,
    now: datetime,
    before: Used | None = None,
    besides: Used | None = None,
    wait: timedelta = timedelta(0),
) -> Reserved:
    """Set aside what an attempt may use: its own limits, or what a wider level has left.

    Args:
        order: as planned.
        entries: the whole ledger, or of it what `Entries.counting` gives.
        now: the time of this machine.
        before: what earlier tries at this very attempt have used, where they were cut short and
            that is known. It closes their reservations; otherwise those count in full.
        besides: what was used in the runs of which there are no entries here.
        wait: how much later than now the attempt may begin, where another machine builds it. It
            must fit into the days until then too.

    Raises:
        BudgetExceeded: a level leaves nothing; says which, how much, and when that changes.
    """
    mine = _of_attempt(order, entries)
    closing = _closing(order, mine, before, now) if before is not None else []
    accounts = Accounts([*entries, *closing], besides)
    used = before or Used()
    minutes, spec_minutes = minutes_left(order, accounts)
    span = Span(begins=now, ends=now + timedelta(minutes=minutes) + wait + MARGIN)
    free = order.merges is not None or order.agent.uses in FREE_AGENTS
    budget = order.budget
    nano, usd_level = money.limit(budget.usd), budget.usd_level
    tokens, tokens_level = budget.tokens, budget.tokens_level
    if not free:
        usd = usd_left(order, accounts, used, span)
        nano, usd_level = usd.left + used.nano, usd.level
        count = tokens_left(order, accounts, used, span)
        if count:
            tokens, tokens_level = count.left + used.tokens, count.level
    granted = msgspec.structs.replace(
        budget,
        usd=money.dollars(nano),
        tokens=tokens,
        minutes=minutes,
        spec_minutes=spec_minutes,
        usd_level=usd_level,
        tokens_level=tokens_level,
        begin_by=moment_text(now + wait) if wait else "",
    )
    opening = LedgerEntry.of(
        order,
        "reserved",
        at=moment_text(now),
        turn=1 + sum(one.event == "reserved" for one in mine),
        agent=order.agent.name,
        reserved_usd=0.0 if free else money.dollars(nano - used.nano),
        reserved_tokens=0 if free or tokens is None else tokens - used.tokens,
        reserved_seconds=minutes * 60 + wait.total_seconds(),
    )
    return Reserved(
        order=msgspec.structs.replace(order, budget=granted), entries=(*closing, opening)
    )


def release(
    order: WorkOrder, entries: Iterable[LedgerEntry], *, now: datetime, total: Used | None
) -> list[LedgerEntry]:
    """What closes an attempt's reservations; nothing where they are closed or were never made.

    Args:
        order: the attempt's.
        entries: those of the run, or more.
        now: the time of this machine.
        total: what all tries at this attempt have used; None where that is not known, so that
            all that was set aside counts as spent.
    """
    mine = _of_attempt(order, entries)
    return _closing(order, mine, total, now)


def settle(
    order: WorkOrder, entries: Iterable[LedgerEntry], *, now: datetime, spent: Used | None
) -> list[LedgerEntry]:
    """As `release`, where each try runs on a machine of its own and knows its own spend alone.

    The newest reservation is closed with what its try has used. What tries before it had set aside
    and never settled counts as spent in full.

    Args:
        order, entries, now: as for `release`.
        spent: what the newest try has used; None where that is not known.
    """
    mine = _of_attempt(order, entries)
    newest = max((one.turn for one in mine if one.event == "reserved"), default=0)
    closing = []
    for one in unsettled(mine):
        used = spent if one.turn == newest else None
        closing += _closing(order, [one], used, now)
    return closing


def reserved_for(order: WorkOrder, entries: Iterable[LedgerEntry]) -> bool:
    """Whether the ledger has a reservation, open or closed, of this attempt."""
    return any(one.event == "reserved" for one in _of_attempt(order, entries))


def _of_attempt(order: WorkOrder, entries: Iterable[LedgerEntry]) -> list[LedgerEntry]:
    return [one for one in entries if (one.run_id, one.attempt) == (order.run_id, order.attempt)]


def _closing(
    order: WorkOrder, mine: Sequence[LedgerEntry], total: Used | None, now: datetime
) -> list[LedgerEntry]:
    """One `released` for each reservation that is open; the first takes what was not charged."""
    left = unsettled(mine)
    released = [one for one in mine if one.event == "released"]
    closing = []
    for one in left:
        if total is None:
            nano, tokens = money.charge(one.reserved_usd), one.reserved_tokens
            seconds, reason = one.reserved_seconds, "what it spent is not known"
        else:
            nano = total.nano - sum(money.charge(other.usd) for other in released)
            tokens = total.tokens - sum(other.tokens for other in released)
            seconds = total.seconds - sum(other.seconds for other in released)
            reason = ""
        entry = LedgerEntry.of(
            order,
            "released",
            at=moment_text(now),
            agent=order.agent.name,
            turn=one.turn,
            usd=money.dollars(max(nano, 0)),
            tokens=max(tokens, 0),
            seconds=round(max(seconds, 0.0), 3),
            reason=reason,
        )
        released.append(entry)
        closing.append(entry)
    return closing
