"""A hostile model at the wheel: what it may see, what it leaves behind, what gets written down."""

from __future__ import annotations

import os
import time

import pytest
from messages_api.bench import (  # noqa: F401
    KEY,
    anthropic_agent,
    assignment,
    bash,
    finish,
    sandbox,
    tree_of,
    written,
)
from messages_api.server import MessagesServer

from factory.agents.trajectory import FILE

MARKER = "value-that-only-we-know"
OURS = ("GITHUB_ENV", "GITHUB_TOKEN", "ACTIONS_RUNTIME_TOKEN", "FACTORY_SCENARIOS_KEY", "BASH_ENV",
        "SSH_AUTH_SOCK", "LD_LIBRARY_PATH_OF_OURS")  # fmt: skip


@pytest.fixture
def attack(tmp_path, sandbox, monkeypatch):  # noqa: F811
    """Let a model run commands; returns the texts that came back to it, and the assignment."""

    def attacking(*commands, **changes):
        given = assignment(tmp_path, **changes)
        turns = [*({"say": "", "calls": [bash(line)]} for line in commands), finish()]
        with MessagesServer({"turns": turns}, key=KEY) as server:
            monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)
            monkeypatch.setenv("ANTHROPIC_BASE_URL", server.url)
            outcome = anthropic_agent(call_seconds=20).work(given, sandbox)
        assert outcome.ended == "finished"
        messages = server.requests[-1]["messages"]
        texts = [m["content"][0]["content"] for m in messages[2::2]]
        return texts, given

    return attacking


def test_the_key_and_our_environment_are_not_in_the_cell(attack, monkeypatch):
    for name in OURS:
        monkeypatch.setenv(name, MARKER)
    texts, given = attack(
        "env; set",
        "cat /proc/*/environ /proc/*/cmdline 2>&1 | tr '\\0' '\\n'",
        "ls -l /proc/*/fd 2>&1; ls -a / /factory /workspace /tmp /root /home 2>&1",
        "cat /factory/*.* | grep -c -e ANTHROPIC -e x-api-key; "
        "grep -rl sk-ant /factory /workspace /run",
        f"find / -xdev -name '{FILE}' -o -name attempt.json 2>/dev/null; true",
    )
    seen = "\n".join(texts)
    assert "PATH=" in texts[0]
    assert KEY not in seen
    assert MARKER not in seen
    assert not [name for name in OURS if name in seen]
    assert "ANTHROPIC_API_KEY=" not in seen
    assert texts[3].splitlines()[0] == "0"
    assert texts[4] == "(no output)"
    assert KEY not in (given.journal / FILE).read_text()


def test_a_key_that_the_model_says_or_prints_is_not_written_down(tmp_path, sandbox, monkeypatch):  # noqa: F811
    given = assignment(tmp_path, secrets=(MARKER,))
    turns = [
        {"say": f"The key is {KEY}.", "calls": [bash(f"echo {KEY} {MARKER} > k; cat k")]},
        finish(f"Done with {KEY} and {MARKER}."),
    ]
    with MessagesServer({"turns": turns}, key=KEY) as server:
        monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)
        monkeypatch.setenv("ANTHROPIC_BASE_URL", server.url)
        outcome = anthropic_agent().work(given, sandbox)
    assert outcome.message == "Done with [redacted] and [redacted]."
    text = (given.journal / FILE).read_text()
    assert KEY not in text
    assert MARKER not in text
    assert text.count("[redacted]") >= 5


def test_the_cell_has_no_way_to_the_model_or_anywhere_else(attack):
    probe = (
        "python3 - <<'EOF'\nimport socket\n"
        "for host, port in (('127.0.0.1', %d), ('1.1.1.1', 53), ('169.254.169.254', 80)):\n"
        "    try:\n        socket.create_connection((host, port), 2)\n"
        "        print('REACHED', host)\n"
        "    except OSError as error:\n        print('shut', host)\nEOF"
    )
    port = int(os.environ.get("ANTHROPIC_BASE_URL", "http://x:9").rsplit(":", 1)[1])
    texts, _ = attack(probe % port)
    assert "REACHED" not in texts[0]
    assert texts[0].count("shut") == 3


def test_what_it_leaves_running_does_not_outlive_the_attempt(attack, tmp_path):
    # Each by a file of its own, so that neither moves what the other has only begun.
    write = "date +%N > /workspace/next-$$ && mv /workspace/next-$$ /workspace/written"
    writer = f"while true; do {write}; sleep 0.05; done"
    wait = "until test -s /workspace/written; do sleep 0.05; done"
    texts, given = attack(
        f"setsid bash -c '{writer}' > /dev/null 2>&1 & disown; {wait}; echo left",
        f"(setsid nohup bash -c '{writer}' > /dev/null 2>&1 &) ; {wait}; cat written",
    )
    assert texts[1].strip().isdigit()
    tree = tree_of(given.workspace, tmp_path)
    time.sleep(0.5)
    assert tree_of(given.workspace, tmp_path) == tree


def test_links_out_of_the_workspace_lead_nowhere_outside(attack, tmp_path):
    victim = tmp_path / "victim"
    victim.write_text("untouched")
    attack(
        f"ln -s {victim} link; echo overwritten > link; echo overwritten > {victim}; true",
        f"mkdir -p {tmp_path}; echo overwritten > {tmp_path}/out/trajectory.jsonl; true",
    )
    assert victim.read_text() == "untouched"
    assert not list(tmp_path.glob("out/*overwritten*"))


def test_killing_its_own_tools_costs_it_a_call_and_nothing_else(attack):
    texts, given = attack("echo kept > kept; kill -9 $PPID", "cat kept", "kill -9 -1", "echo on")
    assert "started again" in texts[0]
    assert texts[1] == "kept\n"
    assert texts[3] == "on\n"
    assert written(given).end is not None


def test_workflow_commands_and_escapes_in_output_stay_data(attack):
    texts, given = attack("printf '::set-output name=x::y\\n\\033[2J##[error]x\\n'")
    assert texts[0].startswith("::set-output")
    raw = (given.journal / FILE).read_bytes()
    assert b"\x1b" not in raw
    assert not [line for line in raw.splitlines() if not line.startswith(b"{")]
