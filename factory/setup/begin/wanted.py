"""What a factory on GitHub consists of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from factory.setup.names import GATE, VERDICT
from factory.spec.review.protected import LABEL

LABELS: Mapping[str, tuple[str, str]] = {
    LABEL: ("5319e7", "A code owner agrees to configuration in a pull request with specs"),
}
"""Colour and description by name."""
GATE_RULESET = "Factory: the gate"
VERDICT_RULESET = "Factory: the verdict"


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """The three repositories, owner/name each, and what stands in them.

    Args:
        product: the product's name in specs.
        code_owner: who guards workflows, as CODEOWNERS takes it.
        app_id: the App that gives verdicts; None where there is none yet.
        public: whether specs and product may be seen by all; scenarios never are.
    """

    owner: str
    specs: str
    scenarios: str
    repository: str
    product: str
    code_owner: str
    app_id: int | None
    public: bool = False

    @property
    def kinds(self) -> Mapping[str, str]:
        """The skeleton of each repository, in the order in which they are begun."""
        return {self.specs: "specs", self.scenarios: "scenarios", self.repository: "product"}

    @property
    def key_title(self) -> str:
        """What the deploy key is called on the scenario repository."""
        return f"factory-evaluate of {self.specs}"


def ruleset(name: str, check: str, app: int, *, strict: bool) -> dict[str, Any]:
    """A ruleset of the default branch that requires one check from one App.

    `strict`: a pull request must be up to date with the branch, so that what was checked is what
    is merged.
    """
    return {
        "name": name,
        "target": "branch",
        "enforcement": "active",
        "conditions": {"ref_name": {"include": ["~DEFAULT_BRANCH"], "exclude": []}},
        "rules": [
            {"type": "deletion"},
            {"type": "non_fast_forward"},
            {
                "type": "required_status_checks",
                "parameters": {
                    "do_not_enforce_on_create": True,
                    "strict_required_status_checks_policy": strict,
                    "required_status_checks": [{"context": check, "integration_id": app}],
                },
            },
        ],
    }


def gate_ruleset(actions_app: int) -> dict[str, Any]:
    """For the specs repository."""
    return ruleset(GATE_RULESET, GATE, actions_app, strict=True)


def verdict_ruleset(app: int) -> dict[str, Any]:
    """For the product. Not strict: ship pushes the judged commit itself."""
    return ruleset(VERDICT_RULESET, VERDICT, app, strict=False)
