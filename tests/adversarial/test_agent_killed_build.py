"""The build is killed in the middle of a step and started again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from messages_api.bench import KEY, bash, finish, sandbox  # noqa: F401
from messages_api.server import MessagesServer

from factory.agents.trajectory import read_trajectory, spent_usd
from factory.ports.git import command
from factory.records import (
    AgentProfile,
    Attempt,
    Budget,
    Product,
    Requirement,
    SpecText,
    Subject,
    WorkOrder,
    digest_of,
    read,
)
from factory.spec.brief import Brief, part_of

BUILD = """
import sys
from pathlib import Path
from factory.agents.select import select
from factory.build import build
from factory.records import WorkOrder, read
from factory.sandbox.select import select as select_sandbox
order = read(WorkOrder, Path(sys.argv[1]))
build(order, out=Path(sys.argv[2]), agent=select(order.agent),
      sandbox=select_sandbox(order.sandbox), clone_url=order.product.repository,
      git_environment={}, progress=lambda text: print(text, flush=True))
"""
ROOT = Path(__file__).parents[2]


def make_order(tmp_path: Path) -> WorkOrder:
    product = tmp_path / "product.git"
    command.git("init", "--quiet", "--bare", "--template=", str(product))
    text = b'print("hello")\n'
    blob = command.git("hash-object", "-w", "--stdin", repository=product, stdin=text).strip()
    entry = b"100644 blob " + blob + b"\tgreet.py\n"
    tree = command.git("mktree", repository=product, stdin=entry).decode().strip()
    who = {f"GIT_{kind}_{what}": "a@example.com" for kind in ("AUTHOR", "COMMITTER")
           for what in ("NAME", "EMAIL")}  # fmt: skip
    commit = command.git("commit-tree", tree, "-m", "one", repository=product, env=who)
    command.git("update-ref", "refs/heads/main", commit.decode().strip(), repository=product)
    spec = SpecText(
        id="greeting",
        title="Greeting",
        version=1,
        path="specs/greeting.md",
        commit="c" * 40,
        digest=digest_of("- R1: It greets."),
        text="- R1: It greets.",
        requirements=(Requirement(id="R1", text="It greets.", line=1),),
    )
    return WorkOrder(
        run_id="20261122t211008-0123abcd",
        nonce="0" * 32,
        created_at="2026-11-22T21:10:08Z",
        spec=spec,
        product=Product(name="greeter", repository=str(product), subject=Subject(command="x")),
        base_commit=commit.decode().strip(),
        agent=AgentProfile(name="builder", uses="anthropic"),
        budget=Budget(usd=2, spec_usd=3, minutes=2),
        brief=Brief(parts=(part_of(spec),)).text,
    )


def started(order_file, out, url):
    return subprocess.Popen(
        [sys.executable, "-c", BUILD, order_file, out],
        env={**os.environ, "ANTHROPIC_API_KEY": KEY, "ANTHROPIC_BASE_URL": url,
             "PYTHONPATH": os.pathsep.join([str(ROOT), *filter(None, sys.path)])},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )  # fmt: skip


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
