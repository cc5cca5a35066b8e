"""A request for another attempt is believed as far as the ledger bears it out."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from factory.plan.believed import carried_out, untrue
from factory.records import RetryRequest
from tests.unit.plan.made import entry, order, public, run_id

HELD, OTHER = "1" * 40, "f" * 40
FIRST = order("aa", run=1)
LEDGER = [
    entry(1, "planned"),
    entry(1, "judged", verdict="fail", commit=HELD, failure_class="behaviour",
          requirements_not_met=("R1",)),
    entry(2, "planned", spec_id="bb"),
    entry(2, "judged", spec_id="bb", verdict="fail", commit=HELD, failure_class="behaviour",
          requirements_not_met=("R1",)),
]  # fmt: skip
TRUE = RetryRequest(
    run_id=FIRST.run_id, nonce=FIRST.nonce, spec="aa", attempt=2, base_commit="a" * 40,
    previous=HELD, spent_usd=0.0, leak_left_bits=9.0,
    feedback=public(FIRST, "R1", candidate=HELD, nonce=FIRST.nonce),
)  # fmt: skip


def told(**facts: Any) -> RetryRequest:
    return msgspec.structs.replace(TRUE, **facts)


def said(**facts: Any) -> RetryRequest:
    return told(feedback=msgspec.structs.replace(TRUE.feedback, **facts))


def test_what_the_verdict_job_entered_is_believed_and_may_be_sent_twice() -> None:
    assert untrue(TRUE, LEDGER) == ""
    assert untrue(told(previous=None), LEDGER) == "", "retries may begin at the base"
    again = entry(1, "planned", attempt=2)
    assert untrue(TRUE, [*LEDGER, again]) == "", "a plan that was killed is made again"


@pytest.mark.parametrize(
    "forged",
    [
        told(previous=OTHER),
        told(run_id=run_id(7)),
        told(run_id=run_id(2)),
        told(attempt=3),
        told(attempt=1),
        told(attempt=10**9),
        told(rebased=1),
        told(rebased=10**12),
        told(nonce="1" * 32),
        said(verdict="pass", failure_class=None, requirements_not_met=()),
        said(candidate=OTHER),
        said(requirements_not_met=("R2",)),
        said(failure_class="crash"),
        said(spec_version=2),
        said(attempt=2),
        said(run_id=run_id(2)),
    ],
)
def test_anything_else_is_not(forged) -> None:
    assert untrue(forged, LEDGER)


@pytest.mark.parametrize("event", ["judged", "planned"])
def test_what_was_carried_out_is_not_carried_out_again(event: str) -> None:
    later = entry(1, event, attempt=2 if event == "judged" else 3)
    assert carried_out(TRUE, [*LEDGER, later]) and not carried_out(TRUE, LEDGER)


def test_a_pass_is_brought_onto_a_moved_base_as_often_as_there_were_passes() -> None:
    passed = [LEDGER[0], entry(1, "judged", verdict="pass", commit=HELD)]
    request = said(verdict="pass", failure_class=None, requirements_not_met=())
    assert untrue(request, passed), "an agent would be asked once more"
    assert untrue(msgspec.structs.replace(request, rebased=1), passed) == ""
    assert untrue(msgspec.structs.replace(request, rebased=1, previous=OTHER), passed)
