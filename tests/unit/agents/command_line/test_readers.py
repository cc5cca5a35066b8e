"""Readers: what the real programs printed is understood, and no bytes make one raise."""

from __future__ import annotations

import json
from pathlib import Path

import command_line_agents
import pytest
from hypothesis import given
from hypothesis import strategies as st

from factory.agents.command_line.charge import charged
from factory.agents.command_line.figures import NO_TOKENS
from factory.agents.command_line.lines import LINE_LIMIT_BYTES, Flood, Lines
from factory.agents.prices import Price, Rates, Tokens
from factory.agents.profiles import adapter_of

RECORDED = Path(command_line_agents.__file__).parent / "recorded"
FILES = {
    "claude-code": "claude-code-2.1.197.jsonl",
    "codex": "codex-0.171.0.jsonl",
    "gemini": "gemini-0.61.0.jsonl",
    "mini-swe-agent": "mini-swe-agent-2.4.6.traj.json",
}
RATES = Rates(input=3000, output=15000, cache_write=3750, cache_write_1h=6000, cache_read=300)


def read(kind: str, data: bytes):
    """A reader that was given all of this, and its steps."""
    reader, adapter = adapter_of(kind).reader(), adapter_of(kind)
    events = []
    if adapter.output:
        events += reader.file(data)
    else:
        for line in data.split(b"\n"):
            events += reader.line(line)
    return reader, events + reader.end()


def recorded(kind: str) -> bytes:
    return (RECORDED / FILES[kind]).read_bytes()


def bill(reader, *, seen: Tokens = NO_TOKENS, limit: float = 5.0):
    return charged(
        reader.told,
        reader.faults,
        seen=seen,
        seen_usd=Price(base=RATES).cost(seen) / 1e9,
        price_of=lambda _: Price(base=RATES),
        limit_usd=limit,
        reached_out=True,
    )


@pytest.mark.parametrize("kind", FILES)
def test_what_the_real_program_printed_is_understood(kind):
    reader, events = read(kind, recorded(kind))
    assert reader.faults == []
    assert reader.told is not None and reader.told.ended == "finished"
    assert reader.told.message.strip() in ("All built.", "Turn 3.")
    assert events[0].say.endswith(("Looking.", "Turn 1."))
    assert "echo hi > made.txt" in str(events[0].calls[0][1])
    assert all(len(event.calls) == len(event.replies) for event in events)
    used = reader.told.used
    by_kind = {
        "claude-code": (0.01377, Tokens(input=3000, cache_write=600, cache_read=900, output=150)),
        "codex": (None, Tokens(input=1400, cache_read=600, output=100)),
        "gemini": (None, Tokens(input=2100, cache_read=900, output=210)),
        "mini-swe-agent": (
            0.01377, Tokens(input=3000, cache_write=600, cache_read=900, output=150),
        ),
    }  # fmt: skip
    usd, tokens = by_kind[kind]
    assert reader.told.usd == (pytest.approx(usd) if usd else None)
    assert next(iter(used.values())) == tokens
    assert bill(reader).known


def test_every_version_that_was_looked_at_has_a_recording():
    for kind, name in FILES.items():
        assert adapter_of(kind).checked in name
        assert (RECORDED / name).exists()


def test_a_trajectory_that_is_changed_after_its_end_is_not_believed():
    whole = recorded("mini-swe-agent")
    reader, _ = read("mini-swe-agent", whole)
    assert reader.file(whole) == [] and reader.faults == []
    state = json.loads(whole)
    state["info"]["model_stats"]["instance_cost"] = 0.0069
    reader.file(json.dumps(state).encode())
    assert reader.faults == ["its trajectory was changed afterwards"]
    assert not bill(reader).known


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=12,
)
FIELDS = [
    "type", "message", "content", "id", "usage", "total_cost_usd", "modelUsage", "result",
    "subtype", "is_error", "item", "stats", "models", "tool_id", "role", "messages", "info",
    "model_stats", "instance_cost", "api_calls", "extra", "response", "trajectory_format", "status",
    "input_tokens", "cached_input_tokens", "output_tokens", "total_tokens", "cached", "actions",
]  # fmt: skip
WORDS = [
    "assistant", "user", "result", "success", "item.completed", "turn.completed", "turn.failed",
    "command_execution", "agent_message", "message", "tool_use", "tool_result", "exit", "tool",
    "mini-swe-agent-1.1", "text",
]  # fmt: skip
shaped = st.recursive(
    st.sampled_from(WORDS) | st.none() | st.integers(-5, 10**12) | st.floats() | st.booleans(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(FIELDS), inner, max_size=6)
    ),
    max_leaves=25,
)
lines = st.lists(
    st.binary(max_size=60)
    | json_values.map(lambda value: json.dumps(value).encode())
    | shaped.map(lambda value: json.dumps(value).encode()),
    max_size=8,
)


@pytest.mark.parametrize("kind", FILES)
@given(lines, st.integers(0, 1 << 40))
def test_no_bytes_make_a_reader_raise_or_a_charge_that_is_none(kind, given_lines, seen):
    for data in (b"\n".join(given_lines), *given_lines[:1]):
        reader, events = read(kind, data)
        for event in events:
            assert min(event.tokens.prompt, event.tokens.output) >= 0
        found = bill(reader, seen=Tokens(input=seen), limit=2.0)
        assert found.usd >= 0 and found.usd == found.usd
        # Where something is wrong with it, nothing less than the budget is charged.
        assert found.known or found.usd >= 2.0
        assert found.usd >= seen * 3000 / 1e9 * 0.999


@pytest.mark.parametrize("kind", FILES)
@given(st.data())
def test_a_mutilated_recording_is_never_cheaper_than_the_whole(kind, data):
    """Cut anywhere, lines doubled, dropped or swapped: known to be as dear, or charged in full."""
    whole = recorded(kind)
    honest = bill(read(kind, whole)[0]).usd
    if adapter_of(kind).output:
        broken = whole[: data.draw(st.integers(0, len(whole)))]
    else:
        parts = whole.splitlines(keepends=True)
        order = data.draw(st.lists(st.integers(0, len(parts) - 1), max_size=len(parts) + 2))
        broken = b"".join(parts[n] for n in order)
        broken = broken[: data.draw(st.integers(0, len(broken)))]
    reader, _ = read(kind, broken)
    found = bill(reader)
    assert found.usd == pytest.approx(honest) if found.known else found.usd == 5.0


@given(st.lists(st.binary(max_size=30), max_size=20))
def test_lines_are_those_of_the_whole_however_it_is_cut(chunks):
    cut = Lines()
    found = [line for chunk in chunks for line in cut.fed(chunk)]
    assert [*found, cut.rest()] == b"".join(chunks).split(b"\n")


def test_a_line_without_end_is_not_kept():
    cut = Lines()
    with pytest.raises(Flood):
        for _ in range(LINE_LIMIT_BYTES // 65536 + 2):
            cut.fed(b"x" * 65536)
