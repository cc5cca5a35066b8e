"""Where each spec stands by the ledger: in flight, parked, or lost and to be planned anew. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from factory.moment import moment_of
from factory.records import LedgerEntry
from factory.records.ledger import ASKED

LOST_AFTER = timedelta(hours=12)
"""Longer than any run is silent that still lives: on GitHub a build may take 340 minutes, hold,
evaluate and verdict 90 together, and the rest is for waiting for runners. A shorter time would
build a spec twice at once; a longer one only keeps a lost spec waiting."""
UNFINISHED_RUNS = 3
"""So many runs in a row without an end of their own park a spec: what breaks each of them will
break the next, and each may cost money."""

BASE_MOVED = "the base branch moved before it shipped"
SUPERSEDED = "the spec, what is given with it, its agent or the base branch has changed since"
NO_MONEY = "the budget of the day or of the factory leaves nothing"
PAUSED = "the spec was paused"
_NO_FAULT = (BASE_MOVED, SUPERSEDED, NO_MONEY, PAUSED)
ENDS = ("shipped", "stopped", "parked")

Version = tuple[str, int]
"""A spec's id and version."""


@dataclass(frozen=True, kw_only=True)
class InFlight:
    """A run that has not ended; `since` is its last sign of life, UTC."""

    run_id: str
    version: int
    product: str
    since: datetime


@dataclass(frozen=True, kw_only=True)
class Standing:
    """`in_flight`: spec id → its run. `parked`: why a version is not built until somebody asks.

    `paused`: spec id → by whom; no version of it is built until somebody resumes it.
    `leak_bits`: what verdicts have told of each version.
    """

    in_flight: Mapping[str, InFlight] = field(default_factory=dict)
    parked: Mapping[Version, str] = field(default_factory=dict)
    paused: Mapping[str, str] = field(default_factory=dict)
    leak_bits: Mapping[Version, float] = field(default_factory=dict)


@dataclass(kw_only=True)
class _Run:
    version: Version
    product: str
    last: str
    asked: bool = False
    lifted: bool = False
    end: str = ""
    reason: str = ""


def standing(
    entries: Iterable[LedgerEntry],
    now: datetime,
    *,
    lost_after: timedelta = LOST_AFTER,
    mine: Collection[str] = (),
) -> Standing:
    """Read the ledger's entries, oldest first.

    Args:
        now: a time with a zone.
        lost_after: how long a run may be silent before it counts as lost.
        mine: ids of runs that whoever asks will go on with itself; they stand in nobody's way.
    """
    runs: dict[str, _Run] = {}
    of_spec: dict[str, list[_Run]] = {}
    leak_bits: dict[Version, float] = {}
    paused: dict[str, str] = {}
    for one in entries:
        if one.event in ("paused", "resumed"):  # No run's sign of life.
            _heed(one, of_spec.get(one.spec_id, ()), paused)
            continue
        version = one.spec_id, one.spec_version
        run = runs.get(one.run_id)
        if run is None:
            run = runs[one.run_id] = _Run(version=version, product=one.product, last=one.at)
            of_spec.setdefault(one.spec_id, []).append(run)
        run.last = max(run.last, one.at)
        if one.event == "planned" and one.reason == ASKED:
            run.asked = True
            paused.pop(one.spec_id, None)
        if one.event in ENDS:
            run.end, run.reason, run.lifted = one.event, one.reason, False
        if one.leak_bits:
            leak_bits[version] = leak_bits.get(version, 0.0) + one.leak_bits
    return Standing(
        in_flight=_in_flight(runs, now, lost_after, mine),
        parked=_parked(runs, now, lost_after),
        paused=paused,
        leak_bits=leak_bits,
    )


def _heed(one: LedgerEntry, runs: Iterable[_Run], paused: dict[str, str]) -> None:
    """What a person said of all versions of a spec."""
    if one.event == "paused":
        paused[one.spec_id] = one.reason
        return
    paused.pop(one.spec_id, None)
    for run in runs:
        run.lifted = True


def _in_flight(
    runs: Mapping[str, _Run], now: datetime, lost_after: timedelta, mine: Collection[str]
) -> dict[str, InFlight]:
    return {
        run.version[0]: InFlight(
            run_id=run_id, version=run.version[1], product=run.product, since=_moment(run.last)
        )
        for run_id, run in runs.items()
        if not run.end and run_id not in mine and _lives(run, now, lost_after)
    }


def _lives(run: _Run, now: datetime, lost_after: timedelta) -> bool:
    """A time far in the future is a wrong clock's, and must not hold a spec for ever."""
    return abs(now - _moment(run.last)) < lost_after


def _parked(runs: Mapping[str, _Run], now: datetime, lost_after: timedelta) -> dict[Version, str]:
    """By the newest run of each version, and by how many before it came to no end.

    One that another follows was given up by who planned that, however long ago it was heard of.
    """
    newest = {run.version: run for run in runs.values()}
    found: dict[Version, str] = {}
    unfinished: dict[Version, int] = {}
    for run in runs.values():
        if run.asked or run.version not in unfinished:
            unfinished[run.version] = 0
        found.pop(run.version, None)
        if run.end == "parked":
            found[run.version] = run.reason or "its attempts are used up"
        if run.end in ("shipped", "parked"):
            unfinished[run.version] = 0
        elif run.reason not in _NO_FAULT and (
            run.end or run is not newest[run.version] or not _lives(run, now, lost_after)
        ):
            unfinished[run.version] += 1
        if unfinished[run.version] >= UNFINISHED_RUNS:
            why = run.reason or "the last was lost"
            found[run.version] = f"{unfinished[run.version]} runs in a row came to no end ({why})"
        if run.lifted:
            found.pop(run.version, None)
            unfinished[run.version] = 0
    return found


def _moment(text: str) -> datetime:
    """A ledger's time; one in another form is long ago, so that it holds nothing up."""
    try:
        return moment_of(text)
    except ValueError:
        return datetime.fromtimestamp(0, UTC)
