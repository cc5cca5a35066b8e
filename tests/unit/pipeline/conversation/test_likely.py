"""Whose turn it is, by rules that anybody could apply to what has been published."""

from __future__ import annotations

import pytest

from factory.pipeline.conversation.likely import WORDS, likely
from tests.unit.plan.made import order, past, public


def guess(*named: str, history=(), doubted=(), stuck=False, **facts) -> tuple[str, str]:
    found = likely("", public(order(), *named, **facts), history, doubted, stuck=stuck)
    assert found.whose in WORDS
    return found.whose, found.why


@pytest.mark.parametrize("kind", ["build", "start", "timeout", "crash"])
def test_what_did_not_run_is_the_codes(kind: str) -> None:
    assert guess(failure_class=kind)[0] == "code"


def test_what_failed_in_every_attempt_is_rather_the_specs() -> None:
    history = [past(1, "R1", "R2"), past(2, "R2", "E1")]
    assert guess("R1", "R2", history=history) == ("spec", "no attempt of 3 has met R2")
    assert guess("R1", "E1", history=history)[0] == "code"
    assert guess("R1", history=[past(1)])[0] == "code"


def test_an_agent_that_changed_nothing_proves_nothing_against_the_spec() -> None:
    assert guess("R1", history=[past(1, "R1")], stuck=True)[0] == "code"


def test_what_the_gate_doubts_is_rather_the_specs() -> None:
    assert guess("R1", "R2", "R3", doubted=["R1", "R3"]) == (
        "spec",
        "the gate finds R1 and R3 open to more than one reading",
    )
    assert guess("R1", doubted=["R2"])[0] == "code"


def test_what_is_not_told_is_nobodys() -> None:
    assert guess(other=True)[0] == "unknown"
    assert guess(failure_class=None)[0] == "unknown"


@pytest.mark.parametrize(
    ("cause", "whose"),
    [("guard-refused", "code"), ("spec-over-budget", "money"), ("pass", "machinery"),
     ("inconclusive", "machinery"), ("authentication", "machinery"), ("", "machinery")],
)  # fmt: skip
def test_without_a_verdict_the_end_tells(cause: str, whose: str) -> None:
    assert likely(cause, None, (), ()).whose == whose
