"""Environments: there, and open to the base branch alone."""

from __future__ import annotations

from collections.abc import Iterator

from factory.forge.settings import Unread
from factory.setup import links
from factory.setup.facts import Environment, Facts, Repository
from factory.setup.finding import Finding, not_known
from factory.setup.names import ENVIRONMENTS, EVALUATE


def check(facts: Facts) -> Iterator[Finding]:
    """Each environment that line.yml names."""
    found = facts.environments
    specs = facts.repositories.get(facts.places.specs)
    base = specs.default_branch if isinstance(specs, Repository) else "main"
    for name in (EVALUATE,) if facts.places.alone else ENVIRONMENTS:
        if isinstance(found, Unread):
            where = links.of_repository(facts.places, facts.places.specs, "environments")
            yield not_known("environment", f"{facts.places.specs} {name}", found, where=where)
            continue
        yield _restricted(facts, name, found.get(name), base)


def _restricted(facts: Facts, name: str, there: Environment | None, base: str) -> Finding:
    where = links.of_repository(facts.places, facts.places.specs, "environments")
    mend = f"choose `Selected branches` there, with the rule `{base}` and no other"
    if there is None:
        trouble, mend = "it does not exist", f"make the environment {name}; {mend}"
    elif there.branches is None:
        trouble = "every branch may use it, so whoever may push a branch can take its secrets"
    elif not there.branches and not there.protected:
        trouble = f"no branch may use it, so the job never starts on {base}"
    elif there.branches and base not in there.branches:
        trouble = f"{base} may not use it, only {', '.join(there.branches)}"
    elif extra := [one for one in there.branches if not _base(one, base)]:
        trouble = f"besides {base} these may use it: {', '.join(extra)}"
    else:
        which = "protected branches" if there.protected else base
        return Finding(
            check="environment",
            place=f"{facts.places.specs} {name}",
            state="ok",
            found=f"for {which} alone",
            where=where,
        )
    return Finding(
        check="environment",
        place=f"{facts.places.specs} {name}",
        state="wrong",
        found=trouble,
        where=where,
        mend=mend,
    )


def _base(pattern: str, base: str) -> bool:
    """Whether a rule lets nothing in but the base branch and its merge queue."""
    return pattern == base or pattern == f"gh-readonly-queue/{base}/**"
