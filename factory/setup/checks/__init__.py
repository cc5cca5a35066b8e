"""Every check of `factory doctor --github`; pure: the same facts give the same findings."""

from __future__ import annotations

from collections.abc import Iterator

from factory.setup.checks import (
    app,
    branches,
    deploy_key,
    environments,
    holding,
    identity,
    people,
    policies,
    repositories,
    secrets,
    workflows,
)
from factory.setup.facts import Facts
from factory.setup.finding import Finding


def findings(facts: Facts) -> Iterator[Finding]:
    """All findings, what is well among them, in the order in which to mend them."""
    yield from identity.check(facts)
    yield from app.check(facts)
    yield from repositories.check(facts)
    yield from people.check(facts)
    yield from policies.check(facts)
    yield from deploy_key.check(facts)
    yield from workflows.check(facts)
    yield from environments.check(facts)
    yield from secrets.check(facts)
    yield from branches.check(facts)
    yield from holding.check(facts)


def exit_code(found: list[Finding]) -> int:
    """0: all that is needed is well; 2: something is wrong; 5: nothing is, but not all is known."""
    states = {one.state for one in found if one.needed}
    return 2 if "wrong" in states else 5 if "not-known" in states else 0
