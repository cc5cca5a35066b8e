"""Who pauses a spec, or resumes it, is heard once."""

from __future__ import annotations

from factory.plan.standing import standing
from factory.plan.word import heed
from tests.unit.plan.made import NOW, entry

PARKED = [entry(1, "planned"), entry(1, "parked", reason="no gain", attempt=3)]
ANN, BEN = "by @ann in comment 1", "by @ben in comment 2"


def heard(word, entries, reason=ANN):
    found = heed(word, entries, reason=reason, now=NOW)
    return [*entries, *([found] if found else [])]


def test_a_pause_and_its_end_are_entered_with_the_newest_run() -> None:
    paused = heard("paused", PARKED)
    assert (paused[-1].event, paused[-1].attempt, paused[-1].turn) == ("paused", 3, 1)
    assert standing(paused, NOW).paused == {"aa": ANN}
    resumed = heard("resumed", paused, BEN)
    assert standing(resumed, NOW).paused == {} == standing(resumed, NOW).parked
    again = heard("paused", resumed, "by @ann in comment 3")
    assert again[-1].turn == 2, "an entry of its own, not a repeat of the first"


def test_the_same_word_twice_is_one_entry() -> None:
    paused = heard("paused", PARKED)
    assert heard("paused", paused) == paused
    resumed = heard("resumed", paused)
    assert heard("paused", resumed) == resumed, "delivered late, and again"
    assert heard("resumed", resumed) == resumed


def test_what_changes_nothing_is_not_entered() -> None:
    paused = heard("paused", PARKED)
    assert heard("paused", paused, BEN) == paused
    stopped = [entry(1, "planned"), entry(1, "stopped")]
    assert heard("resumed", stopped) == stopped
    assert heard("paused", []) == []


def test_who_asks_for_a_parked_spec_lifts_that() -> None:
    assert standing(heard("resumed", PARKED), NOW).parked == {}
