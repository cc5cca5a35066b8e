"""redact: only what may be public, a function of little, and never more than its price in bits."""

from __future__ import annotations

import itertools
import math

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from factory.records import PublicVerdict, Verdict
from factory.verdict import (
    Reason,
    Unavailable,
    message_bits,
    message_count,
    redact,
    word_bits,
)
from factory.verdict.reasons import INCONCLUSIVE, UNAVAILABLE

PRIVATE = Verdict(
    run_id="20261122t211008-0123abcd",
    nonce="ab" * 16,
    attempt=1,
    spec_id="link-expiry",
    spec_version=1,
    spec_digest="sha256:" + "1" * 64,
    candidate="c" * 40,
    suite_digest="hmac-sha256:" + "d" * 64,
    verdict="fail",
    reason="scenarios-failed: 2 must scenarios did not pass.",
    failure_class="behaviour",
    requirements={"R1": "not-met", "R2": "not-met", "R3": "met", "E1": "not-met", "C1": "not-met"},
    scenarios_expected=9,
    scenarios_passed=5,
    nameable=("C1", "E1", "R2", "R1"),
)


def private(**changes) -> Verdict:
    return msgspec.structs.replace(PRIVATE, **changes)


def test_at_most_three_are_named_in_the_order_of_the_spec():
    public = redact(PRIVATE, leak_left_bits=32)
    assert public.requirements_not_met == ("R1", "R2", "E1")
    assert public.other is True
    assert public.failure_class == "behaviour"


def test_what_one_scenario_backs_is_other():
    public = redact(private(nameable=("E1",)), leak_left_bits=32)
    assert (public.requirements_not_met, public.other) == (("E1",), True)
    public = redact(private(nameable=()), leak_left_bits=32)
    assert (public.requirements_not_met, public.other) == ((), True)


def test_other_is_false_when_all_that_is_not_met_is_named():
    only = private(requirements={"R1": "not-met", "R2": "met"}, nameable=("R1",))
    public = redact(only, leak_left_bits=32)
    assert (public.requirements_not_met, public.other) == (("R1",), False)


@pytest.mark.parametrize("failure_class", ["build", "start"])
def test_before_scenarios_ran_nothing_is_told_of_requirements(failure_class):
    public = redact(private(failure_class=failure_class), leak_left_bits=32)
    assert (public.requirements_not_met, public.other) == ((), False)


@pytest.mark.parametrize("word", ["pass", "fail", "inconclusive"])
@pytest.mark.parametrize("left", [0.0, 1.0, 7.0, -5.0, math.nan])
def test_without_budget_only_the_word_is_told(word, left):
    public = redact(private(verdict=word), leak_left_bits=left)
    assert (public.verdict, public.failure_class) == (word, None)
    assert (public.requirements_not_met, public.other) == ((), False)
    assert public.leak_bits == word_bits()


def test_a_verdict_that_is_not_a_fail_names_nothing():
    for word in ("pass", "inconclusive"):
        public = redact(private(verdict=word), leak_left_bits=32)
        assert (public.requirements_not_met, public.other, public.failure_class) == (
            (),
            False,
            None,
        )


@pytest.mark.parametrize("code", list(Reason))
def test_a_cause_is_one_of_our_phrases(code):
    secret = private(verdict="inconclusive", reason=f"{code}: GET /secret answered 42")
    public = redact(secret, leak_left_bits=32)
    assert public.cause in {phrase.cause for phrase in INCONCLUSIVE.values()}
    assert public.mend and "secret" not in public.cause + public.mend


def test_the_price_is_at_least_the_information_of_all_messages():
    """Every private verdict of small specs, by brute force."""
    for size in range(1, 5):
        ids = [f"R{number}" for number in range(1, size + 1)]
        told = {blurred(redact(one, leak_left_bits=32)) for one in every_verdict(ids)} | {
            f"unavailable {code}" for code in UNAVAILABLE
        }
        assert len(told) <= message_count(size)
        if size > 3:
            assert len(told) == message_count(size), "the formula counts what can be told, no more"
        assert message_bits(size) >= math.log2(len(told))
        bare = {blurred(redact(one, leak_left_bits=0)) for one in every_verdict(ids)}
        assert word_bits() >= math.log2(len(bare))


def every_verdict(ids: list[str]):
    for code in Reason:
        yield private(
            verdict="inconclusive", reason=f"{code}: x", requirements=dict.fromkeys(ids, "met")
        )
    yield private(verdict="pass", reason="all-passed: x", requirements=dict.fromkeys(ids, "met"))
    for states in itertools.product(["met", "not-met"], repeat=len(ids)):
        unmet = [key for key, state in zip(ids, states, strict=True) if state == "not-met"]
        for count in range(len(unmet) + 1):
            for nameable in itertools.combinations(unmet, count):
                for failure_class in ("build", "start", "timeout", "crash", "behaviour"):
                    yield private(
                        requirements=dict(zip(ids, states, strict=True)),
                        nameable=nameable,
                        failure_class=failure_class,
                    )


def blurred(public: PublicVerdict) -> str:
    return public.to_json().decode()


def test_the_price_grows_with_the_spec_and_fits_the_default_budget():
    assert [message_bits(size) for size in (6, 8, 12)] == sorted(
        message_bits(size) for size in (6, 8, 12)
    )
    assert 3 * message_bits(8) <= 32, "three attempts at a spec of eight requirements"


STATES = st.dictionaries(
    st.sampled_from(["R1", "R2", "R3", "E1"]),
    st.sampled_from(["met", "not-met", "not-checked"]),
    min_size=1,
)


@given(STATES, st.text(), st.integers(0, 99), st.integers(0, 99), st.floats(0, 40))
def test_what_differs_only_in_private_leaves_no_trace(states, text, expected, passed, left):
    unmet = tuple(key for key, state in states.items() if state == "not-met")
    one = private(requirements=states, nameable=unmet)
    quieter = {key: "met" if state == "not-checked" else state for key, state in states.items()}
    other = private(
        requirements=quieter,
        nameable=unmet,
        reason=text,
        scenarios_expected=expected,
        scenarios_passed=passed,
    )
    assert (
        redact(one, leak_left_bits=left).to_json() == redact(other, leak_left_bits=left).to_json()
    )


@given(st.text(), st.sampled_from(["pass", "fail", "inconclusive"]), st.floats(0, 40))
def test_only_the_allowed_fields_say_anything(text, word, left):
    public = redact(private(verdict=word, reason=text), leak_left_bits=left).to_data()
    carried = {
        "record", "run_id", "nonce", "attempt", "spec_id", "spec_version", "spec_digest",
        "candidate", "suite_digest",
    }  # fmt: skip
    free = {"verdict", "failure_class", "requirements_not_met", "other", "cause", "mend"}
    assert set(public) == carried | free | {"leak_bits"}
    assert all(public[key] == PRIVATE.to_data()[key] for key in carried - {"record"})


def test_every_unavailable_cause_has_a_mend():
    assert set(UNAVAILABLE) == set(Unavailable)
    assert all(phrase.cause and phrase.mend for phrase in UNAVAILABLE.values())
    phrases = [*INCONCLUSIVE.values(), *UNAVAILABLE.values()]
    assert len({phrase.cause for phrase in phrases}) == len(phrases)
