"""Routes about comments on pull requests and issues, and the one GraphQL query that we ask."""

from __future__ import annotations

import re
from typing import Any

from github_api import shapes
from github_api.answers import Answer, Refusal, invalid, not_found
from github_api.authority import Caller, allow
from github_api.state import State, now_text

BODY_LIMIT = 65_536
VIEWER = re.compile(r"\s*(query\s*)?\{\s*viewer\s*\{\s*login\s*\}\s*\}\s*")


class Comments:
    """Whoever may write issues or pull requests may also edit what others wrote, as on GitHub."""

    def __init__(self, state: State, base: str) -> None:
        self.state, self.base = state, base

    def create(self, caller: Caller, full_name: str, number: int, body: dict[str, Any]) -> Answer:
        self._allow(caller, full_name, "write")
        thread = self._thread(full_name, number)
        if thread.get("locked"):
            raise Refusal(403, "Unable to create comment because issue is locked.")
        _check(body)
        kept = {
            "id": self.state.new_id(),
            "repository": full_name,
            "number": number,
            "author": caller.login,
            "app": caller.app,
            "body": body["body"],
            "created_at": now_text(),
            "changes": 0,
        }
        self.state.comments.append(kept)
        return Answer(201, shapes.comment(self.base, kept), "IssueComment")

    def update(self, caller: Caller, full_name: str, comment: int, body: dict[str, Any]) -> Answer:
        self._allow(caller, full_name, "write")
        for kept in self.state.comments:
            if (kept["repository"], kept["id"]) == (full_name, comment):
                _check(body)
                kept["body"] = body["body"]
                kept["changes"] += 1
                return Answer(200, shapes.comment(self.base, kept), "IssueComment")
        raise not_found()

    def get(self, caller: Caller, full_name: str, comment: int) -> Answer:
        self._allow(caller, full_name, "read")
        for kept in self.state.comments:
            if (kept["repository"], kept["id"]) == (full_name, comment):
                return Answer(200, shapes.comment(self.base, kept), "IssueComment")
        raise not_found()

    def list_of(self, caller: Caller, full_name: str, number: int, query: dict[str, str]) -> Answer:
        """Oldest first, in pages."""
        self._allow(caller, full_name, "read")
        self._thread(full_name, number)
        found = [
            one
            for one in self.state.comments
            if (one["repository"], one["number"]) == (full_name, number)
        ]
        per_page = min(int(query.get("per_page", "30")), 100)
        start = (int(query.get("page", "1")) - 1) * per_page
        shown = [shapes.comment(self.base, one) for one in found[start : start + per_page]]
        return Answer(200, shown, "list:IssueComment")

    def graphql(self, caller: Caller, body: dict[str, Any]) -> Answer:
        """Who the caller is; the login of an App's token ends in [bot]."""
        if caller.kind == "anonymous":
            raise Refusal(401, "This endpoint requires you to be authenticated.")
        if not VIEWER.fullmatch(str(body.get("query"))):
            return Answer(
                200, {"errors": [{"message": "the double knows `viewer { login }` only"}]}
            )
        return Answer(200, {"data": {"viewer": {"login": caller.login}}})

    def _allow(self, caller: Caller, full_name: str, level: str) -> None:
        """Issues or pull requests: either will do."""
        try:
            allow(self.state, caller, full_name, "issues", level)
        except Refusal:
            allow(self.state, caller, full_name, "pull_requests", level)

    def _thread(self, full_name: str, number: int) -> dict[str, Any]:
        """The pull request or the issue of that number."""
        for threads in (self.state.pulls, self.state.issues):
            if found := threads.get(full_name, {}).get(str(number)):
                kept: dict[str, Any] = found
                return kept
        raise not_found()


def _check(body: dict[str, Any]) -> None:
    if not body["body"].strip():
        raise Refusal(422, "Validation Failed", [{"message": "Body can't be blank"}])
    if len(body["body"]) > BODY_LIMIT:
        raise invalid(f"Body is too long (maximum is {BODY_LIMIT} characters)")
