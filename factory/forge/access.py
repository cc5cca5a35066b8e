"""Calls to GitHub by whoever may: one credential after the other, each with patience."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from factory.errors import AuthenticationError, ForgeError
from factory.forge.address import full_name
from factory.forge.calls import message_of
from factory.forge.client import Server
from factory.forge.identity import Credential, Permissions, words_of

if TYPE_CHECKING:
    from github import Github

T = TypeVar("T")


class Access(Server):
    """Does what somebody may do, by whichever credential may; `Server` has its arguments."""

    def _with_credentials(
        self,
        name: str,
        permissions: Permissions,
        action: Callable[[Github], T],
        aim: str,
        refused: list[Credential] | None = None,
    ) -> T:
        """Try `action` with one credential after the other.

        A refusal for lack of rights goes on to the next; `refused` gathers those whose token is
        good and may not. Any other refusal ends it.
        """
        from github import GithubException

        reasons = []
        self.identity.reasons.clear()
        for credential in self.identity.credentials(name, permissions):
            try:
                return self._try(name, permissions, credential, action)
            except GithubException as error:
                told = f"{error.status} {message_of(error)}"
                if error.status not in (401, 403, 404):
                    raise ForgeError(
                        f"GitHub refused to {aim} in {name}: {told}",
                        mend="check that the commit is on GitHub and that its limits are kept",
                    ) from error
                reasons.append(f"{credential.source}: {told}")
                if error.status == 403 and refused is not None:
                    refused.append(credential)
        reasons = [*self.identity.reasons, *reasons] or ["there is no token"]
        wanted = words_of(permissions)
        raise AuthenticationError(
            f"nobody may {aim} in {name}: {'; '.join(reasons)}",
            mend=f"give a token or an App with `{wanted}` on {name} (docs/github.md)",
        )

    def _try(
        self,
        name: str,
        permissions: Permissions,
        credential: Credential,
        action: Callable[[Github], T],
    ) -> T:
        from github import GithubException

        try:
            return self._with(credential, action)
        except GithubException as error:
            if error.status != 401 or not credential.bought:
                raise
        self.identity.forget(name, permissions)  # Expired, or revoked: buy one more, once.
        return self._with(next(self.identity.credentials(name, permissions)), action)

    def _name(self, repository: str) -> str:
        name = full_name(repository, self.server)
        if name is None:
            raise ForgeError(
                f"{repository!r} is not a repository on {self.server}",
                mend="write it as owner/name",
            )
        return name
