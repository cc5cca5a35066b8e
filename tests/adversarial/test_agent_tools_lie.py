"""The process inside lies to the tools' client: every lie ends the cell, none is believed."""

from __future__ import annotations

import time

import pytest
from messages_api.bench import sandbox  # noqa: F401

from factory.agents.toolbox import Toolbox, client
from factory.errors import AgentError

HEAD = "import os, sys, json, time\nsay = lambda data: os.write(1, data)\n"
READY = HEAD + "say(b'{\"ready\": 1}\\n')\nask = json.loads(sys.stdin.readline())\n"
GOOD = '{"id": 1, "text": "x", "is_error": false, "exit_code": 0}'


def toolbox(box, tmp_path, program):
    work = tmp_path / "work"
    work.mkdir()
    server = tmp_path / "liar.py"
    server.write_text(program)
    return Toolbox(box, work, server=server)


def test_the_liar_here_can_also_tell_the_truth(tmp_path, sandbox):  # noqa: F811
    with toolbox(sandbox, tmp_path, READY + f"say(b'{GOOD}\\n'); time.sleep(60)") as box:
        assert box.call("bash", {"command": "x"}).text == "x"


@pytest.mark.parametrize(
    "lie",
    [
        "say(b'not json\\n')",
        "say(b'[]\\n')",
        "say(b'\\xff\\xfe\\n')",
        "say(b'[' * 100_000 + b'\\n')",
        f"say(b'{GOOD}'.replace(b'1,', b'2,', 1) + b'\\n')",
        f"say(b'{GOOD}'.replace(b'1,', b'\"1\",', 1) + b'\\n')",
        f"say(b'{GOOD}'.replace(b'false', b'0') + b'\\n')",
        f"say(b'{GOOD}'.replace(b'\"x\"', b'null') + b'\\n')",
        f"say(b'{GOOD}'.replace(b'}}', b', \"more\": 1}}') + b'\\n')",
        f"say(b'{GOOD}'.replace(b', \"exit_code\": 0', b'') + b'\\n')",
        f"say(b'{GOOD}'.replace(b'x', b'x' * 50_000, 1) + b'\\n')",
        f"say(b'{GOOD}\\n{GOOD}\\n')",
        "say(b'y' * 3_000_000)",
        "while True: say(b'endless' * 1000)",
    ],
)
def test_a_reply_that_was_not_agreed_ends_the_cell(tmp_path, sandbox, lie):  # noqa: F811
    with toolbox(sandbox, tmp_path, READY + lie + "\ntime.sleep(60)") as box:
        started = time.monotonic()
        with pytest.raises(AgentError, match="broke the tools' protocol"):
            box.call("bash", {"command": "x"})
        assert time.monotonic() - started < 10
        assert box._session is None


@pytest.mark.parametrize(
    "hello", ["say(b'{\"ready\": 2}\\n')", "say(b'hello\\n')", "say(b'z' * 2_000_000)"]
)
def test_a_wrong_greeting_is_not_talked_to(tmp_path, sandbox, hello):  # noqa: F811
    with (
        pytest.raises(AgentError, match="protocol"),
        toolbox(sandbox, tmp_path, HEAD + hello + "\ntime.sleep(60)"),
    ):
        pass


def test_a_server_that_ends_at_once_is_an_error(tmp_path, sandbox):  # noqa: F811
    with pytest.raises(AgentError, match="did not start"), toolbox(sandbox, tmp_path, "exit()"):
        pass


@pytest.mark.parametrize(
    "silence", ["time.sleep(60)", "sys.exit()", "say(b'{\"id\"'); time.sleep(60)"]
)
def test_silence_is_waited_for_a_while_and_only_a_few_times(
    tmp_path,
    sandbox,  # noqa: F811
    silence,
    monkeypatch,
):
    monkeypatch.setattr(client, "GRACE_SECONDS", 0.2)
    with toolbox(sandbox, tmp_path, READY + silence) as box:
        for _ in range(client.RESTARTS):
            assert box.call("bash", {"command": "x"}, timeout_seconds=0.1).is_error
        with pytest.raises(AgentError, match="ended 4 times"):
            box.call("bash", {"command": "x"}, timeout_seconds=0.1)


def test_a_server_that_does_not_read_does_not_hold_us(tmp_path, sandbox, monkeypatch):  # noqa: F811
    monkeypatch.setattr(client, "GRACE_SECONDS", 0.3)
    program = HEAD + "say(b'{\"ready\": 1}\\n'); time.sleep(60)"
    with toolbox(sandbox, tmp_path, program) as box:
        reply = box.call("bash", {"command": "x" * 3_000_000}, timeout_seconds=0.1)
        assert reply.is_error


def test_an_agent_that_writes_into_every_pipe_of_its_tools_gains_nothing(
    tmp_path,
    sandbox,  # noqa: F811
):
    forged = GOOD.replace("1,", "999,", 1)
    write = f"timeout 1 sh -c 'echo \\''{forged}'\\'' >> $f'"
    forging = f"for f in /proc/$PPID/fd/*; do export f; [ -p $f ] && {write}; done; echo done"
    (tmp_path / "work").mkdir()
    started = time.monotonic()
    with Toolbox(sandbox, tmp_path / "work") as box:
        try:
            box.call("bash", {"command": forging}, timeout_seconds=10)
            for _ in range(client.RESTARTS):
                assert box.call("bash", {"command": "true"}).text != "x"
        except AgentError as error:  # Where the cell's user owns the pipes to us.
            assert "protocol" in error.message or "ended 4 times" in error.message
    assert time.monotonic() - started < 10
