"""The deciding function: pure, total, and closed against everything that is not in order.

pass          inventory and report agree, every must passed, should at its threshold, no flake
              unexplained, no requirement left to scenarios in quarantine alone.
fail          the subject's own fault, or scenarios that failed, with everything else in order.
inconclusive  anything else.

How a scenario is heard, by all its runs and whether it is in quarantine on the day of the report:

runs                     out of quarantine             in quarantine
each passed              speaks for its requirements   says nothing
none passed              speaks against them           speaks against them
some passed, some not    a flake: no verdict           explained: says nothing
"""

from __future__ import annotations

from dataclasses import dataclass

from factory.counted import counted
from factory.records import (
    Candidate,
    ExpectedScenario,
    FailureClass,
    Inventory,
    ObservedScenario,
    Report,
    RequirementState,
    Verdict,
    WorkOrder,
)
from factory.records.verdict import VerdictWord
from factory.verdict.reasons import Reason


@dataclass(frozen=True)
class _Seen:
    """One expected scenario beside what was observed of it."""

    expected: ExpectedScenario
    observed: ObservedScenario | None
    quarantined: bool

    @property
    def runs(self) -> tuple[str, ...]:
        """The outcomes of its runs; `missing` where none was seen."""
        return self.observed.runs if self.observed else ("missing",)

    @property
    def passed(self) -> bool:
        """In each of its runs."""
        return set(self.runs) == {"passed"}

    @property
    def unmet(self) -> bool:
        """It ran, and passed in none of its runs."""
        return set(self.runs) <= {"failed", "timed_out"}

    @property
    def flaky(self) -> bool:
        """Whether its runs differ, in what nothing explains."""
        return bool(self.observed and self.observed.flaky) and not self.quarantined

    @property
    def heard(self) -> bool:
        """Whether it says something of its requirements: in quarantine only what fails does."""
        return not self.quarantined or self.unmet

    @property
    def must(self) -> bool:
        return self.expected.weight == "must"


@dataclass(frozen=True)
class _Decision:
    word: VerdictWord
    reason: Reason
    sentence: str
    failure_class: FailureClass | None = None


def decide(inventory: Inventory, report: Report, order: WorkOrder, candidate: Candidate) -> Verdict:
    """Judge one candidate from what was expected and what was observed.

    Args:
        inventory: the scenarios expected, taken before anything ran.
        report: what was observed.
        order: the work order that the candidate answers.
        candidate: the commit that was evaluated.

    Returns:
        The private verdict. Its `reason` is `<code>: <sentence>`, see `factory.verdict.reasons`.
    """
    observed = {scenario.id: scenario for scenario in report.scenarios}
    seen = [
        _Seen(expected, observed.get(expected.id), expected.quarantined(report.day))
        for expected in inventory.scenarios
    ]
    decision = (
        _out_of_order(inventory, report, order, candidate, seen)
        or _subject_fault(report, seen)
        or _judged(inventory, report, seen)
    )
    states = {item.id: _state(item.id, seen) for item in order.spec.requirements}
    uncovered = [key for key in states if not any(key in one.expected.requirements for one in seen)]
    note = f" No scenario checks {', '.join(uncovered)}." if uncovered else ""
    note += _told_of_quarantines(seen)
    return Verdict.of(
        order,
        candidate=candidate.commit,
        suite_digest=inventory.suite_digest,
        verdict=decision.word,
        reason=f"{decision.reason}: {decision.sentence}{note}",
        failure_class=decision.failure_class,
        requirements=states,
        scenarios_expected=len(seen),
        scenarios_passed=sum(one.passed for one in seen),
        nameable=_nameable(states, seen) if decision.word == "fail" else (),
    )


def _out_of_order(
    inventory: Inventory,
    report: Report,
    order: WorkOrder,
    candidate: Candidate,
    seen: list[_Seen],
) -> _Decision | None:
    """What makes the evidence itself unfit to judge by, whatever the scenarios did."""
    if differing := _disagreements(inventory, report, order, candidate):
        return _inconclusive(Reason.MISMATCH, f"The records differ in {', '.join(differing)}.")
    if not any(one.must for one in seen):
        return _inconclusive(Reason.SUITE_EMPTY, "The inventory has no must scenario.")
    known = {item.id for item in order.spec.requirements}
    stale = sorted({key for one in seen for key in one.expected.requirements} - known)
    if stale:
        return _inconclusive(Reason.SUITE_STALE, f"The spec has no {', '.join(stale)}.")
    expected_ids = [one.expected.id for one in seen]
    observed_ids = [scenario.id for scenario in report.scenarios]
    if len(set(expected_ids)) != len(expected_ids) or len(set(observed_ids)) != len(observed_ids):
        return _inconclusive(Reason.UNRECONCILED, "A scenario id occurs twice.")
    if strange := set(observed_ids) - set(expected_ids):
        return _inconclusive(
            Reason.UNRECONCILED, f"Not expected: {counted(len(strange), 'observed scenario')}."
        )
    if report.fault == "factory":
        return _inconclusive(Reason.FACTORY_FAULT, report.trouble or "No trouble was recorded.")
    if invalid := sum("invalid" in one.runs for one in seen):
        return _inconclusive(Reason.SUITE_INVALID, f"Invalid: {counted(invalid, 'scenario')}.")
    return None


def _disagreements(
    inventory: Inventory, report: Report, order: WorkOrder, candidate: Candidate
) -> list[str]:
    """The names of what should be one and the same in all records, and is not."""
    return [
        name
        for name, same in (
            ("work order", candidate.work_order == order),
            ("run", inventory.run_id == report.run_id == order.run_id),
            ("nonce", inventory.nonce == report.nonce == order.nonce),
            ("attempt", inventory.attempt == report.attempt == order.attempt),
            ("candidate", inventory.candidate == report.candidate == candidate.commit),
            ("suite digest", inventory.suite_digest == report.suite_digest),
        )
        if not same
    ]


def _subject_fault(report: Report, seen: list[_Seen]) -> _Decision | None:
    """The subject could not be installed or started, or brought the evaluation down."""
    if report.fault != "subject":
        return None
    classes: dict[str, FailureClass] = {"materialised": "build", "installed": "start"}
    return _Decision(
        "fail",
        Reason.SUBJECT_FAULT,
        report.trouble or f"The subject failed after it was {report.reached}.",
        classes.get(report.reached) or ("behaviour" if _sealed_round(seen) else "crash"),
    )


def _judged(inventory: Inventory, report: Report, seen: list[_Seen]) -> _Decision:
    """The verdict by the scenarios, for evidence that is in order so far."""
    if report.reached != "ran":
        return _inconclusive(Reason.INCOMPLETE, f"Only {report.reached} was reached.")
    unmet = [one for one in seen if one.must and one.unmet]
    flaky = [one for one in seen if one.flaky]
    # Where the open round did not pass, the sealed one is not run.
    open_trouble = any(not one.expected.sealed for one in (*unmet, *flaky))
    missing = [
        one for one in seen if "missing" in one.runs and not (one.expected.sealed and open_trouble)
    ]
    if missing:
        return _inconclusive(Reason.UNRECONCILED, f"Missing: {counted(len(missing), 'scenario')}.")
    if unmet:
        return _Decision(
            "fail",
            Reason.SCENARIOS_FAILED,
            f"{counted(len(unmet), 'must scenario')} did not pass.",
            "behaviour" if _sealed_round(seen) else _class_of(unmet, report),
        )
    if flaky:
        return _inconclusive(
            Reason.FLAKE if len(flaky) == 1 else Reason.FLAKES,
            f"{counted(len(flaky), 'scenario')} had another outcome when run again.",
        )
    should = [one for one in seen if not one.must and one.heard]
    share = sum(one.passed for one in should) / len(should) if should else 1.0
    if should and not share >= inventory.should_threshold:
        return _Decision(
            "fail",
            Reason.SHOULD_BELOW_THRESHOLD,
            f"{share:.2f} of the should scenarios passed, not {inventory.should_threshold:.2f}.",
            _class_of([one for one in should if one.unmet], report),
        )
    if report.subject_alive_after is False:
        return _Decision(
            "fail",
            Reason.SUBJECT_DIED,
            "The subject was not alive after the scenarios.",
            "behaviour" if _sealed_round(seen) else "crash",
        )
    must = [one for one in seen if one.must and one.heard]
    if unheard := _left_to_quarantine(seen):
        return _inconclusive(
            Reason.QUARANTINE,
            f"Of {', '.join(unheard)} every must scenario is in quarantine.",
        )
    # Closed: nothing may fall through to pass.
    if not must or not all(one.passed for one in must):
        return _inconclusive(Reason.UNKNOWN, "A must scenario neither passed nor failed.")
    return _Decision(
        "pass", Reason.ALL_PASSED, f"{counted(len(seen), 'scenario')}, every must passed."
    )


def _left_to_quarantine(seen: list[_Seen]) -> list[str]:
    """The requirements with must scenarios, of which none says anything; in the suite's order."""
    backed = dict.fromkeys(key for one in seen if one.must for key in one.expected.requirements)
    heard = {key for one in seen if one.must and one.heard for key in one.expected.requirements}
    return [key for key in backed if key not in heard]


def _told_of_quarantines(seen: list[_Seen]) -> str:
    """A private note for those who own the scenarios; empty where there is no quarantine."""
    given = sum(one.expected.quarantined_until is not None for one in seen)
    counting = sum(one.quarantined for one in seen)
    expired = given - counting
    note = f" In quarantine: {counting}." if counting else ""
    return f"{note} Quarantines that count no more: {expired}." if expired else note


def _sealed_round(seen: list[_Seen]) -> bool:
    """Whether the last round, of sealed scenarios, was run because all the others had passed.

    It answers one bit, so a failure in it is told as plain behaviour, whatever it was.
    """
    return any(one.expected.sealed and one.observed for one in seen) and all(
        one.passed for one in seen if one.must and one.heard and not one.expected.sealed
    )


def _class_of(unmet: list[_Seen], report: Report) -> FailureClass:
    """One class for all: crash where the subject died, timeout where nothing else was seen."""
    if report.subject_alive_after is False:
        return "crash"
    if unmet and all(one.runs[0] == "timed_out" for one in unmet):
        return "timeout"
    return "behaviour"


def _state(requirement: str, seen: list[_Seen]) -> RequirementState:
    """Met: all its must scenarios passed. Not met: any failed. Else not checked."""
    backing = [
        one for one in seen if one.must and one.heard and requirement in one.expected.requirements
    ]
    if any(one.unmet for one in backing):
        return "not-met"
    return "met" if backing and all(one.passed for one in backing) else "not-checked"


def _nameable(states: dict[str, RequirementState], seen: list[_Seen]) -> tuple[str, ...]:
    """Requirements not met that may be named, in the order of the spec.

    Two or more scenarios must back one, so that naming it does not point at a single scenario.
    Sealed scenarios do not count: they answer one bit, whether all passed, and nothing else.
    """
    names = []
    for requirement, state in states.items():
        backing = [
            one
            for one in seen
            if requirement in one.expected.requirements and one.heard and not one.expected.sealed
        ]
        unmet = any(one.must and one.unmet for one in backing)
        if state == "not-met" and unmet and len(backing) >= 2:
            names.append(requirement)
    return tuple(names)


def _inconclusive(reason: Reason, sentence: str) -> _Decision:
    return _Decision("inconclusive", reason, sentence)
