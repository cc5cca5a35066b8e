"""Which runs judged a version, as the ledger has it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from factory.records import LedgerEntry
from factory.spec.versions.history import Version


@dataclass(frozen=True, kw_only=True)
class Judged:
    """One attempt that was judged: when, the verdict, and the candidate commit."""

    attempt: int
    at: str
    verdict: str
    candidate: str | None


@dataclass(frozen=True, kw_only=True)
class Run:
    """One run of a spec version. `usd` is what all its attempts cost, `last` its latest event.

    `same_text` is False where the run was given another text than the one that the version has, or
    ever had under that number.
    """

    run_id: str
    product: str
    judged: tuple[Judged, ...]
    usd: float
    last: str
    reason: str
    same_text: bool


def runs_of(version: Version, spec_id: str, entries: Iterable[LedgerEntry]) -> list[Run]:
    """The runs of one version, oldest first.

    Args:
        version: which one.
        spec_id: the spec it is one of.
        entries: the ledger, oldest first.
    """
    by_run: dict[str, list[LedgerEntry]] = {}
    for entry in entries:
        if (entry.spec_id, entry.spec_version) == (spec_id, version.number):
            by_run.setdefault(entry.run_id, []).append(entry)
    return [_run(run_id, events, version) for run_id, events in by_run.items()]


def _run(run_id: str, events: list[LedgerEntry], version: Version) -> Run:
    return Run(
        run_id=run_id,
        product=events[-1].product,
        judged=tuple(
            Judged(attempt=one.attempt, at=one.at, verdict=one.verdict or "", candidate=one.commit)
            for one in events
            if one.event == "judged"
        ),
        usd=sum(one.usd for one in events),
        last=events[-1].event,
        reason=events[-1].reason,
        same_text=all(one.spec_digest in version.digests for one in events),
    )
