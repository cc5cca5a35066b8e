"""Three real repositories of an example, and `factory` as a process."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from factory import resources

AUTHOR = {
    "GIT_AUTHOR_NAME": "A person",
    "GIT_AUTHOR_EMAIL": "person@acme.invalid",
    "GIT_COMMITTER_NAME": "A person",
    "GIT_COMMITTER_EMAIL": "person@acme.invalid",
    "GIT_CONFIG_GLOBAL": "/dev/null",
}


def git(folder: Path, *words: str) -> str:
    """Run git as a person would, and return what it prints."""
    done = subprocess.run(
        ["git", "-c", "init.defaultBranch=main", *words],
        cwd=folder,
        env={**os.environ, **AUTHOR},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def factory(*words: str, cwd: Path, env: dict[str, str] | None = None) -> Done:
    """Run `factory` to its end as a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "factory.cli", *words],
        cwd=cwd,
        env={**os.environ, **(env or {})},
        capture_output=True,
        text=True,
        timeout=240,
    )
    return Done(done.returncode, done.stdout, done.stderr)


@dataclass(frozen=True)
class Done:
    """How `factory` ended."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> dict[str, Any]:
        """Its one JSON document."""
        found: dict[str, Any] = json.loads(self.out)
        return found


@dataclass(frozen=True)
class Repositories:
    """The three repositories of an example, side by side."""

    folder: Path

    @property
    def specs(self) -> Path:
        return self.folder / "specs"

    @property
    def product(self) -> Path:
        return self.folder / "product"

    @property
    def scenarios(self) -> Path:
        return self.folder / "scenarios"

    def main(self) -> str:
        """The commit that the product's base branch is at."""
        return git(self.product, "rev-parse", "refs/heads/main")

    def commit(self, name: str) -> None:
        """Commit everything in one of them."""
        git(self.folder / name, "add", "--all")
        git(self.folder / name, "commit", "--quiet", "-m", "a change")

    def run(self, *words: str, env: dict[str, str] | None = None) -> Done:
        """`factory run --json` in the specs repository."""
        return factory("run", "--json", *words, cwd=self.specs, env=env)


def make(folder: Path, example: str = "shortener", agent: str | None = None) -> Repositories:
    """Copy an example and commit it; `agent` is YAML for the one agent, a replay where None."""
    source = resources.folder("examples") / example
    trajectories = source / "trajectories"
    for name in ("specs", "scenarios", "product"):
        ignore = shutil.ignore_patterns("__pycache__")
        shutil.copytree(source / name, folder / name, ignore=ignore)
    path = folder / "specs" / "factory.yml"
    chosen = agent or f"{{uses: replay, trajectories: {trajectories}}}"
    path.write_text(f"{path.read_text()}\nagents: {{builder: {chosen}}}\n")
    repositories = Repositories(folder)
    for name in ("specs", "scenarios", "product"):
        git(folder / name, "init", "--quiet")
        repositories.commit(name)
    return repositories


@pytest.fixture
def shortener(tmp_path: Path) -> Repositories:
    """The link shortener with its recorded agent."""
    return make(tmp_path)
