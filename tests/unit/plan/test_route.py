"""Which agent makes which attempt."""

from __future__ import annotations

import pytest

from factory.plan.route import agents_by_attempt, route, routed
from tests.unit.plan.made import configuration, spec

LADDER = configuration(
    ({"attempt": "last", "stakes": "high"}, "other"), ({"attempt": "2+"}, "strong")
)


def test_cheap_first_stronger_after_a_failure_another_family_at_the_last() -> None:
    assert agents_by_attempt(spec("aa", stakes="high"), LADDER) == ("cheap", "strong", "other")
    assert agents_by_attempt(spec("aa", stakes="low"), LADDER) == ("cheap", "strong", "strong")


def test_the_last_is_the_last_that_the_spec_allows_itself() -> None:
    two = spec("aa", stakes="high", budget="{attempts: 2}")
    assert agents_by_attempt(two, LADDER) == ("cheap", "other")
    nine = spec("aa", stakes="high", budget="{attempts: 9}")
    assert len(agents_by_attempt(nine, LADDER)) == 3, "factory.yml's limit holds"


def test_one_agent_for_all_attempts_needs_no_list() -> None:
    assert agents_by_attempt(spec("aa"), configuration()) == ()


@pytest.mark.parametrize(
    ("when", "fits"),
    [
        ({}, True), ({"kind": "feature"}, True), ({"kind": "constraint"}, False),
        ({"stakes": ["low", "high"]}, True), ({"stakes": "low"}, False),
        ({"product": "shortener", "spec": "aa"}, True), ({"spec": ["bb", "cc"]}, False),
        ({"labels": "payments"}, True), ({"labels": ["x", "links"]}, True),
        ({"labels": "x"}, False), ({"attempt": 1}, True), ({"attempt": "1+"}, True),
        ({"attempt": 2}, False), ({"attempt": "last"}, False),
        ({"labels": "links", "attempt": 2}, False),
    ],
)  # fmt: skip
def test_a_route_fits_where_all_its_keys_do(when, fits) -> None:
    document = spec("aa", stakes="high", labels="[payments, links]")
    found = routed(document, configuration((when, "strong")))
    assert found.name == ("strong" if fits else "cheap")


def test_the_first_route_that_fits_wins_and_says_so() -> None:
    found = route(spec("aa"), configuration(({"stakes": "low"}, "other"), ({}, "strong")))
    assert found.agent.name == "strong"
    assert found.why == "route 2 (line 2) fits: it fits every spec"
    found = route(spec("aa"), configuration(({"attempt": "2+", "spec": "aa"}, "other")), 3)
    assert found.why == "route 1 (line 1) fits: attempt 2+, spec aa"
    assert route(spec("aa"), configuration()).why == "the first agent"


def test_front_matter_of_any_form_is_routed() -> None:
    broken = spec("aa", stakes="[3]", labels="{a: 1}", budget="none", product="{}")
    assert routed(broken, LADDER, 1).name == "cheap"
