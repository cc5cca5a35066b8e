"""decide: pass only when every condition holds, fail only by the subject's fault."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from factory.records import (
    AgentOutcome,
    AgentProfile,
    Budget,
    Candidate,
    ExpectedScenario,
    Inventory,
    ObservedScenario,
    Product,
    Report,
    Requirement,
    SpecText,
    Subject,
    Verdict,
    WorkOrder,
    digest_of,
)
from factory.verdict import Reason, decide
from factory.verdict.reasons import code_of

RUN = "20261122t211008-0123abcd"
NONCE = "ab" * 16
COMMIT = "c" * 40
SUITE = "hmac-sha256:" + "d" * 64
ORDER = WorkOrder(
    run_id=RUN,
    nonce=NONCE,
    created_at="2026-11-22T21:10:08Z",
    spec=SpecText(
        id="link-expiry",
        title="Links expire",
        version=1,
        path="specs/link-expiry.md",
        commit="a" * 40,
        digest=digest_of("…"),
        text="…",
        requirements=tuple(
            Requirement(id=key, text=f"text of {key}", line=line)
            for line, key in enumerate(("R1", "R2", "E1"), 1)
        ),
    ),
    product=Product(name="shortener", repository="acme/shortener", subject=Subject(start="x")),
    base_commit="b" * 40,
    agent=AgentProfile(name="builder", uses="replay"),
    budget=Budget(),
    brief="…",
)
CANDIDATE = Candidate(
    work_order=ORDER,
    commit=COMMIT,
    tree_id="e" * 40,
    branch=f"factory/hold/link-expiry/{RUN}",
    changed_paths=1,
    agent=AgentOutcome(ended="finished"),
    spent_usd=1.0,
)
R1, R2, E1 = ("R1",), ("R2",), ("E1",)
SUITE_OF_SIX = (
    ExpectedScenario(id="a", requirements=R1),
    ExpectedScenario(id="b", requirements=R1),
    ExpectedScenario(id="c", requirements=R2),
    ExpectedScenario(id="d", requirements=("R2", "E1")),
    ExpectedScenario(id="s", requirements=R1, weight="should"),
    ExpectedScenario(id="z", requirements=R2, sealed=True),
)


def inventory(scenarios: tuple[ExpectedScenario, ...] = SUITE_OF_SIX, **changes: Any) -> Inventory:
    given = {"run_id": RUN, "nonce": NONCE, "attempt": 1, "candidate": COMMIT}
    return Inventory(**{**given, "suite_digest": SUITE, "scenarios": scenarios, **changes})


def report(outcomes: dict[str, str] | None = None, **changes: Any) -> Report:
    """A report on SUITE_OF_SIX in which all passed, but for `outcomes`; None drops a scenario."""
    words = {one.id: "passed" for one in SUITE_OF_SIX} | (outcomes or {})
    scenarios = tuple(
        ObservedScenario(id=key, outcome=word)  # type: ignore[arg-type]
        for key, word in words.items()
        if word is not None
    )
    given = {"run_id": RUN, "nonce": NONCE, "attempt": 1, "candidate": COMMIT}
    rest = {"suite_digest": SUITE, "reached": "ran", "sandbox": "bubblewrap"}
    return Report(**{**given, **rest, "scenarios": scenarios, **changes})


def judge(seen: Report, expected: Inventory | None = None) -> Verdict:
    return decide(expected or inventory(), seen, ORDER, CANDIDATE)


def test_everything_in_order_passes():
    verdict = judge(report(subject_alive_after=True))
    assert (verdict.verdict, code_of(verdict.reason)) == ("pass", Reason.ALL_PASSED)
    assert verdict.requirements == {"R1": "met", "R2": "met", "E1": "met"}
    assert (verdict.scenarios_expected, verdict.scenarios_passed) == (6, 6)


def test_a_failed_must_fails_and_names_what_two_scenarios_back():
    verdict = judge(report({"a": "failed", "d": "failed"}))
    assert (verdict.verdict, verdict.failure_class) == ("fail", "behaviour")
    assert verdict.requirements == {"R1": "not-met", "R2": "not-met", "E1": "not-met"}
    assert verdict.nameable == ("R1", "R2"), "E1 has one scenario only"


def test_sealed_scenarios_may_be_missing_only_after_an_open_failure():
    assert judge(report({"a": "failed", "z": None})).verdict == "fail"
    assert judge(report({"a": "failed", "z": "missing"})).verdict == "fail"
    assert judge(report({"z": None})).verdict == "inconclusive"
    assert judge(report({"s": "failed", "z": None})).verdict == "inconclusive"


@pytest.mark.parametrize("outcome", ["failed", "timed_out"])
def test_the_sealed_round_answers_one_bit(outcome):
    verdict = judge(report({"z": outcome}, subject_alive_after=False))
    assert (verdict.verdict, verdict.failure_class, verdict.nameable) == ("fail", "behaviour", ())


@pytest.mark.parametrize(
    ("reached", "failure_class"),
    [("materialised", "build"), ("installed", "start"), ("started", "crash")],
)
def test_the_subjects_own_fault_is_a_fail(reached, failure_class):
    verdict = judge(report(fault="subject", reached=reached, scenarios=()))
    assert (verdict.verdict, verdict.failure_class) == ("fail", failure_class)
    assert set(verdict.requirements.values()) == {"not-checked"}


def test_classes_of_failure():
    assert judge(report({"a": "timed_out"})).failure_class == "timeout"
    assert judge(report({"a": "timed_out", "b": "failed"})).failure_class == "behaviour"
    assert judge(report({"a": "failed"}, subject_alive_after=False)).failure_class == "crash"
    open_only = inventory(scenarios=SUITE_OF_SIX[:-1])
    died = report({"z": None}, subject_alive_after=False)
    assert judge(died, open_only).failure_class == "crash"
    assert code_of(judge(died, open_only).reason) == Reason.SUBJECT_DIED


def test_should_scenarios_count_by_their_share():
    lenient = inventory(should_threshold=0.0)
    assert judge(report({"s": "failed"})).verdict == "fail"
    assert judge(report({"s": "failed"}), lenient).verdict == "pass"


@pytest.mark.parametrize(
    ("seen", "expected", "reason"),
    [
        (report(run_id="20261122t211008-ffffffff"), None, Reason.MISMATCH),
        (report(nonce="0" * 32), None, Reason.MISMATCH),
        (report(attempt=2), None, Reason.MISMATCH),
        (report(candidate="0" * 40), None, Reason.MISMATCH),
        (report(suite_digest="hmac-sha256:" + "0" * 64), None, Reason.MISMATCH),
        (report(scenarios=()), inventory(scenarios=()), Reason.SUITE_EMPTY),
        (
            report(scenarios=(ObservedScenario(id="s", outcome="passed"),)),
            inventory(scenarios=(ExpectedScenario(id="s", weight="should"),)),
            Reason.SUITE_EMPTY,
        ),
        (
            report(scenarios=(ObservedScenario(id="a", outcome="passed"),)),
            inventory(scenarios=(ExpectedScenario(id="a", requirements=("R9",)),)),
            Reason.SUITE_STALE,
        ),
        (report(), inventory(scenarios=SUITE_OF_SIX + SUITE_OF_SIX[:1]), Reason.UNRECONCILED),
        (report(scenarios=report().scenarios * 2), None, Reason.UNRECONCILED),
        (report({"unheard-of": "passed"}), None, Reason.UNRECONCILED),
        (report({"a": None}), None, Reason.UNRECONCILED),
        (report({"a": "missing", "b": "failed"}), None, Reason.UNRECONCILED),
        (report({"a": "invalid", "b": "failed"}), None, Reason.SUITE_INVALID),
        (report({"b": "failed"}, fault="factory"), None, Reason.FACTORY_FAULT),
        (report({"b": "failed"}, reached="started"), None, Reason.INCOMPLETE),
    ],
)
def test_anything_out_of_order_is_inconclusive(seen, expected, reason):
    verdict = judge(seen, expected)
    assert (verdict.verdict, code_of(verdict.reason)) == ("inconclusive", reason)
    assert verdict.nameable == () and verdict.failure_class is None


def test_another_work_order_in_the_candidate_is_inconclusive():
    other = msgspec.structs.replace(ORDER, brief="another brief")
    assert decide(inventory(), report(), other, CANDIDATE).verdict == "inconclusive"


@pytest.mark.parametrize(("first", "again"), [("passed", "failed"), ("failed", "passed")])
def test_a_flake_never_passes_and_is_not_held_against_the_candidate(first, again):
    flaky = ObservedScenario(id="a", outcome=first, reruns=(first, again))  # type: ignore[arg-type]
    seen = report(scenarios=(flaky, *report().scenarios[1:]))
    verdict = judge(seen)
    assert (verdict.verdict, code_of(verdict.reason)) == ("inconclusive", Reason.FLAKE)
    assert verdict.requirements["R1"] == "not-checked"


def test_a_firm_failure_beside_a_flake_is_a_fail():
    flaky = ObservedScenario(id="c", outcome="failed", reruns=("passed",))
    seen = report({"a": "failed"})
    scenarios = tuple(flaky if one.id == "c" else one for one in seen.scenarios)
    verdict = judge(msgspec.structs.replace(seen, scenarios=scenarios))
    assert (verdict.verdict, verdict.nameable) == ("fail", ("R1",))


def test_requirements_without_scenarios_are_said_in_the_private_reason():
    suite = (ExpectedScenario(id="a", requirements=R1),)
    seen = report(scenarios=(ObservedScenario(id="a", outcome="passed"),))
    verdict = judge(seen, inventory(scenarios=suite))
    assert verdict.verdict == "pass"
    assert verdict.requirements["R2"] == "not-checked"
    assert "R2, E1" in verdict.reason


OUTCOMES = st.sampled_from(["passed", "failed", "invalid", "missing", "timed_out"])
SUITES = st.lists(
    st.builds(
        ExpectedScenario,
        id=st.sampled_from("abcdefgh"),
        requirements=st.lists(st.sampled_from(["R1", "R2", "E1", "R9"]), max_size=2).map(tuple),
        weight=st.sampled_from(["must", "should"]),
        sealed=st.booleans(),
    ),
    max_size=6,
).map(tuple)
OBSERVATIONS = st.lists(
    st.builds(
        ObservedScenario,
        id=st.sampled_from("abcdefgh"),
        outcome=OUTCOMES,
        reruns=st.lists(OUTCOMES, max_size=1).map(tuple),
    ),
    max_size=6,
).map(tuple)
REPORT_CHANGES = st.fixed_dictionaries(
    {
        "reached": st.sampled_from(["ran", "ran", "materialised", "installed", "started"]),
        "fault": st.sampled_from(["none", "none", "subject", "factory"]),
        "subject_alive_after": st.sampled_from([None, True, False]),
        "attempt": st.sampled_from([1, 1, 1, 2]),
    }
)


def may_pass(expected: Inventory, seen: Report) -> bool:
    """The contract's conditions for a pass, written once more and independently."""
    words = {one.id: one for one in seen.scenarios}
    ids = [one.id for one in expected.scenarios]
    if len(set(ids)) != len(ids) or len(words) != len(seen.scenarios) or set(ids) != set(words):
        return False
    should = [one for one in expected.scenarios if one.weight == "should"]
    passed = [one for one in should if words[one.id].outcome == "passed"]
    return (
        seen.reached == "ran"
        and seen.fault == "none"
        and seen.subject_alive_after is not False
        and seen.attempt == 1
        and any(one.weight == "must" for one in expected.scenarios)
        and all(
            words[one.id].outcome == "passed" for one in expected.scenarios if one.weight == "must"
        )
        and len(passed) >= expected.should_threshold * len(should)
        and all(again == one.outcome for one in seen.scenarios for again in one.reruns)
        and all(one.outcome not in ("missing", "invalid") for one in seen.scenarios)
    )


@given(SUITES, OBSERVATIONS, REPORT_CHANGES, st.sampled_from([0.0, 0.5, 1.0]))
def test_never_a_pass_unless_every_condition_holds(suite, observations, changes, threshold):
    expected = inventory(scenarios=suite, should_threshold=threshold)
    seen = report(scenarios=observations, **changes)
    verdict = judge(seen, expected)
    if verdict.verdict == "pass":
        assert may_pass(expected, seen)
    if verdict.verdict == "fail":
        bad = [one for one in observations if one.outcome in ("failed", "timed_out")]
        assert seen.fault == "subject" or bad or seen.subject_alive_after is False
        assert seen.fault != "factory" and not any(
            one.outcome == "invalid" and one.id in {e.id for e in suite} for one in observations
        )
        assert verdict.failure_class is not None
    assert judge(seen, expected) == verdict, "pure: the same in gives the same out"


PASSING = st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=6, unique=True)


@given(PASSING, st.data())
def test_any_change_to_a_passing_pair_is_never_a_pass(ids, data):
    suite = tuple(
        ExpectedScenario(id=key, sealed=data.draw(st.booleans(), label="sealed")) for key in ids
    )
    passing = tuple(ObservedScenario(id=key, outcome="passed") for key in ids)
    assert judge(report(scenarios=passing), inventory(scenarios=suite)).verdict == "pass"
    at = data.draw(st.integers(0, len(ids) - 1), label="position")
    how = data.draw(st.sampled_from(["drop", "alter", "rename", "twice", "flake"]), label="how")
    word = data.draw(OUTCOMES.filter(lambda one: one != "passed"), label="outcome")
    altered = {
        "drop": (),
        "alter": (ObservedScenario(id=ids[at], outcome=word),),
        "rename": (ObservedScenario(id="other", outcome="passed"),),
        "twice": (passing[at], passing[at]),
        "flake": (ObservedScenario(id=ids[at], outcome="passed", reruns=(word,)),),
    }[how]
    changed = (*passing[:at], *altered, *passing[at + 1 :])
    assert judge(report(scenarios=changed), inventory(scenarios=suite)).verdict != "pass"
