"""Feedback: what a hidden suite holds must not reach a check, a record or the next attempt."""

from __future__ import annotations

import itertools
import math

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
    WorkOrder,
    digest_of,
)
from factory.verdict import check_output, decide, message_bits, redact

RUN, NONCE, COMMIT = "20261122t211008-0123abcd", "ab" * 16, "c" * 40
SUITE = "hmac-sha256:" + "d" * 64
CANARY = "canary-4f1d: GET /links/zq9 must answer 410"
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
REQUIREMENTS = [("R1",), ("R1",), ("R2",), ("R2",), ("R1", "E1"), ("E1",), (), ("R2",)]


def public(names, words, *, sealed=0, alive=None, left=32.0, trouble="", seconds=0.0, **report):
    """All that anybody outside learns: the public verdict and the text of the check."""
    expected = tuple(
        ExpectedScenario(id=name, requirements=covers, sealed=number >= len(names) - sealed)
        for number, (name, covers) in enumerate(zip(names, REQUIREMENTS, strict=False))
    )
    observed = tuple(
        ObservedScenario(id=name, outcome="failed", reruns=("passed",), duration_seconds=seconds)
        if word == "flaky"
        else ObservedScenario(id=name, outcome=word, duration_seconds=seconds)
        for name, word in zip(names, words, strict=True)
    )
    ids = {"run_id": RUN, "nonce": NONCE, "attempt": 1, "candidate": COMMIT, "suite_digest": SUITE}
    seen = {"reached": "ran", "fault": "none", **report}
    private = decide(
        Inventory(**ids, scenarios=expected),
        Report(
            **ids,
            **seen,
            sandbox="bubblewrap",
            trouble=trouble,
            subject_alive_after=alive,
            scenarios=observed,
        ),
        ORDER,
        CANDIDATE,
    )
    told = redact(private, leak_left_bits=left)
    output = check_output(told, ORDER, spent_usd=1.0)
    return told, f"{told.to_json().decode()}\n{output.title}\n{output.summary}"


WORDS = st.lists(
    st.sampled_from(["passed", "failed", "timed_out", "invalid", "missing"]),
    min_size=8,
    max_size=8,
)


@given(WORDS, st.text(max_size=40), st.text(max_size=40), st.floats(0, 1e6))
def test_two_suites_of_equal_verdict_read_alike_to_the_byte(words, trouble, other, seconds):
    """Other names, other troubles, other durations: what is told does not differ."""
    one = public([f"first {number}" for number in range(8)], words, trouble=trouble)
    two = public(
        [f"{CANARY} {number}" for number in range(8)], words, trouble=other, seconds=seconds
    )
    assert one == two


@pytest.mark.parametrize("fault", ["none", "subject", "factory"])
@pytest.mark.parametrize("reached", ["materialised", "installed", "started", "ran"])
@pytest.mark.parametrize("word", ["passed", "failed", "invalid", "missing", "timed_out"])
def test_no_text_of_a_scenario_or_a_subject_is_told(word, reached, fault):
    names = [f"{CANARY} {number}" for number in range(8)]
    told, text = public(names, [word] * 8, trouble=CANARY, reached=reached, fault=fault)
    assert "canary" not in text and "410" not in text and "zq9" not in text
    if told.verdict != "pass":
        assert told.verdict == "fail" or (told.cause and told.mend)


def test_a_subject_that_answers_in_a_pattern_says_no_more_than_is_charged():
    """It encodes what it saw in which scenarios it fails: every pattern, by brute force."""
    names = [f"s{number}" for number in range(8)]
    told = {}
    for pattern in itertools.product(["passed", "failed"], repeat=8):
        for alive in (True, False):
            verdict, text = public(names, pattern, alive=alive)
            told.setdefault(text, verdict)
    assert math.log2(len(told)) <= message_bits(3)
    assert all(verdict.leak_bits == message_bits(3) for verdict in told.values())
    assert len(told) < 64, "of 512 behaviours"


def test_a_subject_that_flakes_in_a_pattern_says_no_more_than_is_charged():
    """Right the second time is a third way to answer; it buys two messages, no more."""
    names = [f"s{number}" for number in range(6)]
    told = {}
    for pattern in itertools.product(["passed", "failed", "flaky"], repeat=6):
        verdict, text = public(names, pattern)
        told.setdefault(text, verdict)
    assert math.log2(len(told)) <= message_bits(3)
    unsure = [one for one in told.values() if one.verdict == "inconclusive"]
    assert len(unsure) == 2, "one flake, or several"
    assert all(one.requirements_not_met == () for one in unsure)


def test_when_the_budget_is_spent_a_pattern_says_pass_or_fail():
    names = [f"s{number}" for number in range(8)]
    patterns = itertools.product(["passed", "failed", "timed_out"], repeat=8)
    told = {
        public(names, pattern, left=1.0)[1] for pattern in itertools.islice(patterns, 0, 6561, 7)
    }
    assert len(told) == 2


def test_the_sealed_round_answers_one_bit():
    """With all the open scenarios passed, only whether the sealed ones passed is told."""
    names = [f"s{number}" for number in range(8)]
    told = {
        public(names, ["passed"] * 5 + list(sealed), sealed=3, alive=alive)[1]
        for sealed in itertools.product(["passed", "failed", "timed_out"], repeat=3)
        for alive in (True, False)
    }
    assert len(told) == 2


def test_a_requirement_with_one_scenario_is_never_named():
    """Its name would say which scenario failed."""
    names = [f"s{number}" for number in range(8)]
    for pattern in itertools.product(["passed", "failed"], repeat=6):
        told, _ = public(names[:6], pattern)
        assert isinstance(told, PublicVerdict)
        backing = {key: sum(key in one for one in REQUIREMENTS[:6]) for key in ("R1", "R2", "E1")}
        assert all(backing[key] >= 2 for key in told.requirements_not_met)
        assert len(told.requirements_not_met) <= 3
    lonely, text = public(["only"], ["failed"])
    assert lonely.requirements_not_met == () and lonely.other
    assert "| R1 | text of R1 | not told |" in text
