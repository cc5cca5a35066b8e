"""What is known in public of the attempts that a run has made, and the rules for another one."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from factory.records.base import CommitId, Count, Part, Positive, RequirementId
from factory.records.verdict import FailureClass

StopCause = Literal["repeat", "no-gain", "regression"]


class PastAttempt(Part, frozen=True, kw_only=True):
    """One attempt that failed, as its public verdict tells it.

    `tree_id` is git's id of the candidate's tree. `failure_class` is None where the leak budget
    paid for the bare word `fail` only; then nothing is known of its requirements either.
    """

    attempt: Positive
    agent: str
    tree_id: CommitId
    failure_class: FailureClass | None = None
    requirements_not_met: Annotated[tuple[RequirementId, ...], msgspec.Meta(max_length=3)] = ()
    other: bool = False


class RetryRules(Part, frozen=True, kw_only=True):
    """`start`: what the next attempt goes on from. `stop_on`: what ends a run before its attempts
    are used up. `infrastructure`: how often a stage that the factory itself failed at is tried
    again, at no cost of an attempt. `rebase`: how often a candidate is judged anew because its
    base branch has moved.
    """

    start: Literal["candidate", "base"] = "candidate"
    stop_on: tuple[StopCause, ...] = ("repeat", "no-gain", "regression")
    infrastructure: Count = 2
    rebase: Count = 3
