"""The tables of the index, and how an entry enters them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from factory import money
from factory.errors import InputError

if TYPE_CHECKING:
    from factory.ledger.chain import Placed
    from factory.records import LedgerEntry

SHAPE = 4
"""Rises with each change of the tables or of what enters them: an older index is made anew."""

MOST_NANO = 10**18
"""What one entry adds to the sums at most, a billion dollars: a column holds nine of them."""

TABLES = """
CREATE TABLE seal (text TEXT NOT NULL);
CREATE TABLE entries (
  seq INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, sum BLOB NOT NULL, data BLOB NOT NULL
);
CREATE TABLE runs (
  run_id TEXT PRIMARY KEY, spec_id TEXT, spec_version INTEGER, product TEXT, agent TEXT,
  attempt INTEGER, event TEXT, verdict TEXT, candidate TEXT, reason TEXT,
  first_at TEXT, last_at TEXT, nano INTEGER, tokens INTEGER, leak_bits REAL
) WITHOUT ROWID;
CREATE INDEX runs_spec ON runs (spec_id, run_id);
CREATE INDEX runs_verdict ON runs (verdict);
CREATE INDEX runs_last ON runs (last_at);
CREATE INDEX runs_nano ON runs (nano);
CREATE INDEX runs_open ON runs (last_at) WHERE event NOT IN ('shipped', 'stopped', 'parked');
CREATE TABLE days (
  day TEXT PRIMARY KEY, nano INTEGER, tokens INTEGER, entries INTEGER,
  counted_nano INTEGER, counted_tokens INTEGER
) WITHOUT ROWID;
CREATE TABLE reserved (
  run_id TEXT, attempt INTEGER, turn INTEGER, usd REAL, tokens INTEGER,
  at TEXT, until TEXT, first_day TEXT, last_day TEXT, PRIMARY KEY (run_id, attempt, turn)
) WITHOUT ROWID;
CREATE TABLE specs (
  spec_id TEXT, spec_version INTEGER, shipped TEXT, shipped_at TEXT, parked TEXT, parked_at TEXT,
  PRIMARY KEY (spec_id, spec_version)
) WITHOUT ROWID;
CREATE TABLE pauses (spec_id TEXT PRIMARY KEY, reason TEXT) WITHOUT ROWID;
CREATE TABLE texts (key BLOB PRIMARY KEY, data TEXT) WITHOUT ROWID;
CREATE TABLE faults (kind TEXT, path TEXT, commit_id TEXT, what TEXT, mend TEXT);
"""

# What is settled late begins no run anew that has ended, and what people say is no event of a run.
_KEPT = """excluded.event IN ('paused', 'resumed')
    OR excluded.event = 'released' AND event IN ('shipped', 'stopped', 'parked')"""
_RUN = f"""
INSERT INTO runs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (run_id) DO UPDATE SET
  agent = CASE WHEN excluded.agent <> '' THEN excluded.agent ELSE agent END,
  attempt = max(attempt, excluded.attempt),
  event = CASE WHEN {_KEPT} THEN event ELSE excluded.event END,
  verdict = coalesce(excluded.verdict, verdict),
  candidate = coalesce(excluded.candidate, candidate),
  reason = CASE WHEN {_KEPT} THEN reason ELSE excluded.reason END,
  first_at = min(first_at, excluded.first_at),
  last_at = CASE WHEN excluded.event IN ('paused', 'resumed')
    THEN last_at ELSE max(last_at, excluded.last_at) END,
  nano = nano + excluded.nano, tokens = tokens + excluded.tokens,
  leak_bits = leak_bits + excluded.leak_bits
"""  # noqa: S608
_DAY = """
INSERT INTO days VALUES (?, ?, ?, 1, 0, 0)
ON CONFLICT (day) DO UPDATE SET
  nano = nano + excluded.nano, tokens = tokens + excluded.tokens, entries = entries + 1
"""
# What counts against a day's limit, on each day that may have seen it: `factory.ledger.accounts`.
_COUNTED = """
INSERT INTO days VALUES (?, 0, 0, 0, ?, ?)
ON CONFLICT (day) DO UPDATE SET
  counted_nano = counted_nano + excluded.counted_nano,
  counted_tokens = counted_tokens + excluded.counted_tokens
"""
_RESERVED = "INSERT OR REPLACE INTO reserved VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
_OPENED = "SELECT at, until FROM reserved WHERE run_id = ? AND attempt = ? AND turn = ?"
_CLOSED = "DELETE FROM reserved WHERE run_id = ? AND attempt = ? AND turn = ?"
_SHIPPED = """
INSERT INTO specs VALUES (?, ?, ?, ?, NULL, NULL)
ON CONFLICT DO UPDATE SET
  shipped = excluded.shipped, shipped_at = excluded.shipped_at, parked = NULL
"""
_PARKED = """
INSERT INTO specs VALUES (?, ?, NULL, NULL, ?, ?)
ON CONFLICT DO UPDATE SET parked = excluded.parked, parked_at = excluded.parked_at
"""
_PAUSED = "INSERT OR REPLACE INTO pauses VALUES (?, ?)"
_RESUMED = "DELETE FROM pauses WHERE spec_id = ?"
_LIFTED = "UPDATE specs SET parked = NULL WHERE spec_id = ?"
# Of a reservation whose own times cannot be read: it is never overlooked.
_ANY_TIME = (
    datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC), date.min, date.max
)  # fmt: skip
_TAKEN_UP = "UPDATE specs SET parked = NULL WHERE spec_id = ? AND spec_version = ?"


def nano(entry: LedgerEntry) -> int:
    """What an entry adds to the sums of runs and days, in nano-dollars."""
    return min(money.charge(entry.usd), MOST_NANO) if entry.usd else 0


def insert(
    connection: sqlite3.Connection, seq: int, rows: Iterable[tuple[Placed, bytes, bytes]]
) -> int:
    """Enter entries, each (where it was placed, its data for the index, a sum of that).

    One whose key is there is left out: a clone may know an entry by its own branch and origin's.

    Returns:
        The sequence number of the last.
    """
    from factory.records.ledger import ASKED  # Whoever enters has read records anyway.

    run = connection.execute
    for placed, data, checksum in rows:
        added = run(
            "INSERT OR IGNORE INTO entries VALUES (?, ?, ?, ?)",
            (seq + 1, placed.key, checksum, data),
        )
        if not added.rowcount:
            continue
        seq += 1
        one = placed.entry
        run(
            _RUN,
            (
                one.run_id, one.spec_id, one.spec_version, one.product, one.agent, one.attempt,
                one.event, one.verdict, one.commit, one.reason, one.at, one.at, nano(one),
                one.tokens, one.leak_bits,
            ),
        )  # fmt: skip
        run(_DAY, (one.at[:10], nano(one), one.tokens))
        spec = (one.spec_id, one.spec_version)
        try:
            _count(connection, one)
        except (InputError, OverflowError):  # A time of no day.
            if one.event == "reserved":
                _reserve(connection, one, *_ANY_TIME)
        if one.event in ("reserved", "planned"):
            run(_TAKEN_UP, spec)
        elif one.event == "shipped":
            run(_SHIPPED, (*spec, one.commit or "", one.at))
        elif one.event == "parked":
            run(_PARKED, (*spec, one.reason, one.at))
        elif one.event == "paused":
            run(_PAUSED, (one.spec_id, one.reason))
        elif one.event == "resumed":
            run(_LIFTED, (one.spec_id,))
        if one.event == "resumed" or (one.event == "planned" and one.reason == ASKED):
            run(_RESUMED, (one.spec_id,))
    return seq


def _count(connection: sqlite3.Connection, one: LedgerEntry) -> None:
    """Enter what an entry means for the days' limits, as `factory.ledger.accounts` counts it."""
    # Here, since who only asks the index does not pay for the records.
    from factory.ledger.accounts import days, ends_by
    from factory.ledger.events import moment

    turn = (one.run_id, one.attempt, one.turn)
    if one.event == "reserved":
        at, until = moment(one), ends_by(one)
        seen = days(at, until)
        _reserve(connection, one, at, until, seen[0], seen[-1])
    first = last = None
    if one.event == "released":
        for at, until in connection.execute(_OPENED, turn).fetchall():
            first, last = datetime.fromisoformat(at), datetime.fromisoformat(until)
        connection.execute(_CLOSED, turn)
    if not (one.usd or one.tokens):
        return
    ended = moment(one)
    begun = min(first, ended) if first else ended
    for day in days(begun, max(begun, min(ended, last) if last else ended)):
        connection.execute(_COUNTED, (f"{day}", nano(one), one.tokens))


def _reserve(
    connection: sqlite3.Connection, one: LedgerEntry, at: datetime, until: datetime, *seen: date
) -> None:
    """Enter a reservation that is open `at` to `until`, on the days from `seen[0]` to `seen[1]`."""
    values = (
        one.run_id, one.attempt, one.turn, one.reserved_usd, one.reserved_tokens,
        at.isoformat(), until.isoformat(), *map(str, seen),
    )  # fmt: skip
    connection.execute(_RESERVED, values)
