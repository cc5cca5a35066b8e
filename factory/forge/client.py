"""How one credential reaches the API, and git on the same server."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from factory.forge.identity import Credential

if TYPE_CHECKING:
    from github import Github

TIMEOUT_SECONDS = 30
GIT_USER = "x-access-token"
"""The user whose password is a token, on the addresses that git uses."""


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
