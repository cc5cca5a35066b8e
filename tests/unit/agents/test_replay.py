"""Replay: recorded by the real loop, played again in a real sandbox, refused where it differs."""

from __future__ import annotations

import json
import shutil

import pytest
from messages_api.bench import (  # noqa: F401
    KEY,
    anthropic_agent,
    assignment,
    bash,
    finish,
    profile,
    sandbox,
    tree_of,
    written,
)
from messages_api.server import MessagesServer

from factory.agents.select import select
from factory.agents.trajectory import FILE
from factory.errors import AgentError, ReplayMismatch
from factory.records import Budget

EDIT = "str_replace_based_edit_tool"
TURNS = [
    {"say": "I look.", "calls": [bash("cat greet.py; date +%N; false")]},
    {
        "say": "I change it.",
        "calls": [
            {"tool": EDIT, "input": {"command": "view", "path": "/workspace/greet.py"}},
            {
                "tool": EDIT,
                "input": {
                    "command": "str_replace",
                    "path": "/workspace/greet.py",
                    "old_str": "hello",
                    "new_str": "hello, world",
                },
            },
            {"tool": EDIT, "input": {"command": "view", "path": "/workspace/none"}},
            {"tool": "bash", "raw": "{broken"},
        ],
    },
    {"say": "I check.", "calls": [bash("python3 greet.py | grep world")]},
    finish("It greets the world."),
]


@pytest.fixture
def recording(tmp_path, sandbox, monkeypatch):  # noqa: F811
    """A folder of recordings with one in it, and a fresh workspace to replay on."""
    made = tmp_path / "recorded"
    made.mkdir()
    given = assignment(made)
    with MessagesServer({"turns": TURNS}, key=KEY) as server:
        monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)
        monkeypatch.setenv("ANTHROPIC_BASE_URL", server.url)
        anthropic_agent().work(given, sandbox)
    folder = tmp_path / "trajectories"
    (folder / "greeting").mkdir(parents=True)
    shutil.copy(given.journal / FILE, folder / "greeting/attempt-1.jsonl")
    return folder, tree_of(given.workspace, tmp_path)


def replayer(folder):
    return select(profile("replay", trajectories=str(folder)))


def changed(path, change):
    """Rewrite a recording line by line."""
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    change(lines)
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))


def test_a_replay_ends_with_the_same_tree_and_costs_nothing(recording, tmp_path, sandbox):  # noqa: F811
    folder, tree = recording
    given = assignment(tmp_path)
    outcome = replayer(folder).work(given, sandbox)
    assert tree_of(given.workspace, tmp_path) == tree
    assert (outcome.ended, outcome.message) == ("finished", "It greets the world.")
    assert (outcome.usd, outcome.usd_known, outcome.replayed) == (0.0, True, True)
    assert outcome.output_tokens > 0
    assert outcome.steps == 4
    again = written(given)
    assert again.header.agent == "replay"
    assert again.steps[2].results[0].text == "hello, world\n"


def test_another_base_is_refused_before_anything_runs(recording, tmp_path, sandbox):  # noqa: F811
    folder, _ = recording
    given = assignment(tmp_path, base_tree="b" * 40)
    with pytest.raises(ReplayMismatch, match="the base is b"):
        replayer(folder).work(given, sandbox)
    assert (given.workspace / "greet.py").read_text() == 'print("hello")\n'


@pytest.mark.parametrize(
    "change",
    [
        lambda lines: lines[1]["results"][0].update(exit_code=0),
        lambda lines: lines[1]["results"][0].update(is_error=True),
        lambda lines: lines[2]["results"][0].update(digest="sha256:" + "0" * 64),
        lambda lines: lines[2]["results"][2].update(is_error=False),
        lambda lines: lines[2]["calls"][1]["input"].update(old_str="goodbye"),
        lambda lines: lines[1]["calls"][0]["input"].update(command="true"),
    ],
)
def test_a_call_that_comes_to_something_else_stops_it(recording, tmp_path, sandbox, change):  # noqa: F811
    folder, _ = recording
    changed(folder / "greeting/attempt-1.jsonl", change)
    with pytest.raises(ReplayMismatch, match=r"step [12],"):
        replayer(folder).work(assignment(tmp_path), sandbox)


@pytest.mark.parametrize(
    "change",
    [
        lambda lines: lines.pop(),
        lambda lines: lines[-1].update(ended="error"),
        lambda lines: lines[1]["results"].clear(),
        lambda lines: lines[0].update(attempt=2),
        lambda lines: lines[0].update(spec_id="another"),
        lambda lines: lines[0].update(agent="claude-code"),
    ],
)
def test_a_recording_that_is_not_whole_is_refused(recording, tmp_path, sandbox, change):  # noqa: F811
    folder, _ = recording
    changed(folder / "greeting/attempt-1.jsonl", change)
    with pytest.raises(AgentError):
        replayer(folder).work(assignment(tmp_path), sandbox)


def test_an_attempt_that_was_not_recorded_is_refused(recording, tmp_path, sandbox):  # noqa: F811
    with pytest.raises(AgentError, match="cannot be read"):
        replayer(recording[0]).work(assignment(tmp_path, attempt=2), sandbox)


def test_the_limits_hold_for_replays_too(recording, tmp_path, sandbox):  # noqa: F811
    few = Budget(usd=5, spec_usd=5, minutes=2, steps=2)
    outcome = replayer(recording[0]).work(assignment(tmp_path, budget=few), sandbox)
    assert (outcome.ended, outcome.steps) == ("steps", 2)
