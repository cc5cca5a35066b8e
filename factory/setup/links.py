"""The pages on which a person sets things, on the server at hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal
from urllib.parse import urlsplit

from factory.forge.address import DEFAULT_SERVER
from factory.setup.facts import Places

Page = Literal[
    "keys", "environments", "rules", "branches", "actions", "secrets", "general", "access"
]
_PAGES: Mapping[Page, str] = {
    "keys": "settings/keys",
    "environments": "settings/environments",
    "rules": "settings/rules",
    "branches": "settings/branches",
    "actions": "settings/actions",
    "secrets": "settings/secrets/actions",
    "general": "settings",
    "access": "settings/access",
}


def of_repository(places: Places, name: str, page: Page) -> str:
    """A settings page of a repository."""
    return f"{places.server}/{name}/{_PAGES[page]}"


def of_organisation(places: Places, name: str, page: str) -> str:
    """A settings page of the organisation that owns the repository `name`."""
    return f"{places.server}/organizations/{name.partition('/')[0]}/settings/{page}"


def tokens(places: Places) -> str:
    """Where a person's tokens are."""
    return f"{places.server}/settings/tokens"


def for_gh(server: str, name: str) -> str:
    """A repository as `gh --repo` takes it: with the host, unless that is github.com."""
    return name if server == DEFAULT_SERVER else f"{urlsplit(server).netloc}/{name}"
