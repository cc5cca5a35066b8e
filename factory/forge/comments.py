"""Comments on pull requests and issues, each found again by its marker and by who wrote it.

GitHub keeps both under the number of the issue; a pull request is one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from factory.errors import Bug
from factory.forge.checks import cut_bytes
from factory.forge.pages import pages
from factory.forge.viewer import viewer

if TYPE_CHECKING:
    from github import Github

BODY_LIMIT_BYTES = 65_535
"""GitHub takes 65,536 characters; counted here in bytes, the stricter reading."""


@dataclass(frozen=True)
class Comment:
    """One comment. `author` is the login, an App's with `[bot]`; "" for an account that is gone."""

    id: int
    author: str
    body: str


def marker(kind: str, key: str) -> str:
    """The first line of a comment of ours, which no reader sees.

    Args:
        kind, key: what it is and what it is about, as `verdict` and the id of a spec.

    Raises:
        Bug: one of them could end the HTML comment.
    """
    for word in (kind, key):
        # An HTML comment ends at `-->` and `--!>` alone, so that the id `a--b` does not end it.
        if not re.fullmatch(r"[a-z0-9][a-z0-9-]*", word):
            raise Bug(f"{word!r} cannot stand in a marker")
    return f"<!-- dark-factory {kind} {key} -->"


class Comments:
    """The comments in one repository, as one identity sees and writes them."""

    def __init__(self, github: Github, full_name: str) -> None:
        self._github = github
        self._place = f"/repos/{full_name}/issues"
        self._me = ""

    def me(self) -> str:
        """The login that our comments have."""
        if not self._me:
            self._me = viewer(self._github)
        return self._me

    def on(self, number: int) -> Iterator[Comment]:
        """The comments on a pull request or an issue, oldest first, whoever wrote them."""
        for row in pages(self._github, f"{self._place}/{int(number)}/comments", {}, None):
            yield _comment(row)

    def mine(self, number: int, mark: str) -> Comment | None:
        """The oldest one of ours whose first line is `mark`.

        Anybody can copy a marker, and another job of our own identity can quote one: so who wrote
        it counts, and where it stands.
        """
        for one in self.on(number):
            first = one.body.partition("\n")[0].rstrip("\r")
            if first == mark and one.author.casefold() == self.me().casefold():
                return one
        return None

    def put(self, number: int, mark: str, text: str) -> None:
        """Have exactly one comment of that marker, and let it say `text` (Markdown).

        Looking first makes this safe to call again, also after an answer that got lost.
        """
        body = cut_bytes(f"{mark}\n{text}", BODY_LIMIT_BYTES)
        found = self.mine(number, mark)
        if found is None:
            self.create(number, body)
        elif _same(found.body, body):
            return
        else:
            self.edit(found.id, body)

    def create(self, number: int, body: str) -> Comment:
        """Add a comment."""
        place = f"{self._place}/{int(number)}/comments"
        return self._send("POST", place, body)

    def edit(self, comment: int, body: str) -> Comment:
        """Let a comment say something else. GitHub lets us do that to other people's too."""
        return self._send("PATCH", f"{self._place}/comments/{int(comment)}", body)

    def _send(self, verb: str, place: str, body: str) -> Comment:
        _, row = self._github.requester.requestJsonAndCheck(verb, place, input={"body": body})
        return _comment(row)


def _comment(row: dict[str, Any]) -> Comment:
    user = row.get("user") or {}
    return Comment(int(row["id"]), str(user.get("login") or ""), str(row.get("body") or ""))


def _same(one: str, other: str) -> bool:
    return one.replace("\r\n", "\n").strip() == other.strip()
