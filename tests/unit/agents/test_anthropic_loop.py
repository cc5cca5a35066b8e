"""The agent `anthropic`: real SDK calls to a scripted Messages API, tools in a real sandbox."""

from __future__ import annotations

import time

import pytest
from messages_api.bench import (  # noqa: F401
    KEY,
    anthropic_agent,
    assignment,
    bash,
    finish,
    sandbox,
    written,
)
from messages_api.server import MessagesServer

from factory.agents.model import Model
from factory.errors import AgentError, AuthenticationError, ConfigurationError
from factory.records import Budget

EDIT = "str_replace_based_edit_tool"


@pytest.fixture
def play(tmp_path, sandbox, monkeypatch):  # noqa: F811
    """Run the agent against a script; returns (outcome, server, assignment)."""

    def playing(turns, faults=(), *, options=None, budget=None, **changes):
        if budget:
            limits = {"usd": 5, "spec_usd": 5, "minutes": 2, "steps": 20, **budget}
            changes["budget"] = Budget(**limits)
        given = assignment(tmp_path, **changes)
        with MessagesServer({"turns": turns, "faults": list(faults)}, key=KEY) as server:
            monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)
            monkeypatch.setenv("ANTHROPIC_BASE_URL", server.url)
            playing.server, playing.given = server, given
            outcome = anthropic_agent(**(options or {})).work(given, sandbox)
        assert server.refusals == []
        return outcome, server, given

    return playing


def fault(kind, turn=0, **more):
    return {"turn": turn, "kind": kind, **more}


def result(server, index=-1):
    """The first tool result of the last message of a request."""
    return server.requests[index]["messages"][-1]["content"][0]


def test_it_builds_until_it_calls_finish(play):
    outcome, server, given = play(
        [
            {"say": "I look.", "thinking": "What is here?", "calls": [bash("cat greet.py")]},
            {
                "say": "Now both.",
                "calls": [
                    {
                        "tool": EDIT,
                        "input": {
                            "command": "create",
                            "path": "/workspace/greet.py",
                            "file_text": 'print("hello, world")\n',
                        },
                    },
                    bash("python3 greet.py"),
                ],
            },
            finish("It greets the world."),
        ],
        feedback="Attempt 0 fell short.",
    )
    assert (outcome.ended, outcome.message) == ("finished", "It greets the world.")
    assert (given.workspace / "greet.py").read_text() == 'print("hello, world")\n'
    first = server.requests[0]
    assert first["stream"] is True
    assert [tool["name"] for tool in first["tools"]] == ["bash", EDIT, "finish"]
    assert [block["text"] for block in first["messages"][0]["content"]] == [
        given.brief,
        given.feedback,
    ]
    answer = server.requests[1]["messages"][1]["content"]
    assert [block["type"] for block in answer] == ["thinking", "text", "tool_use"]
    assert answer[0]["signature"]
    results = server.requests[2]["messages"][-1]["content"]
    assert [r["type"] for r in results] == ["tool_result"] * 2
    assert results[1]["content"] == "hello, world\n"
    steps = written(given).steps
    assert [step.say for step in steps] == ["I look.", "Now both.", ""]
    assert steps[1].calls[1].input == {"command": "python3 greet.py"}


def test_the_spend_is_the_sum_of_what_was_reported_and_caching_works(play):
    turns = [{"say": f"Step {n}.", "calls": [bash(f"head -c 6000 /dev/zero | tr '\\0' {n}")]}
             for n in range(5)]  # fmt: skip
    outcome, server, given = play([*turns, finish()])
    total = {
        name: sum(usage[name] for usage in server.usages)
        for name in ("input_tokens", "output_tokens", "cache_creation_input_tokens",
                     "cache_read_input_tokens")
    }  # fmt: skip
    assert outcome.input_tokens == total["input_tokens"]
    assert outcome.output_tokens == total["output_tokens"]
    assert outcome.cache_read_tokens == total["cache_read_input_tokens"] > 0
    assert outcome.cache_write_tokens == total["cache_creation_input_tokens"] > 0
    expected = (
        total["input_tokens"] * 2
        + total["output_tokens"] * 10
        + total["cache_creation_input_tokens"] * 2.5
        + total["cache_read_input_tokens"] * 0.1
    ) / 1e6
    assert outcome.usd == pytest.approx(expected, abs=1e-12)
    assert outcome.usd_known
    assert sum(step.usage.usd for step in written(given).steps) == pytest.approx(outcome.usd)
    # Each request but the first two, too short to cache, reads all that was sent before.
    for before, usage in zip(server.usages[2:], server.usages[3:], strict=False):
        assert usage["cache_read_input_tokens"] == (
            before["cache_read_input_tokens"] + before["cache_creation_input_tokens"]
        )


def test_no_request_could_have_passed_the_budget_and_it_ends_there(play):
    turns = [{"say": "More.", "calls": [bash("head -c 20000 /dev/zero | tr '\\0' x")]}] * 30
    outcome, server, _ = play(turns, budget={"usd": 0.12, "steps": 100})
    assert outcome.ended == "budget"
    assert 0 < outcome.usd <= 0.12
    assert server.requests[0]["max_tokens"] < 32_000
    assert all(request["max_tokens"] >= 1024 for request in server.requests)
    assert "left" in outcome.message


def test_a_budget_that_pays_for_nothing_asks_nothing(play):
    outcome, server, _ = play([finish()], budget={"usd": 0.001})
    assert (outcome.ended, outcome.usd, server.requests) == ("budget", 0.0, [])


def test_usage_past_the_reservation_ends_the_run(play):
    outcome, server, _ = play(
        [{"say": "x", "calls": [bash("true")], "usage": {"output_tokens": 100_000}}, finish()]
    )
    assert outcome.ended == "budget"
    assert outcome.usd > 1.0
    assert len(server.requests) == 1


def test_steps_and_deadline_end_it(play):
    turns = [{"say": "x", "calls": [bash("true")]}] * 9
    outcome, _, _ = play(turns, budget={"steps": 3})
    assert (outcome.ended, outcome.steps) == ("steps", 3)


def test_the_deadline_stops_a_command(play):
    started = time.monotonic()
    outcome, _, _ = play([{"say": "x", "calls": [bash("sleep 60")]}], budget={"minutes": 0.03})
    assert outcome.ended == "deadline"
    assert time.monotonic() - started < 15


def test_the_deadline_closes_a_stream_that_only_pings(play):
    started = time.monotonic()
    outcome, _, _ = play([finish()], [fault("drip", times=9)], budget={"minutes": 0.03})
    assert outcome.ended == "deadline"
    assert outcome.usd > 0
    assert time.monotonic() - started < 15


@pytest.mark.parametrize("status", [429, 500, 503, 529])
def test_a_refusal_that_may_pass_is_tried_again_free_of_charge(play, status):
    outcome, server, _ = play([finish()], [fault(status, times=3)])
    assert outcome.ended == "finished"
    assert len(server.requests) == 4
    assert outcome.output_tokens == server.usages[0]["output_tokens"]
    assert len(server.usages) == 1


def test_retry_after_is_waited_for(play):
    started = time.monotonic()
    outcome, _, _ = play([finish()], [fault(429, **{"retry-after": 1})])
    assert outcome.ended == "finished"
    assert time.monotonic() - started >= 1


def test_a_wait_past_the_deadline_is_not_begun(play):
    started = time.monotonic()
    faults = [fault(429, **{"retry-after": 60})]
    outcome, _, _ = play([finish()], faults, budget={"minutes": 0.2})
    assert outcome.ended == "deadline"
    assert time.monotonic() - started < 10


def test_tries_are_bounded(play):
    with pytest.raises(AgentError, match="out of reach after 6 tries: 529 overloaded_error"):
        play([finish()], [fault(529, times=99)])
    assert len(play.server.requests) == 6


@pytest.mark.parametrize("kind", ["cut", "overloaded"])
def test_a_cut_answer_is_asked_for_again_and_charged_at_its_worst(play, kind):
    outcome, server, given = play([{"say": "x" * 400, "calls": [bash("echo once >> log")]},
                                   finish()], [fault(kind)])  # fmt: skip
    assert outcome.ended == "finished"
    assert server.requests[0] == server.requests[1]
    assert (given.workspace / "log").read_text() == "once\n"
    assert outcome.usd > 32_000 * 10 / 1e6
    assert sum(step.usage.usd for step in written(given).steps) == pytest.approx(outcome.usd)


def test_malformed_input_goes_back_to_the_model_as_an_error(play):
    outcome, server, given = play(
        [
            {"say": "", "calls": [{"tool": "bash", "raw": '{"command": "echo'}, bash("echo ok")]},
            {"say": "", "calls": [{"tool": "bash", "raw": "[1]"}]},
            {"say": "", "calls": [{"tool": "bash", "raw": '{"command": NaN}'}]},
            {"say": "", "calls": [{"tool": "bash", "raw": '{"command": "\\ud800"}'}]},
            {"say": "", "calls": [{"tool": "bash", "raw": '{"a":' * 500 + "1" + "}" * 500}]},
            {"say": "", "calls": [{"tool": "bash", "raw": "[" * 5000}]},
            {"say": "", "calls": [{"tool": "no_such_tool", "input": {}}]},
            {"say": "", "calls": [{"tool": "finish", "input": {}}]},
            finish(),
        ]
    )
    assert outcome.ended == "finished"
    for index in range(1, 9):
        assert result(server, index)["is_error"] is True
    assert server.requests[1]["messages"][-1]["content"][1]["content"] == "ok\n"
    assert written(given).steps[0].calls[0].tool == "malformed"


def test_a_call_cut_off_at_the_output_limit_is_not_carried_out(play):
    outcome, server, given = play(
        [{"say": "I write.", "calls": [bash("touch cut-off " + "x" * 400)]}, finish()],
        [fault("half")],
    )
    assert outcome.ended == "finished"
    assert result(server)["is_error"] is True
    assert "output limit" in result(server)["content"]
    assert not (given.workspace / "cut-off").exists()


def test_an_answer_without_a_call_is_reminded_a_few_times(play):
    outcome, server, _ = play([{"say": "", "calls": []}, {"say": "Done, I think."}, finish()])
    assert outcome.message == "All done."
    assert "finish" in result(server)["text"]
    outcome, server, _ = play([{"say": "I am done."}] * 9)
    assert (outcome.ended, outcome.steps) == ("steps", 3)
    assert "made no call, also not of `finish`" in outcome.message


def test_a_model_that_ended_its_turn_and_then_is_out_of_reach_has_not_finished(play):
    with pytest.raises(AgentError, match="out of reach"):
        play([{"say": "I am done."}], [fault(529, turn=1, times=99)])


def test_a_refusal_of_the_model_is_an_agent_error(play):
    with pytest.raises(AgentError, match="refused to go on: I will not"):
        play([{"say": "I will not.", "stop_reason": "refusal"}])
    end = written(play.given).end
    assert end is not None
    assert end.ended == "error"
    assert end.usage.usd > 0


def test_a_key_that_is_missing_or_refused_is_an_authentication_error(play, tmp_path, monkeypatch):
    with pytest.raises(AuthenticationError, match="refused"):
        play([finish()], [fault("refused")])
    monkeypatch.delenv("ANTHROPIC_API_KEY")
    with pytest.raises(AuthenticationError, match="not set"):
        anthropic_agent().work(play.given, None)


def test_an_address_without_a_messages_api_is_a_configuration_error(
    tmp_path,
    sandbox,  # noqa: F811
    monkeypatch,
):
    with MessagesServer({"turns": []}) as server:
        monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)
        monkeypatch.setenv("ANTHROPIC_BASE_URL", server.url + "/wrong")
        with pytest.raises(ConfigurationError, match="does not exist"):
            anthropic_agent().work(assignment(tmp_path), sandbox)


def test_nobody_listening_is_out_of_reach_and_free(tmp_path, sandbox, monkeypatch):  # noqa: F811
    monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)
    monkeypatch.setenv("ANTHROPIC_BASE_URL", "http://127.0.0.1:9")
    given = assignment(tmp_path)
    with pytest.raises(AgentError, match="ConnectError"):
        anthropic_agent().work(given, sandbox)
    assert written(given).steps == ()


def test_effort_is_passed_on(play):
    _, server, _ = play([finish()], options={"effort": "low", "max_output_tokens": 2000})
    assert server.requests[0]["output_config"] == {"effort": "low"}
    assert server.requests[0]["max_tokens"] == 2000


def test_each_step_is_told_in_one_line(play):
    told: list[str] = []
    play([{"say": "I look.", "calls": [bash("true")]}, finish()], progress=told.append)
    assert told == ["step 1: I look. (1 call)", "step 2 (1 call)"]


def test_no_prompt_is_longer_than_what_was_reserved_for_it(play, monkeypatch):
    bounds: list[int] = []
    real = Model.ask

    def asking(self, messages, prompt_tokens):
        bounds.append(prompt_tokens)
        return real(self, messages, prompt_tokens)

    monkeypatch.setattr(Model, "ask", asking)
    noise = "head -c 9000 /dev/urandom | base64"
    turns = [{"say": "é" * 50, "calls": [bash(noise), bash("echo \U0001f600")]}] * 6
    _, server, _ = play([*turns, {"say": "?"}, finish()])
    for bound, usage in zip(bounds, server.usages, strict=True):
        prompt = sum(usage[name] for name in (
            "input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens"))  # fmt: skip
        assert prompt <= bound
    # What is known is not guessed again: the bound stays near the truth.
    assert bounds[-1] < 1.5 * sum(
        server.usages[-1][name] for name in ("input_tokens", "cache_creation_input_tokens",
                                             "cache_read_input_tokens"))  # fmt: skip
