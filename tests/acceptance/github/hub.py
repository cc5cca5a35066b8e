"""GitHub's double as a team finds it: two repositories, a job's token, a reader's and an App."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import harness

JOB_TOKEN = "ghs_job-token-of-the-specs-repository"
READ_TOKEN = "github_pat_reads-specs-and-product"
APP_ID = "740074"


@dataclass
class Hub:
    """GitHub's double: `url` for API and git, `root` holds its bare repositories."""

    url: str
    root: Path

    def state(self) -> dict[str, Any]:
        """Everything the double knows."""
        with urllib.request.urlopen(f"{self.url}/_control/state", timeout=10) as answer:
            return dict(json.load(answer))

    def control(self, what: str, body: object) -> None:
        """Tell the double something that GitHub would know by itself."""
        data = json.dumps(body).encode()
        with urllib.request.urlopen(f"{self.url}/_control/{what}", data, timeout=30):
            pass

    def checks(self, repository: str, commit: str) -> list[dict[str, Any]]:
        """The check runs on a commit of `owner/name`."""
        return [
            run
            for run in self.state()["check_runs"]
            if run["head_sha"] == commit and run.get("repository", repository) == repository
        ]

    def issues(self, repository: str) -> list[dict[str, Any]]:
        """The issues of `owner/name`, oldest first."""
        return list(self.state()["issues"].get(repository, {}).values())

    def branch(self, repository: str, name: str) -> str:
        """The commit that a branch is at."""
        return git("rev-parse", f"refs/heads/{name}", cwd=self.root / f"{repository}.git")

    def branches(self, repository: str) -> list[str]:
        """Names of all branches."""
        listed = git(
            "for-each-ref", "--format=%(refname:short)", "refs/heads",
            cwd=self.root / f"{repository}.git",
        )  # fmt: skip
        return listed.split()


@contextmanager
def github(folder: Path, app_public_key: str) -> Iterator[Hub]:
    """Start GitHub's double with acme's repositories, tokens and App."""
    root = folder / "hub"
    root.mkdir()
    state = {
        "repositories": {"acme/specs": {"private": True}, "acme/shortener": {"private": True}},
        "tokens": {
            JOB_TOKEN: {
                "kind": "actions",
                "repositories": ["acme/specs"],
                "permissions": {
                    "contents": "write",
                    "checks": "write",
                    "issues": "write",
                    "pull_requests": "write",
                },
            },
            READ_TOKEN: {
                "kind": "fine-grained",
                "repositories": ["acme/specs", "acme/shortener"],
                "permissions": {"contents": "read"},
            },
        },
        "apps": {
            APP_ID: {
                "slug": "factory",
                "public_key": app_public_key,
                "installations": [
                    {
                        "id": 70,
                        "account": "acme",
                        "repositories": ["acme/shortener"],
                        "permissions": {"contents": "write", "checks": "write"},
                    }
                ],
            }
        },
    }
    path = folder / "hub.json"
    path.write_text(json.dumps(state))
    program = harness.ROOT / "tests" / "doubles" / "github_api" / "server.py"
    with (folder / "hub.log").open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, str(program), "--root", str(root), "--port", "0",
             "--state", str(path), "--parent", str(os.getpid())],
            stdout=subprocess.PIPE, stderr=log,
        )  # fmt: skip
    try:
        assert server.stdout is not None
        line = server.stdout.readline()
        assert line, (folder / "hub.log").read_text()
        yield Hub(url=json.loads(line)["url"], root=root)
    finally:
        server.terminate()
        server.wait(10)


def app_keys() -> tuple[str, str]:
    """A private and a public key, PEM, as a GitHub App has them."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return private.decode(), public.decode()


def git(*words: str, cwd: Path) -> str:
    """git without this machine's configuration; its output without white space around."""
    env = {"PATH": harness.host_path(), "GIT_CONFIG_NOSYSTEM": "1", "HOME": "/nonexistent",
           "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "safe.directory",
           "GIT_CONFIG_VALUE_0": "*"}  # fmt: skip
    done = subprocess.run(
        ["git", *words], cwd=cwd, env=env, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()
