"""How a credential reaches one server: its API, and git there."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, TypeVar

from factory.forge.address import api_url, server_url
from factory.forge.calls import Patience
from factory.forge.identity import Credential, Identity

if TYPE_CHECKING:
    from github import Github

T = TypeVar("T")

TIMEOUT_SECONDS = 30
GIT_USER = "x-access-token"
"""The user whose password is a token, on the addresses that git uses."""


class Server:
    """One server, and the credentials that an environment holds for it.

    Args:
        env: GITHUB_API_URL, GITHUB_SERVER_URL and what `Identity` reads.
        patience: how long a busy GitHub is waited for.
    """

    def __init__(self, env: Mapping[str, str], patience: Patience | None = None) -> None:
        self.server, self.api = server_url(env), api_url(env)
        self.patience = patience or Patience()
        self.identity = Identity(env, self.api, self.patience)

    def _with(self, credential: Credential, action: Callable[[Github], T]) -> T:
        """Do it as one who has this credential, with patience. Raises GithubException."""
        with client(credential, self.api) as github:
            return self.patience.call(lambda: action(github))


def client(credential: Credential, api: str) -> Github:
    """A client whose tries are ours to count."""
    from github import Auth, Github

    return Github(
        auth=Auth.Token(credential.token),
        base_url=api,
        timeout=TIMEOUT_SECONDS,
        retry=None,
        seconds_between_requests=None,
        seconds_between_writes=None,
    )


def git_authorization(url: str, credential: Credential) -> dict[str, str]:
    """git's environment with an Authorization header for `url` and for no other address.

    It travels in the environment: an argument list is readable by every process.
    """
    pair = base64.b64encode(f"{GIT_USER}:{credential.token}".encode()).decode()
    return {
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"http.{url}.extraHeader",
        "GIT_CONFIG_VALUE_0": f"Authorization: Basic {pair}",
    }
