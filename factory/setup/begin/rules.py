"""Steps about branch rules: which check is required, and from whom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from factory.forge.settings import Unread
from factory.setup.begin.step import Step
from factory.setup.begin.there import There
from factory.setup.begin.wanted import (
    GATE_RULESET,
    LEDGER_RULESET,
    OWNERS_RULESET,
    VERDICT_RULESET,
    Wanted,
    gate_ruleset,
    holding_rulesets,
    ledger_ruleset,
    owners_ruleset,
    verdict_ruleset,
)
from factory.setup.checks.branches import Required, owners_agree, required
from factory.setup.names import GATE, PUSH, VERDICT, pushes_by_token


def rulesets(wanted: Wanted, there: There) -> Iterator[Step]:
    """The gate and the code owners on the specs, their ledger, and those of the product."""
    app = there.actions_app
    if isinstance(app, Unread):
        yield Step(
            kind="ruleset",
            repository=wanted.specs,
            what=f"`{GATE}` required in {wanted.specs}, from GitHub Actions",
            state="differs",
            mend=f"the App of GitHub Actions cannot be seen ({app.told}): make the rule by hand",
        )
    else:
        what = f"`{GATE}` required in {wanted.specs}, from GitHub Actions"
        body = gate_ruleset(app)
        yield _ruleset(wanted.specs, there, what, GATE_RULESET, Required(GATE, app), body)
    specs = there.branches.get(wanted.specs)
    yield _step(
        wanted.specs,
        there,
        f"a code owner agrees to what is merged in {wanted.specs}",
        OWNERS_RULESET,
        owners_ruleset(),
        fulfilled=specs is not None and owners_agree(specs),
    )
    body = ledger_ruleset()
    kept = there.rulesets.get(wanted.specs, {}).get(LEDGER_RULESET)
    yield _step(
        wanted.specs,
        there,
        f"the ledger of {wanted.specs} is only added to",
        LEDGER_RULESET,
        body,
        fulfilled=isinstance(kept, Mapping)
        and all(kept.get(key) == body[key] for key in ("enforcement", "conditions", "rules")),
    )
    what = f"`{VERDICT}` required in {wanted.repository}"
    if wanted.app_id is None:
        yield Step(
            kind="ruleset",
            repository=wanted.repository,
            what=what,
            state="differs",
            mend="make a GitHub App (docs/setup.md), then run this again with --app-id ID",
        )
        return
    needed = Required(VERDICT, wanted.app_id)
    what = f"{what}, from the App {wanted.app_id}"
    body = verdict_ruleset(wanted.app_id)
    yield _ruleset(wanted.repository, there, what, VERDICT_RULESET, needed, body)
    yield from _holding(wanted, there, wanted.push_app_id or wanted.app_id)


def _holding(wanted: Wanted, there: There, app: int) -> Iterator[Step]:
    name = wanted.repository
    environment = there.environments.get(PUSH)
    secrets = environment.secrets if environment else frozenset()
    by_token = not isinstance(secrets, Unread) and pushes_by_token(secrets)
    for body, what in zip(
        holding_rulesets(app),
        (f"the App {app} alone makes and moves", f"the App {app} and administrators alone delete"),
        strict=True,
    ):
        kept = there.rulesets.get(name, {}).get(body["name"])
        fulfilled = isinstance(kept, Mapping) and _says(kept) == _says(body)
        what = f"{what} holding branches of {name}"
        step = _step(name, there, what, body["name"], body, fulfilled=fulfilled)
        if by_token and step.state == "make":
            mend = f"{PUSH} pushes with a token, which no rule lets through: store an App's key"
            step = replace(step, state="differs", mend=mend)
        yield step


def _says(ruleset: Mapping[str, Any]) -> list[Any]:
    """What a ruleset does; GitHub adds parameters to its rules, and ids and dates."""
    actors = ruleset.get("bypass_actors") or ()
    return [
        ruleset.get("enforcement"),
        ruleset.get("conditions"),
        sorted(one["type"] for one in ruleset.get("rules") or ()),
        sorted((one["actor_type"], one["actor_id"], one["bypass_mode"]) for one in actors),
    ]


def _ruleset(
    repository: str, there: There, what: str, name: str, needed: Required, body: dict[str, Any]
) -> Step:
    """There where any rule asks for it; else made, unless one of this name says otherwise."""
    branch = there.branches.get(repository)
    fulfilled = branch is not None and needed in required(branch)
    return _step(repository, there, what, name, body, fulfilled=fulfilled)


def _step(
    repository: str, there: There, what: str, name: str, body: dict[str, Any], *, fulfilled: bool
) -> Step:
    same_name = there.rulesets.get(repository, {}).get(name)
    differs = not fulfilled and same_name is not None
    return Step(
        kind="ruleset",
        repository=repository,
        what=what,
        state="there" if fulfilled else "differs" if differs else "make",
        data=body,
        mend=f"the ruleset `{name}` is there, and is off or asks for something else: change or "
        "delete it"
        if differs
        else "",
    )
