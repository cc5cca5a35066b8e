"""Environments: there, and open to the base branch alone."""

from __future__ import annotations

from collections.abc import Iterator

from factory.forge.settings import Absence, Unread
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
        there = found.get(name)
        if there is not None and there.protected:
            yield _protected(facts, name)
        else:
            yield _restricted(facts, name, there, base)


def _protected(facts: Facts, name: str) -> Finding:
    """`Protected branches only`: where no branch has a protection, GitHub lets every branch.

    That is the classic protection; rulesets are none.
    """
    place = f"{facts.places.specs} {name}"
    where = links.of_repository(facts.places, facts.places.specs, "environments")
    branch = facts.branches.get(facts.places.specs)
    protection = branch.protection if branch else Unread("administration: read", "not asked for")
    if isinstance(protection, Unread):
        return not_known("environment", place, protection, where=where)
    bare = isinstance(protection, Absence)
    return Finding(
        check="environment",
        place=place,
        state="wrong" if bare else "ok",
        found="for protected branches alone, and the base branch has no branch protection: without "
        "any, every branch may use it"
        if bare
        else "for protected branches alone",
        where=where,
        mend="choose `Selected branches` there, with the base branch and no other",
    )


def _restricted(facts: Facts, name: str, there: Environment | None, base: str) -> Finding:
    where = links.of_repository(facts.places, facts.places.specs, "environments")
    mend = f"choose `Selected branches` there, with the rule `{base}` and no other"
    if there is None:
        trouble, mend = "it does not exist", f"make the environment {name}; {mend}"
    elif there.branches is None:
        trouble = "every branch may use it, so whoever may push a branch can take its secrets"
    elif not there.branches:
        trouble = f"no branch may use it, so the job never starts on {base}"
    elif base not in there.branches:
        trouble = f"{base} may not use it, only {', '.join(there.branches)}"
    elif extra := [one for one in there.branches if not _base(one, base)]:
        trouble = f"besides {base} these may use it: {', '.join(extra)}"
    else:
        return Finding(
            check="environment",
            place=f"{facts.places.specs} {name}",
            state="ok",
            found=f"for {base} alone",
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
