"""tell: the first pass or fail on a commit stands, and every further message is paid for."""

from __future__ import annotations

from typing import Any

import pytest

from factory.records import LedgerEntry, PublicVerdict, WorkOrder
from factory.verdict import Unavailable, redact, tell, unavailable, word_bits
from tests.unit.plan.made import entry, order, run_id
from tests.unit.verdict.test_redact import private

COMMIT, OTHER, SUITE = "c" * 40, "d" * 40, "hmac-sha256:" + "e" * 64


def judged(**facts: Any) -> LedgerEntry:
    said = {"verdict": "fail", "commit": COMMIT, "leak_bits": 10.0, "suite_digest": SUITE}
    return entry(1, "judged", **said | facts)


def says(one: WorkOrder, word: str, **facts: Any):
    def say(left: float) -> PublicVerdict:
        own = private(
            run_id=one.run_id, nonce=one.nonce, spec_id=one.spec.id, candidate=COMMIT,
            spec_digest=one.spec.digest, verdict=word, **facts,
        )  # fmt: skip
        return redact(own, leak_left_bits=left)

    return say


@pytest.mark.parametrize("word", ["pass", "fail", "inconclusive"])
def test_the_first_pass_or_fail_on_a_commit_stands(word: str) -> None:
    first = judged(failure_class="behaviour", requirements_not_met=("R2",), other=True)
    told = tell([first], order(), COMMIT, says(order(), word))
    assert told.turn is None
    assert (told.public.verdict, told.public.requirements_not_met) == ("fail", ("R2",))
    assert (told.public.other, told.public.suite_digest) == (True, SUITE)
    assert (told.public.candidate, told.public.nonce) == (COMMIT, order().nonce)


def test_on_another_commit_of_the_attempt_it_does_not_stand_and_is_paid() -> None:
    told = tell([judged(commit=OTHER)], order(leak_left_bits=20.0), COMMIT, says(order(), "pass"))
    assert (told.turn, told.public.verdict) == (2, "pass")


def test_after_an_inconclusive_one_another_is_paid_for_with_what_is_left() -> None:
    cause = unavailable(order(), Unavailable.SUITE_INVALID)
    first = judged(verdict="inconclusive", reason=cause.cause, suite_digest=None)
    rich, poor = order(leak_left_bits=20.0), order(leak_left_bits=15.0)
    assert tell([first], rich, COMMIT, says(rich, "fail")).public.requirements_not_met
    told = tell([first], poor, COMMIT, says(poor, "fail"))
    assert (told.turn, told.public.requirements_not_met) == (2, ())
    assert told.public.leak_bits == word_bits()


@pytest.mark.parametrize("left", [100.0, 1.0])
def test_the_same_message_twice_is_told_once(left: float) -> None:
    one = order(leak_left_bits=left)
    said = unavailable(one, Unavailable.SUITE_INVALID, leak_left_bits=left)
    first = judged(
        verdict="inconclusive", reason=said.cause, leak_bits=said.leak_bits, suite_digest=None
    )

    def say(bits: float) -> PublicVerdict:
        return unavailable(one, Unavailable.SUITE_INVALID, leak_left_bits=bits)

    again = tell([first], one, COMMIT, say)
    assert (again.turn, again.public) == (None, said)


def test_what_others_were_told_since_the_plan_is_spent() -> None:
    def left(*entries: LedgerEntry) -> float:
        seen: list[float] = []
        one = order(leak_left_bits=30.0)
        tell(entries, one, COMMIT, lambda bits: seen.append(bits) or says(one, "pass")(bits))
        return seen[0]

    before = judged(run_id=run_id(7))
    assert left(before, entry(1, "planned")) == 30, "what was told before the plan, it knew"
    assert left(entry(1, "planned"), before) == 20
    assert left(entry(1, "planned"), judged(run_id=run_id(7), spec_version=2)) == 30
    assert left(entry(1, "planned"), *[before] * 9) == 0
    assert left(before) == 20, "never planned here: all counts"
