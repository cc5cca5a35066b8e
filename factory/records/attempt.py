"""Attempt: one build try, written by build. Candidate: the commit it became, written by hold."""

from __future__ import annotations

import math
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
    `usd_known` is False where the agent's cost is not known for certain; `usd` is then all that it
    was allowed to spend.
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

    @property
    def tokens(self) -> int:
        """What counts against a limit of tokens: prompts, cached or not, and answers."""
        prompt = self.input_tokens + self.cache_read_tokens + self.cache_write_tokens
        return prompt + self.output_tokens


class Attempt(Record, frozen=True, kw_only=True, tag="attempt/1"):
    """One build try. `tree` is the folder the agent left, relative to this record's folder.

    `spent_usd` is what all attempts of this run have cost, this one included, with tries at it
    that were cut short. `tokens` is what all tries at this attempt have used.
    """

    work_order: WorkOrder
    agent: AgentOutcome
    spent_usd: Amount
    tokens: Count = 0
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

    @property
    def seconds_left(self) -> float:
        """What its evaluation may take of the spec's minutes; infinity without such a limit."""
        minutes = self.work_order.budget.spec_minutes
        return math.inf if minutes is None else minutes * 60 - self.agent.duration_seconds
