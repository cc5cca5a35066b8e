"""Branch rules: the verdict is required and only the App can give it, and the factory can ship."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from factory.forge.settings import Absence, Unread
from factory.setup import links
from factory.setup.checks.secrets import app_id
from factory.setup.facts import Branch, Facts, Product
from factory.setup.finding import Finding, State, not_known
from factory.setup.names import EVALUATE, GATE, VERDICT
from factory.setup.shipping import blockers


@dataclass(frozen=True)
class Required:
    """A status check that a branch asks for, and the App it must come from; None: anyone."""

    context: str
    app: int | None


def check(facts: Facts) -> Iterator[Finding]:
    """For each product: the verdict is required, and ship may push. For the specs: the gate."""
    for product in facts.places.products:
        branch = facts.branches[product.repository]
        yield _verdict(facts, product, branch)
        if not facts.places.alone:
            yield _ship(facts, product, branch)
    if not facts.places.alone and facts.places.specs in facts.branches:
        yield _gate(facts, facts.branches[facts.places.specs])
        yield _owners(facts, facts.branches[facts.places.specs])


def required(branch: Branch) -> list[Required]:
    """Every required check, of rulesets and of the classic protection, as far as either is seen."""
    found = []
    if not isinstance(branch.rules, Unread):
        for rule in branch.rules:
            if rule["type"] == "required_status_checks":
                for one in rule["parameters"]["required_status_checks"]:
                    found.append(Required(one["context"], one.get("integration_id")))
    if not isinstance(branch.protection, Unread | Absence):
        classic = branch.protection.get("required_status_checks") or {}
        for one in classic.get("checks", ()):
            app = one.get("app_id")
            found.append(Required(one["context"], None if app in (None, -1) else app))
    return found


def owners_agree(branch: Branch) -> bool:
    """Whether a code owner has to agree to what is merged, as far as the rules are seen."""
    rules = () if isinstance(branch.rules, Unread) else branch.rules
    if any(
        rule["type"] == "pull_request"
        and (rule.get("parameters") or {}).get("require_code_owner_review")
        for rule in rules
    ):
        return True
    if isinstance(branch.protection, Unread | Absence):
        return False
    reviews = branch.protection.get("required_pull_request_reviews") or {}
    return bool(reviews.get("require_code_owner_reviews"))


def _verdict(facts: Facts, product: Product, branch: Branch) -> Finding:
    name = product.repository
    where = links.of_repository(facts.places, name, "rules")
    place = f"{name} {branch.name}"
    checks = [one for one in required(branch) if one.context == VERDICT]
    expected = app_id(facts, EVALUATE if facts.places.alone else "factory-verdict")
    source = "GitHub Actions" if expected == str(facts.actions_app) else "your App"
    mend = f"a ruleset for `{branch.name}` that requires `{VERDICT}` with {source} as its source"

    def wrong(found: str, mend: str) -> Finding:
        return Finding(
            check="verdict-required",
            place=place,
            state="wrong",
            found=found,
            where=where,
            mend=mend,
        )

    unread = _unread(branch)
    pinned = [one.app for one in checks if one.app is not None]
    if str(expected) in map(str, pinned):
        return Finding(
            check="verdict-required",
            place=place,
            state="ok",
            found=f"`{VERDICT}` is required, from the App {expected}{_passed_by(branch)}",
            where=where,
        )
    if unread:
        return not_known("verdict-required", place, unread, where=where)
    if not checks:
        return wrong(f"`{VERDICT}` is not required: anything may be merged", f"make {mend}")
    if not pinned:
        return wrong(
            f"`{VERDICT}` is taken from anyone who may write statuses or checks",
            f"choose {source} as the check's source: {mend}",
        )
    if isinstance(expected, Unread):
        return not_known("verdict-required", place, expected, where=where)
    others = ", ".join(map(str, pinned))
    if expected is None:
        return wrong(
            f"`{VERDICT}` must come from the App {others}, and the factory has no App here",
            "set the variable FACTORY_APP_ID and the secret FACTORY_APP_PRIVATE_KEY",
        )
    return wrong(
        f"`{VERDICT}` must come from the App {others}, and the factory's is {expected}",
        f"choose the App {expected} as the check's source",
    )


def _passed_by(branch: Branch) -> str:
    """Who is not held by the rule, for a person to judge."""
    rules = () if isinstance(branch.rules, Unread) else branch.rules
    numbers = {
        rule.get("ruleset_id", 0)
        for rule in rules
        if rule["type"] == "required_status_checks"
        and VERDICT in (one["context"] for one in rule["parameters"]["required_status_checks"])
    }
    actors = [branch.bypass.get(number, ()) for number in sorted(numbers)]
    if any(isinstance(one, Unread) for one in actors):
        return "; who may pass by the rule cannot be seen"
    kinds = sorted({one["actor_type"] for each in actors for one in each})  # type: ignore[union-attr]
    return f"; these may pass by the rule: {', '.join(kinds)}" if kinds else ""


def _ship(facts: Facts, product: Product, branch: Branch) -> Finding:
    name = product.repository
    where = links.of_repository(facts.places, name, "rules")
    place = f"{name} {branch.name}"
    app = app_id(facts, "factory-push")
    if isinstance(branch.rules, Unread):
        return not_known("ship-allowed", place, branch.rules, where=where)
    stopping, unknown = blockers(branch, None if isinstance(app, Unread) else app)
    if stopping:
        listed = "; ".join(stopping)
        return Finding(
            check="ship-allowed",
            place=place,
            state="wrong",
            found=f"the factory cannot push what passed: {listed}",
            where=where,
            mend="let the App pass by that rule (bypass list, always), or take the rule away",
        )
    if unknown:
        return not_known("ship-allowed", place, unknown, where=where)
    if isinstance(branch.protection, Unread):
        return not_known("ship-allowed", place, branch.protection, where=where)
    return Finding(
        check="ship-allowed",
        place=place,
        state="ok",
        found="no rule keeps the factory from pushing what passed",
        where=where,
    )


def _unread(branch: Branch) -> Unread | None:
    """What of the branch's rules could not be seen."""
    seen = (branch.rules, branch.protection)
    return next((one for one in seen if isinstance(one, Unread)), None)


def _gate(facts: Facts, branch: Branch) -> Finding:
    name = facts.places.specs
    where = links.of_repository(facts.places, name, "rules")
    place = f"{name} {branch.name}"
    checks = [one for one in required(branch) if one.context == GATE]
    from_actions = [one for one in checks if one.app == facts.actions_app]
    unread = _unread(branch)
    state: State
    if from_actions:
        state, found = "ok", f"`{GATE}` is required, from GitHub Actions"
    elif unread:
        return not_known("gate-required", place, unread, where=where, needed=False)
    elif not checks:
        state, found = "wrong", f"`{GATE}` is not required: a spec with open ends may be merged"
    elif isinstance(facts.actions_app, Unread):
        return not_known("gate-required", place, facts.actions_app, where=where, needed=False)
    else:
        state, found = "wrong", f"`{GATE}` is not pinned to GitHub Actions"
    return Finding(
        check="gate-required",
        place=place,
        state=state,
        found=found,
        needed=False,
        where=where,
        mend=f"a ruleset for `{branch.name}` that requires `{GATE}`, source GitHub Actions",
    )


def _owners(facts: Facts, branch: Branch) -> Finding:
    name, check = facts.places.specs, "owners-agree"
    where = links.of_repository(facts.places, name, "rules")
    place = f"{name} {branch.name}"
    agree = owners_agree(branch)
    unread = _unread(branch)
    if not agree and unread:
        return not_known(check, place, unread, where=where)
    return Finding(
        check=check,
        place=place,
        state="ok" if agree else "wrong",
        found="a code owner agrees to what is merged"
        if agree
        else "no code owner has to agree: whoever may write to the specs can merge a workflow that "
        "reads the holdouts' key",
        where=where,
        mend=f"a ruleset for `{branch.name}` that requires a pull request with a review from code "
        "owners; `factory init --github` makes it",
    )
