"""A build as a process of its own, killed with SIGKILL at chosen moments and started again."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from factory.agents.trajectory import FILE, read_trajectory
from factory.ports.git import command
from factory.ports.git.tree import import_tree
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
from messages_api.bench import KEY, bash, finish
from messages_api.script import Script
from messages_api.server import MessagesServer

ROOT = Path(__file__).parents[3]
SEEN = "journal-seen"
ANSWER_SECONDS = 0.05
# The journal is gone with the end of the build, so it is copied when the agent has ended.
_BUILD = """
import shutil, sys
from pathlib import Path
from factory.agents.select import select
from factory.build import build
from factory.records import WorkOrder, read
from factory.sandbox.select import select as select_sandbox
order, out = read(WorkOrder, Path(sys.argv[1])), Path(sys.argv[2])
class Seen:
    def __init__(self, agent): self.agent = agent
    def work(self, assignment, sandbox):
        outcome = self.agent.work(assignment, sandbox)
        shutil.copy(out / "checkpoint/journal", out.with_name(SEEN))
        return outcome
build(order, out=out, agent=Seen(select(order.agent)),
      sandbox=select_sandbox(order.sandbox), clone_url=order.product.repository,
      git_environment={}, progress=lambda text: print(text, flush=True))
""".replace("SEEN", repr(SEEN))


def make_order(folder: Path, **options: Any) -> WorkOrder:
    """A work order for a product of one file, in a repository below `folder`."""
    product = folder / "product.git"
    command.git("init", "--quiet", "--bare", "--template=", str(product))
    text = b'print("hello")\n'
    blob = command.git("hash-object", "-w", "--stdin", repository=product, stdin=text).strip()
    entry = b"100644 blob " + blob + b"\tgreet.py\n"
    tree = command.git("mktree", repository=product, stdin=entry).decode().strip()
    who = {f"GIT_{kind}_{what}": "a@example.com" for kind in ("AUTHOR", "COMMITTER")
           for what in ("NAME", "EMAIL")}  # fmt: skip
    made = command.git("commit-tree", tree, "-m", "one", repository=product, env=who)
    commit = made.decode().strip()
    command.git("update-ref", "refs/heads/main", commit, repository=product)
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
        base_commit=commit,
        agent=AgentProfile(name="builder", uses="anthropic", options=options),
        budget=Budget(usd=50, spec_usd=50, minutes=5),
        brief=Brief(parts=(part_of(spec),)).text,
    )


def started(order_file: Path, out: Path, url: str) -> subprocess.Popen[bytes]:
    """The build of an order, in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-c", _BUILD, order_file, out],
        env={**os.environ, "ANTHROPIC_API_KEY": KEY, "ANTHROPIC_BASE_URL": url,
             "PYTHONPATH": os.pathsep.join([str(ROOT), *filter(None, sys.path)])},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )  # fmt: skip


class Slow(Script):
    """Takes its time for an answer, so that a kill finds it on its way."""

    def next(self, body: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any] | None]:
        """See `Script.next`."""
        time.sleep(ANSWER_SECONDS)
        return super().next(body)


def script() -> list[dict[str, Any]]:
    """A conversation whose every step depends on the tree that the steps before it left.

    Each command takes a while between its writes, so that a kill finds it half done.
    """
    edit = "str_replace_based_edit_tool"
    turns: list[dict[str, Any]] = []
    for number in range(1, 9):
        grow = f"wc -c < log >> log; sleep 0.03; echo {number} >> log; sleep 0.03; wc -l log"
        talk = f"seq {number} {number + 900}"
        turns.append({"say": f"Step {number}.", "calls": [bash(grow), bash(talk)]})
    turns[0]["calls"].insert(0, bash("echo begun > log; mkdir -p a/b; ln -s ../log a/link"))
    turns[1]["calls"].append(bash("chmod +x greet.py; mv log a/b/moved; cp a/b/moved log"))
    turns[2]["calls"].append(
        {
            "tool": edit,
            "input": {"command": "create", "path": "/workspace/a/new.py", "file_text": "1\n"},
        }
    )
    turns[3]["calls"].append(
        {"tool": edit, "input": {"command": "insert", "path": "/workspace/a/new.py",
                                 "insert_line": 1, "insert_text": "2\n"}}
    )  # fmt: skip
    turns[4]["calls"].append(bash("cat a/new.py >> a/new.py.2; rm -r a/b; echo file > a/b"))
    turns[5]["calls"].append(bash("rm a/link; mkdir a/link; cp log a/link/$(wc -l < log)"))
    turns[6]["calls"].append(bash("rm greet.py; sleep 0.05; ln a/new.py hard; echo more >> hard"))
    turns[7]["calls"].append(bash("cd a && export WHO=me"))
    turns.append({"say": "Where?", "calls": [bash("sleep 0.05; echo $WHO > who; pwd")]})
    return [*turns, finish("It greets.")]


@dataclass(frozen=True)
class Ran:
    """What a run came to, and what the server saw of it."""

    tree: str
    steps: tuple[Any, ...]
    usd: float
    billed_usd: float
    requests: int
    kills: int


def run(folder: Path, *, seed: int | None, kills: int = 0, seconds: float = 0.0) -> Ran:
    """One whole run: killed up to `kills` times after at most `seconds` each, then to its end.

    Raises:
        AssertionError: it does not go on, or a request is counted twice or not at all.
    """
    chance = random.Random(seed)
    order, out = folder / "work-order.json", folder / "out"
    make_order(folder, **{"fold-tokens": 3000}).write(order)
    struck = 0
    with MessagesServer(Slow({"turns": script()}), key=KEY) as server:
        while True:
            running = started(order, out, server.url)
            if struck < kills:
                time.sleep(chance.uniform(0, seconds))
                running.send_signal(signal.SIGKILL)
            said, _ = running.communicate(timeout=120)
            if running.returncode == 0:
                break
            assert running.returncode == -signal.SIGKILL, said.decode()
            struck += 1
        # A client that is killed while it sends leaves half a request.
        assert not [said for said in server.refusals if "not JSON" not in said], server.refusals
        billed = sum(_price(usage) for usage in server.usages)
        requests = len(server.requests)
    attempt = read(Attempt, out / "attempt.json")
    steps = read_trajectory(out / FILE).steps
    assert abs(sum(step.usage.usd for step in steps) - attempt.agent.usd) < 1e-9
    assert abs(attempt.spent_usd - attempt.agent.usd) < 1e-9
    assert abs(_journalled_usd(folder / SEEN) - attempt.agent.usd) < 1e-9
    assert attempt.agent.usd >= billed - 1e-9, "less was counted than the server billed"
    with tempfile.TemporaryDirectory() as scratch:
        command.git("init", "--quiet", "--bare", "--template=", scratch)
        tree = import_tree(out / "tree", Path(scratch))
    told = tuple((step.say, step.calls, step.results) for step in steps if step.calls)
    return Ran(tree, told, attempt.agent.usd, billed, requests, struck)


def _price(usage: dict[str, Any]) -> float:
    rates = {"input_tokens": 2, "cache_creation_input_tokens": 2.5, "output_tokens": 10,
             "cache_read_input_tokens": 0.1}  # fmt: skip
    return sum(usage[name] * rate for name, rate in rates.items()) / 1e6


def _journalled_usd(journal: Path) -> float:
    """The sum of what the journal says; each request in it has exactly one end."""
    spent, open_requests = 0, 0
    for row in journal.read_text("ascii").splitlines():
        line = json.loads(row.partition(" ")[2])
        if line["line"] == "asked":
            assert open_requests == 0, "a request was left without an end"
            open_requests = 1
        elif line["line"] in ("turn", "lost"):
            assert open_requests == 1, "a request has two ends"
            open_requests = 0
            spent += line["nano"]
    assert open_requests == 0
    return spent / 1e9
