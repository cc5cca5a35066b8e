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
    PublicVerdict,
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


def several(runs: dict[str, tuple[str, ...]], **changes: Any) -> Report:
    """A report in which these scenarios ran so often, with these outcomes."""
    seen = report(**changes)
    scenarios = tuple(
        ObservedScenario(id=one.id, outcome=runs[one.id][0], reruns=runs[one.id][1:])  # type: ignore[arg-type]
        if one.id in runs
        else one
        for one in seen.scenarios
    )
    return msgspec.structs.replace(seen, scenarios=scenarios)


FLAKY = ("failed", "passed")
DAY = "2026-11-22"


def quarantined(*ids: str, until: str = DAY) -> Inventory:
    """SUITE_OF_SIX with these scenarios in quarantine."""
    return inventory(
        tuple(
            msgspec.structs.replace(one, quarantined_until=until) if one.id in ids else one
            for one in SUITE_OF_SIX
        )
    )


def code(verdict: Verdict) -> tuple[str, Reason]:
    return verdict.verdict, code_of(verdict.reason)


def test_to_fail_and_to_hang_is_no_flake():
    """Else a subject could turn each fail into an inconclusive verdict, and cost no attempt."""
    verdict = judge(several({"a": ("failed", "timed_out"), "b": ("timed_out", "failed")}))
    assert code(verdict) == ("fail", Reason.SCENARIOS_FAILED)
    assert verdict.nameable == ("R1",) and verdict.failure_class == "behaviour"


def test_one_flake_or_several_is_all_that_differs():
    assert code(judge(several({"a": FLAKY}))) == ("inconclusive", Reason.FLAKE)
    two = judge(several({"a": FLAKY, "b": FLAKY}))
    four = judge(several({"a": FLAKY, "b": FLAKY, "c": FLAKY, "d": FLAKY}))
    assert code(two) == code(four) == ("inconclusive", Reason.FLAKES)


def test_after_a_flake_the_sealed_round_is_not_missed():
    seen = several({"a": FLAKY})
    open_only = tuple(one for one in seen.scenarios if one.id != "z")
    verdict = judge(msgspec.structs.replace(seen, scenarios=open_only))
    assert code(verdict) == ("inconclusive", Reason.FLAKE)


@pytest.mark.parametrize(
    ("until", "day", "expected"),
    [
        ("2026-11-22", "2026-11-22", ("pass", Reason.ALL_PASSED)),
        ("2026-11-23", "2026-11-22", ("pass", Reason.ALL_PASSED)),
        ("2026-11-21", "2026-11-22", ("inconclusive", Reason.FLAKE)),
        ("2026-12-31", None, ("inconclusive", Reason.FLAKE)),
    ],
)
def test_a_quarantine_explains_a_flake_until_its_last_day(until, day, expected):
    verdict = judge(several({"a": FLAKY}, day=day), quarantined("a", until=until))
    assert code(verdict) == expected
    assert ("no more: 1" in verdict.reason) is (expected[0] != "pass")


def test_in_quarantine_a_scenario_that_fails_each_time_fails_as_ever():
    for runs in (("failed",), ("failed", "failed"), ("failed", "timed_out")):
        verdict = judge(several({"a": runs}, day=DAY), quarantined("a"))
        assert code(verdict) == ("fail", Reason.SCENARIOS_FAILED)
        assert verdict.requirements["R1"] == "not-met"


@pytest.mark.parametrize("runs", [FLAKY, ("passed",), ("passed", "failed")])
def test_a_requirement_left_to_quarantine_alone_is_not_checked(runs):
    """Whether it flaked this time is chance, and must not decide."""
    expected = quarantined("a", "b")
    verdict = judge(several({"a": runs, "b": runs}, day=DAY), expected)
    assert code(verdict) == ("inconclusive", Reason.QUARANTINE)
    assert verdict.requirements == {"R1": "not-checked", "R2": "met", "E1": "met"}
    assert "R1" in verdict.reason and "In quarantine: 2" in verdict.reason


@pytest.mark.parametrize("word", ["missing", "invalid"])
def test_quarantine_explains_flakes_and_nothing_else(word):
    for runs in ((word,), ("failed", word), ("failed", "passed", word)):
        verdict = judge(several({"a": runs}, day=DAY), quarantined("a"))
        assert verdict.verdict == "inconclusive"


def test_a_should_scenario_in_quarantine_counts_only_where_it_fails():
    assert judge(several({"s": FLAKY}, day=DAY), quarantined("s")).verdict == "pass"
    failed = judge(several({"s": ("failed", "failed")}, day=DAY), quarantined("s"))
    assert code(failed) == ("fail", Reason.SHOULD_BELOW_THRESHOLD)


def test_a_flake_that_is_explained_does_not_keep_the_sealed_round_from_answering_one_bit():
    verdict = judge(several({"a": FLAKY, "z": ("timed_out",)}, day=DAY), quarantined("a"))
    assert (verdict.verdict, verdict.failure_class, verdict.nameable) == ("fail", "behaviour", ())


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
        quarantined_until=st.sampled_from([None, None, "2026-11-21", "2026-11-22"]),
    ),
    max_size=6,
).map(tuple)
OBSERVATIONS = st.lists(
    st.builds(
        ObservedScenario,
        id=st.sampled_from("abcdefgh"),
        outcome=OUTCOMES,
        reruns=st.lists(OUTCOMES, max_size=2).map(tuple),
    ),
    max_size=6,
).map(tuple)
REPORT_CHANGES = st.fixed_dictionaries(
    {
        "reached": st.sampled_from(["ran", "ran", "materialised", "installed", "started"]),
        "fault": st.sampled_from(["none", "none", "subject", "factory"]),
        "subject_alive_after": st.sampled_from([None, True, False]),
        "attempt": st.sampled_from([1, 1, 1, 2]),
        "day": st.sampled_from([None, "2026-11-21", "2026-11-22", "2026-11-23"]),
    }
)


def may_pass(expected: Inventory, seen: Report) -> bool:
    """The contract's conditions for a pass, written once more and independently."""
    words = {one.id: one for one in seen.scenarios}
    ids = [one.id for one in expected.scenarios]
    if len(set(ids)) != len(ids) or len(words) != len(seen.scenarios) or set(ids) != set(words):
        return False
    aside = {
        one.id
        for one in expected.scenarios
        if seen.day
        and (one.quarantined_until or "") >= seen.day
        and "passed" in (words[one.id].outcome, *words[one.id].reruns)
    }
    heard = [one for one in expected.scenarios if one.id not in aside]
    must = [one for one in heard if one.weight == "must"]
    should = [one for one in heard if one.weight == "should"]
    passed = [one for one in should if words[one.id].outcome == "passed"]
    backed = {key for one in expected.scenarios if one.weight == "must" for key in one.requirements}
    runs = {one.id: (one.outcome, *one.reruns) for one in seen.scenarios}
    return (
        seen.reached == "ran"
        and seen.fault == "none"
        and seen.subject_alive_after is not False
        and seen.attempt == 1
        and must != []
        and all(words[one.id].outcome == "passed" for one in must)
        and backed == {key for one in must for key in one.requirements}
        and len(passed) >= expected.should_threshold * len(should)
        and not any("missing" in found or "invalid" in found for found in runs.values())
        and all(
            ("passed" in found) is (again == "passed")
            for key, found in runs.items()
            for again in found
            if key not in aside
        )
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
            "invalid" in one.runs and one.id in {e.id for e in suite} for one in observations
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


RUNS = st.sampled_from(
    [("passed",), ("failed",), ("failed", "passed"), ("failed", "failed"), ("timed_out", "failed")]
)
"""What the runner reports: only what did not pass is run again."""


def drawn(data: st.DataObject, ids: list[str]) -> tuple[Inventory, Report]:
    """A suite in order, and a report of it in order, with quarantines and flakes."""
    suite = tuple(
        ExpectedScenario(
            id=key,
            requirements=data.draw(st.sampled_from([R1, R2, ("R1", "E1")])),
            weight=data.draw(st.sampled_from(["must", "must", "should"])),
            quarantined_until=data.draw(st.sampled_from([None, None, "2026-11-21", DAY])),
        )
        for key in ids
    )
    scenarios = tuple(observed(key, data.draw(RUNS, label="runs")) for key in ids)
    threshold = data.draw(st.sampled_from([0.0, 0.5, 1.0]), label="threshold")
    return inventory(suite, should_threshold=threshold), report(scenarios=scenarios, day=DAY)


def observed(key: str, runs: tuple[str, ...]) -> ObservedScenario:
    return ObservedScenario(id=key, outcome=runs[0], reruns=runs[1:])  # type: ignore[arg-type]


def unexplained(expected: Inventory, seen: Report) -> bool:
    """Whether there is a flake that no quarantine of that day explains."""
    kept = {one.id for one in expected.scenarios if one.quarantined_until == DAY}
    return any("passed" in one.reruns and one.id not in kept for one in seen.scenarios)


def with_one(expected: Inventory, at: int, until: str | None) -> Inventory:
    changed = msgspec.structs.replace(expected.scenarios[at], quarantined_until=until)
    scenarios = (*expected.scenarios[:at], changed, *expected.scenarios[at + 1 :])
    return msgspec.structs.replace(expected, scenarios=scenarios)


@given(PASSING, st.data())
def test_a_flake_that_nothing_explains_is_never_a_pass(ids, data):
    expected, seen = drawn(data, ids)
    if unexplained(expected, seen):
        assert judge(seen, expected).verdict != "pass"


@given(PASSING, st.data())
def test_a_quarantine_never_makes_a_fail_better_nor_a_constant_failure_a_pass(ids, data):
    expected, seen = drawn(data, ids)
    at = data.draw(st.integers(0, len(ids) - 1), label="position")
    before = judge(seen, with_one(expected, at, None)).verdict
    after = judge(seen, with_one(expected, at, DAY)).verdict
    if before == "fail":
        assert after == "fail"
    if after == "pass" and before != "pass":
        assert "passed" in seen.scenarios[at].reruns, "it explained a flake, and that is all"


@given(PASSING, st.data())
def test_less_information_never_makes_a_pass(ids, data):
    expected, seen = drawn(data, ids)
    if judge(seen, expected).verdict == "pass":
        return
    at = data.draw(st.integers(0, len(ids) - 1), label="position")
    how = data.draw(st.sampled_from(["scenario", "reruns"]), label="what is left out")
    bare = (msgspec.structs.replace(seen.scenarios[at], reruns=()),)
    kept = () if how == "scenario" else bare
    scenarios = (*seen.scenarios[:at], *kept, *seen.scenarios[at + 1 :])
    assert judge(msgspec.structs.replace(seen, scenarios=scenarios), expected).verdict != "pass"


@given(PASSING, st.data())
def test_running_again_makes_a_fail_inconclusive_and_nothing_else(ids, data):
    """A subject that answers right the second time gains no pass by it, unless in quarantine."""
    expected, seen = drawn(data, ids)
    bare = inventory(expected.scenarios, should_threshold=expected.should_threshold)
    for at in range(len(ids)):
        bare = with_one(bare, at, None)
    once = tuple(msgspec.structs.replace(one, reruns=()) for one in seen.scenarios)
    before = judge(msgspec.structs.replace(seen, scenarios=once), bare).verdict
    after = judge(seen, bare).verdict
    assert after in (before, "inconclusive")


@pytest.mark.parametrize("kind", [Verdict, PublicVerdict])
def test_what_is_said_of_an_attempt_names_it_and_its_version_of_the_spec(kind: Any) -> None:
    spec = msgspec.structs.replace(ORDER.spec, version=7)
    order = msgspec.structs.replace(ORDER, attempt=3, spec=spec)
    facts: dict[str, Any] = {"candidate": COMMIT, "suite_digest": SUITE, "verdict": "inconclusive"}
    if kind is Verdict:
        facts |= {"reason": "x", "requirements": {}, "scenarios_expected": 0, "scenarios_passed": 0}
    said = kind.of(order, **facts)
    assert (said.run_id, said.nonce, said.attempt) == (RUN, NONCE, 3)
    assert (said.spec_id, said.spec_version) == ("link-expiry", 7)
    assert said.spec_digest == spec.digest
