"""Where specs stand by the ledger; nothing is lost, whatever breaks off."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factory.plan.standing import (
    BASE_MOVED,
    LOST_AFTER,
    PAUSED,
    SUPERSEDED,
    UNFINISHED_RUNS,
    standing,
)
from factory.records.ledger import ASKED
from tests.unit.plan.made import NOW, entry, run_id

HOUR = timedelta(hours=1)


def stand(*entries, **more):
    return standing(entries, NOW, **more)


def test_a_run_is_in_flight_until_it_ends() -> None:
    begun = entry(1, "planned", ago=3 * HOUR)
    judged = entry(1, "judged", ago=HOUR, verdict="fail")
    found = stand(begun, judged).in_flight["aa"]
    assert (found.run_id, found.version, found.since) == (run_id(1), 1, NOW - HOUR)
    for end in ("shipped", "stopped", "parked"):
        assert stand(begun, judged, entry(1, end)).in_flight == {}


def test_a_run_that_is_silent_for_too_long_is_lost_and_its_spec_free() -> None:
    last = entry(1, "planned", ago=LOST_AFTER - timedelta(minutes=1))
    assert "aa" in stand(last).in_flight
    assert stand(last, lost_after=HOUR).in_flight == {}
    late = entry(1, "planned", ago=LOST_AFTER + timedelta(minutes=1))
    assert (stand(late).in_flight, stand(late).parked) == ({}, {})


def test_every_event_is_a_sign_of_life() -> None:
    begun = entry(1, "planned", ago=2 * LOST_AFTER)
    assert "aa" in stand(begun, entry(1, "reserved", ago=HOUR)).in_flight


def test_a_clock_that_is_far_ahead_holds_nothing_for_ever() -> None:
    assert stand(entry(1, "planned", ago=-10 * LOST_AFTER)).in_flight == {}
    assert stand(entry(1, "planned", at="no time")).in_flight == {}


def test_ones_own_runs_are_in_nobodys_way() -> None:
    assert stand(entry(1, "planned"), mine=[run_id(1)]).in_flight == {}


def test_parked_holds_for_the_version_until_a_newer_run_of_it() -> None:
    parked = [entry(1, "planned", ago=HOUR), entry(1, "parked", reason="no gain")]
    assert stand(*parked).parked == {("aa", 1): "no gain"}
    again = entry(2, "planned", reason=ASKED)
    assert stand(*parked, again).parked == {}
    assert stand(*parked, again, entry(2, "parked", reason="still")).parked == {("aa", 1): "still"}


def breaking(count: int, first: int = 1) -> list:
    return [
        one
        for number in range(first, first + count)
        for one in (entry(number, "planned"), entry(number, "stopped", reason="crashed"))
    ]


def test_what_breaks_off_again_and_again_is_parked() -> None:
    assert stand(*breaking(UNFINISHED_RUNS - 1)).parked == {}
    (reason,) = stand(*breaking(UNFINISHED_RUNS)).parked.values()
    assert reason == "3 runs in a row came to no end (crashed)"


def test_lost_runs_count_as_well_as_those_that_say_so() -> None:
    lost = [entry(number, "planned", ago=LOST_AFTER * (9 - number)) for number in (1, 2, 3)]
    assert stand(*lost).parked == {("aa", 1): "3 runs in a row came to no end (the last was lost)"}


def test_a_run_that_another_follows_was_given_up_whatever_the_hours() -> None:
    """The job `next` has no factory.yml: it need not know after how many hours they were lost."""
    silent = [entry(run, "built", ago=timedelta(hours=7 - run)) for run in (1, 2)]
    ended = entry(3, "stopped", reason="crashed")
    assert stand(*silent, ended).parked == {("aa", 1): "3 runs in a row came to no end (crashed)"}
    assert stand(*silent, entry(3, "built")).parked == {}, "the newest may live"


def test_somebody_who_asks_begins_the_count_anew() -> None:
    asked = [entry(9, "planned", reason=ASKED), entry(9, "stopped", reason="crashed")]
    assert stand(*breaking(UNFINISHED_RUNS), *asked).parked == {}
    assert stand(*breaking(3), *asked, *breaking(2, first=10)).parked != {}


@pytest.mark.parametrize("reason", [BASE_MOVED, SUPERSEDED, PAUSED])
def test_what_is_no_fault_of_the_spec_parks_nothing(reason: str) -> None:
    runs = [entry(n, event, reason=reason) for n in range(9) for event in ("planned", "stopped")]
    assert stand(*runs).parked == {}


def test_a_pause_holds_for_every_version_until_somebody_resumes_or_asks() -> None:
    paused = [entry(1, "parked"), entry(1, "paused", reason="paused by @ann")]
    assert stand(*paused).paused == {"aa": "paused by @ann"}
    assert stand(*paused, entry(2, "planned", spec_version=2)).paused != {}
    assert stand(*paused, entry(2, "planned", reason=ASKED)).paused == {}
    assert stand(*paused, entry(1, "resumed")).paused == {}
    assert stand(*paused, entry(1, "resumed"), entry(1, "paused", turn=2)).paused != {}


def test_who_resumes_lifts_what_was_parked_before_and_nothing_that_comes_after() -> None:
    parked = [entry(1, "planned"), entry(1, "parked", reason="no gain")]
    resumed = entry(1, "resumed")
    assert stand(*parked, resumed).parked == {}
    assert stand(*parked, entry(2, "parked", spec_id="bb"), resumed).parked != {}, "of that spec"
    assert stand(*parked, resumed, entry(2, "parked", reason="still")).parked == {
        ("aa", 1): "still"
    }
    flying = entry(1, "planned")
    assert stand(flying, resumed, entry(1, "parked", reason="no gain")).parked != {}
    assert stand(*breaking(UNFINISHED_RUNS), resumed).parked == {}
    assert stand(*breaking(UNFINISHED_RUNS), resumed, *breaking(1, first=9)).parked == {}


def test_what_people_say_is_no_sign_of_life_of_a_run() -> None:
    begun = entry(1, "planned", ago=2 * LOST_AFTER)
    assert stand(begun, entry(1, "paused"), entry(1, "resumed")).in_flight == {}
    assert "aa" in stand(entry(1, "planned"), entry(1, "paused")).in_flight


def test_leaks_of_a_version_are_summed() -> None:
    found = stand(
        entry(1, "judged", leak_bits=5.5, ago=24 * HOUR),
        entry(2, "judged", leak_bits=5.5),
        entry(3, "judged", leak_bits=1.0, spec_version=2),
    )
    assert found.leak_bits == {("aa", 1): 11.0, ("aa", 2): 1.0}


EVENTS = ("planned", "reserved", "built", "held", "judged", "shipped", "stopped", "parked")


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 5), st.sampled_from(EVENTS)), max_size=30))
def test_no_spec_is_held_by_nobody(history) -> None:
    """Cut off anywhere: once the time is over each spec is free, or parked with a reason."""
    entries = [
        entry(run, event, spec_id=f"s{run % 2}", ago=timedelta(minutes=len(history) - n))
        for n, (run, event) in enumerate(history)
    ]
    later = standing(entries, NOW + LOST_AFTER)
    assert later.in_flight == {}
    assert all(later.parked.values())
    now = standing(entries, NOW)
    ended = {run_id(run) for run, event in history if event in EVENTS[-3:]}
    assert {one.run_id for one in now.in_flight.values()}.isdisjoint(ended)
    open_specs = {f"s{run % 2}" for run, _ in history if run_id(run) not in ended}
    assert set(now.in_flight) == open_specs
