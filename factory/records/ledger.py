"""LedgerEntry: one event of the append-only record of runs, spend and leaks."""

from __future__ import annotations

from typing import Any, Literal

from factory.records.base import (
    Amount,
    CommitId,
    Count,
    Digest,
    KeyedDigest,
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
    "paused",
    "resumed",
]
ASKED = "asked for again"
"""The reason of a `planned` that somebody asked for, whatever held the spec up."""


class LedgerEntry(Record, frozen=True, kw_only=True, tag="ledger-entry/1"):
    """One event. `usd`, `tokens`, `seconds` and `leak_bits` are what it added, not totals.

    `reserved_usd`, `reserved_tokens` and `reserved_seconds`, of `reserved`: the most that this
    attempt may use. They count against every limit until the attempt's `released`, which is
    written when its spend is known and holds all of it; `built` of the same attempt holds none.
    `turn`, of both: which try at the attempt it is, from 1; a build that was cut short and goes on
    reserves anew, and a `released` ends the `reserved` of its own turn. `turn`, of `judged`: which
    message on the attempt it is; only an inconclusive one is followed by another on its commit.
    `paused` and `resumed` are words of people about all versions of a spec, entered with its newest
    run: until `resumed` none is planned, and after it none is parked. `turn`, of these: how often
    that was said in the attempt. `reason`, of these: who said it, and where.
    `agent`, of `reserved` and `built`: the profile that builds. `bound` and `context`, of `built`:
    what it was given besides the spec. `verdict`, `failure_class`, `requirements_not_met`, `other`,
    `suite_digest` and, as `reason`, its cause, of `judged`: all of the public verdict, so that it
    can be told again as it was; the ledger is read by people who may see no scenario.
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
    other: bool = False
    suite_digest: KeyedDigest | None = None
    agent: str = ""
    usd: Amount = 0.0
    reserved_usd: Amount = 0.0
    reserved_tokens: Count = 0
    reserved_seconds: Amount = 0.0
    turn: Positive = 1
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
