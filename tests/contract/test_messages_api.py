"""The double of the Messages API is held to the SDK's own types, and so is what the agent sends."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
from pathlib import Path

import anthropic
import pytest
from anthropic import types
from messages_api import stream
from messages_api.bench import (  # noqa: F401
    KEY,
    anthropic_agent,
    assignment,
    bash,
    finish,
    sandbox,
)
from messages_api.rules import Refused, check
from messages_api.server import MessagesServer
from messages_api.tokens import Cache
from pydantic import TypeAdapter

from factory.agents.conversation import TOOLS, system

TURN = {"say": "I look.", "thinking": "Hm.", "calls": [bash("ls"), bash("pwd")]}
USAGE = {
    "input_tokens": 10,
    "output_tokens": 20,
    "cache_creation_input_tokens": 0,
    "cache_read_input_tokens": 5,
}


def client(server, key=KEY):
    return anthropic.Anthropic(
        api_key=key, base_url=server.url, max_retries=0, _strict_response_validation=True
    )


def ask(server, **changes):
    values = {
        "model": "claude-sonnet-5-5",
        "max_tokens": 1000,
        "messages": [{"role": "user", "content": "Go."}],
    }
    return client(server).messages.create(**{**values, **changes})


def test_a_whole_answer_is_a_message_by_the_sdks_model():
    answer = stream.message("1", "claude-sonnet-5-5", TURN, USAGE)
    types.Message.model_validate(answer, strict=True)
    assert [block["type"] for block in answer["content"]] == [
        "thinking", "text", "tool_use", "tool_use",
    ]  # fmt: skip


@pytest.mark.parametrize("half", [False, True])
@pytest.mark.parametrize("turn", [TURN, {"say": "Bye.", "calls": []}, finish()])
def test_every_event_is_one_by_the_sdks_model(turn, half):
    adapter = TypeAdapter(types.RawMessageStreamEvent)
    for event in stream.events("1", "m", turn, USAGE, half=half):
        if event["type"] != "ping":
            adapter.validate_python(event)


def test_the_sdks_own_accumulation_of_the_stream_equals_the_whole_answer():
    with MessagesServer({"turns": [TURN]}, key=KEY) as server:
        whole = ask(server)
        with client(server).messages.stream(
            model="claude-sonnet-5-5",
            max_tokens=1000,
            messages=[{"role": "user", "content": "Go."}],
        ) as streamed:
            gathered = streamed.get_final_message()
    assert [b.type for b in gathered.content] == [b.type for b in whole.content]
    assert gathered.content[2].input == whole.content[2].input == {"command": "ls"}
    assert gathered.stop_reason == whole.stop_reason == "tool_use"
    assert gathered.usage.output_tokens == whole.usage.output_tokens


def test_what_the_agent_sends_is_what_the_sdks_types_describe(tmp_path, sandbox, monkeypatch):  # noqa: F811
    turns = [TURN, {"say": "", "calls": [{"tool": "bash", "raw": "{"}]}, {"say": "?"}, finish()]
    with MessagesServer({"turns": turns}, key=KEY) as server:
        monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)
        monkeypatch.setenv("ANTHROPIC_BASE_URL", server.url)
        anthropic_agent().work(assignment(tmp_path), sandbox)
    blocks = TypeAdapter(list[types.ContentBlockParam])
    tools = TypeAdapter(list[types.ToolUnionParam])
    texts = TypeAdapter(list[types.TextBlockParam])
    assert len(server.requests) == 4
    for body in server.requests:
        tools.validate_python(body["tools"])
        texts.validate_python(body["system"])
        for message in body["messages"]:
            assert set(message) == {"role", "content"}
            blocks.validate_python(message["content"])


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        (429, anthropic.RateLimitError),
        (500, anthropic.InternalServerError),
        (529, anthropic.InternalServerError),
        ("refused", anthropic.AuthenticationError),
    ],
)
def test_faults_are_the_sdks_errors_once(kind, error):
    faults = [{"turn": 0, "kind": kind, "retry-after": 7}]
    with MessagesServer({"turns": [finish()], "faults": faults}, key=KEY) as server:
        with pytest.raises(error) as caught:
            ask(server)
        assert caught.value.body["error"]["type"]
        if kind == 429:
            assert caught.value.response.headers["retry-after"] == "7"
        assert ask(server).stop_reason == "tool_use"


def test_a_wrong_key_and_a_wrong_path_are_refused():
    with MessagesServer({"turns": [finish()]}, key=KEY) as server:
        with pytest.raises(anthropic.AuthenticationError):
            client(server, "another").messages.create(model="m", max_tokens=1, messages=[])
        with pytest.raises(anthropic.NotFoundError):
            client(server).post("/v1/nowhere", cast_to=object, body={})
        assert server.requests == []


def test_tokens_are_counted_as_the_sdks_type_says_and_nothing_is_asked():
    with MessagesServer({"turns": [finish()]}, key=KEY) as server:
        ours = client(server).messages
        short = ours.count_tokens(model="m", messages=[USER])
        long = ours.count_tokens(
            model="m", messages=[said("user", {"type": "text", "text": "x" * 4000})]
        )
        types.MessageTokensCount.model_validate(long.model_dump(), strict=True)
        assert 0 < short.input_tokens < long.input_tokens
        for refused in ({"messages": []}, {"messages": [USER], "extra_body": {"max_tokens": 1}}):
            with pytest.raises(anthropic.BadRequestError):
                ours.count_tokens(model="m", **refused)
        with pytest.raises(anthropic.AuthenticationError):
            client(server, "another").messages.count_tokens(model="m", messages=[USER])
        assert server.requests == [] and len(server.counted) == 2


USER = {"role": "user", "content": "Go."}
USE = {"type": "tool_use", "id": "toolu_1", "name": "bash", "input": {}}
RESULT = {"type": "tool_result", "tool_use_id": "toolu_1", "content": "x"}
MARK = {"type": "text", "text": "x", "cache_control": {"type": "ephemeral"}}


def body(*messages, **changes):
    return {"model": "m", "max_tokens": 10, "messages": list(messages), **changes}


def said(role, *blocks):
    return {"role": role, "content": list(blocks)}


def test_a_good_conversation_is_taken():
    check(body(USER, said("assistant", USE), said("user", RESULT), tools=TOOLS, system=system()))


@pytest.mark.parametrize(
    ("request_body", "message"),
    [
        ({"model": "m", "messages": [USER]}, "max_tokens"),
        (body(), "at least one"),
        (body(USER, USER), "alternate"),
        (body(said("assistant", MARK)), "alternate"),
        (body(USER, said("assistant", MARK)), "prefill"),
        (body(USER, said("assistant", USE), USER), "without `tool_result`"),
        (body(said("user", RESULT)), "unexpected `tool_use_id`"),
        (body(USER, said("assistant", USE, USE), said("user", RESULT)), "unique"),
        (body(said("user", *[MARK] * 5)), "maximum of 4"),
        (body(said("user")), "non-empty"),
        (body(said("user", {"type": "text", "text": " "})), "non-empty"),
        (body(USER, said("assistant", {**USE, "input": "x"}), said("user", RESULT)), "dictionary"),
        (body(USER, temperature=0.5), "sampling"),
        (body(USER, tool_choice={"type": "tool", "name": "bash"}), "forced"),
        (body(USER, tools=[{"type": "bash_19990101", "name": "bash"}]), "unknown tool"),
        (body(USER, tools=[{"name": "x"}]), "input_schema"),
        ([], "object"),
    ],
)
def test_what_the_api_refuses_is_refused(request_body, message):
    with pytest.raises(Refused, match=message):
        check(request_body)


def test_cache_figures_follow_the_prefix():
    cache = Cache()
    long = {"type": "text", "text": "y" * 8000}
    marked = {**long, "cache_control": {"type": "ephemeral"}}
    first = cache.usage(body(said("user", marked)))
    assert first["cache_read_input_tokens"] == 0
    assert first["cache_creation_input_tokens"] > 2000
    more = [said("user", long), said("assistant", MARK | {"text": "z" * 400})]
    second = cache.usage(body(*more))
    assert second["cache_read_input_tokens"] == first["cache_creation_input_tokens"]
    assert 100 <= second["cache_creation_input_tokens"] < 200
    other = cache.usage({**body(said("user", marked)), "model": "another"})
    assert other["cache_read_input_tokens"] == 0
    short = Cache().usage(body(said("user", MARK)))
    assert short["cache_creation_input_tokens"] == 0


def test_it_runs_alone_from_the_command_line(tmp_path):
    script = tmp_path / "script.json"
    script.write_text(json.dumps({"turns": [finish()]}))
    server = Path(stream.__file__).with_name("server.py")
    running = subprocess.Popen(
        [sys.executable, server, "--script", script, "--port", "0"], stdout=subprocess.PIPE
    )
    try:
        name, _, url = running.stdout.readline().decode().strip().partition("=")
        assert name == "ANTHROPIC_BASE_URL"
        request = urllib.request.Request(
            url + "/v1/messages",
            json.dumps(body(USER)).encode(),
            {"x-api-key": "any", "anthropic-version": "2023-06-01"},
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            assert json.load(answer)["content"][0]["name"] == "finish"
    finally:
        running.kill()
        running.communicate()
