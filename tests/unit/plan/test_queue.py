"""Which specs are built now, in which order, and why the others are not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factory.config.front_matter import PRIORITIES
from factory.errors import UsageError
from factory.plan import choose
from factory.plan.standing import InFlight, Standing
from tests.unit.plan.made import NOW, spec

SHIPPED = {"shortener": {"aa": {1: "c" * 40}}}


def names(choice) -> list[str]:
    return [one.id for one in choice.ready]


def test_only_ready_features_are_built() -> None:
    choice = choose([spec("aa"), spec("bb", status="draft"), spec("cc", status="paused")], {}, ())
    assert names(choice) == ["aa"]
    assert choice.waiting == {"bb": "has status draft", "cc": "has status paused"}


def test_a_retired_spec_is_not_built_and_holds_up_what_waits_for_it() -> None:
    choice = choose([spec("aa", status="retired"), spec("bb", after="aa")], {}, ())
    assert names(choice) == []
    assert choice.waiting["bb"].endswith("aa, which has not shipped: it has status retired")


def test_a_dependency_is_waited_for_until_it_has_shipped() -> None:
    specs = [spec("aa"), spec("bb", after="aa"), spec("cc", after="bb")]
    choice = choose(specs, {}, ())
    assert names(choice) == ["aa"]
    assert choice.waiting["bb"] == "waits for aa, which has not shipped"
    assert choice.waiting["cc"] == "waits for bb, which has not shipped: it waits itself"
    choice = choose(specs, SHIPPED, ())
    assert names(choice) == ["bb"] and "has shipped as cccc" in choice.waiting["aa"]


def test_a_new_version_of_a_shipped_spec_is_built_again() -> None:
    assert names(choose([spec("aa")], SHIPPED, ())) == []
    assert names(choose([spec("aa", version=2)], SHIPPED, ())) == ["aa"]


def test_an_unknown_spec_is_named() -> None:
    with pytest.raises(UsageError, match="no spec 'zz'") as caught:
        choose([spec("aa")], {}, ("zz",))
    assert "aa" in caught.value.mend


def test_priority_comes_first_then_age_then_the_name() -> None:
    specs = [
        spec("aa", priority="low"), spec("bb"), spec("cc"), spec("dd", priority="urgent"),
        spec("ee", priority="high"), spec("ff"),
    ]  # fmt: skip
    choice = choose(specs, {}, (), ages={"bb": 1, "cc": 7, "ff": 1, "aa": 99})
    assert names(choice) == ["dd", "ee", "cc", "bb", "ff", "aa"]
    assert choice.places["cc"].told == "priority normal; 7 merges old"


def test_what_something_urgent_waits_for_is_urgent_itself() -> None:
    specs = [
        spec("aa"),
        spec("bb", priority="low"),
        spec("cc", after="bb", priority="low"),
        spec("dd", after="cc", priority="urgent"),
        spec("ee", after="aa", priority="high", status="paused"),
    ]
    choice = choose(specs, {}, ())
    assert names(choice) == ["bb", "aa"]
    assert choice.places["bb"].told == "priority urgent of dd, which waits for it; 0 merges old"
    assert choice.places["aa"].urged_by == "", "a paused spec urges nobody"


STAND = Standing(
    in_flight={"aa": InFlight(run_id="r-1", version=1, product="shortener", since=NOW)},
    parked={("bb", 1): "none of 3 attempts passed"},
)


def test_what_is_paused_waits_whatever_its_version_unless_somebody_asks() -> None:
    stand = Standing(paused={"aa": "paused by @ann"}, parked={("aa", 1): "no gain"})
    for version in (1, 2):
        choice = choose([spec("aa", version=version)], {}, (), stand=stand)
        assert choice.waiting == {"aa": "is paused by @ann"}
    assert names(choose([spec("aa")], {}, ("aa",), stand=stand, again=True)) == ["aa"]


def test_what_is_in_flight_is_not_planned_twice_and_what_is_parked_not_for_ever() -> None:
    specs = [spec("aa"), spec("bb"), spec("cc", after="bb"), spec("dd", after="aa")]
    choice = choose(specs, {}, (), stand=STAND)
    assert names(choice) == []
    assert choice.waiting["aa"].startswith("is in flight: run r-1 of version 1")
    assert choice.waiting["bb"] == "is parked: none of 3 attempts passed"
    assert choice.waiting["cc"].endswith("it is parked: none of 3 attempts passed")
    assert "it is in flight" in choice.waiting["dd"]


def test_a_higher_version_leaves_parking() -> None:
    assert names(choose([spec("bb", version=2)], {}, (), stand=STAND)) == ["bb"]


def test_whoever_asks_again_gets_it_again_but_not_before_its_dependencies() -> None:
    specs = [spec("aa"), spec("bb"), spec("cc", after="bb")]
    assert names(choose(specs, {}, ("bb",), stand=STAND)) == []
    assert names(choose(specs, {}, ("aa", "bb"), stand=STAND, again=True)) == ["aa", "bb"]
    assert names(choose(specs, {}, ("cc",), stand=STAND, again=True)) == []
    assert names(choose(specs, SHIPPED, ("aa",), stand=STAND, again=True)) == []


def test_a_spec_that_the_gate_refuses_holds_up_itself_and_what_waits_for_it() -> None:
    specs = [spec("aa"), spec("bb"), spec("cc", after="bb")]
    choice = choose(specs, {}, (), broken={"bb": "no Rules"})
    assert names(choice) == ["aa"]
    assert choice.waiting["bb"] == "does not pass the gate: no Rules"
    assert choice.waiting["cc"].endswith("it does not pass the gate: no Rules")


@st.composite
def graphs(draw):
    """(priority, ids depended on, shipped, in flight, parked) of specs without circles."""
    count = draw(st.integers(1, 8))
    made = []
    for number in range(count):
        after = draw(st.sets(st.integers(0, number - 1), max_size=2)) if number else set()
        made.append(
            (draw(st.sampled_from(PRIORITIES)), after, draw(st.sampled_from("nnnsfp")))
        )  # fmt: skip
    return made


@settings(max_examples=60, deadline=None)
@given(graphs())
def test_every_spec_is_ready_or_waits_and_the_order_keeps_to_priorities(graph) -> None:
    name = "s{:02}".format
    specs = [
        spec(name(n), after=", ".join(map(name, sorted(after))), priority=priority)
        for n, (priority, after, _) in enumerate(graph)
    ]
    state = {name(n): kind for n, (_, _, kind) in enumerate(graph)}
    shipped = {"shortener": {one: {1: "c" * 40} for one, kind in state.items() if kind == "s"}}
    flight = {
        one: InFlight(run_id="r", version=1, product="shortener", since=NOW - timedelta(hours=1))
        for one, kind in state.items()
        if kind == "f"
    }
    parked = {(one, 1): "x" for one, kind in state.items() if kind == "p"}
    choice = choose(specs, shipped, (), stand=Standing(in_flight=flight, parked=parked))
    ready = set(names(choice))
    assert ready | set(choice.waiting) == set(state) and not ready & set(choice.waiting)
    for n, (_, after, kind) in enumerate(graph):
        free = kind == "n" and all(state[name(one)] == "s" for one in after)
        assert (name(n) in ready) == free, choice.waiting

    def level(n: int) -> int:
        waiters = [m for m, (_, after, kind) in enumerate(graph) if n in after and kind != "s"]
        return max([PRIORITIES.index(graph[n][0]), *map(level, waiters)])

    levels = [level(int(one[1:])) for one in names(choice)]
    assert levels == sorted(levels, reverse=True)
