"""GitHub's double in a process of its own, and what tests of the forge ask of it."""

from __future__ import annotations

import json
import os
import subprocess
import urllib.request
from pathlib import Path

from factory.forge.calls import Patience
from factory.forge.github import GitHubForge

SERVER = Path(__file__).parents[1] / "doubles" / "github_api" / "server.py"
JOB, PAT, FINE, APP_TOKEN = "job" * 9, "pat" * 9, "fine" * 9, "app" * 9


class Double:
    """A running double, and what a test asks of it."""

    def __init__(self, root: Path, url: str) -> None:
        self.root, self.url = root, url

    def control(self, what: str, body: object = None) -> dict:
        data = None if body is None else json.dumps(body).encode()
        with urllib.request.urlopen(f"{self.url}/_control/{what}", data, timeout=10) as answer:
            return json.load(answer)

    @property
    def state(self) -> dict:
        return self.control("state")

    def fault(self, **fault: object) -> None:
        self.control("faults", fault)

    def say(self, full_name: str, number: int, token: str, body: str) -> None:
        """Comment on an issue or a pull request, as whoever has the token."""
        request = urllib.request.Request(
            f"{self.url}/repos/{full_name}/issues/{number}/comments",
            json.dumps({"body": body}).encode(),
            {"Authorization": f"Bearer {token}"},
        )
        urllib.request.urlopen(request, timeout=10).close()

    def forge(self, *, tries: int = 6, seconds: float = 180.0, **env: str) -> GitHubForge:
        self.pauses: list[float] = []
        patience = Patience(tries=tries, seconds=seconds, sleep=self.pauses.append)
        addresses = {"GITHUB_API_URL": self.url, "GITHUB_SERVER_URL": self.url}
        return GitHubForge({**addresses, **env}, patience)

    def commit(self, full_name: str, text: str = "first") -> str:
        """A commit on main of a repository, put there behind the API's back."""
        words = ["git", "-C", str(self.root / f"{full_name}.git")]
        env = {**os.environ, "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@b"}
        env |= {"GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@b"}

        def git(*more: str, stdin: bytes = b"") -> str:
            done = subprocess.run(
                [*words, *more], input=stdin, env=env, check=True, capture_output=True
            )
            return done.stdout.decode().strip()

        blob = git("hash-object", "-w", "--stdin", stdin=text.encode())
        made = git("mktree", stdin=f"100644 blob {blob}\tfile\n".encode())
        sha = git("commit-tree", made, "-m", text)
        git("update-ref", "refs/heads/main", sha)
        return sha
