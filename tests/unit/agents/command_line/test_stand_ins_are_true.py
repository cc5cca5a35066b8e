"""The stand-ins say nothing that the recorded real programs do not say, and refuse what they do."""

from __future__ import annotations

import json
import os
import socket
import sys
from pathlib import Path
from typing import Any

import command_line_agents
import pytest
from command_line_agents.bench import KEY, MODELS, VARIABLES, working
from command_line_agents.service import PROGRAMS, ScriptedService

from factory.agents.command_line.adapter import Settings
from factory.agents.egress import EgressProxy, parse_allowed
from factory.agents.egress.proxy import RELAY
from factory.agents.profiles import adapter_of
from factory.ports import process
from factory.records import Budget

RECORDED = Path(command_line_agents.__file__).parent / "recorded"
UNKNOWN = {
    "claude-code": (1, "error: unknown option '--nope'"),
    "codex": (2, "error: unexpected argument '--nope' found"),
    "gemini": (1, "Unknown argument: nope"),
    "mini-swe-agent": (2, "No such option: --nope"),
}
# Keys that stand for what is free: a tool's input, a model's name.
FREE = {"input", "parameters", "modelUsage", "models", "tool_use_result", "arguments"}


def shape(value: Any, at: str = "") -> set[str]:
    """Every path of keys in a value; of a list those of all its items."""
    if isinstance(value, list):
        return set().union(*(shape(one, at) for one in value)) if value else set()
    if not isinstance(value, dict):
        return {at}
    found: set[str] = set()
    for key, one in value.items():
        path = f"{at}.{key}"
        found |= {path}
        if key in ("modelUsage", "models"):
            found |= shape(list(one.values()), path)
        elif key not in FREE:
            found |= shape(one, path)
    return found


def shapes(lines: list[dict[str, Any]]) -> dict[str, set[str]]:
    """The shapes of lines by their type, items by theirs."""
    found: dict[str, set[str]] = {}
    for line in lines:
        kind = f"{line['type']} {line.get('role', '')}{line.get('item', {}).get('type', '')}"
        found[kind] = found.get(kind, set()) | shape(line)
    return found


def printed(kind: str, folder: Path, *more: str) -> process.Completed:
    """What a stand-in prints, started by its adapter's words as they are, without a cell."""
    adapter = adapter_of(kind)
    settings = Settings(program=str(PROGRAMS / adapter.program), model=MODELS[kind])
    with ScriptedService([working("echo out; exit 3")], key=KEY) as service:
        settings = Settings(**{**settings.__dict__, "base_url": f"https://{service.host}"})
        launch = adapter.launch(settings, Budget(usd=5), "Build it.")
        (folder / "home").mkdir()
        (folder / "brief.md").write_text("Build it.")

        def here(text: str) -> str:
            text = text.replace("/factory/home", str(folder / "home"))
            return text.replace("/factory/brief", str(folder))

        for name, text in launch.home.items():
            path = folder / "home" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(here(text))
        with socket.socket() as free, EgressProxy(parse_allowed([service.host])) as proxy:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
            free.close()
            door = str(proxy.binds[0].source / "proxy")
            words = [here(word) for word in (*launch.argv, *more)]
            return process.run(
                [sys.executable, "-I", str(RELAY), door, str(port), "--", *words],
                env={
                    "PATH": os.environ["PATH"],
                    VARIABLES[kind] if kind != "codex" else "CODEX_API_KEY": KEY,
                    "HTTPS_PROXY": f"http://127.0.0.1:{port}",
                    **{name: here(value) for name, value in launch.environment.items()},
                },
                timeout_seconds=60,
                cwd=folder,
                stdin=launch.stdin.encode(),
            )


@pytest.mark.parametrize("kind", ["claude-code", "codex", "gemini"])
def test_its_lines_have_no_key_that_the_real_ones_lack(kind, tmp_path):
    done = printed(kind, tmp_path)
    assert done.ok, done.stderr.decode()
    name = next(RECORDED.glob(f"{kind}-[0-9]*"))
    real = shapes([json.loads(line) for line in name.read_text().splitlines()])
    ours = shapes([json.loads(line) for line in done.text.splitlines()])
    assert len(ours) >= 4
    for one, paths in ours.items():
        assert paths <= real.get(one, set()), one


def test_the_trajectory_of_mini_has_no_key_that_the_real_one_lacks(tmp_path):
    done = printed("mini-swe-agent", tmp_path)
    assert done.ok, done.stderr.decode()
    name = next(RECORDED.glob("mini-swe-agent-[0-9]*"))
    ours = shape(json.loads((tmp_path / "home/trajectory.json").read_text()))
    assert ours <= shape(json.loads(name.read_text()))


@pytest.mark.parametrize("kind", UNKNOWN)
def test_a_flag_that_the_real_one_does_not_know_ends_it_as_the_real_one(kind, tmp_path):
    done = printed(kind, tmp_path, "--nope")
    code, words = UNKNOWN[kind]
    assert (done.returncode, words in done.stderr.decode()) == (code, True), done.stderr
