"""Verdict: forged, replayed, cut and padded evidence is never a pass."""

from __future__ import annotations

import json

import msgspec
import pytest

from factory.errors import RecordError
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
    WorkOrder,
    decode,
    digest_of,
)
from factory.verdict import decide, redact

RUN, NONCE, COMMIT = "20261122t211008-0123abcd", "ab" * 16, "c" * 40
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
        requirements=(Requirement(id="R1", text="A link expires.", line=1),),
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
IDS = {"run_id": RUN, "nonce": NONCE, "attempt": 1, "candidate": COMMIT, "suite_digest": SUITE}
EXPECTED = tuple(ExpectedScenario(id=key, requirements=("R1",)) for key in ("a", "b", "c"))
INVENTORY = Inventory(**IDS, scenarios=EXPECTED)


def passed(*ids: str) -> tuple[ObservedScenario, ...]:
    return tuple(ObservedScenario(id=key, outcome="passed") for key in ids)


HONEST = Report(**IDS, reached="ran", sandbox="bubblewrap", scenarios=passed("a", "b", "c"))


def changed(**changes) -> Report:
    return msgspec.structs.replace(HONEST, **changes)


def test_the_honest_report_passes_so_that_the_rest_means_something():
    assert decide(INVENTORY, HONEST, ORDER, CANDIDATE).verdict == "pass"


@pytest.mark.parametrize(
    "forged",
    [
        changed(scenarios=()),  # `os._exit(0)` in the first step: exit code 0, no outcome
        changed(scenarios=passed("a", "b")),
        changed(scenarios=passed("a", "a", "b", "c")),
        changed(scenarios=passed("a", "b", "b")),
        changed(scenarios=passed("a", "b", "c", "1 passed")),
        changed(scenarios=passed("A", "B", "C")),
        changed(scenarios=passed("a", "b", "c ")),
        changed(scenarios=passed("a", "b", "с")),  # noqa: RUF001 - a Cyrillic twin of `c`
        changed(nonce="ba" * 16),
        changed(run_id="20261122t211008-0123abce"),
        changed(attempt=2),
        changed(candidate="d" * 40),
        changed(suite_digest="hmac-sha256:" + "e" * 64),
        changed(reached="started"),
        changed(reached="materialised"),
        changed(fault="factory"),
        changed(fault="subject"),
        changed(subject_alive_after=False),
    ],
)
def test_a_forged_or_replayed_report_is_no_pass(forged):
    verdict = decide(INVENTORY, forged, ORDER, CANDIDATE)
    assert verdict.verdict != "pass"
    assert redact(verdict, leak_left_bits=32).verdict == verdict.verdict


def test_an_inventory_emptied_to_fit_an_empty_report_is_no_pass():
    empty = Inventory(**IDS, scenarios=())
    assert decide(empty, changed(scenarios=()), ORDER, CANDIDATE).verdict == "inconclusive"


def test_all_turned_into_should_with_no_threshold_is_no_pass():
    lax = tuple(ExpectedScenario(id=key, weight="should") for key in ("a", "b", "c"))
    inventory = Inventory(**IDS, scenarios=lax, should_threshold=0.0)
    failed = tuple(ObservedScenario(id=key, outcome="failed") for key in ("a", "b", "c"))
    assert decide(inventory, HONEST, ORDER, CANDIDATE).verdict == "inconclusive"
    assert decide(inventory, changed(scenarios=failed), ORDER, CANDIDATE).verdict != "pass"


def test_a_verdict_of_one_candidate_is_none_of_another():
    moved = msgspec.structs.replace(CANDIDATE, commit="d" * 40)
    assert decide(INVENTORY, HONEST, ORDER, moved).verdict == "inconclusive"


def test_a_candidate_of_another_order_is_inconclusive():
    edited = msgspec.structs.replace(
        ORDER, spec=msgspec.structs.replace(ORDER.spec, text="x", digest=digest_of("x"))
    )
    assert decide(INVENTORY, HONEST, edited, CANDIDATE).verdict == "inconclusive"


@pytest.mark.parametrize(
    "changes",
    [
        {"verdict": "pass"},
        {"scenarios": "all"},
        {"reached": "won"},
        {"scenarios": [{"id": "a", "outcome": "xfailed"}]},
        {"scenarios": [{"id": "a", "outcome": "passed", "because": "1 passed"}]},
        {"record": "report/2"},
    ],
)
def test_a_report_that_is_not_in_its_schema_is_refused(changes):
    data = {**HONEST.to_data(), **changes}
    with pytest.raises(RecordError):
        decode(Report, json.dumps(data).encode())
