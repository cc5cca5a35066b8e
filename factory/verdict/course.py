"""What a run has come to so far: its attempts with verdict, spend and time, by the ledger."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from factory.moment import moment_of
from factory.records import LedgerEntry, WorkOrder
from factory.records.verdict import VerdictWord


@dataclass(frozen=True, kw_only=True)
class Lap:
    """One attempt that was judged. `seconds` are from its plan to its verdict, by the clock."""

    attempt: int
    verdict: VerdictWord
    not_met: tuple[str, ...] = ()
    usd: float | None = None
    seconds: float | None = None


@dataclass(frozen=True, kw_only=True)
class Course:
    """The attempts of a run, oldest first, and what it took from its first plan to the last."""

    laps: tuple[Lap, ...] = ()
    seconds: float | None = None


def course_of(entries: Iterable[LedgerEntry], order: WorkOrder) -> Course:
    """The course of an order's run up to its attempt. Times are those of the ledger's entries.

    Args:
        entries: at least those of the run; others are left out.
    """
    mine = [one for one in entries if one.run_id == order.run_id and one.attempt <= order.attempt]
    planned = {one.attempt: one.at for one in mine if one.event == "planned"}
    judged = {one.attempt: one for one in mine if one.event == "judged" and one.verdict}
    laps = []
    for attempt, one in sorted(judged.items()):
        assert one.verdict is not None
        spent = [
            entry.usd
            for entry in mine
            if entry.attempt == attempt and entry.event in ("built", "released")
        ]
        laps.append(
            Lap(
                attempt=attempt,
                verdict=one.verdict,
                not_met=one.requirements_not_met,
                usd=sum(spent) if spent else None,
                seconds=_between(planned.get(attempt), one.at),
            )
        )
    last = judged.get(order.attempt)
    began = min(planned.values(), default=None)
    return Course(laps=tuple(laps), seconds=_between(began, last.at) if last else None)


def _between(began: str | None, ended: str) -> float | None:
    if began is None:
        return None
    return max((moment_of(ended) - moment_of(began)).total_seconds(), 0.0)
