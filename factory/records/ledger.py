"""LedgerEntry: one event of the append-only record of runs, spend and leaks."""

from __future__ import annotations

from typing import Any, Literal

from factory.records.base import (
    Amount,
    CommitId,
    Count,
    Digest,
    Positive,
    Record,
    RequirementId,
    RunId,
    SpecId,
)
from factory.records.verdict import FailureClass
from factory.records.work_order import BoundSpec, ContextFile, WorkOrder

Event = Literal[
    "planned",
    "reserved",
    "built",
    "released",
    "held",
    "judged",
    "shipped",
    "stopped",
    "parked",
]


class LedgerEntry(Record, frozen=True, kw_only=True, tag="ledger-entry/1"):
    """One event. `usd`, `tokens`, `seconds` and `leak_bits` are what it added, not totals.

    `reserved_usd`, of `reserved`: the most that this attempt may cost. It counts against every
    limit until the attempt's `released`, which is written when its spend is known.
    `agent`, of `reserved` and `built`: the profile that builds. `bound` and `context`, of `built`:
    what it was given besides the spec. `failure_class` and `requirements_not_met`, of `judged`:
    those of the public verdict; the ledger is read by people who may see no scenario.
    `previous` is the digest of the entry appended before this one, as its file holds it.
    """

    at: str
    event: Event
    run_id: RunId
    attempt: Count = 0
    spec_id: SpecId
    spec_version: Positive
    spec_digest: Digest
    product: str
    verdict: Literal["pass", "fail", "inconclusive"] | None = None
    commit: CommitId | None = None
    failure_class: FailureClass | None = None
    requirements_not_met: tuple[RequirementId, ...] = ()
    agent: str = ""
    usd: Amount = 0.0
    reserved_usd: Amount = 0.0
    tokens: Count = 0
    seconds: Amount = 0.0
    leak_bits: Amount = 0.0
    reason: str = ""
    bound: tuple[BoundSpec, ...] = ()
    context: tuple[ContextFile, ...] = ()
    previous: Digest | None = None

    @staticmethod
    def of(order: WorkOrder, event: Event, *, at: str, **facts: Any) -> LedgerEntry:
        """An event of the attempt that an order is for; `facts` are further fields."""
        return LedgerEntry(
            at=at,
            event=event,
            run_id=order.run_id,
            attempt=order.attempt,
            spec_id=order.spec.id,
            spec_version=order.spec.version,
            spec_digest=order.spec.digest,
            product=order.product.name,
            **facts,
        )
