"""No two specs in one area at once, and none is passed over for ever."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from factory.plan.areas import area_of, key_of, spread
from tests.unit.plan.made import spec


def made(*areas: str):
    """Specs s0, s1, … of these areas; "" is the whole product."""
    return [
        spec(f"s{number}", **({"area": area} if area else {})) for number, area in enumerate(areas)
    ]


def taken(*areas: str, held=(), limit=None):
    found = spread(made(*areas), [(area, "held") for area in held], limit)
    return [one.id for one in found.taken], dict(found.behind), list(found.later)


def test_one_spec_of_an_area_and_the_rest_waits_by_name() -> None:
    now, behind, _ = taken("links", "links", "pages")
    assert now == ["s0", "s2"]
    assert behind == {"s1": "waits for s0, which comes first in shortener/links"}


def test_a_spec_without_an_area_may_touch_all_of_its_product() -> None:
    assert taken("", "links", "")[0] == ["s0"]
    assert taken("links", "")[1] == {"s1": "waits for s0, which comes first in shortener"}


def test_what_a_run_in_flight_holds_is_not_begun() -> None:
    assert taken("links", "pages", held=[("shortener", "links")])[0] == ["s1"]
    assert taken("links", held=[("shortener", "")])[0] == []
    assert taken("links", held=[("other", "")])[0] == ["s0"]


def test_a_whole_product_that_waits_lets_nothing_past() -> None:
    now, behind, _ = taken("", "links", "pages", held=[("shortener", "links")])
    assert now == []
    assert behind["s2"] == "waits for s0, which comes first in shortener/pages"


def test_what_only_the_limit_keeps_out_is_for_later() -> None:
    assert taken("a", "b", "a", "c", limit=2) == (
        ["s0", "s1"],
        {"s2": "waits for s0, which comes first in shortener/a"},
        ["s3"],
    )


def test_an_area_has_a_key() -> None:
    assert [key_of(area_of(one)) for one in made("", "links")] == ["shortener", "shortener/links"]


def conflict(one: tuple[str, str], other: tuple[str, str]) -> bool:
    return one[0] == other[0] and (not one[1] or not other[1] or one[1] == other[1])


AREAS = st.sampled_from(["", "a", "b", "c"])


@settings(max_examples=100, deadline=None)
@given(st.lists(AREAS, max_size=8), st.lists(AREAS, max_size=2), st.none() | st.integers(1, 3))
def test_nothing_taken_is_in_the_way_of_another(areas, held, limit) -> None:
    specs = made(*areas)
    holding = [("shortener", area) for area in held]
    found = spread(specs, [(area, "held") for area in holding], limit)
    places = [area_of(one) for one in found.taken]
    for number, place in enumerate(places):
        assert not any(conflict(place, other) for other in places[:number] + holding)
    groups = [{one.id for one in found.taken}, set(found.behind), set(found.later)]
    assert sum(map(len, groups)) == len(set.union(*groups)) == len(specs)
    assert limit is not None or not found.later
    if specs and not holding:
        assert found.taken[0] is specs[0], "the first of the queue always begins"
