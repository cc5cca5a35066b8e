"""Routes about repositories: facts, commits, refs, deploy keys, dispatches; over real git."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

from github_api import shapes
from github_api.answers import Answer, Refusal, invalid, not_found
from github_api.authority import Caller, allow
from github_api.state import State, now_text


class Repositories:
    """`root` holds one bare repository as `<owner>/<name>.git` for each that the state names."""

    def __init__(self, state: State, root: Path, base: str) -> None:
        self.state, self.root, self.base = state, root, base

    def create(self, full_name: str, facts: dict[str, Any]) -> None:
        """Add a repository, with an empty bare one on disk where there is none."""
        if not re.fullmatch(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9_][\w.-]*", full_name):
            raise invalid(f"{full_name!r} is no owner/name")
        folder = self.folder(full_name)
        if not (folder / "HEAD").is_file():
            branch = facts.get("default_branch", "main")
            folder.mkdir(parents=True, exist_ok=True)
            subprocess.run(
                ["git", "init", "--quiet", "--bare", f"--initial-branch={branch}", str(folder)],
                check=True,
            )
        self.state.update({"repositories": {full_name: facts}})

    def folder(self, full_name: str) -> Path:
        return self.root / f"{full_name}.git"

    def commit_id(self, full_name: str, ref: str) -> str | None:
        """The full id of a branch, tag or commit that the repository has."""
        if ref.startswith("-") or not ref:
            return None
        for name in (ref, f"refs/{ref}", f"refs/heads/{ref}"):
            done = self._git(full_name, "rev-parse", "--verify", "-q", f"{name}^{{commit}}")
            if done.returncode == 0:
                return done.stdout.decode().strip()
        return None

    def branches(self, full_name: str) -> list[tuple[str, str]]:
        """Every branch with its commit."""
        done = self._git(
            full_name, "for-each-ref", "--format=%(refname:lstrip=2) %(objectname)", "refs/heads"
        )
        return [tuple(row.split(" ")) for row in done.stdout.decode().splitlines()]  # type: ignore

    def has_file(self, full_name: str, sha: str, path: str) -> bool:
        """Whether a commit has a file of that name."""
        done = self._git(full_name, "ls-tree", "-z", "--full-tree", sha, "--", f":(literal){path}")
        head, _, name = done.stdout.rstrip(b"\0").partition(b"\t")
        return name == path.encode() and b" blob " in head

    def _git(self, full_name: str, *words: str) -> subprocess.CompletedProcess[bytes]:
        argv = ["git", "-c", "safe.directory=*", "-C", str(self.folder(full_name)), *words]
        return subprocess.run(argv, capture_output=True, check=False, timeout=60)

    def get(self, caller: Caller, full_name: str) -> Answer:
        facts = allow(self.state, caller, full_name, "metadata", "read")
        push = caller.kind == "pat" or caller.permissions.get("contents") == "write"
        body = shapes.repository(self.base, full_name, facts, push and caller.knows(full_name))
        return Answer(200, body, "FullRepository")

    def get_ref(self, caller: Caller, full_name: str, ref: str) -> Answer:
        allow(self.state, caller, full_name, "contents", "read")
        done = self._git(full_name, "rev-parse", "--verify", "-q", f"refs/{ref}")
        if done.returncode:
            raise not_found()
        sha = done.stdout.decode().strip()
        url = f"{self.base}/repos/{full_name}/git"
        body = {
            "ref": f"refs/{ref}",
            "node_id": f"REF_{sha}",
            "url": f"{url}/refs/{ref}",
            "object": {"type": "commit", "sha": sha, "url": f"{url}/commits/{sha}"},
        }
        return Answer(200, body, "GitRef")

    def get_commit(self, caller: Caller, full_name: str, ref: str) -> Answer:
        allow(self.state, caller, full_name, "contents", "read")
        sha = self.commit_id(full_name, ref)
        if sha is None:
            raise invalid(f"No commit found for SHA: {ref}")
        shown = self._git(full_name, "show", "-s", "--format=%T%n%P%n%an%n%ae%n%cI%n%B", sha)
        tree, parents, name, email, date, message = shown.stdout.decode().split("\n", 5)
        url = f"{self.base}/repos/{full_name}"
        who = {"name": name, "email": email, "date": date}
        body = {
            "url": f"{url}/commits/{sha}",
            "sha": sha,
            "node_id": f"C_{sha}",
            "html_url": f"{self.base}/{full_name}/commit/{sha}",
            "comments_url": f"{url}/commits/{sha}/comments",
            "commit": {
                "url": f"{url}/git/commits/{sha}",
                "author": who,
                "committer": who,
                "message": message.strip(),
                "comment_count": 0,
                "tree": {"sha": tree, "url": f"{url}/git/trees/{tree}"},
            },
            "author": None,
            "committer": None,
            "parents": [
                {"sha": one, "url": f"{url}/commits/{one}", "html_url": f"{url}/commit/{one}"}
                for one in parents.split()
            ],
        }
        return Answer(200, body, "Commit")

    def list_keys(self, caller: Caller, full_name: str, query: dict[str, str]) -> Answer:
        allow(self.state, caller, full_name, "administration", "read")
        keys = [one for one in self.state.deploy_keys if one["repository"] == full_name]
        size, page = min(int(query.get("per_page", "30")), 100), int(query.get("page", "1"))
        shown = [self._key(one) for one in keys[(page - 1) * size : page * size]]
        return Answer(200, shown, "list:DeployKey")

    def create_key(self, caller: Caller, full_name: str, body: dict[str, Any]) -> Answer:
        allow(self.state, caller, full_name, "administration", "write")
        owner = self.state.organisations.get(full_name.partition("/")[0], {})
        if not owner.get("deploy_keys", True):
            listed = [
                {
                    "resource": "PublicKey",
                    "code": "custom",
                    "message": "Deploy keys are disabled for this repository",
                }
            ]
            raise Refusal(422, "Validation Failed", listed)
        if len(body["key"].split()) < 2:
            raise Refusal(422, "Validation Failed", [{"message": "key is invalid"}])
        if any(one["key"] == body["key"] for one in self.state.deploy_keys):
            raise Refusal(422, "Validation Failed", [{"message": "key is already in use"}])
        kept = {
            "id": self.state.new_id(),
            "repository": full_name,
            "key": body["key"],
            "title": body.get("title", ""),
            "read_only": body.get("read_only", False),
            "created_at": now_text(),
        }
        self.state.deploy_keys.append(kept)
        return Answer(201, self._key(kept), "DeployKey")

    def _key(self, kept: dict[str, Any]) -> dict[str, Any]:
        url = f"{self.base}/repos/{kept['repository']}/keys/{kept['id']}"
        shown = {key: value for key, value in kept.items() if key != "repository"}
        return {**shown, "url": url, "verified": True}

    def dispatch(self, caller: Caller, full_name: str, body: dict[str, Any]) -> Answer:
        """repository_dispatch: at most 10 top-level keys, under 64 KB; 204 and nothing else."""
        allow(self.state, caller, full_name, "contents", "write")
        payload = body.get("client_payload", {})
        if len(body["event_type"]) > 100:
            raise invalid("event_type is too long (maximum is 100 characters)")
        if len(payload) > 10:
            count = len(payload)
            raise invalid(f"No more than 10 properties are allowed; {count} were supplied.")
        if len(json.dumps(payload).encode()) >= 65_536:
            raise invalid("client_payload is too large.")
        kept = {"repository": full_name, "at": now_text(), "by": caller.kind, **body}
        self.state.dispatches.append(kept)
        return Answer(204)

    def list_runs(
        self, caller: Caller, full_name: str, workflow: str, query: dict[str, str]
    ) -> Answer:
        """Newest first, in pages; `created` as `>=TIME`, the one form of it that is known here."""
        facts = allow(self.state, caller, full_name, "actions", "read")
        since = query.get("created", ">=").removeprefix(">=")
        found = [
            one
            for one in reversed(self.state.workflow_runs)
            if (one["repository"], one["workflow"]) == (full_name, workflow)
            and one["created_at"] >= since
        ]
        per_page = min(int(query.get("per_page", "30")), 100)
        start = (int(query.get("page", "1")) - 1) * per_page
        shown = [
            shapes.workflow_run(self.base, full_name, facts, one)
            for one in found[start : start + per_page]
        ]
        model = "ReposOwnerRepoActionsWorkflowsWorkflowIdRunsGetResponse200"
        return Answer(200, {"total_count": len(found), "workflow_runs": shown}, model)

    def dispatch_workflow(
        self, caller: Caller, full_name: str, workflow: str, body: dict[str, Any]
    ) -> Answer:
        """workflow_dispatch: at most 25 inputs, and the ref must exist."""
        allow(self.state, caller, full_name, "actions", "write")
        if len(body.get("inputs", {})) > 25:
            raise invalid("No more than 25 properties are allowed.")
        if self.commit_id(full_name, body["ref"]) is None:
            raise invalid(f"No ref found for: {body['ref']}")
        kept = {"repository": full_name, "workflow": workflow, "by": caller.kind, **body}
        self.state.workflow_dispatches.append(kept)
        return Answer(204)
