"""Routes about issues, the labels of a repository, and what a person may do there."""

from __future__ import annotations

from typing import Any

from github_api import shapes
from github_api.answers import Answer, Refusal, invalid, not_found
from github_api.authority import Caller, allow
from github_api.state import State, now_text

TITLE_LIMIT, BODY_LIMIT = 256, 65_536


class Issues:
    """Issues that anybody may have opened; pull requests are listed among them, as on GitHub."""

    def __init__(self, state: State, base: str) -> None:
        self.state, self.base = state, base

    def list_of(self, caller: Caller, full_name: str, query: dict[str, str]) -> Answer:
        """Newest first unless `direction` is asc, in pages; `labels` must all be there."""
        facts = allow(self.state, caller, full_name, "issues", "read")
        issues = self.state.issues.get(full_name, {}) if facts.get("has_issues", True) else {}
        rows = [self._shape(full_name, number, kept) for number, kept in issues.items()]
        for number, pull in self.state.pulls.get(full_name, {}).items():
            body = {"title": "A pull request", "labels": pull["labels"], "author": "ann"}
            url = f"{self.base}/{full_name}/pull/{number}"
            links = dict.fromkeys(("url", "html_url", "diff_url", "patch_url"), url)
            rows.append({**self._shape(full_name, number, body), "pull_request": links})
        wanted = set(filter(None, query.get("labels", "").split(",")))
        state = query.get("state", "open")
        found = [
            row
            for row in sorted(rows, key=lambda row: row["number"])
            if wanted <= {one["name"] for one in row["labels"]} and state in ("all", row["state"])
        ]
        if query.get("direction", "desc") == "desc":
            found.reverse()
        per_page = min(int(query.get("per_page", "30")), 100)
        start = (int(query.get("page", "1")) - 1) * per_page
        return Answer(200, found[start : start + per_page], "list:Issue")

    def create(self, caller: Caller, full_name: str, body: dict[str, Any]) -> Answer:
        self._allow(caller, full_name, "write")
        self._check(full_name, body)
        issues = self.state.issues.setdefault(full_name, {})
        taken = [*issues, *self.state.pulls.get(full_name, {})]
        number = max(map(int, taken), default=0) + 1
        kept = issues[str(number)] = {
            "title": body["title"],
            "body": body.get("body") or "",
            "labels": list(body.get("labels", [])),
            "state": "open",
            "author": caller.login,
            "app": caller.app,
            "created_at": now_text(),
            "changes": 0,
        }
        return Answer(201, self._shape(full_name, str(number), kept), "Issue")

    def get(self, caller: Caller, full_name: str, number: str) -> Answer:
        self._allow(caller, full_name, "read")
        return Answer(200, self._shape(full_name, number, self._find(full_name, number)), "Issue")

    def update(self, caller: Caller, full_name: str, number: str, body: dict[str, Any]) -> Answer:
        self._allow(caller, full_name, "write")
        kept = self._find(full_name, number)
        self._check(full_name, {"title": kept["title"], **body})
        changed = {key: body[key] for key in ("title", "body", "state", "labels") if key in body}
        kept |= changed | {"changes": kept["changes"] + 1}
        return Answer(200, self._shape(full_name, number, kept), "Issue")

    def get_label(self, caller: Caller, full_name: str, name: str) -> Answer:
        allow(self.state, caller, full_name, "issues", "read")
        if name not in self._labels(full_name):
            raise not_found()
        return Answer(200, shapes.label(self.base, full_name, name), "Label")

    def permission(self, caller: Caller, full_name: str, login: str) -> Answer:
        """Of anybody that has an account: who is no collaborator may read what is public."""
        facts = allow(self.state, caller, full_name, "metadata", "read")
        if caller.kind == "anonymous":
            raise Refusal(401, "Requires authentication")
        if login in self.state.gone:
            raise not_found()
        held = self.state.collaborators.get(full_name, {})
        default = {"permission": "none" if facts["private"] else "read"}
        kept = next((v for k, v in held.items() if k.casefold() == login.casefold()), default)
        role = kept.get("role", kept["permission"])
        who = {**shapes.user(self.base, login, "User"), "role_name": role}
        if "id" in kept:
            who["id"] = kept["id"]
        body = {"permission": kept["permission"], "role_name": role, "user": who}
        return Answer(200, body, "RepositoryCollaboratorPermission")

    def _allow(self, caller: Caller, full_name: str, level: str) -> None:
        facts = allow(self.state, caller, full_name, "issues", level)
        if not facts.get("has_issues", True):
            raise Refusal(410, "Issues are disabled for this repo")

    def _find(self, full_name: str, number: str) -> dict[str, Any]:
        kept: dict[str, Any] | None = self.state.issues.get(full_name, {}).get(number)
        if kept is None:
            raise not_found()
        return kept

    def _check(self, full_name: str, body: dict[str, Any]) -> None:
        if not str(body["title"]).strip():
            raise Refusal(422, "Validation Failed", [{"message": "title can't be blank"}])
        if len(str(body["title"])) > TITLE_LIMIT:
            raise invalid(f"title is too long (maximum is {TITLE_LIMIT} characters)")
        if len(body.get("body") or "") > BODY_LIMIT:
            raise invalid(f"body is too long (maximum is {BODY_LIMIT} characters)")
        known = self._labels(full_name)
        if unknown := [name for name in body.get("labels", []) if name not in known]:
            raise Refusal(422, "Validation Failed", [{"field": "labels", "value": unknown[0]}])

    def _labels(self, full_name: str) -> list[str]:
        return [one["name"] for one in self.state.labels.get(full_name, [])]

    def _shape(self, full_name: str, number: str, kept: dict[str, Any]) -> dict[str, Any]:
        return shapes.issue(self.base, full_name, int(number), kept)
