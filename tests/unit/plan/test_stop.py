"""When a run stops before its attempts are used up: from public facts, and for a true reason."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factory.plan import Stop, request_retry
from factory.plan.stop import why_stop
from factory.records import AgentOutcome, Budget, Candidate, RetryRequest, RetryRules
from tests.unit.plan.made import order, past, public

PLACE = {f"R{number}": number for number in range(1, 9)}


def stop(*history, next_agent: str = "builder", stop_on=("repeat", "no-gain", "regression")) -> str:
    return why_stop(history, RetryRules(stop_on=stop_on), place=PLACE, next_agent=next_agent)


def test_one_failure_is_no_reason() -> None:
    assert stop(past(1, "R1")) == ""


def test_the_same_failure_twice_is() -> None:
    assert stop(past(1, "R1"), past(2, "R1")) == "the same failure twice: behaviour, not met: R1"
    crashed = [past(n, failure_class="build") for n in (1, 2)]
    assert stop(*crashed) == "the same failure twice: build"
    unnamed = [past(n, other=True) for n in (1, 2)]
    assert stop(*unnamed).endswith("not met: a requirement that is not named")
    assert stop(past(1, "R1"), past(2, "R2", "R3"), past(3, "R1"), stop_on=("repeat",)) != ""


def test_the_same_files_are_the_same_failure_whatever_was_said() -> None:
    assert "same files" in stop(
        past(1, "R1"), past(2, "R2", tree_id=f"{1:040x}"), stop_on=["repeat"]
    )


def test_a_bare_fail_says_nothing_and_stops_nothing() -> None:
    assert stop(*(past(n, failure_class=None) for n in (1, 2, 3))) == ""
    assert stop(past(1, "R1"), past(2, failure_class=None)) == ""


def test_gains_go_on() -> None:
    assert stop(past(1, "R1", "R2"), past(2, "R2")) == ""
    assert stop(past(1, failure_class="build"), past(2, "R1")) == ""
    assert stop(past(1, "R1", other=True), past(2, "R1")) == ""
    # R1 was named and would be: R5 comes after it.
    assert stop(past(1, "R1", "R2", "R3", other=True), past(2, "R2", "R3", "R5", other=True)) == ""


def test_no_gain_stops() -> None:
    held = stop(past(1, "R1", failure_class="crash"), past(2, "R1"), stop_on=("no-gain",))
    assert held == "no requirement more is met than in attempt 1"


def test_what_held_before_and_no_longer_does_stops() -> None:
    assert stop(past(1, "R2"), past(2, "R1")) == "R1 held in attempt 1 and no longer does"
    assert stop(past(1, "R1"), past(2, failure_class="start")) == "attempt 1 came further: start"
    # R5 may have been unmet before, unnamed behind the first three.
    assert stop(past(1, "R1", "R2", "R3", other=True), past(2, "R5"), stop_on=["regression"]) == ""
    # Where the subject crashed, not all was heard.
    crashed = past(1, "R2", failure_class="crash")
    assert stop(crashed, past(2, "R1"), stop_on=["regression"]) == ""


def test_another_agent_gets_its_try_but_not_on_a_regression() -> None:
    same = (past(1, "R1"), past(2, "R1"))
    assert stop(*same, next_agent="other") == ""
    assert stop(past(1, "R2"), past(2, "R1"), next_agent="other") != ""


def test_each_cause_can_be_left_out() -> None:
    assert stop(past(1, "R1"), past(2, "R1"), stop_on=()) == ""
    assert stop(past(1, "R2"), past(2, "R1"), stop_on=("repeat",)) == ""


UNMET = st.sets(st.sampled_from(sorted(PLACE)), min_size=1)
NAMEABLE = st.sets(st.sampled_from(sorted(PLACE)))


def told(attempt: int, unmet: set[str], nameable: set[str]):
    """What `factory.verdict.redact` says of such a candidate."""
    named = tuple(key for key in sorted(unmet) if key in nameable)[:3]
    return past(attempt, *named, other=not named or len(unmet) > len(named))


@settings(max_examples=300, deadline=None)
@given(st.lists(UNMET, min_size=2, max_size=4), NAMEABLE)
def test_a_regression_is_one_and_a_loss_of_hope_is_not_over_a_gain_that_was_told(truth, nameable):
    history = [told(n, unmet, nameable) for n, unmet in enumerate(truth, 1)]
    reason = stop(*history, stop_on=("regression",))
    if reason:
        assert any(truth[-1] - earlier for earlier in truth[:-1])
    if truth[-1] < truth[-2] and history[-1] != history[-2] and stop(*history, stop_on=["no-gain"]):
        # Fewer are unmet, yet nothing that was named is met now, nor is all unnamed met.
        assert set(history[-2].requirements_not_met) <= truth[-1]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(UNMET, st.integers(1, 3)), min_size=1, max_size=6), NAMEABLE)
def test_a_run_ends_after_its_attempts_at_the_latest(truth, nameable):
    """Whatever happens; and attempts rise by one, on what came before or from the base."""
    now = order(budget=Budget(attempts=4))
    for unmet, usd in truth * 4:
        facts = told(now.attempt, unmet, nameable)
        verdict = public(now, *facts.requirements_not_met, other=facts.other)
        found = request_retry(candidate(now, spent_usd=now.spent_usd + usd), verdict)
        if isinstance(found, Stop):
            assert found.reason
            return
        assert found.attempt == now.attempt + 1 <= 4
        assert len(found.history) == now.attempt and found.spent_usd < now.budget.spec_usd
        assert found.leak_left_bits <= now.leak_left_bits
        now = msgspec.structs.replace(
            now,
            attempt=found.attempt,
            history=found.history,
            spent_usd=found.spent_usd,
            leak_left_bits=found.leak_left_bits,
        )
    pytest.fail("it did not end")


def candidate(work_order, **facts) -> Candidate:
    given = {
        "work_order": work_order,
        "commit": f"{work_order.attempt:040x}",
        "tree_id": f"{work_order.attempt:040x}",
        "branch": f"factory/hold/aa/{work_order.run_id}",
        "changed_paths": 1,
        "agent": AgentOutcome(ended="finished"),
        "spent_usd": 0.0,
    }
    return Candidate(**{**given, **facts})


def test_the_next_attempt_begins_where_the_configuration_says() -> None:
    for start, previous in (("candidate", f"{1:040x}"), ("base", None)):
        now = order(retries=RetryRules(start=start))
        found = request_retry(candidate(now), public(now, "R1"))
        assert isinstance(found, RetryRequest) and found.previous == previous
        assert found.base_commit == now.base_commit


@pytest.mark.parametrize("verdict", ["pass", "inconclusive"])
def test_only_a_fail_is_followed_by_an_attempt(verdict: str) -> None:
    found = request_retry(candidate(order()), public(order(), verdict=verdict))
    assert found == Stop(f"the verdict is {verdict}")


def test_money_and_attempts_end_a_run() -> None:
    now = order(attempt=3)
    assert request_retry(candidate(now), public(now, "R1")) == Stop("none of 3 attempts passed")
    only = order(budget=Budget(attempts=1))
    said = request_retry(candidate(only), public(only, "R1"))
    assert said == Stop("the only attempt did not pass")
    spent = candidate(order(), spent_usd=15.0)
    assert request_retry(spent, public(order(), "R1")) == Stop("the spec's 15 USD are spent")


def test_the_agent_of_the_next_attempt_decides_whether_a_repeat_stops() -> None:
    history = (past(1, "R1"),)
    second = order(attempt=2, history=history)
    assert isinstance(request_retry(candidate(second), public(second, "R1")), Stop)
    ladder = msgspec.structs.replace(second, agents=("builder", "builder", "other"))
    assert isinstance(request_retry(candidate(ladder), public(ladder, "R1")), RetryRequest)
