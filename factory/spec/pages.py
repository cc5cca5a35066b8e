"""Where each rule is explained: of the gate a page each, of scenarios a heading each."""

from __future__ import annotations

import os

from factory.forge.address import server_url


def project() -> str:
    """Where this project is: on the server at hand, whose workflows take the action from there."""
    return f"{server_url(os.environ)}/acme/dark-factory"


def page(rule: str) -> str:
    """The address of a rule's page: what it asks for, why, and an example."""
    if rule.startswith("scenario-"):
        return f"{project()}/blob/v1/docs/scenarios.md#{rule}"
    return f"{project()}/blob/v1/docs/rules/{rule}.md"
