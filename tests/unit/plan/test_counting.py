"""A reservation that reads what counts decides as one that reads the whole ledger."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, cast

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from factory.errors import BudgetExceeded
from factory.ledger import Entries, events
from factory.ledger.accounts import Accounts, Used
from factory.ledger.chain import Placed
from factory.ledger.index import Index, _short
from factory.ledger.seal import Seal, sum_of
from factory.ledger.tables import TABLES, insert
from factory.plan import reserve
from factory.plan.levels import require_some
from factory.records import AgentProfile, Budget, LedgerEntry
from tests.unit.plan.made import NOW, entry, order

SPECS = ("aa", "bb", "cc")
USD = st.sampled_from((0.0, 0.1, 0.2, 0.7, 1.25, 3.0, 1e-10, 0.1 + 0.2))
COUNTS = st.sampled_from((0, 1, 40, 900))
AROUND_MIDNIGHT = st.integers(-900, 900) | st.integers(0, 86_399)
SECONDS = st.sampled_from((0.0, 0.1, 60.3, 1800.0, 7200.0))


@st.composite
def entries(draw: st.DrawFn) -> LedgerEntry:
    run = draw(st.integers(1, 8))
    event = draw(st.sampled_from(("reserved", "released", "built", "judged", "planned")))
    facts: dict[str, Any] = {"usd": draw(USD), "tokens": draw(COUNTS), "seconds": draw(SECONDS)}
    if event == "reserved":
        facts |= {
            "usd": draw(st.sampled_from((0.0, 0.1))),
            "reserved_usd": draw(USD),
            "reserved_tokens": draw(COUNTS),
            "reserved_seconds": draw(SECONDS),
        }
    return entry(
        run,
        event,
        ago=timedelta(hours=12, days=draw(st.integers(-1, 3)), seconds=draw(AROUND_MIDNIGHT)),
        spec_id=SPECS[run % 3],
        spec_version=1 + run % 2,
        attempt=draw(st.integers(1, 2)),
        turn=draw(st.integers(1, 2)) if event in ("reserved", "released") else 1,
        **facts,
    )


LEDGERS = st.lists(entries(), max_size=25, unique_by=events.key)
BUDGETS = st.builds(
    Budget,
    usd=st.sampled_from((1.0, 5.0)),
    tokens=st.sampled_from((None, 1000)),
    minutes=st.sampled_from((5, 900)),
    spec_usd=st.sampled_from((3.0, 99.0)),
    spec_tokens=st.sampled_from((None, 900)),
    spec_minutes=st.sampled_from((None, 60, 300)),
    day_usd=st.sampled_from((4.0, 99.0)),
    day_tokens=st.sampled_from((None, 1500)),
    factory_usd=st.sampled_from((None, 6.0)),
)
BEFORE = st.none() | st.builds(Used, nano=st.sampled_from((0, 300_000_000)), tokens=COUNTS)


def indexed(ledger: Sequence[LedgerEntry]) -> Entries:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    for statement in TABLES.split(";"):
        connection.execute(statement)
    connection.execute("INSERT INTO seal VALUES (?)", (Seal().to_text(),))
    index = Index(cast("Any", None), connection)  # Of no repository.
    rows = []
    for one in ledger:
        data = _short(one)
        placed = Placed(path="", key=events.key(one), digest="", entry=one, data=b"")
        rows.append((placed, data, sum_of(data)))
    insert(connection, 0, rows)
    return Entries(index)


def outcome(decide: Callable[[], Any]) -> Any:
    try:
        return decide()
    except BudgetExceeded as error:
        return (str(error), error.mend, error.level, error.frees_at)


@given(LEDGERS, BUDGETS, BEFORE, st.integers(1, 9), AROUND_MIDNIGHT)
@settings(max_examples=300, deadline=None)
def test_what_counts_decides_as_the_whole_ledger(ledger, budget, before, run, second) -> None:
    now = NOW.replace(hour=0) + timedelta(seconds=second)
    wanted = msgspec.structs.replace(
        order(SPECS[run % 3], run=run, agent=AgentProfile(name="builder", uses="anthropic")),
        budget=budget,
    )
    asked = indexed(ledger)
    told = asked.counting(now, wanted.spec.id)
    assert outcome(
        lambda: reserve(wanted, told.entries, now=now, before=before, besides=told.besides)
    ) == outcome(lambda: reserve(wanted, ledger, now=now, before=before))
    told = asked.counting(now)
    assert outcome(
        lambda: require_some(budget, Accounts(told.entries, told.besides), now)
    ) == outcome(lambda: require_some(budget, Accounts(ledger), now))


def test_only_what_counts_is_read() -> None:
    day = timedelta(days=1)
    old = [entry(n, "built", ago=9 * day, usd=0.1, tokens=7, spec_id="bb") for n in range(1, 8)]
    cut_short = entry(8, "reserved", ago=9 * day, spec_id="bb", reserved_usd=2.0)
    mine, today = entry(9, "built", ago=8 * day), entry(10, "judged", spec_id="cc", usd=0.3)
    told = indexed([*old, cut_short, mine, today]).counting(NOW, "aa")
    assert told.entries == [cut_short, mine, today]
    assert told.besides == Used(nano=700_000_000, tokens=49)


def test_a_reservation_whose_time_is_of_no_day_is_not_overlooked() -> None:
    odd = entry(1, "reserved", ago=9 * timedelta(days=1), reserved_usd=2.0, reserved_seconds=1e300)
    assert indexed([odd]).counting(NOW, "bb").entries == [odd]
