"""Whose token it is, as its comments and its checks say."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from github import Github

BOT = "[bot]"
"""What the login of an App ends with, after its slug; no person's login can hold a bracket."""


def viewer(github: Github) -> str:
    """The login that what we write has.

    GraphQL tells it to every kind of token; REST refuses `GET /user` to Apps.

    Raises:
        GithubException: GitHub does not say.
    """
    _, body = github.requester.graphql_query("query { viewer { login } }", {})
    return str(body["data"]["viewer"]["login"])
