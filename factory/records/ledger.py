"""LedgerEntry: one event of the append-only record of runs, spend and leaks."""

from __future__ import annotations

from typing import Literal

from factory.records.base import (
    Amount,
    CommitId,
    Count,
    Digest,
    Positive,
    Record,
    RunId,
    SpecId,
)
from factory.records.work_order import BoundSpec, ContextFile


class LedgerEntry(Record, frozen=True, kw_only=True, tag="ledger-entry/1"):
    """One event. `usd` and `leak_bits` are what this event added, not totals.

    `bound` and `context`, of `built`: what the agent was given besides the spec.
    """

    at: str
    event: Literal["planned", "built", "held", "judged", "shipped", "stopped"]
    run_id: RunId
    attempt: Count = 0
    spec_id: SpecId
    spec_version: Positive
    spec_digest: Digest
    product: str
    verdict: Literal["pass", "fail", "inconclusive"] | None = None
    commit: CommitId | None = None
    usd: Amount = 0.0
    leak_bits: Amount = 0.0
    reason: str = ""
    bound: tuple[BoundSpec, ...] = ()
    context: tuple[ContextFile, ...] = ()
