"""`factory run` builds and ships a spec through real SDK calls, whatever the network does."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from messages_api.bench import KEY, sandbox  # noqa: F401
from messages_api.script import from_trajectories
from messages_api.server import MessagesServer

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples/shortener"
SPEC = "link-expiry"
BUILDER = "agents: {builder: {uses: anthropic, model: claude-sonnet-5-5, backoff-seconds: 0.05}}\n"


def committed(folder):
    who = ["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "init.defaultBranch=main"]
    for words in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "as it begins"]):
        subprocess.run(["git", "-C", folder, *who, *words], check=True, capture_output=True)


def run(folder, url):
    done = subprocess.run(
        [sys.executable, "-c", "from factory.cli.main import main; main()",
         "run", SPEC, "--specs", "specs", "--json"],
        cwd=folder,
        env={**os.environ, "ANTHROPIC_API_KEY": KEY, "ANTHROPIC_BASE_URL": url,
             "PYTHONPATH": os.pathsep.join([str(ROOT), *filter(None, sys.path)])},
        capture_output=True,
        timeout=240,
    )  # fmt: skip
    return done.returncode, json.loads(done.stdout or "null"), done.stderr.decode()


@pytest.mark.slow
@pytest.mark.usefixtures("sandbox")
def test_a_spec_is_built_and_shipped_by_a_scripted_model_over_a_bad_network(tmp_path):
    for name in ("specs", "scenarios", "product"):
        shutil.copytree(EXAMPLE / name, tmp_path / name)
        if name == "specs":
            with (tmp_path / "specs/factory.yml").open("a") as stream:
                stream.write(BUILDER)
        committed(tmp_path / name)
    script = from_trajectories(EXAMPLE / "trajectories" / SPEC)
    first = script["conversations"][-1]
    first["turns"].insert(0, {"say": "Oh.", "calls": [{"tool": "bash", "raw": '{"command": '}]})
    first["faults"] = [
        {"turn": 0, "kind": 429, "retry-after": 0},
        {"turn": 2, "kind": 529, "times": 2},
        {"turn": 3, "kind": "cut"},
        {"turn": 4, "kind": "overloaded"},
    ]
    with MessagesServer(script, key=KEY) as server:
        code, told, said = run(tmp_path, server.url)
        assert server.refusals == []
    assert code == 0, said
    text = json.dumps(told)
    assert '"shipped": {"commit"' in text.replace("\n", ""), said
    attempts = told["attempts"] if "attempts" in told else told["runs"][0]["attempts"]
    assert [attempt["verdict"] for attempt in attempts] == ["fail", "pass"]
    assert all(attempt["usd"] > 0 for attempt in attempts)
    assert KEY not in text + said
    for path in tmp_path.rglob("*"):
        if path.is_file() and not path.is_symlink():
            assert KEY.encode() not in path.read_bytes(), path
