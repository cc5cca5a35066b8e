"""A specs repository on GitHub's double, and pull requests to it from branches and forks."""

from __future__ import annotations

import json
import shutil
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import harness
from hub import Hub, git
from specs_world import EXAMPLE, IDENTITY, commit, start

JOB, READER = "ghs_job-that-may-write-checks", "ghs_job-of-a-fork-that-may-read"
SPEC = (EXAMPLE / "specs" / "specs" / "link-expiry.md").read_text()
OWNERS = "* @acme/everyone\n/.github/ @ann\n/factory.yml @ann @acme/leads\n/spec-templates/ @ann\n"
DOCS = (harness.ROOT / "docs" / "github.md").read_text()


def caller() -> str:
    """The workflow that docs/github.md tells people to copy."""
    part = DOCS[DOCS.index("## The gate on pull requests") :]
    return part.split("```yaml\n", 1)[1].split("```", 1)[0]


def spec(spec_id: str, *, title: str = "", unnumbered: int = 0, without: str = "") -> str:
    """A spec that passes, but for `unnumbered` rules, or one section that it goes without."""
    text = SPEC.replace("id: link-expiry", f"id: {spec_id}")
    text = text.replace("status: ready", "status: draft")  # Two of one text would overlap.
    if title:
        text = text.replace("title: Let links expire", f"title: {title}")
        assert title in text
    if unnumbered:
        lines = "".join(f"- A rule that has no number, {n}.\n" for n in range(unnumbered))
        text = text.replace("## Edge cases\n", f"{lines}\n## Edge cases\n", 1)
        assert lines in text
    if without:
        head, rest = text.split(f"## {without}\n", 1)
        text = head + "## " + rest.split("\n## ", 1)[1]
    return text


def lines_of(text: str, words: str) -> list[int]:
    """The 1-based lines that hold `words`."""
    return [number for number, line in enumerate(text.splitlines(), 1) if words in line]


@dataclass
class GateWorld:
    """One specs repository, `acme/specs`, and a fork of it, `mallory/specs`."""

    folder: Path
    hub: Hub
    release: Path
    venv: Path
    runs: list[harness.ActRun] = field(default_factory=list)

    @property
    def specs(self) -> Path:
        """Ann's clone of the specs repository, on main."""
        return self.folder / "specs"

    def pull(
        self,
        number: int,
        files: dict[str, str | bytes | None],
        *,
        fork: bool = False,
        base: str = "main",
    ) -> str:
        """Open a pull request that writes `files` (None deletes), or push to it; its head."""
        clone = self.folder / f"pull-{number}"
        source = "mallory/specs" if fork else "acme/specs"
        if not clone.exists():
            place = str(self.hub.root / "acme/specs.git")
            git("clone", "--quiet", "--branch", base, place, str(clone), cwd=self.folder)
        for name, text in files.items():
            path = clone / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if text is None:
                path.unlink()
            else:
                path.write_bytes(text if isinstance(text, bytes) else text.encode())
        head = commit(clone, "Change")
        return self.push(number, head, source)

    def push(self, number: int, head: str, source: str = "acme/specs") -> str:
        """Push the head of a pull request's clone, as its author does."""
        clone = self.folder / f"pull-{number}"
        bare = str(self.hub.root / f"{source}.git")
        git("push", "--quiet", "--force", bare, f"{head}:refs/heads/p{number}", cwd=clone)
        self.hub.control(
            "pulls", {"full_name": "acme/specs", "number": number, "head": head, "source": source}
        )
        return head

    def label(self, number: int, login: str, *, off: bool = False, name: str = "factory-config"):
        """Set a label as `login`, or take it off."""
        place = f"{self.hub.url}/repos/acme/specs/issues/{number}/labels"
        request = urllib.request.Request(
            f"{place}/{name}" if off else place,
            None if off else json.dumps({"labels": [name]}).encode(),
            {"Authorization": f"Bearer pat-of-{login}"},
            method="DELETE" if off else "POST",
        )
        with urllib.request.urlopen(request, timeout=10):
            pass

    def event(
        self, number: int, head: str, action: str, *, by: str = "mallory", **changes: Any
    ) -> dict[str, Any]:
        """The event that GitHub sends; for `labeled` pass `label`."""
        if "label" in changes:
            changes["label"] = {"name": changes["label"]}
        base = changes.pop("base", "main")
        labels = self.hub.state()["pulls"]["acme/specs"][str(number)]["labels"]
        return {
            "action": action,
            "number": number,
            "pull_request": {
                "number": number,
                "state": "open",
                "draft": False,
                "head": {"sha": head, "ref": f"p{number}"},
                "base": {"ref": base, "sha": self.hub.branch("acme/specs", base)},
                "labels": [{"name": name} for name in labels],
            },
            "repository": {
                "name": "specs",
                "full_name": "acme/specs",
                "owner": {"login": "acme"},
                "default_branch": "main",
            },
            "sender": {"login": by},
            **changes,
        }

    def act(
        self,
        event: dict[str, Any],
        *,
        token: str = JOB,
        name: str = "pull_request_target",
    ) -> harness.ActRun:
        """Run the caller's workflow for one event; under `pull_request` as docs say it may be."""
        if name == "pull_request":
            path = self.specs / ".github" / "workflows" / "spec-gate.yml"
            path.write_text(caller().replace("pull_request_target:", "pull_request:"))
        env = {"GITHUB_API_URL": self.hub.url, "GITHUB_SERVER_URL": self.hub.url}
        run = harness.act(
            self.specs,
            work=self.folder / f"run-{len(self.runs) + 1}",
            release=self.release,
            event_name=name,
            event=event,
            secrets={"GITHUB_TOKEN": token},
            variables={},
            env={**env, "FACTORY_VENV": str(self.venv)},
            workflow="spec-gate.yml",
        )
        self.runs.append(run)
        return run

    def check(self, commit: str) -> dict[str, Any]:
        """The one check `factory / gate` on a commit."""
        (run,) = self.hub.checks("acme/specs", commit)
        assert run["name"] == "factory / gate"
        return run

    def patches(self) -> list[str]:
        """What was asked of check runs, in order."""
        return [
            one["method"]
            for one in self.hub.state()["requests"]
            if one["path"].partition("/check-runs")[1] and one["method"] in ("POST", "PATCH")
        ]


def fill(hub: Hub, folder: Path) -> None:
    """Push a specs repository with CODEOWNERS, the caller's workflow and one good spec."""
    people = {
        f"pat-of-{login}": {"kind": "pat", "login": login, "repositories": None}
        for login in ("ann", "ben", "mallory")
    }
    write = {"contents": "read", "checks": "write", "pull_requests": "read"}
    jobs = {
        JOB: {"kind": "actions", "repositories": ["acme/specs"], "permissions": write},
        READER: {
            "kind": "actions",
            "repositories": ["acme/specs"],
            "permissions": {**write, "checks": "read"},
        },
    }
    hub.control("state", {"tokens": people | jobs, "teams": {"acme/leads": ["ben"]}})
    hub.control("repositories", {"full_name": "mallory/specs", "private": False})
    specs = folder / "specs"
    shutil.copytree(EXAMPLE / "specs", specs)
    for path in (specs / "specs").glob("*.md"):
        path.unlink()
    (specs / "specs" / "first.md").write_text(spec("first"))
    workflows = specs / ".github" / "workflows"
    workflows.mkdir(parents=True)
    (workflows / "spec-gate.yml").write_text(caller())
    (specs / ".github" / "CODEOWNERS").write_text(OWNERS)
    start(specs)
    git("remote", "add", "origin", "https://github.com/acme/specs", cwd=specs)
    git("push", "--quiet", str(hub.root / "acme/specs.git"), "HEAD:main", cwd=specs)


__all__ = ["IDENTITY", "GateWorld", "caller", "fill", "lines_of", "spec"]
