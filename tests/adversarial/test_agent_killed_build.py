"""The build is killed in the middle of a step and started again."""

from __future__ import annotations

import signal
import time

import pytest
from messages_api import killed
from messages_api.bench import KEY, bash, finish, sandbox  # noqa: F401
from messages_api.killed import make_order, started
from messages_api.server import MessagesServer

from factory.agents.trajectory import read_trajectory, spent_usd
from factory.records import Attempt, read


def wait_for(running, condition, seconds=60.0):
    deadline = time.monotonic() + seconds
    while not condition():
        assert running.poll() is None, running.communicate()[0].decode()
        assert time.monotonic() < deadline, "it did not come to that"
        time.sleep(0.05)


@pytest.mark.usefixtures("sandbox")
def test_nothing_is_left_behind_and_the_second_start_goes_on(tmp_path):
    make_order(tmp_path).write(tmp_path / "work-order.json")
    out = tmp_path / "out"
    beat = out / "tree/beat"
    beating = "while sleep 0.02; do date +%N > beat; done"
    slow = [
        {"say": "I look.", "calls": [bash("echo one >> log; mkdir -p d; ln -s ../log d/link")]},
        {"say": "I wait.", "calls": [bash(f"echo two >> log; ({beating}) & sleep 2; kill $!")]},
        {"say": "", "calls": [bash("rm -f beat; ls; cat log d/link")]},
        finish(),
    ]
    with MessagesServer({"turns": slow}, key=KEY) as server:
        running = started(tmp_path / "work-order.json", out, server.url)
        try:
            wait_for(running, lambda: beat.exists() and beat.read_text())
        finally:
            running.send_signal(signal.SIGKILL)
            running.communicate()
        time.sleep(0.3)
        last = beat.read_text()
        time.sleep(0.3)
        assert beat.read_text() == last, "a process of the cell outlived the build"
        assert not (out / "attempt.json").exists()
        before = spent_usd(out / "trajectory.jsonl")
        assert before > 0
        (out / "tree/stray").write_text("left by the call that was cut short")

        running = started(tmp_path / "work-order.json", out, server.url)
        said, _ = running.communicate(timeout=60)
        assert running.returncode == 0, said.decode()
        assert b"it goes on at the step it had reached" in said
        # Asked four times in all: what was answered before the kill is not asked again.
        assert len(server.requests) == 4
        seen = server.requests[3]["messages"][-1]["content"][0]["content"]
        assert seen == "d\ngreet.py\nlog\none\ntwo\none\ntwo\n"
        billed = sum(
            usage["input_tokens"] * 2 + usage["cache_creation_input_tokens"] * 2.5
            + usage["cache_read_input_tokens"] * 0.1 + usage["output_tokens"] * 10
            for usage in server.usages
        ) / 1e6  # fmt: skip
    attempt = read(Attempt, out / "attempt.json")
    assert attempt.spent_usd == pytest.approx(attempt.agent.usd) == pytest.approx(billed)
    steps = read_trajectory(out / "trajectory.jsonl").steps
    assert [step.say for step in steps] == ["I look.", "I wait.", "", ""]
    assert sum(step.usage.usd for step in steps) == pytest.approx(billed)
    assert {path.name for path in (out / "tree").iterdir()} == {"greet.py", "log", "d"}
    assert sorted(path.name for path in out.iterdir()) == [
        "attempt.json", "trajectory.jsonl", "tree"]  # fmt: skip


@pytest.mark.usefixtures("sandbox")
def test_killed_at_random_moments_it_comes_to_the_same_as_unbroken(tmp_path):
    folders = [tmp_path / name for name in ("unbroken", "killed")]
    for folder in folders:
        folder.mkdir()
    begun = time.monotonic()
    unbroken = killed.run(folders[0], seed=None)
    seconds = time.monotonic() - begun
    struck = killed.run(folders[1], seed=None, kills=3, seconds=seconds)
    assert struck.tree == unbroken.tree
    assert struck.steps == unbroken.steps
    assert struck.usd >= unbroken.usd - 1e-9
