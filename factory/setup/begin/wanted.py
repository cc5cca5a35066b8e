"""What a factory on GitHub consists of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from factory.ledger.place import BRANCH as LEDGER
from factory.setup.names import GATE, VERDICT
from factory.spec.review.protected import LABEL

LABELS: Mapping[str, tuple[str, str]] = {
    LABEL: ("5319e7", "A code owner agrees to configuration in a pull request with specs"),
}
"""Colour and description by name."""
GATE_RULESET = "Factory: the gate"
OWNERS_RULESET = "Factory: code owners agree"
LEDGER_RULESET = "Factory: the ledger"
VERDICT_RULESET = "Factory: the verdict"
HOLDING_RULESET = "Factory: holding branches"
EVIDENCE_RULESET = "Factory: holding branches stay"
HOLDING = "refs/heads/factory/hold/**/*"
"""As GitHub reads it: `*` is within one folder, `**/` any number of them."""
_KEPT: tuple[dict[str, Any], ...] = ({"type": "deletion"}, {"type": "non_fast_forward"})
_ADMIN = {"actor_type": "RepositoryRole", "actor_id": 5}
"""5 is GitHub's number of the role admin."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """The three repositories, owner/name each, and what stands in them.

    Args:
        product: the product's name in specs.
        code_owner: who guards workflows, as CODEOWNERS takes it.
        app_id: the App that gives verdicts; None where there is none yet.
        push_app_id: the App that pushes; None where it is the same.
        public: whether specs and product may be seen by all; scenarios never are.
        adopt: take over empty repositories also where others may use them.
    """

    owner: str
    specs: str
    scenarios: str
    repository: str
    product: str
    code_owner: str
    app_id: int | None
    public: bool = False
    adopt: bool = False
    push_app_id: int | None = None

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
    needed = {
        "type": "required_status_checks",
        "parameters": {
            "do_not_enforce_on_create": True,
            "strict_required_status_checks_policy": strict,
            "required_status_checks": [{"context": check, "integration_id": app}],
        },
    }
    return _ruleset(name, "~DEFAULT_BRANCH", *_KEPT, needed)


def owners_ruleset() -> dict[str, Any]:
    """For the specs: who changes a workflow there decides what the environments' secrets do, so a
    code owner agrees. Administrators may pass by it, for one who is alone has nobody to ask.
    """
    review = {
        "type": "pull_request",
        "parameters": {
            "required_approving_review_count": 0,
            "require_code_owner_review": True,
            "dismiss_stale_reviews_on_push": True,
            "require_last_push_approval": False,
            "required_review_thread_resolution": False,
        },
    }
    made = _ruleset(OWNERS_RULESET, "~DEFAULT_BRANCH", review)
    return {**made, "bypass_actors": [{**_ADMIN, "bypass_mode": "pull_request"}]}


def ledger_ruleset() -> dict[str, Any]:
    """For the branch of the ledger: a new machine cannot notice that it was set back."""
    return _ruleset(LEDGER_RULESET, f"refs/heads/{LEDGER}", *_KEPT)


def holding_rulesets(app: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """For the product: only the App that pushes makes and moves holding branches.

    They are evidence, so that only it and administrators, who clear old ones, delete any.
    """
    pushes = {"actor_type": "Integration", "actor_id": app, "bypass_mode": "always"}
    clears = {**_ADMIN, "bypass_mode": "always"}
    made = _ruleset(HOLDING_RULESET, HOLDING, {"type": "creation"}, {"type": "update"})
    kept = _ruleset(EVIDENCE_RULESET, HOLDING, {"type": "deletion"})
    return {**made, "bypass_actors": [pushes]}, {**kept, "bypass_actors": [pushes, clears]}


def _ruleset(name: str, branch: str, *rules: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": name,
        "target": "branch",
        "enforcement": "active",
        "conditions": {"ref_name": {"include": [branch], "exclude": []}},
        "rules": [dict(one) for one in rules],
    }


def gate_ruleset(actions_app: int) -> dict[str, Any]:
    """For the specs repository."""
    return ruleset(GATE_RULESET, GATE, actions_app, strict=True)


def verdict_ruleset(app: int) -> dict[str, Any]:
    """For the product. Not strict: ship pushes the judged commit itself."""
    return ruleset(VERDICT_RULESET, VERDICT, app, strict=False)
