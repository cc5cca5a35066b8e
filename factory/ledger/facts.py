"""What the index knows of runs, money and specs: plain data, without reading an entry.

Questions are put together from our own words alone; every value is a parameter.
"""
# ruff: noqa: S608

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from factory import money
from factory.ledger.index import Index

# A run that another of its spec follows was given up, whatever it last wrote.
_OPEN = """event NOT IN ('shipped', 'stopped', 'parked') AND NOT EXISTS (
  SELECT 1 FROM runs AS later WHERE later.spec_id = runs.spec_id AND later.run_id > runs.run_id)"""


_SUMS = "coalesce(sum({0}nano), 0), coalesce(sum({0}tokens), 0)"


@dataclass(frozen=True, kw_only=True)
class RunFacts:
    """One run. `event` is its latest, `reason` that one's; `verdict` the latest of its verdicts.

    `usd`, `tokens` and `leak_bits` are of all its attempts together; times are UTC.
    """

    run_id: str
    spec_id: str
    spec_version: int
    product: str
    agent: str
    attempt: int
    event: str
    verdict: str | None
    candidate: str | None
    reason: str
    first_at: str
    last_at: str
    usd: float
    tokens: int
    leak_bits: float


@dataclass(frozen=True, kw_only=True)
class Spent:
    """What was spent, and what is set aside for attempts that are running."""

    usd: float = 0.0
    tokens: int = 0


def runs(
    index: Index,
    *,
    spec: str | None = None,
    verdict: str | None = None,
    since: str | None = None,
    run_id: str | None = None,
    limit: int = 20,
) -> list[RunFacts]:
    """Runs, newest first.

    Args:
        spec, verdict, run_id: only those.
        since: only those begun on this day (2026-11-22) or later, UTC.
        limit: how many at most.
    """
    asked = {
        "spec_id = ?": spec,
        "verdict = ?": verdict,
        "run_id = ?": run_id,
        "run_id >= ?": since.replace("-", "") if since else None,
    }
    words = [word for word, value in asked.items() if value is not None]
    values = [value for value in asked.values() if value is not None]
    where = f"WHERE {' AND '.join(words)}" if words else ""
    rest = f"{where} ORDER BY run_id DESC LIMIT ?"
    return _runs(index, rest, (*values, limit))


def run_ids(index: Index, part: str) -> list[str]:
    """The runs whose id has this part, at most ten."""
    rows = _ask(
        index,
        "SELECT run_id FROM runs WHERE instr(run_id, ?) > 0 ORDER BY run_id LIMIT 10",
        (part,),
    )
    return [run_id for (run_id,) in rows]


def open_runs(index: Index, limit: int) -> list[RunFacts]:
    """Runs that have not ended, the one that last did something first."""
    return _runs(index, f"WHERE {_OPEN} ORDER BY last_at DESC LIMIT ?", (limit,))


def open_count(index: Index) -> int:
    """How many runs have not ended."""
    return int(_ask(index, f"SELECT count(*) FROM runs WHERE {_OPEN}")[0][0])


def verdicts(index: Index) -> dict[str, int]:
    """How many runs have which as their latest verdict; "" for none yet."""
    rows = _ask(index, "SELECT coalesce(verdict, ''), count(*) FROM runs GROUP BY verdict")
    return {str(word): int(count) for word, count in rows}


def spent(index: Index, day: str | None = None) -> Spent:
    """What counts as spent on one day (2026-11-22, UTC), or was spent ever.

    As `factory.ledger.accounts` counts it: what may have been spent on two days counts on both.
    """
    if day is None:
        nano, tokens = ever(index)
    else:
        question = f"SELECT {_SUMS.format('counted_')} FROM days WHERE day = ?"
        nano, tokens = _ask(index, question, (day,))[0]
    return Spent(usd=money.dollars(nano), tokens=tokens)


def ever(index: Index) -> tuple[int, int]:
    """(nano-dollars, tokens) that were spent ever, exactly; what is set aside is not in it."""
    nano, tokens = _ask(index, f"SELECT {_SUMS.format('')} FROM days")[0]
    return nano, tokens


def set_aside(index: Index, day: str | None = None) -> tuple[float, int]:
    """USD reserved for attempts whose spend is not known yet, and for how many.

    With a day (2026-11-22, UTC), for those that may spend on it.
    """
    where, values = ("WHERE first_day <= ? AND last_day >= ?", (day, day)) if day else ("", ())
    usd, count = _ask(index, f"SELECT total(usd), count(*) FROM reserved {where}", values)[0]
    return float(usd), int(count)


def ids_of_spec(index: Index, spec: str) -> list[str]:
    """The runs of a spec, oldest first."""
    rows = _ask(index, "SELECT run_id FROM runs WHERE spec_id = ? ORDER BY run_id", (spec,))
    return [run_id for (run_id,) in rows]


def ids_counting(index: Index, since: str, spec: str | None) -> list[str]:
    """The runs of a spec, those that did something since a time (as an entry's `at`), and those
    for which something is set aside.
    """
    question = """
      SELECT run_id FROM runs WHERE spec_id = ? UNION
      SELECT run_id FROM runs WHERE last_at >= ? UNION SELECT run_id FROM reserved"""
    return [run_id for (run_id,) in _ask(index, question, (spec, since))]


def shipped(index: Index, versions: Iterable[tuple[str, int]]) -> dict[tuple[str, int], str]:
    """The commit that shipped it, for those of `versions` (spec, version) that have shipped."""
    return _of_versions(index, "shipped", versions)


def parked(index: Index, versions: Iterable[tuple[str, int]]) -> dict[tuple[str, int], str]:
    """Why it was parked, for those of `versions` (spec, version) that are."""
    return _of_versions(index, "parked", versions)


def paused(index: Index) -> dict[str, str]:
    """Each spec that is paused, and by whom."""
    return dict(_ask(index, "SELECT spec_id, reason FROM pauses"))


def _of_versions(
    index: Index, column: str, versions: Iterable[tuple[str, int]]
) -> dict[tuple[str, int], str]:
    question = f"SELECT {column} FROM specs WHERE spec_id = ? AND spec_version = ?"
    found = {}
    for version in versions:
        rows = _ask(index, question, version)
        if rows and rows[0][0] is not None:
            found[version] = rows[0][0]
    return found


def _runs(index: Index, rest: str, values: Sequence[Any]) -> list[RunFacts]:
    names = list(RunFacts.__dataclass_fields__)
    columns = ", ".join(names).replace("usd", f"nano / {money.NANO}.0")
    rows = _ask(index, f"SELECT {columns} FROM runs {rest}", values)
    return [RunFacts(**dict(zip(names, row, strict=True))) for row in rows]


def _ask(index: Index, question: str, values: Sequence[Any] = ()) -> list[Any]:
    found: sqlite3.Cursor = index.connection.execute(question, tuple(values))
    return found.fetchall()
