"""Routes about pull requests: their labels, the events of those, and who is in which team.

A pull request is what git sees of it, `refs/pull/N/head`, and its labels; it begins with
`POST /_control/pulls`.
"""

from __future__ import annotations

import subprocess
from typing import Any

from github_api import shapes
from github_api.answers import Answer, Refusal, invalid, not_found
from github_api.authority import Caller, allow, refused_as
from github_api.repositories import Repositories
from github_api.state import State, now_text


class Pulls:
    """The pull requests of the repositories, and the teams of their owners."""

    def __init__(self, state: State, repositories: Repositories, base: str) -> None:
        self.state, self.repositories, self.base = state, repositories, base

    def open(self, full_name: str, number: int, head: str, source: str) -> dict[str, Any]:
        """Begin a pull request, or move its head, as a push to its branch does.

        `source` is the repository that has the commit, a fork or the repository itself; GitHub
        keeps the objects of both together.
        """
        folder = self.repositories.folder(full_name)
        origin = self.repositories.folder(source)
        ref = f"refs/pull/{number}/head"
        words = ["fetch", "--quiet", str(origin), f"+{head}:{ref}"]
        config = ["-c", "safe.directory=*", "-c", "fetch.fsckObjects=false"]
        upload = "--upload-pack=git -c safe.directory=* -c uploadpack.allowAnySHA1InWant=true "
        words.insert(1, f"{upload}upload-pack")
        subprocess.run(["git", *config, "-C", str(folder), *words], check=True, timeout=60)
        pulls = self.state.pulls.setdefault(full_name, {})
        pull: dict[str, Any] = pulls.setdefault(str(number), {"labels": [], "events": []})
        pull["head"] = head
        return pull

    def list_of_commit(
        self, caller: Caller, full_name: str, ref: str, query: dict[str, str]
    ) -> Answer:
        """The pull requests that a commit came with: those whose head or whose merge it is."""
        facts = allow(self.state, caller, full_name, "pull_requests", "read")
        sha = self.repositories.commit_id(full_name, ref)
        if sha is None:
            raise invalid(f"No commit found for SHA: {ref}")
        shown = [
            shapes.pull(self.base, full_name, facts, int(number), kept)
            for number, kept in self.state.pulls.get(full_name, {}).items()
            if sha in (kept["head"], kept.get("merged_as"))
        ]
        return Answer(200, shown, "list:PullRequestSimple")

    def add_labels(
        self, caller: Caller, full_name: str, number: str, body: dict[str, Any]
    ) -> Answer:
        pull = self._find(caller, full_name, number, "write")
        for name in body.get("labels", []):
            if name not in pull["labels"]:
                pull["labels"].append(name)
                self._happened(pull, "labeled", name, caller)
        shown = [shapes.label(self.base, full_name, name) for name in pull["labels"]]
        return Answer(200, shown, "list:Label")

    def remove_label(self, caller: Caller, full_name: str, number: str, name: str) -> Answer:
        pull = self._find(caller, full_name, number, "write")
        if name not in pull["labels"]:
            raise Refusal(404, "Label does not exist")
        pull["labels"].remove(name)
        self._happened(pull, "unlabeled", name, caller)
        shown = [shapes.label(self.base, full_name, one) for one in pull["labels"]]
        return Answer(200, shown, "list:Label")

    def list_events(
        self, caller: Caller, full_name: str, number: str, query: dict[str, str]
    ) -> Answer:
        """Oldest first, in pages."""
        pull = self._find(caller, full_name, number, "read")
        per_page = min(int(query.get("per_page", "30")), 100)
        start = (int(query.get("page", "1")) - 1) * per_page
        shown = [
            shapes.label_event(self.base, full_name, one)
            for one in pull["events"][start : start + per_page]
        ]
        return Answer(200, shown, "events")

    def membership(self, caller: Caller, organisation: str, team: str, login: str) -> Answer:
        """404 for who is not in the team, and for who may not know; no job's token may."""
        may = caller.kind == "pat" or caller.permissions.get("members") in ("read", "write")
        if caller.kind == "anonymous":
            raise Refusal(401, "Requires authentication")
        if not may:
            raise Refusal(403, refused_as(caller))
        members = self.state.teams.get(f"{organisation}/{team}", [])
        if login.casefold() not in (one.casefold() for one in members):
            raise not_found()
        url = f"{self.base}/organizations/1/team/1/memberships/{login}"
        return Answer(200, {"url": url, "role": "member", "state": "active"}, "TeamMembership")

    def _find(self, caller: Caller, full_name: str, number: str, level: str) -> dict[str, Any]:
        """A pull request, for who may do `level` of issues or of pull requests."""
        try:
            allow(self.state, caller, full_name, "pull_requests", level)
        except Refusal:
            allow(self.state, caller, full_name, "issues", level)
        pull: dict[str, Any] | None = self.state.pulls.get(full_name, {}).get(number)
        if pull is None:
            raise not_found()
        return pull

    def _happened(self, pull: dict[str, Any], event: str, name: str, caller: Caller) -> None:
        if len(name) > 50:
            raise invalid("name is too long (maximum is 50 characters)")
        pull["events"].append(
            {
                "id": self.state.new_id(),
                "event": event,
                "label": name,
                "actor": caller.login,
                "created_at": now_text(),
            }
        )
