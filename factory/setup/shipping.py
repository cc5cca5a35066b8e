"""Which rules of a branch would refuse the push of a commit that passed."""

from __future__ import annotations

from factory.forge.settings import Absence, Unread
from factory.setup.facts import Body, Branch
from factory.setup.names import VERDICT

# Kinds of rules that a push of the judged commit keeps by itself.
_KEPT = frozenset(
    {
        "creation",
        "deletion",
        "non_fast_forward",
        "required_linear_history",
        "required_status_checks",
        "copilot_code_review",
    }
)
_WORDS = {
    "pull_request": "a pull request is required",
    "update": "updates are restricted",
    "merge_queue": "a merge queue is required",
    "required_signatures": "signed commits are required",
    "required_deployments": "a deployment is required",
}


def blockers(branch: Branch, app: str | None) -> tuple[list[str], Unread | None]:
    """What stops the App `app` (None: some token) from pushing to the branch.

    Returns:
        What stops it for certain, and what else could not be seen.
    """
    stopping: list[str] = []
    unknown: Unread | None = None
    rules = () if isinstance(branch.rules, Unread) else branch.rules
    for rule in rules:
        if not (trouble := _trouble(rule)):
            continue
        passes = branch.bypass.get(rule.get("ruleset_id", 0), ())
        if isinstance(passes, Unread):
            unknown = unknown or Unread(passes.right, f"{trouble}; {passes.told}")
        elif app is not None and any(is_app(one, app) for one in passes):
            continue
        elif app is None and passes:
            who = "who pushes is not known: there is no App"
            unknown = unknown or Unread("the variable FACTORY_APP_ID", f"{trouble}; {who}")
        else:
            stopping.append(trouble)
    if not isinstance(branch.protection, Unread | Absence):
        stopping += _classic(branch.protection, app)
    return stopping, unknown


def _trouble(rule: Body) -> str:
    """What the rule asks for that a push of the judged commit does not have."""
    kind = rule["type"]
    if kind == "required_status_checks":
        listed = rule["parameters"]["required_status_checks"]
        return _others([one["context"] for one in listed])
    return "" if kind in _KEPT else _WORDS.get(kind, f"the rule `{kind}`")


def _others(contexts: list[str]) -> str:
    more = [f"`{one}`" for one in contexts if one != VERDICT]
    return f"nothing posts {', '.join(more)} on what the factory holds" if more else ""


def is_app(actor: Body, app: str) -> bool:
    """Whether who may pass by a rule is that App, in a push as well."""
    return (
        actor["actor_type"] == "Integration"
        and str(actor.get("actor_id")) == app
        and actor.get("bypass_mode", "always") in ("always", "exempt")
    )


def _classic(protection: Body, app: str | None) -> list[str]:
    """What the classic protection asks for; Apps are let through by lists of their own."""

    def lets(part: Body | None) -> bool:
        return any(str(one["id"]) == app for one in (part or {}).get("apps") or ())

    found = []
    reviews = protection.get("required_pull_request_reviews")
    if reviews and not lets(reviews.get("bypass_pull_request_allowances")):
        found.append("a pull request is required (branch protection)")
    limits = protection.get("restrictions")
    if limits and not lets(limits):
        found.append("only some may push (branch protection)")
    if (protection.get("lock_branch") or {}).get("enabled"):
        found.append("the branch is locked (branch protection)")
    if (protection.get("required_signatures") or {}).get("enabled"):
        found.append("signed commits are required (branch protection)")
    checks = (protection.get("required_status_checks") or {}).get("checks", ())
    if others := _others([one["context"] for one in checks]):
        found.append(f"{others} (branch protection)")
    return found
