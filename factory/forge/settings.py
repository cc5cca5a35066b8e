"""The settings of repositories and organisations: read without a crash, written one at a time.

Reading answers with what is there, `ABSENT`, or an `Unread` that names the right that is missing.
GitHub says 404 both of what is not there and of what a token may not see, so 404 is `ABSENT` only
where the caller knows that it means that.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, TypeVar

from factory.errors import AuthenticationError, FactoryError, ForgeError
from factory.forge.calls import message_of
from factory.forge.client import Server
from factory.forge.identity import Credential, Permissions, words_of
from factory.forge.pages import pages

if TYPE_CHECKING:
    from github import Github

T = TypeVar("T")
_REFUSED = (401, 403, 404)


class Absence(Enum):
    """Its one member says that GitHub was asked, and that there is no such thing."""

    ABSENT = "absent"


ABSENT: Literal[Absence.ABSENT] = Absence.ABSENT


@dataclass(frozen=True)
class Unread:
    """What could not be read: the right that is missing, and what GitHub said."""

    right: str
    told: str


Seen: TypeAlias = T | Unread


class Settings(Server):
    """What GitHub holds about repositories and their owners; `Server` has its arguments."""

    def read(
        self,
        repository: str,
        place: str,
        permissions: Permissions,
        *,
        rows: str | None = None,
        absent: tuple[str, ...] | None = None,
    ) -> Any:
        """The JSON at `place`, `ABSENT`, or `Unread`.

        Args:
            repository: the owner/name for which an App buys its token.
            rows: `place` is a list in pages, under this key or, for "", by itself.
            absent: what GitHub says with 404 of what is not there; `()` where the caller takes
                every 404 for that; None where it may as well mean that it may not be seen.
        """

        def ask(github: Github) -> Any:
            if rows is not None:
                return list(pages(github, place, {}, rows or None))
            return github.requester.requestJsonAndCheck("GET", place)[1]

        from github import GithubException

        refusal: Unread | None = None
        missing = False
        try:
            for credential in self.credentials(repository, permissions):
                try:
                    return self._with(credential, ask)
                except GithubException as error:
                    if error.status == 404 and absent is not None:
                        if any(one in message_of(error) for one in absent):
                            return ABSENT
                        missing = missing or not absent  # Another token may still see it.
                    told = f"{credential.source}: {error.status} {said(error)}"
                    if refusal is None or error.status == 403:
                        refusal = Unread(_right(error, permissions), told)
        except FactoryError as error:
            return Unread(words_of(permissions), error.message)
        if missing:
            return ABSENT
        reasons = "; ".join(self.identity.reasons) or "there is no token"
        return refusal or Unread(words_of(permissions), reasons)

    def write(
        self,
        repository: str,
        verb: Literal["POST", "PUT"],
        place: str,
        body: Mapping[str, Any],
        permissions: Permissions,
        aim: str,
    ) -> Any:
        """Send one change; returns what GitHub answers.

        Raises:
            AuthenticationError: no credential may do it.
            ForgeError: GitHub refused it, or did not answer.
        """

        def send(github: Github) -> Any:
            return github.requester.requestJsonAndCheck(verb, place, input=dict(body))[1]

        from github import GithubException

        self.identity.reasons.clear()
        reasons = []
        for credential in self.credentials(repository, permissions):
            try:
                return self._with(credential, send)
            except GithubException as error:
                told = f"{error.status} {said(error)}"
                if error.status not in _REFUSED or "upgrade to" in told.lower():
                    raise ForgeError(
                        f"GitHub refused to {aim}: {told}", mend=_mend(told)
                    ) from error
                reasons.append(f"{credential.source}: {told}")
        told = "; ".join([*self.identity.reasons, *reasons]) or "there is no token"
        raise AuthenticationError(
            f"nobody may {aim}: {told}",
            mend=f"give a token with `{words_of(permissions)}` on {repository} as FACTORY_TOKEN",
        )

    def clone_url(self, repository: str) -> str:
        """The HTTPS address of owner/name."""
        return f"{self.server}/{repository}.git"

    def credentials(self, repository: str, permissions: Permissions) -> Iterator[Credential]:
        """What may serve, a person's tokens first: settings are seldom an App's to see."""
        return self.identity.credentials(repository, permissions, tokens_first=True)


def said(error: Any) -> str:
    """What GitHub said, with the reasons that it lists; one line, not too long."""
    data = error.data if isinstance(error.data, dict) else {}
    listed = data.get("errors")
    more = [
        str(one.get("message", "")) if isinstance(one, dict) else str(one)
        for one in (listed if isinstance(listed, list) else [])
    ]
    return " ".join([message_of(error), *filter(None, more)])[:300]


def _right(error: Any, permissions: Permissions) -> str:
    """The right that GitHub says is missing, else the one we know."""
    headers = {str(name).lower(): str(value) for name, value in (error.headers or {}).items()}
    accepted = headers.get("x-accepted-github-permissions", "")
    return accepted.replace("=", ": ").replace(";", " or ") or words_of(permissions)


def _mend(told: str) -> str:
    low = told.lower()
    if "deploy keys are disabled" in low:
        return "have an owner allow deploy keys (organisation, Settings, Deploy keys); run it again"
    if "billing plan" in low or "upgrade to" in low:
        return (
            "the plan of the owner does not have this for private repositories: change the plan, "
            "or make this repository public (never the scenarios); run it again"
        )
    return "change what it names, then run this again"
