"""Verdict: private to evaluation. PublicVerdict: all that may leave it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

import msgspec

from factory.records.base import (
    Amount,
    CommitId,
    Count,
    Digest,
    KeyedDigest,
    Nonce,
    Positive,
    Record,
    RequirementId,
    RunId,
    SpecId,
)

if TYPE_CHECKING:
    from factory.records.work_order import WorkOrder  # It holds a PublicVerdict itself.

VerdictWord = Literal["pass", "fail", "inconclusive"]
RequirementState = Literal["met", "not-met", "not-checked"]
FailureClass = Literal["build", "start", "timeout", "crash", "behaviour"]


class _OnAttempt(Record, frozen=True, kw_only=True):
    """What is said of one attempt at one version of a spec."""

    run_id: RunId
    nonce: Nonce
    attempt: Positive
    spec_id: SpecId
    spec_version: Positive
    spec_digest: Digest

    @classmethod
    def of(cls, order: WorkOrder, **facts: Any) -> Self:
        """One on the attempt that an order is for; `facts` are the other fields."""
        return cls(
            run_id=order.run_id,
            nonce=order.nonce,
            attempt=order.attempt,
            spec_id=order.spec.id,
            spec_version=order.spec.version,
            spec_digest=order.spec.digest,
            **facts,
        )


class Verdict(_OnAttempt, frozen=True, kw_only=True, tag="verdict/1"):
    """The verdict on one candidate with its reasons. Never leaves the scenario owners' hands."""

    candidate: CommitId
    suite_digest: KeyedDigest
    verdict: VerdictWord
    reason: str
    failure_class: FailureClass | None = None
    requirements: dict[RequirementId, RequirementState]
    scenarios_expected: Count
    scenarios_passed: Count
    nameable: tuple[RequirementId, ...] = ()
    """Requirements not met that two or more scenarios back, so that naming them is allowed."""


class PublicVerdict(_OnAttempt, frozen=True, kw_only=True, tag="public-verdict/1"):
    """All that a check, a log, an artifact or an agent may learn of a verdict.

    `requirements_not_met` names at most three requirements of the public spec, each backed by
    two or more scenarios; `other` says that more is not met. `leak_bits` is what this message
    can tell at most, log2 of the number of possible messages. `cause` is a fixed phrase of ours
    for an inconclusive verdict, never text from a subject or a scenario.
    """

    candidate: CommitId | None
    suite_digest: KeyedDigest | None
    verdict: VerdictWord
    failure_class: FailureClass | None = None
    requirements_not_met: Annotated[tuple[RequirementId, ...], msgspec.Meta(max_length=3)] = ()
    other: bool = False
    cause: str = ""
    mend: str = ""
    leak_bits: Amount = 0.0
