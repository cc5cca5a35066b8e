"""The whole line on three tiny repositories, with a scripted agent, in about two seconds a run."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.adversarial.subject_bench import ENVIRONMENT, repository

SPEC = """---
id: greeting
title: {title}
kind: feature
status: ready
version: 1
product: greeter
owner: "@acme/product"
stakes: normal
---

## What

The service greets whoever asks for it.

## Who

Programs that want to know whether somebody is there.

## Inputs

- Valid: `GET /hello`, without a body.
- Invalid: any other path is answered with status 404.

## Outputs

- A line of text that greets.

## Rules

- R1: {rule}
- R2: Any other path is answered with status 404.

## Edge cases

- E1: `GET /` answers as `GET /hello` does.

## Evaluation

- R1: Given the service, when it is greeted, then it greets.
- E1: Given the service, when `/` is asked for, then it greets.
- R2: Given the service, when anything else is asked for, then the status is 404.

## Constraints

Nothing beyond the rules is asked for.
"""
CONFIGURATION = """version: 1
products:
  greeter:
    repository: ../product
    subject: {start: python3 server.py, ready: /, port: 8080, start-seconds: 10}
scenarios: {repository: ../scenarios}
agents: {builder: {uses: command, argv: [python3, /agent/agent.py], files: AGENT}}
budget: {spec: {usd: 15, attempts: ATTEMPTS}}
"""
# It keeps everything that it is told or can see in the tree it leaves, so that a leak would show.
AGENT = """
import os, sys
os.chdir("/workspace")
told = sys.stdin.read() + open(os.environ["FACTORY_BRIEF"]).read() + repr(dict(os.environ))
for folder, folders, files in os.walk("/"):
    folders[:] = [n for n in folders if n not in ("usr", "proc", "sys", "root", "lib", "lib64")]
    told += folder + " ".join(files)
open("told.txt", "a").write(told)
open("server.py", "w").write(SERVER)
print("built: " + SAYS)
"""


@dataclass(frozen=True)
class Run:
    """One `factory` command as it ended."""

    code: int
    out: str
    err: str
    folder: Path

    @property
    def data(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.out)
        return found

    @property
    def attempts(self) -> list[Path]:
        """The folders of the last run's attempts."""
        return sorted((self.folder / "specs/.factory/runs").glob("*/attempt-*"))

    @property
    def checks(self) -> list[dict[str, Any]]:
        paths = (self.folder / "specs/.factory/checks").glob("*.json")
        found = [json.loads(path.read_text()) for path in paths]
        return sorted(found, key=lambda one: str(one["external_id"]))


def lay_out(
    folder: Path,
    *,
    server: str,
    suite: dict[str, str],
    title: str = "Greet",
    rule: str = "`GET /hello` answers with status 200.",
    attempts: int = 1,
    says: str = "done",
) -> Path:
    """Make the three repositories and the agent below `folder`; returns `folder`."""
    agent = folder / "agent"
    agent.mkdir(parents=True)
    script = f"SERVER = {server!r}\nSAYS = {says!r}\n{AGENT}"
    (agent / "agent.py").write_text(script)
    configuration = CONFIGURATION.replace("AGENT", str(agent)).replace("ATTEMPTS", str(attempts))
    repository(
        folder / "specs",
        {
            "factory.yml": configuration,
            "specs/greeting.md": SPEC.format(title=title, rule=rule),
            ".gitignore": ".factory/\n",
        },
    )
    repository(folder / "product", {"README.md": "A greeter.\n"})
    repository(folder / "scenarios", suite)
    return folder


def factory(folder: Path, *words: str, **env: str) -> Run:
    """Run `factory` in the specs repository below `folder`, as a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "factory.cli", *words],
        cwd=folder / "specs",
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        errors="surrogateescape",
        timeout=120,
    )
    return Run(done.returncode, done.stdout, done.stderr, folder)


def objects(git_folder: Path) -> bytes:
    """Everything that a repository holds: each object of each branch, as git prints it."""

    def git(*words: str, data: bytes = b"") -> bytes:
        done = subprocess.run(
            ["git", *words], cwd=git_folder, env=ENVIRONMENT, input=data, capture_output=True,
            check=True,
        )  # fmt: skip
        return done.stdout

    listed = b"\n".join(
        line.split()[0] for line in git("rev-list", "--all", "--objects").splitlines()
    )
    return git("cat-file", "--batch", data=listed) + git("for-each-ref")


def normalised(text: str) -> str:
    """`text` without what differs between any two runs: ids, commits, nonces, digests, times."""
    text = re.sub(r"[0-9]{8}t[0-9]{6}-[0-9a-f]{8}", "RUN", text)
    text = re.sub(r"\b(?:hmac-)?sha256:[0-9a-f]{64}\b", "DIGEST", text)
    text = re.sub(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z", "TIME", text)
    text = re.sub(r"\b[0-9a-f]{12,64}\b", "HEX", text)
    return re.sub(r"[0-9]+\.[0-9]+ s\b", "SECONDS", text)
