"""What people say on issues, and what they may do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from github import Github


@dataclass(frozen=True, kw_only=True)
class Said:
    """A comment as it stands now, with who wrote it.

    `is_person`: neither a bot nor a program that speaks for somebody.
    """

    issue: int
    login: str
    account: int
    is_person: bool
    body: str


def said(github: Github, full_name: str, comment: int) -> Said | None:
    """A comment on an issue; None where it is no more, or its author is not."""
    from github import GithubException

    place = f"/repos/{full_name}/issues/comments/{int(comment)}"
    try:
        _, row = github.requester.requestJsonAndCheck("GET", place)
    except GithubException as error:
        if error.status in (404, 410):
            return None
        raise
    user = row.get("user")
    if not user:
        return None
    return Said(
        issue=int(str(row["issue_url"]).rpartition("/")[2]),
        login=str(user["login"]),
        account=int(user["id"]),
        is_person=user.get("type") == "User" and not row.get("performed_via_github_app"),
        body=str(row.get("body") or ""),
    )


def may_write(github: Github, full_name: str, login: str, account: int) -> bool:
    """Whether a person has write access now: by the roles that end in `write` or `admin`.

    The account must be the one that wrote: a login can be given up and taken by another.
    """
    from github import GithubException

    place = f"/repos/{full_name}/collaborators/{quote(login, '')}/permission"
    try:
        _, row = github.requester.requestJsonAndCheck("GET", place)
    except GithubException as error:
        if error.status == 404:
            return False
        raise
    same = int((row.get("user") or {}).get("id") or 0) == account
    return same and row.get("permission") in ("write", "admin")
