"""What an answer says it costs: read by kind, believed where it can be true, never priced at 0."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factory.agents.prices import Tokens
from factory.agents.received import Received, least_prompt
from factory.agents.usage import Told, read_usage

USAGE = {
    "input_tokens": 10,
    "output_tokens": 20,
    "cache_creation_input_tokens": 300,
    "cache_read_input_tokens": 4000,
    "cache_creation": {"ephemeral_5m_input_tokens": 200, "ephemeral_1h_input_tokens": 100},
    "output_tokens_details": {"thinking_tokens": 15},
    "server_tool_use": {"web_search_requests": 0, "web_fetch_requests": 0},
    "service_tier": "standard",
    "inference_geo": "not_available",
    "speed": "standard",
    "iterations": [],
    "something_new": {"tokens": 0, "note": ""},
}
TOKENS = Tokens(input=10, output=20, cache_write=200, cache_write_1h=100, cache_read=4000)


def told(*usages: object, least_output: int = 0, included: tuple[str, ...] = ()) -> Told:
    return read_usage(usages, included=included, least_prompt=50, least_output=least_output)


def test_usage_is_read_by_kind():
    assert told(USAGE) == Told(tokens=TOKENS)


def test_figures_are_totals_so_far_and_the_largest_of_each_counts():
    first = {**USAGE, "output_tokens": 1}
    last = {"output_tokens": 20, "input_tokens": None}
    assert told(first, last) == told(last, first) == Told(tokens=TOKENS)


@pytest.mark.parametrize(
    "field",
    [
        {"server_tool_use": {"web_search_requests": 1}},
        {"speed": "fast"},
        {"inference_geo": "us"},
        {"service_tier": "platinum"},
        {"iterations": [{"type": "compaction", "input_tokens": 5}]},
        {"video_seconds": 1.5},
        {"new_mode": "turbo"},
        {"new_flag": True},
        {"cache_creation": {"ephemeral_24h_input_tokens": 7}},
        {"deep": [[[[[[[[[[1]]]]]]]]]]},
    ],
)
def test_what_may_cost_money_and_has_no_price_is_named(field):
    (name,) = field
    found = told(USAGE, {**USAGE, **field})
    assert found.tokens is None and found.unpriced.startswith(name)
    if name != "cache_creation":
        assert told({**USAGE, **field}, included=(name,)).tokens == TOKENS


@pytest.mark.parametrize("value", [-1, 1.0, float("nan"), "20", True, [20], {"n": 1}])
@pytest.mark.parametrize("name", ["input_tokens", "output_tokens", "cache_read_input_tokens"])
def test_a_figure_that_is_no_count_is_not_believed(name, value):
    assert told(USAGE, {**USAGE, name: value}) == Told()


@pytest.mark.parametrize(
    "usages",
    [
        (),
        (None,),
        ("20",),
        (USAGE, 5),
        ({"input_tokens": 10, "output_tokens": 20},),
        ({**USAGE, "output_tokens": 0},),
        ({**USAGE, "cache_creation_input_tokens": 299},),
        ({**USAGE, "cache_creation": [1]},),
    ],
)
def test_what_is_missing_too_little_or_contradicts_itself_is_not_believed(usages):
    assert told(*usages).tokens is None


def test_fewer_output_tokens_than_were_received_are_not_believed():
    assert told(USAGE, least_output=20).tokens == TOKENS
    assert told(USAGE, least_output=21) == Told()


@given(st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
    lambda one: st.lists(one, max_size=3)
    | st.dictionaries(st.sampled_from([*USAGE, "x"]), one, max_size=5),
    max_leaves=12,
))  # fmt: skip
def test_whatever_is_told_it_is_a_count_from_nothing_on_or_not_believed(anything):
    found = told(USAGE, anything)
    if found.tokens is not None:
        assert found.tokens.prompt >= TOKENS.prompt and found.tokens.output >= 20


class Event:
    """An event of the SDK, as far as it is looked at."""

    def __init__(self, **facts: object) -> None:
        self.__dict__.update(facts)


def received(*texts: str, max_tokens: int = 1000) -> Received:
    watch = Received(max_tokens)
    events = [Event(type="message_start", message=Event(usage=None))]
    events += [Event(type="content_block_start", index=0, content_block=Event(text=""))]
    events += [Event(type="content_block_delta", index=0, delta=Event(text=t)) for t in texts]
    list(watch.watched(events))
    return watch


@pytest.mark.parametrize(
    ("text", "least"), [("", 1), ("x" * 160, 1), ("word " * 160, 50), (" " * 9000, 1)]
)
def test_our_own_count_of_what_came_is_a_lower_bound(text, least):
    assert received(*text.split("\n")).least_tokens == least


def test_our_own_count_of_a_prompt_is_a_lower_bound_whatever_its_shape():
    assert least_prompt(["x" * 640, [{"type": "text", "text": "y" * 640}], {"n": 5}]) == 20
