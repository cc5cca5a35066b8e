"""The holding branches: the factory can push them, and nobody else makes or moves one."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from factory.forge.settings import Unread
from factory.setup import links
from factory.setup.checks.secrets import app_id
from factory.setup.facts import Body, Branch, Facts
from factory.setup.finding import Finding, not_known
from factory.setup.names import PUSH, pushes_by_token
from factory.setup.shipping import is_app

PUSHES = ("creation", "update")
WANTED = (*PUSHES, "deletion")


def check(facts: Facts) -> Iterator[Finding]:
    """Two findings for each product: that hold may push, and that others may not."""
    app = _pusher(facts)
    for name, branch in facts.holding.items():
        yield _hold(facts, name, branch, app)
        yield _others(facts, name, branch, app)


def _pusher(facts: Facts) -> str | Unread | None:
    """The App that pushes; None where it is a token."""
    if isinstance(facts.environments, Unread):
        return facts.environments
    there = facts.environments.get(PUSH)
    secrets = there.secrets if there else frozenset()
    if isinstance(secrets, Unread):
        return secrets
    return None if pushes_by_token(secrets) else app_id(facts, PUSH)


def _hold(facts: Facts, name: str, branch: Branch, app: str | Unread | None) -> Finding:
    """Whether a rule keeps the factory from its own branches."""
    check, where = "hold-allowed", links.of_repository(facts.places, name, "rules")
    refused, unread = [], branch.rules if isinstance(branch.rules, Unread) else None
    for rule in () if isinstance(branch.rules, Unread) else branch.rules:
        passes = branch.bypass.get(rule.get("ruleset_id", 0), ())
        if rule["type"] not in PUSHES:
            continue
        if isinstance(passes, Unread):
            unread = unread or passes
        elif isinstance(app, Unread):
            unread = unread or app
        elif app is None or not any(is_app(one, app) for one in passes):
            refused.append(rule["type"])
    if unread and not refused:
        return not_known(check, name, unread, where=where)
    kinds = " and ".join(sorted(set(refused)))
    who = "a token, which no rule lets through" if app is None else f"the App {app}"
    return Finding(
        check=check,
        place=name,
        state="wrong" if refused else "ok",
        found=f"rules for {kinds} of holding branches stop {who}"
        if refused
        else "no rule keeps the factory from pushing holding branches",
        where=where,
        mend="let the App of factory-push pass by that rule (bypass list, always), or take the "
        "rule away",
    )


def _others(facts: Facts, name: str, branch: Branch, app: str | Unread | None) -> Finding:
    check, where = "holding-kept", links.of_repository(facts.places, name, "rules")
    mend = "`factory init --github` makes the rules; a token in place of an App cannot have them"
    if isinstance(branch.rules, Unread):
        return not_known(check, name, branch.rules, where=where, needed=False)
    open_ = [kind for kind in WANTED if all(one["type"] != kind for one in branch.rules)]
    if open_:
        found = "whoever may push to it can also push, move or delete holding branches"
        found = f"{found}: there is no rule for {', '.join(open_)}"
    else:
        numbers = {one.get("ruleset_id", 0) for one in branch.rules if one["type"] in PUSHES}
        lists = [branch.bypass.get(number, ()) for number in sorted(numbers)]
        if unread := next((one for one in lists if isinstance(one, Unread)), None):
            return not_known(check, name, unread, where=where, needed=False)
        actors: list[Body] = list(chain.from_iterable(lists))  # type: ignore[arg-type]
        more = sorted({one["actor_type"] for one in actors if not is_app(one, str(app))})
        found = f"these make or move holding branches too: {', '.join(more)}" if more else ""
        mend = "take all but the App of factory-push out of the bypass list"
    return Finding(
        check=check,
        place=name,
        state="wrong" if found else "ok",
        found=found or "nobody but the App makes or moves holding branches",
        needed=False,
        where=where,
        mend=mend,
    )
