"""A real product repository and the records of one run on it, for the tests of hold and ship."""

from __future__ import annotations

import hashlib
import os
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from factory.hold import hold
from factory.records import (
    AgentOutcome,
    AgentProfile,
    Attempt,
    Budget,
    Candidate,
    Product,
    PublicVerdict,
    Requirement,
    SpecText,
    Subject,
    WorkOrder,
)

RUN = "20261122t211008-0123abcd"
NONCE = "0" * 31 + "1"
DIGEST = "sha256:" + hashlib.sha256(b"text").hexdigest()
ENVIRONMENT = {
    "PATH": os.environ["PATH"],
    "HOME": "/nonexistent",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_AUTHOR_NAME": "A",
    "GIT_AUTHOR_EMAIL": "a@example.invalid",
    "GIT_COMMITTER_NAME": "A",
    "GIT_COMMITTER_EMAIL": "a@example.invalid",
}


def run_git(folder: Path, *arguments: str, **more: str) -> str:
    """Git as a person would run it, outside of the product's own door."""
    done = subprocess.run(
        ["git", *arguments],
        cwd=folder,
        env={**ENVIRONMENT, **more},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def write(folder: Path, files: dict[str, str | bytes]) -> None:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())


@dataclass
class ProductRepository:
    """`origin` is bare; `desk` is a person's clone of it."""

    root: Path
    files: dict[str, str | bytes] = field(
        default_factory=lambda: {"app.py": "print('one')\n", ".gitignore": "*.log\n"}
    )

    def __post_init__(self) -> None:
        self.root.mkdir(parents=True, exist_ok=True)
        self.origin = self.root / "origin.git"
        self.desk = self.root / "desk"
        self.desk.mkdir()
        run_git(self.root, "init", "-q", "--bare", "-b", "main", str(self.origin))
        run_git(self.desk, "init", "-q", "-b", "main")
        write(self.desk, self.files)
        self.commit("base")
        run_git(self.desk, "push", "-q", str(self.origin), "main")
        self.base = self.head()

    def commit(self, message: str) -> str:
        run_git(self.desk, "add", "-A", "-f")
        run_git(self.desk, "commit", "-q", "-m", message)
        return run_git(self.desk, "rev-parse", "HEAD")

    def advance(self, name: str = "other.py") -> str:
        """Somebody else pushes to main."""
        write(self.desk, {name: "x\n"})
        commit = self.commit("somebody else")
        run_git(self.desk, "push", "-q", str(self.origin), "main")
        return commit

    def head(self, branch: str = "main", of: Path | None = None) -> str:
        return run_git(of or self.origin, "rev-parse", f"refs/heads/{branch}")

    def branches(self) -> list[str]:
        listed = run_git(self.origin, "for-each-ref", "--format=%(refname:short)", "refs/heads")
        return listed.split()

    def order(self, **changes: object) -> WorkOrder:
        fields: dict[str, object] = {
            "run_id": RUN,
            "nonce": NONCE,
            "created_at": "2026-11-22T21:10:08Z",
            "spec": self.spec(),
            "product": Product(
                name="shortener", repository=str(self.origin), subject=Subject(command="app")
            ),
            "base_commit": self.base,
            "agent": AgentProfile(name="builder", uses="replay"),
            "budget": Budget(),
            "brief": "build it",
        }
        return WorkOrder(**{**fields, **changes})  # type: ignore[arg-type]

    def spec(self, title: str = "Shorten a URL", version: int = 1) -> SpecText:
        return SpecText(
            id="shorten-url",
            title=title,
            version=version,
            path="specs/shorten-url.md",
            commit="a" * 40,
            digest=DIGEST,
            text="text",
            requirements=(Requirement(id="R1", text="shortens", line=3),),
        )

    def attempt(self, name: str = "build", **changes: object) -> tuple[Attempt, Path]:
        """An attempt whose tree is the base with nothing changed yet, and its record's folder."""
        folder = self.root / name
        write(folder / "tree", self.files)
        return (
            Attempt(
                work_order=self.order(**changes),
                agent=AgentOutcome(ended="finished", usd=0.5),
                spent_usd=0.5,
                sandbox="bubblewrap",
            ),
            folder,
        )

    def held(self, files: dict[str, str | bytes] | None = None, **changes: object) -> Candidate:
        attempt, folder = self.attempt(**changes)
        write(folder / "tree", files or {"app.py": "print('two')\n", "new.py": "x = 1\n"})
        return self.hold(attempt, folder)

    def hold(self, attempt: Attempt, folder: Path, clone_url: Path | None = None) -> Candidate:
        return hold(
            attempt,
            record_folder=folder,
            out=self.root / "held",
            clone_url=str(clone_url or self.origin),
            git_environment={},
        )


def passed(candidate: Candidate, /, **changes: object) -> PublicVerdict:
    order = candidate.work_order
    fields: dict[str, object] = {
        "run_id": order.run_id,
        "nonce": order.nonce,
        "attempt": order.attempt,
        "spec_id": order.spec.id,
        "spec_version": order.spec.version,
        "spec_digest": order.spec.digest,
        "candidate": candidate.commit,
        "suite_digest": "hmac-sha256:" + "1" * 64,
        "verdict": "pass",
    }
    return PublicVerdict(**{**fields, **changes})  # type: ignore[arg-type]
