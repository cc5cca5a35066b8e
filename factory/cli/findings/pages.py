"""Where each rule is explained: of the gate a page each, of scenarios a heading each."""

from __future__ import annotations

PROJECT = "https://github.com/acme/dark-factory"
SCENARIO_PAGE = f"{PROJECT}/blob/v1/docs/scenarios.md"
RULE_PAGES = f"{PROJECT}/blob/v1/docs/rules"


def page(rule: str) -> str:
    """The address of a rule's page: what it asks for, why, and an example."""
    if rule.startswith("scenario-"):
        return f"{SCENARIO_PAGE}#{rule}"
    return f"{RULE_PAGES}/{rule}.md"
