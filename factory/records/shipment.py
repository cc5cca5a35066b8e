"""Shipment: that exactly the judged commit is on the product's base branch. Written by ship."""

from __future__ import annotations

from factory.records.base import BranchName, CommitId, Positive, Record, RunId, SpecId


class Shipment(Record, frozen=True, kw_only=True, tag="shipment/1"):
    """`commit` is now at, or below, the head of `branch`; `shipped_at` is UTC."""

    run_id: RunId
    attempt: Positive
    spec_id: SpecId
    spec_version: Positive
    commit: CommitId
    branch: BranchName
    shipped_at: str
