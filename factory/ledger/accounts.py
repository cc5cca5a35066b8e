"""What the ledger's entries come to on each level of the budget. Pure; docs/decisions/0020."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from factory import money
from factory.ledger.events import moment
from factory.records import LedgerEntry

MARGIN = timedelta(minutes=5)
"""How far the clocks of two machines may be apart, and how long after its deadline an attempt
may take to come to its end."""
_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Used:
    """Money in nano-dollars, tokens and seconds: spent, and still set aside for open attempts."""

    nano: int = 0
    tokens: int = 0
    seconds: float = 0.0

    def __add__(self, other: Used) -> Used:
        return Used(
            nano=self.nano + other.nano,
            tokens=self.tokens + other.tokens,
            seconds=self.seconds + other.seconds,
        )


@dataclass(frozen=True, kw_only=True)
class Charge:
    """What one try at an attempt counts with, `spent` and `open` together, on every day between
    `first` and `last`. `open` is set aside and not settled: all of it may have been spent.
    """

    run_id: str
    attempt: int
    spec: tuple[str, int]
    first: datetime
    last: datetime
    spent: Used
    open: Used

    @property
    def whole(self) -> Used:
        """What counts against limits."""
        return self.spent + self.open


class Accounts:
    """Entries of a ledger added up by spec version, by day and in all.

    `open` are the charges with something set aside that is not settled. `besides`, which only
    `all` holds, is what was used in runs whose entries are not given; `Entries.counting`.
    """

    def __init__(self, entries: Iterable[LedgerEntry], besides: Used | None = None) -> None:
        self._specs: dict[tuple[str, int], Used] = defaultdict(Used)
        self._days: dict[date, Used] = defaultdict(Used)
        self.all = besides or Used()
        self.open: list[Charge] = []
        for one in charges(entries):
            self.all += one.whole
            self._specs[one.spec] += one.whole
            for day in days(one.first, one.last):
                self._days[day] += one.whole
            if one.open != Used():
                self.open.append(one)

    def spec(self, spec_id: str, version: int) -> Used:
        """What all attempts at one version of a spec have used."""
        return self._specs.get((spec_id, version), Used())

    def day(self, day: date) -> Used:
        """What counts on one day, in UTC."""
        return self._days.get(day, Used())


def charges(entries: Iterable[LedgerEntry]) -> list[Charge]:
    """What counts: each reservation with what closed it, and what was entered without one."""
    turns: dict[tuple[str, int, str], list[LedgerEntry]] = defaultdict(list)
    for entry in entries:
        if entry.event in ("reserved", "released"):
            turns[entry.run_id, entry.attempt, str(entry.turn)].append(entry)
        elif entry.usd or entry.tokens or entry.seconds:
            turns[entry.run_id, entry.attempt, entry.event].append(entry)
    return [_charge(told) for told in turns.values()]


def unsettled(entries: Iterable[LedgerEntry]) -> list[LedgerEntry]:
    """Of one attempt's entries, the reservations that no `released` has closed."""
    told = list(entries)
    closed = {one.turn for one in told if one.event == "released"}
    return [one for one in told if one.event == "reserved" and one.turn not in closed]


def ends_by(reserved: LedgerEntry) -> datetime:
    """When the attempt of a reservation is over, whatever became of it."""
    return moment(reserved) + timedelta(seconds=reserved.reserved_seconds) + MARGIN


def days(first: datetime, last: datetime) -> list[date]:
    """The days in UTC between two times, either of which may be MARGIN off."""
    start, end = (first - MARGIN).astimezone(UTC).date(), (last + MARGIN).astimezone(UTC).date()
    return [start + _DAY * number for number in range((end - start).days + 1)]


def _charge(told: Sequence[LedgerEntry]) -> Charge:
    """One turn of an attempt. It spends from its reservation on, and not past its deadline."""
    left, times = unsettled(told), [moment(one) for one in told]
    deadlines = [ends_by(one) for one in told if one.event == "reserved"]
    last = max(deadlines) if left else min([max(times), *deadlines])
    return Charge(
        run_id=told[0].run_id,
        attempt=told[0].attempt,
        spec=(told[0].spec_id, told[0].spec_version),
        first=min(times),
        last=max(last, min(times)),
        spent=sum(
            (
                Used(nano=money.charge(one.usd), tokens=one.tokens, seconds=one.seconds)
                for one in told
            ),
            Used(),
        ),
        open=sum(
            (
                Used(
                    nano=money.charge(one.reserved_usd),
                    tokens=one.reserved_tokens,
                    seconds=one.reserved_seconds,
                )
                for one in left
            ),
            Used(),
        ),
    )
