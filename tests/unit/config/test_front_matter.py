"""The quick yes is never a yes to what the schema refuses."""

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from factory.config.front_matter import surely_fits
from factory.config.validate import problems
from factory.config.yaml_source import YamlSource
from factory.spec.document import FRONT_MATTER_SCHEMA

GOOD: dict[str, Any] = {
    "id": "shorten-url",
    "title": "Shorten a URL",
    "kind": "feature",
    "status": "ready",
    "version": 1,
    "product": "shortener",
    "owner": "@acme/product",
    "stakes": "normal",
    "depends-on": ["other-spec"],
    "budget": {"usd": 5, "minutes": 30, "attempts": 3},
}
ANYTHING = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=130),
    st.sampled_from(["ab", "a" * 63, "a" * 64, "a\n", "A", "-a", "ready", "high", "feature"]),
    st.lists(st.one_of(st.integers(), st.sampled_from(["ab", "a", "A-b", "ab\n"])), max_size=3),
    st.dictionaries(
        st.sampled_from(["usd", "minutes", "attempts", "days"]),
        st.one_of(st.integers(-1, 30), st.floats(), st.booleans(), st.none()),
    ),
)  # fmt: skip


def fits(data: Any) -> bool:
    return not list(problems(YamlSource(data=data, positions={}, path="x"), FRONT_MATTER_SCHEMA))


def test_what_most_specs_have_is_let_through() -> None:
    assert surely_fits(GOOD) and fits(GOOD)
    assert surely_fits({key: GOOD[key] for key in GOOD if key not in ("depends-on", "budget")})


@pytest.mark.parametrize("key", sorted(GOOD))
def test_a_missing_key_is_left_to_the_schema(key: str) -> None:
    data = {name: value for name, value in GOOD.items() if name != key}
    assert surely_fits(data) == fits(data) == (key in ("depends-on", "budget"))


@pytest.mark.parametrize(
    ("key", "value", "good"),
    [
        ("priority", "urgent", True), ("priority", "high", True), ("priority", "asap", False),
        ("priority", 1, False), ("area", "links", True), ("area", "Links", False),
        ("area", "", False), ("area", None, False),
    ],
)  # fmt: skip
def test_priority_and_area_are_read_alike(key: str, value: Any, good: bool) -> None:
    assert surely_fits({**GOOD, key: value}) == fits({**GOOD, key: value}) == good


@given(st.sampled_from([*GOOD, "labels", "applies-to", "priority", "area", "x"]), ANYTHING)
@example("version", True)
@example("version", 1.0)
@example("budget", {"attempts": 21})
@example("budget", {"usd": True})
@example("budget", {"minutes": 1_000_001})
@example("budget", {"minutes": 10**90})
@example("title", "     ")
@example("owner", "\x85\u3000 ")
@example("depends-on", ["ab\n"])
def test_what_passes_here_fits_the_schema(key: str, value: Any) -> None:
    data = {**GOOD, key: value}
    if surely_fits(data):
        assert fits(data)


@pytest.mark.parametrize("number", ["nan", "inf", "-inf", "1e999"])
@pytest.mark.parametrize("key", ["usd", "minutes"])
def test_a_limit_is_finite(key: str, number: str) -> None:
    assert not fits({**GOOD, "budget": {key: float(number)}})


@given(ANYTHING)
def test_data_of_any_form_is_answered(data: Any) -> None:
    assert not surely_fits(data)


def test_a_version_is_no_number_with_a_point() -> None:
    """To JSON Schema 1.0 is an integer; to whoever reads the version it is none."""
    assert fits(GOOD)
    assert not fits({**GOOD, "version": 1.0})
