"""Issues of ours in one repository, each about one matter and found again by its marker."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import quote

from factory.errors import ForgeError
from factory.forge.checks import cut, cut_bytes
from factory.forge.comments import BODY_LIMIT_BYTES, Comments
from factory.forge.pages import pages

if TYPE_CHECKING:
    from github import Github

LABEL = "dark-factory"
_LABEL = {
    "name": LABEL,
    "color": "1f2328",
    "description": "Opened by the factory, which finds it by this label",
}
TITLE_LIMIT = 256
SWITCHED_OFF = 410


@dataclass(frozen=True, kw_only=True)
class Issue:
    """An issue. `mark` is the first line of its body; `author` as of a `Comment`."""

    number: int
    url: str
    title: str
    body: str
    author: str
    labels: frozenset[str]
    is_open: bool

    @property
    def mark(self) -> str:
        """What tells which matter it is about, to nobody who only reads it."""
        return self.body.partition("\n")[0].rstrip("\r")


class Issues:
    """The issues of one repository, as one identity sees and writes them.

    Ours is what has the label, was written by us, and begins with a marker: anybody can copy a
    marker, and another workflow of the same identity may quote one, but only who may write can
    set a label.
    """

    def __init__(self, github: Github, full_name: str) -> None:
        self.comments = Comments(github, full_name)
        self._ask = github.requester.requestJsonAndCheck
        self._github, self._name = github, full_name
        self._place = f"/repos/{full_name}/issues"

    def find(self, mark: str) -> Issue | None:
        """The oldest one of ours about a matter, open or closed."""
        asked = {"labels": LABEL, "state": "all", "direction": "asc"}
        for row in pages(self._github, self._place, asked, None):
            found = _issue(row)
            if "pull_request" not in row and found.mark == mark and self._is_ours(found):
                return found
        return None

    def ours(self, number: int) -> Issue | None:
        """The issue of that number, if it is ours."""
        from github import GithubException

        try:
            _, row = self._ask("GET", f"{self._place}/{int(number)}")
        except GithubException as error:
            if error.status in (404, SWITCHED_OFF):
                return None
            raise
        found = _issue(row)
        return found if "pull_request" not in row and self._is_ours(found) else None

    def put(
        self, mark: str, title: str, text: str
    ) -> tuple[Issue, Literal["new", "changed", "same"]]:
        """Have one open issue about a matter, with this title and text (Markdown).

        Looking first makes this safe to call again, also after an answer that got lost.

        Returns:
            The issue, and what became of it.

        Raises:
            ForgeError: the repository has no issues.
        """
        fields: dict[str, Any] = {
            "title": cut(title, TITLE_LIMIT),
            "body": cut_bytes(f"{mark}\n{text}", BODY_LIMIT_BYTES),
        }
        found = self.find(mark)
        if found is None:
            self._require_label()
            return self._send("POST", self._place, {**fields, "labels": [LABEL]}), "new"
        if found.is_open and _says(found, fields):
            return found, "same"
        place = f"{self._place}/{found.number}"
        return self._send("PATCH", place, {**fields, "state": "open"}), "changed"

    def close(self, issue: Issue) -> None:
        """Close an issue as done."""
        if issue.is_open:
            fields = {"state": "closed", "state_reason": "completed"}
            self._send("PATCH", f"{self._place}/{issue.number}", fields)

    def _is_ours(self, issue: Issue) -> bool:
        me = self.comments.me()
        return LABEL in issue.labels and issue.author.casefold() == me.casefold()

    def _require_label(self) -> None:
        """Make the label where the repository lacks it; GitHub takes no unknown one."""
        from github import GithubException

        place = f"/repos/{self._name}/labels"
        try:
            self._ask("GET", f"{place}/{quote(LABEL, '')}")
        except GithubException as error:
            if error.status != 404:
                raise
            try:
                self._ask("POST", place, input=_LABEL)
            except GithubException as refused:
                if refused.status != 422:  # Another line was quicker.
                    raise

    def _send(self, verb: str, place: str, fields: Mapping[str, Any]) -> Issue:
        from github import GithubException

        try:
            _, row = self._ask(verb, place, input=dict(fields))
        except GithubException as error:
            if error.status == SWITCHED_OFF:
                raise ForgeError(
                    f"{self._name} has its issues switched off",
                    mend="switch them on in the settings of the repository",
                ) from error
            raise
        return _issue(row)


def _issue(row: Mapping[str, Any]) -> Issue:
    labels = (one if isinstance(one, str) else one.get("name") for one in row["labels"])
    return Issue(
        number=int(row["number"]),
        url=str(row["html_url"]),
        title=str(row["title"]),
        body=str(row.get("body") or "").replace("\r\n", "\n"),
        author=str((row.get("user") or {}).get("login") or ""),
        labels=frozenset(str(name) for name in labels),
        is_open=row["state"] == "open",
    )


def _says(issue: Issue, fields: Mapping[str, Any]) -> bool:
    said = (issue.title, issue.body.strip())
    return said == (fields["title"], fields["body"].strip())
