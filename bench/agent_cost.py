"""What a run of the built-in agent costs, and what its loop takes above the model's own time.

Cost: the real agent and the real SDK against a scripted server on loopback that counts cache reads
and writes as the Messages API does. A brief of 4,000 tokens, results of 1,500, answers of 300, at
$3 input, $0.30 cached read, $3.75 cache write, $15 output a million. At the end the scripted
model needs a word that only the output of its third step held, and must find it again.

Overhead: the same agent against a server that answers at once, in a process of its own; the time
from one request to the next, as the server sees it, is a step. The peer is measured likewise.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import defaultdict
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

from processes import MISSED, row

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "doubles"))

from messages_api.bench import anthropic_agent, assignment
from messages_api.script import Script, turns_before
from messages_api.server import MessagesServer
from messages_api.tokens import count

from factory.agents.toolbox import Toolbox
from factory.records import AgentOutcome, Budget
from factory.records.work_order import SandboxChoice
from factory.sandbox.protocol import Sandbox
from factory.sandbox.select import select

MODEL = "claude-sonnet-4-5"
BRIEF, RESULT, ANSWER = 4000, 1500, 300
INPUT, READ, WRITE, OUTPUT = 3e-6, 0.3e-6, 3.75e-6, 15e-6
BOUNDS = {30: 0.63, 100: 2.20}
WORD_STEP = 3
COMMAND = "printf '%6000s' x"
OURS, PEER = "dark-factory", "mini-swe-agent"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peers", type=Path, help="a folder with mini-swe-agent in its venv/")
    parser.add_argument("--rounds", type=int, default=5, help="of what is measured in time")
    parser.add_argument("--only", choices=("cost", "overhead"))
    options = parser.parse_args()
    sandbox = select(SandboxChoice())
    print(f"{sandbox.name}, load {os.getloadavg()[0]:.1f}")
    if options.only != "overhead":
        for steps in BOUNDS:
            _cost(steps, sandbox)
    if options.only != "cost":
        _overhead(sandbox, options.rounds, options.peers)
        _commands(sandbox, options.rounds * 20)
    sys.exit(1 if MISSED else 0)


def _cost(steps: int, sandbox: Sandbox) -> None:
    print(f"{steps} steps: cost in US dollars")
    model = Developer(steps)
    with MessagesServer(model) as server:
        outcome = _run(server.url, sandbox, steps, brief=_text(BRIEF, "user"))
        billed = sum(_billed(usage) for usage in server.usages)
        tokens = {name: sum(usage[name] for usage in server.usages) for name in server.usages[0]
                  if name.endswith("tokens")}  # fmt: skip
        longest = max(sum(v for k, v in usage.items() if k.endswith("input_tokens"))
                      for usage in server.usages)  # fmt: skip
        told = [count({**block, "role": "user"}) for block in model.results]
    none, incremental, once = _peers(steps)
    row("computed: no caching", none, "$")
    row("computed: incremental prefix caching", incremental, "$")
    row("computed: each token sent once", once, "$")
    row("ours", outcome.usd, "$", f"<= {BOUNDS[steps]}", kept=outcome.usd <= BOUNDS[steps])
    row("ours, to incremental prefix caching", outcome.usd / incremental, "x")
    row("ours, to what the server billed", outcome.usd / billed, "x", "= 1",
        kept=abs(outcome.usd / billed - 1) < 1e-9)  # fmt: skip
    for name, value in tokens.items():
        row(name.replace("_", " "), value, "")
    row("the longest prompt", longest, "tokens")
    row("a result, median", median(told), "tokens")
    found = outcome.ended == "finished" and model.word in outcome.message
    row("the word of step 3 was found again at the end", found, "", "= 1", kept=found)
    assert len(server.requests) == steps and not server.refusals, server.refusals


class Developer(Script):
    """A model that works for some steps, and at the end needs what an early step told it."""

    def __init__(self, steps: int) -> None:
        super().__init__({"turns": []})
        self.word = os.urandom(8).hex()
        self.results: list[dict[str, Any]] = []
        self._steps = steps
        self._found = ""

    def next(self, body: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any] | None]:
        """The turn that answers this request."""
        number = turns_before(body["messages"]) + 1
        last = body["messages"][-1]["content"]
        if number <= self._steps - 2:
            self.results += [{**block, "cache_control": None} for block in last
                             if block["type"] == "tool_result"][:1]  # fmt: skip
        if number == self._steps - 1:
            return _turn(f"grep -rh 'the word is' {self._where(body)} || true"), None
        if number == self._steps:
            seen = re.search(r"the word is ([0-9a-f]+)", json.dumps(last))
            summary = f"Built. The word is {seen[1] if seen else 'lost'}."
            return {"say": "", "calls": [{"tool": "finish", "input": {"summary": summary}}]}, None
        word = f"the word is {self.word} " if number == WORD_STEP else ""
        # The word is in no file and no later answer: only this output ever holds it.
        return _turn(f"printf '{word}'; head -c {_size() - len(word)} /dev/zero | tr '\\0' x"), None

    def _where(self, body: dict[str, Any]) -> str:
        """The file that the conversation names for steps that it no longer holds."""
        named = re.search(r"`cat (/[a-z/]+)/[0-9]+\.txt`", json.dumps(body["messages"][0]))
        return f"{named[1]}/{WORD_STEP:04}.txt" if named else "/nonexistent"


def _turn(line: str) -> dict[str, Any]:
    call = {"tool": "bash", "input": {"command": line}}
    words = "So I look at the next part of it and see what the tests say to that. "
    said = words * 40
    while count([said, "", [call]]) > ANSWER:
        said = said[:-1]
    return {"say": said, "calls": [call]}


def _text(tokens: int, role: str) -> str:
    text = "- R1: It does what it is asked to do, and says so.\n" * tokens
    size = len(text)
    while count({"type": "text", "text": text[:size], "role": role}) > tokens:
        size -= 4
    return text[:size]


def _size() -> int:
    """Characters of an output that is a block of RESULT tokens."""
    block = {"type": "tool_result", "tool_use_id": "toolu_00001_0", "content": "",
             "is_error": False, "role": "user"}  # fmt: skip
    return (RESULT - count(block)) * 4


def _billed(usage: dict[str, Any]) -> float:
    return (
        usage["input_tokens"] * INPUT
        + usage["cache_read_input_tokens"] * READ
        + usage["cache_creation_input_tokens"] * WRITE
        + usage["output_tokens"] * OUTPUT
    )


def _peers(steps: int) -> tuple[float, float, float]:
    """No caching, incremental caching, each token once: all steps, nothing else in the prompt."""
    prompts = [BRIEF + (RESULT + ANSWER) * number for number in range(steps)]
    said = steps * ANSWER * OUTPUT
    return (
        sum(prompts) * INPUT + said,
        prompts[-1] * WRITE + sum(prompts[:-1]) * READ + said,
        prompts[-1] * INPUT + said,
    )


def _run(
    url: str, sandbox: Sandbox, steps: int, *, brief: str = "Build it.", told: Told | None = None
) -> AgentOutcome:
    os.environ |= {"ANTHROPIC_API_KEY": "sk-ant-bench", "ANTHROPIC_BASE_URL": url}
    budget = Budget(usd=1000, spec_usd=1000, minutes=30, steps=steps + 1)
    with tempfile.TemporaryDirectory(prefix="agent-cost-") as folder:
        given = assignment(Path(folder), brief=brief, budget=budget, progress=told or Told())
        outcome: AgentOutcome = anthropic_agent(model=MODEL).work(given, sandbox)
    return outcome


class Told:
    """The processor time of this process at the end of each step."""

    def __init__(self) -> None:
        self._at: list[float] = []

    def __call__(self, _: str) -> None:
        self._at.append(time.process_time())

    def step_seconds(self) -> float:
        """The median of a step."""
        return median(later - sooner for sooner, later in pairwise(self._at))


def _overhead(sandbox: Sandbox, rounds: int, peers: Path | None) -> None:
    print("a step of the loop, without the model")
    if peers is None:
        print("  skipped: mini-swe-agent; give --peers FOLDER, where venv/ has it installed")
    found: dict[tuple[str, int], list[float]] = defaultdict(list)
    for _ in range(rounds):
        for steps in BOUNDS:
            seconds, processor = _ours(sandbox, steps)
            found[OURS, steps].append(seconds)
            found["in processor time", steps].append(processor)
            if peers is not None:
                seconds, processor = _mini(peers, steps)
                found[PEER, steps].append(seconds)
                found[f"{PEER} in processor time", steps].append(processor)
    best = {name: min(values) * 1000 for name, values in found.items()}
    for (name, steps), value in best.items():
        row(f"{name}, {steps} steps, median of them, best round", value, "ms")
    row("ours, a step of 100 to one of 30", best[OURS, 100] / best[OURS, 30], "x")
    # The time of a step also holds what others do on the machine; this does not.
    growth = best["in processor time", 100] / best["in processor time", 30]
    row("the same in processor time", growth, "x", "<= 1.3", kept=growth <= 1.3)
    if peers is not None:
        for steps in BOUNDS:
            ratio = best[OURS, steps] / best[PEER, steps]
            row(f"ours to mini-swe-agent's, {steps} steps", ratio, "x", "<= 0.3", kept=ratio <= 0.3)
            peer = best[f"{PEER} in processor time", steps]
            ratio = best["in processor time", steps] / peer
            row(f"the same in processor time, {steps} steps", ratio, "x")
        row("mini-swe-agent, a step of 100 to one of 30", best[PEER, 100] / best[PEER, 30], "x")


def _ours(sandbox: Sandbox, steps: int) -> tuple[float, float]:
    """Seconds of a step, and of processor time."""
    told = Told()
    with Canned(steps, "finish", {"summary": "Built."}) as server:
        outcome = _run(server.url, sandbox, steps, told=told)
        assert (outcome.ended, outcome.steps) == ("finished", steps), outcome
        return server.step_seconds(), told.step_seconds()


def _mini(peers: Path, steps: int) -> tuple[float, float]:
    """Seconds of a step, and of processor time."""
    last = {"command": "echo COMPLETE_TASK_AND_SUBMIT_FINAL_OUTPUT"}
    script = Path(__file__).with_name("peer_mini.py")
    with Canned(steps, "bash", last) as server, tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [peers / "venv/bin/python", script, server.url, folder],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode != 0 or "Submitted" not in done.stdout:
            raise RuntimeError(f"mini-swe-agent failed: {done.stderr[-1000:]}")
        return server.step_seconds(), json.loads(done.stdout.splitlines()[-1])["processor_seconds"]


class Canned:
    """The server of canned_model.py, in a process of its own."""

    def __init__(self, steps: int, last_tool: str, last_input: dict[str, Any]) -> None:
        script = Path(__file__).with_name("canned_model.py")
        self._argv = [sys.executable, str(script), str(steps), COMMAND, last_tool,
                      json.dumps(last_input)]  # fmt: skip

    def __enter__(self) -> Canned:
        self._process = subprocess.Popen(self._argv, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout
        self.url = self._process.stdout.readline().strip()
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()

    def step_seconds(self) -> float:
        """The median time from one request to the next."""
        with urllib.request.urlopen(f"{self.url}/times") as answer:
            times = json.load(answer)
        return median(later - sooner for sooner, later in pairwise(times))


def _commands(sandbox: Sandbox, rounds: int) -> None:
    print("a command that does nothing")
    bare, inside = [], []
    with tempfile.TemporaryDirectory() as folder, Toolbox(sandbox, Path(folder)) as toolbox:
        for _ in range(rounds):
            begun = time.perf_counter()
            subprocess.run(["bash", "-c", "true"], check=True)
            bare.append(time.perf_counter() - begun)
            begun = time.perf_counter()
            toolbox.call("bash", {"command": "true"})
            inside.append(time.perf_counter() - begun)
    row("bare, median", median(bare) * 1000, "ms")
    row("in the sandbox, median", median(inside) * 1000, "ms")
    above = (median(inside) - median(bare)) * 1000
    row("in the sandbox, above bare", above, "ms", "<= 15", kept=above <= 15)


if __name__ == "__main__":
    main()
