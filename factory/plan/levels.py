"""What each level of the budget leaves for an attempt, and the refusal where that is nothing. Pure.

Levels: the attempt itself, its spec version, each day that it may see, the whole factory.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from factory import money
from factory.errors import BudgetExceeded
from factory.ledger.accounts import MARGIN, Accounts, Used, days
from factory.moment import moment_text
from factory.records import Budget, WorkOrder
from factory.records.work_order import Level

SMALLEST_NANO = money.NANO // 100
"""With less than a cent nothing is begun."""
BUILDING_SHARE = 0.75
"""Of the minutes that a spec has left, an agent gets so much; the rest is for judging its work."""
_Kind = Literal["nano", "tokens"]


@dataclass(frozen=True, kw_only=True)
class Span:
    """From when to when an attempt may spend."""

    begins: datetime
    ends: datetime


@dataclass(frozen=True, kw_only=True)
class Room:
    """What one level leaves. `frees` is when it may leave more, None where only people can.

    `name` is whose level it is, as in "the limit of …".
    """

    level: Level
    limit: int
    left: int
    open: int
    frees: datetime | None
    name: str


def usd_left(order: WorkOrder, accounts: Accounts, before: Used, span: Span) -> Room:
    """The level that leaves least money, in nano-dollars.

    Args:
        order: its budget holds the limits.
        accounts: of the whole ledger.
        before: what earlier tries at this very attempt have used.
        span: when it may spend.

    Raises:
        BudgetExceeded: less than a cent is left; says of which level, and when that changes.
    """
    room = _least(_usd_rooms(order, accounts, before, span.begins, span.ends))
    if room.left < min(SMALLEST_NANO, room.limit):
        raise _refusal(room, _usd, "usd")
    return room


def tokens_left(order: WorkOrder, accounts: Accounts, before: Used, span: Span) -> Room | None:
    """The level that leaves fewest tokens; None where no level has a limit. As `usd_left`."""
    rooms = _token_rooms(order, accounts, before, span.begins, span.ends)
    if not rooms:
        return None
    room = _least(rooms)
    if room.left <= 0:
        raise _refusal(room, _tokens, "tokens")
    return room


def require_some(budget: Budget, accounts: Accounts, now: datetime) -> None:
    """See that day and factory leave something for whatever is to be begun.

    It looks at the days that an attempt may see, so that what passes here is not refused later.

    Raises:
        BudgetExceeded: one leaves nothing. As `usd_left`; its `level` is never attempt or spec.
    """
    until = now + timedelta(minutes=budget.minutes) + MARGIN
    for room in _wide_usd_rooms(budget, accounts, now, until):
        if room.left < min(SMALLEST_NANO, room.limit):
            raise _refusal(room, _usd, "usd")
    if budget.day_tokens is not None:
        for room in _day_rooms(accounts, budget.day_tokens, "tokens", now, until):
            if room.left <= 0:
                raise _refusal(room, _tokens, "tokens")


def minutes_left(order: WorkOrder, accounts: Accounts) -> tuple[float, float | None]:
    """(what the agent may work, what it and the evaluation may take together), in minutes.

    Raises:
        BudgetExceeded: the spec has none left.
    """
    budget = order.budget
    if budget.spec_minutes is None:
        return budget.minutes, None
    used = accounts.spec(order.spec.id, order.spec.version).seconds / 60
    left = budget.spec_minutes - used
    if left <= 0:
        raise _exceeded(
            f"{order.spec.id}: {used:.0f} of {budget.spec_minutes:g} minutes of building and "
            "evaluating are used for this version, by all attempts together; nothing is left",
            mend="raise `budget: {spec: {minutes: …}}` in factory.yml",
            level="spec",
        )
    return min(budget.minutes, left * BUILDING_SHARE), left


def _usd_rooms(
    order: WorkOrder, accounts: Accounts, before: Used, now: datetime, until: datetime
) -> list[Room]:
    budget = order.budget
    spec = max(accounts.spec(order.spec.id, order.spec.version).nano, money.charge(order.spent_usd))
    own, spec_limit = money.limit(budget.usd), money.limit(budget.spec_usd)
    rooms = [
        Room(level="attempt", limit=own, left=own - before.nano, open=0, frees=None,
             name=_this(order)),
        Room(level="spec", limit=spec_limit, left=spec_limit - spec, frees=None,
             open=_open(accounts, order, "nano"), name=_all(order)),
    ]  # fmt: skip
    return rooms + _wide_usd_rooms(budget, accounts, now, until)


def _wide_usd_rooms(
    budget: Budget, accounts: Accounts, now: datetime, until: datetime
) -> list[Room]:
    """Of day and factory, which no order has for itself."""
    rooms = _day_rooms(accounts, money.limit(budget.day_usd), "nano", now, until)
    if budget.factory_usd is not None:
        whole = money.limit(budget.factory_usd)
        held = sum(one.open.nano for one in accounts.open)
        rooms.append(
            Room(
                level="factory",
                limit=whole,
                left=whole - accounts.all.nano,
                open=held,
                frees=_settled_by(accounts, now) if held else None,
                name="the whole factory",
            )
        )
    return rooms


def _token_rooms(
    order: WorkOrder, accounts: Accounts, before: Used, now: datetime, until: datetime
) -> list[Room]:
    budget = order.budget
    rooms = []
    if budget.tokens is not None:
        left = budget.tokens - before.tokens
        rooms.append(
            Room(level="attempt", limit=budget.tokens, left=left, open=0, frees=None,
                 name=_this(order))
        )  # fmt: skip
    if budget.spec_tokens is not None:
        used = accounts.spec(order.spec.id, order.spec.version).tokens
        rooms.append(
            Room(level="spec", limit=budget.spec_tokens, left=budget.spec_tokens - used,
                 open=_open(accounts, order, "tokens"), frees=None, name=_all(order))
        )  # fmt: skip
    if budget.day_tokens is not None:
        rooms += _day_rooms(accounts, budget.day_tokens, "tokens", now, until)
    return rooms


def _day_rooms(
    accounts: Accounts, limit: int, kind: _Kind, now: datetime, until: datetime
) -> list[Room]:
    """One for each day that the attempt may see: where it ends after midnight, both must do."""
    rooms = []
    for day in days(now, until):
        midnight = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1)
        held = sum(
            getattr(one.open, kind) for one in accounts.open if day in days(one.first, one.last)
        )
        frees = min(midnight, _settled_by(accounts, now)) if held else midnight
        rooms.append(
            Room(
                level="day",
                limit=limit,
                left=limit - getattr(accounts.day(day), kind),
                open=held,
                frees=frees,
                name=f"{day:%Y-%m-%d} (UTC)",
            )
        )
    return rooms


def _settled_by(accounts: Accounts, now: datetime) -> datetime:
    """When the first of the attempts under way is settled at the latest."""
    coming = [one.last for one in accounts.open if one.last > now]
    return min(coming, default=datetime.max.replace(tzinfo=UTC))


def _this(order: WorkOrder) -> str:
    return f"attempt {order.attempt} at {order.spec.id}"


def _all(order: WorkOrder) -> str:
    return f"{order.spec.id} version {order.spec.version}, all attempts together"


def _open(accounts: Accounts, order: WorkOrder, kind: _Kind) -> int:
    key = (order.spec.id, order.spec.version)
    return sum(getattr(one.open, kind) for one in accounts.open if one.spec == key)


def _least(rooms: Sequence[Room]) -> Room:
    """The room that leaves least; of equal ones the narrowest."""
    return min(rooms, key=lambda one: one.left)


def _refusal(room: Room, said: Callable[[int], str], unit: str) -> BudgetExceeded:
    spent = room.limit - room.left - room.open
    held = f", {said(room.open)} set aside for attempts under way or cut short" if room.open else ""
    frees = room.frees if room.frees and room.frees.year < datetime.max.year else None
    when = f"run again after {frees:%Y-%m-%d %H:%M} UTC, or " if frees else ""
    return _exceeded(
        f"the limit of {room.name} is {said(room.limit)}: {said(spent)} spent{held}, "
        f"{said(max(room.left, 0))} left",
        mend=f"{when}raise `budget: {{{room.level}: {{{unit}: …}}}}` in factory.yml",
        level=room.level,
        frees_at=moment_text(frees) if frees else "",
    )


def _exceeded(message: str, *, mend: str, level: Level, frees_at: str = "") -> BudgetExceeded:
    error = BudgetExceeded(message, mend=mend)
    error.level, error.frees_at = level, frees_at
    return error


def _usd(nano: int) -> str:
    return money.said(nano)


def _tokens(count: int) -> str:
    return f"{count:,} tokens"
