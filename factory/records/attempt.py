"""Attempt: one build try, written by build. Candidate: the commit it became, written by hold."""

from __future__ import annotations

from typing import Literal

from factory.records.base import (
    Amount,
    CommitId,
    Count,
    HoldingBranch,
    Part,
    Record,
)
from factory.records.work_order import WorkOrder


class AgentOutcome(Part, frozen=True, kw_only=True):
    """How the agent ended and what it cost.

    `ended`: `finished` by its own word, or stopped at a limit (`budget`, `deadline`, `steps`).
    `usd_known` is False where the agent's cost is not known for certain; `usd` is then the whole
    budget of the attempt.
    """

    ended: Literal["finished", "budget", "deadline", "steps"]
    message: str = ""
    steps: Count = 0
    usd: Amount = 0.0
    usd_known: bool = True
    input_tokens: Count = 0
    output_tokens: Count = 0
    cache_read_tokens: Count = 0
    cache_write_tokens: Count = 0
    duration_seconds: Amount = 0.0
    replayed: bool = False


class Attempt(Record, frozen=True, kw_only=True, tag="attempt/1"):
    """One build try. `tree` is the folder the agent left, relative to this record's folder.

    `spent_usd` is what all attempts of this run have cost, this one included.
    """

    work_order: WorkOrder
    agent: AgentOutcome
    spent_usd: Amount
    tree: str = "tree"
    sandbox: str


class Candidate(Record, frozen=True, kw_only=True, tag="candidate/1"):
    """The commit that an attempt produced, as pushed to its holding branch.

    `tree_id` is git's id of its tree; `changed_paths` counts paths that differ from the base.
    `branch` is None where the commit is from outside: such a candidate is judged and never shipped.
    """

    work_order: WorkOrder
    commit: CommitId
    tree_id: CommitId
    branch: HoldingBranch | None
    changed_paths: Count
    agent: AgentOutcome
    spent_usd: Amount
