"""What follows a line on GitHub: the next attempt, or an end in the ledger and another plan."""

from __future__ import annotations

import msgspec
import pytest

from factory.errors import RecordError
from factory.pipeline.retry import NO_VERDICT, Ended, follow
from factory.plan.standing import BASE_MOVED, NO_MONEY
from factory.records import AgentOutcome, Candidate, RetryRequest
from tests.unit.plan.made import order, public


class Asked:
    """Remembers what a forge was asked and what was entered into the ledger."""

    def __init__(self) -> None:
        self.attempts: list[dict] = []
        self.plans = 0
        self.entered: list[tuple[str, str]] = []

    def request_attempt(self, repository: str, payload: dict) -> None:
        self.attempts.append(payload)

    def request_plan(self, repository: str) -> None:
        self.plans += 1

    def record(self, order, event: str, **facts) -> None:
        self.entered.append((event, facts["reason"]))


def after(**ended) -> tuple[Asked, str]:
    asked = Asked()
    told = follow(
        Ended(**{"order": order(), **ended}),
        forge=asked,
        repository="acme/specs",
        record=asked.record,
    )
    return asked, told


CANDIDATE = Candidate(
    work_order=order(),
    commit=f"{1:040x}",
    tree_id=f"{1:040x}",
    branch=f"factory/hold/aa/{order().run_id}",
    changed_paths=1,
    agent=AgentOutcome(ended="finished"),
    spent_usd=1.0,
)


def test_a_fail_asks_for_the_next_attempt_and_ends_nothing() -> None:
    asked, told = after(candidate=CANDIDATE, public=public(order(), "R1"))
    assert (told, asked.plans, asked.entered) == ("attempt 2", 0, [])
    (payload,) = asked.attempts
    assert payload["request"]["attempt"] == 2, "one key, whatever a request has: GitHub takes ten"


def test_a_last_fail_parks_the_spec_and_lets_others_begin() -> None:
    third = order(attempt=3)
    last = msgspec.structs.replace(CANDIDATE, work_order=third, commit=f"{3:040x}")
    asked, told = after(order=third, candidate=last, public=public(third, "R1"))
    assert told == "parked: none of 3 attempts passed"
    assert (asked.attempts, asked.plans) == ([], 1)


@pytest.mark.parametrize(
    ("ended", "event", "reason"),
    [
        ({"shipped": True}, "shipped", ""),
        ({"cause": "base-moved"}, "stopped", BASE_MOVED),
        ({"cause": "guard-refused"}, "parked", "the guard refused what the agent left"),
        ({"cause": "authentication"}, "parked", "a key or token is missing or refused; the log of "
         "the build job names it"),
        ({"cause": "over-budget"}, "stopped", NO_MONEY),
        ({"cause": "spec-over-budget"}, "parked", "the budget of this spec leaves nothing"),
        ({"cause": "pass"}, "stopped", "it passed and was not shipped"),
        ({"cause": ""}, "stopped", NO_VERDICT),
        ({"cause": "::error::x"}, "stopped", NO_VERDICT),
    ],
)  # fmt: skip
def test_every_other_end_is_entered_and_asks_for_a_plan(ended, event, reason) -> None:
    asked, _ = after(**ended)
    assert (asked.entered, asked.plans, asked.attempts) == ([(event, reason)], 1, [])


def test_a_base_that_moved_under_a_pass_asks_for_the_same_candidate_there() -> None:
    asked, told = after(
        candidate=CANDIDATE, public=public(order(), verdict="pass"), cause="base-moved"
    )
    assert told.startswith("attempt 2: the same candidate") and asked.entered == []
    (payload,) = asked.attempts
    request = msgspec.convert(payload["request"], RetryRequest)
    assert (request.attempt, request.rebased, request.previous) == (2, 1, CANDIDATE.commit)
    assert request.history == () and request.feedback.verdict == "pass"


@pytest.mark.parametrize(
    ("verdict", "cause", "rebased"),
    [("pass", "base-moved", 3), ("inconclusive", "base-moved", 0), ("pass", "pass", 0)],
)
def test_any_other_end_of_a_pass_is_planned_anew(verdict, cause, rebased) -> None:
    one = order(rebased=rebased)
    candidate = msgspec.structs.replace(CANDIDATE, work_order=one)
    asked, _ = after(
        order=one, candidate=candidate, public=public(one, verdict=verdict), cause=cause
    )
    assert (asked.attempts, asked.plans) == ([], 1)


def test_a_verdict_of_another_candidate_leads_to_nothing() -> None:
    other = order(run=2)
    with pytest.raises(RecordError):
        after(candidate=CANDIDATE, public=public(other, "R1"))
    with pytest.raises(RecordError):
        after(public=public(order(), "R1"))
    with pytest.raises(RecordError):
        after(
            order=msgspec.structs.replace(other, nonce="1" * 32),
            candidate=CANDIDATE,
            public=public(order(), "R1"),
        )
