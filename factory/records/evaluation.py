"""Inventory: the scenarios expected. Report: what was observed. Both private to evaluation."""

from __future__ import annotations

from typing import Literal

from factory.records.base import (
    Amount,
    CommitId,
    Day,
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
    """One scenario read from a feature file. `id` is the runner's id, unique in the suite.

    `quarantined_until`: the last day on which its flakes are explained, as its owners say.
    """

    id: str
    requirements: tuple[RequirementId, ...] = ()
    weight: Literal["must", "should"] = "must"
    sealed: bool = False
    quarantined_until: Day | None = None

    def quarantined(self, day: Day | None) -> bool:
        """Whether it is in quarantine on that day; on a day that is not known nothing is."""
        return day is not None and self.quarantined_until is not None and (
            day <= self.quarantined_until
        )  # fmt: skip


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
    """What one scenario did in its first run. `reruns` are the outcomes of further runs."""

    id: str
    outcome: Outcome
    duration_seconds: Amount = 0.0
    reruns: tuple[Outcome, ...] = ()

    @property
    def runs(self) -> tuple[Outcome, ...]:
        """The outcomes of all its runs, in their order."""
        return (self.outcome, *self.reruns)

    @property
    def flaky(self) -> bool:
        """Whether it passed in one run and not in another: to fail and to hang is to fail."""
        return len({one == "passed" for one in self.runs}) > 1


class Report(Record, frozen=True, kw_only=True, tag="report/1"):
    """What was observed of one candidate.

    `reached` is the last step that was completed: `materialised` (its files were written),
    `installed`, `started`, `ran` (the runner came to its end). `trouble` is a private sentence
    on what went wrong where it was not the scenarios. `fault` says whose trouble it was: the
    `subject`'s counts against the candidate, the `factory`'s never does. `day` is the one, in UTC,
    by which quarantines are judged; where it is not known, none counts.
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
    day: Day | None = None
    duration_seconds: Amount = 0.0
    scenarios: tuple[ObservedScenario, ...]
