"""Inventory: the scenarios expected. Report: what was observed. Both private to evaluation."""

from __future__ import annotations

from typing import Literal

from factory.records.base import (
    Amount,
    CommitId,
    KeyedDigest,
    Nonce,
    Part,
    Positive,
    Record,
    RequirementId,
    RunId,
)

Outcome = Literal["passed", "failed", "invalid", "missing", "timed_out"]


class ExpectedScenario(Part, frozen=True, kw_only=True):
    """One scenario read from a feature file. `id` is the runner's id, unique in the suite."""

    id: str
    requirements: tuple[RequirementId, ...] = ()
    weight: Literal["must", "should"] = "must"
    sealed: bool = False


class Inventory(Record, frozen=True, kw_only=True, tag="inventory/1"):
    """The scenarios expected for one candidate, taken before anything ran.

    `suite_digest` is keyed with the nonce, so that nobody outside can tell from two of them
    whether the suite changed. `should_threshold` is the share of `should` scenarios needed.
    """

    run_id: RunId
    nonce: Nonce
    attempt: Positive
    candidate: CommitId
    suite_digest: KeyedDigest
    should_threshold: Amount = 1.0
    scenarios: tuple[ExpectedScenario, ...]


class ObservedScenario(Part, frozen=True, kw_only=True):
    """What one scenario did. `reruns` are the outcomes of further runs, to expose flakes."""

    id: str
    outcome: Outcome
    duration_seconds: Amount = 0.0
    reruns: tuple[Outcome, ...] = ()


class Report(Record, frozen=True, kw_only=True, tag="report/1"):
    """What was observed of one candidate.

    `reached` is the last step that was completed: `materialised` (its files were written),
    `installed`, `started`, `ran` (the runner came to its end). `trouble` is a private sentence
    on what went wrong where it was not the scenarios. `fault` says whose trouble it was: the
    `subject`'s counts against the candidate, the `factory`'s never does.
    """

    run_id: RunId
    nonce: Nonce
    attempt: Positive
    candidate: CommitId
    suite_digest: KeyedDigest
    reached: Literal["materialised", "installed", "started", "ran"]
    fault: Literal["none", "subject", "factory"] = "none"
    trouble: str = ""
    subject_alive_after: bool | None = None
    sandbox: str
    duration_seconds: Amount = 0.0
    scenarios: tuple[ObservedScenario, ...]
