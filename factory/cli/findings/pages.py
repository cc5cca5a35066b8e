"""Where each rule of the gate is explained."""

from __future__ import annotations

PROJECT = "https://github.com/acme/dark-factory"
RULE_PAGES = f"{PROJECT}/blob/v1/docs/rules"


def page(rule: str) -> str:
    """The address of a rule's page: what it asks for, why, and an example."""
    return f"{RULE_PAGES}/{rule}.md"
