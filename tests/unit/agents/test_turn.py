"""Answers put together from events."""

from __future__ import annotations

import pytest
from anthropic.types import RawMessageStreamEvent
from hypothesis import given
from hypothesis import strategies as st
from messages_api import stream
from pydantic import TypeAdapter

from factory.agents.turn import DEEPEST_INPUT, StreamCut, gather

EVENT = TypeAdapter(RawMessageStreamEvent)
USAGE = {
    "input_tokens": 10,
    "output_tokens": 20,
    "cache_creation_input_tokens": 300,
    "cache_read_input_tokens": 4000,
    "cache_creation": {"ephemeral_5m_input_tokens": 200, "ephemeral_1h_input_tokens": 100},
}


def events(turn, **more):
    found = stream.events("1", "m", turn, USAGE, **more)
    return [EVENT.validate_python(event) for event in found if event["type"] != "ping"]


def call(**values):
    return {"say": "", "calls": [{"tool": "bash", **values}]}


@given(st.integers(0, 8))
def test_a_stream_without_its_end_is_cut(length):
    whole = events({"say": "x" * 100, "calls": [{"tool": "bash", "input": {"command": "ls"}}]})
    with pytest.raises(StreamCut):
        gather(whole[:length])


@given(
    st.dictionaries(
        st.text(max_size=5),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(max_size=20),
            lambda inner: st.lists(inner, max_size=3),
            max_leaves=5,
        ),
        max_size=4,
    )
)
def test_any_input_arrives_as_it_was_sent(values):
    turn = gather(events(call(input=values)))
    assert turn.calls[0].input == values
    assert turn.content[-1]["input"] == values


@pytest.mark.parametrize("depth", [DEEPEST_INPUT - 1, DEEPEST_INPUT])
def test_deep_input_is_refused(depth):
    raw = '{"a":' + "[" * depth + "]" * depth + "}"
    assert (gather(events(call(raw=raw))).calls[0].input is None) == (depth >= DEEPEST_INPUT)


@pytest.mark.parametrize("raw", ["{", "[1]", "1", '{"a": NaN}', '{"a": "\\ud800"}', "[" * 9999])
def test_what_is_no_object_is_kept_as_a_call_to_answer(raw):
    turn = gather(events(call(raw=raw)))
    assert turn.calls[0].input is None
    assert turn.calls[0].trouble
    assert turn.content[-1]["input"] == {}


def test_a_half_call_says_that_it_was_cut_off():
    turn = gather(events(call(input={"command": "x" * 400}), half=True))
    assert turn.stop_reason == "max_tokens"
    assert "output limit" in turn.calls[0].trouble


def test_empty_text_is_not_sent_back():
    assert gather(events({"say": " "})).content == []
