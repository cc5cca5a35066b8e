"""Secrets and variables of each environment's job, by name; and those that lie too open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from factory.forge.address import DEFAULT_SERVER
from factory.forge.settings import Unread
from factory.setup import links
from factory.setup.facts import Environment, Facts, Repository
from factory.setup.finding import Finding, not_known
from factory.setup.names import (
    APP_ID,
    APP_KEY,
    ENVIRONMENTS,
    EVALUATE,
    KNOWN_HOSTS,
    MODEL_KEYS,
    PUSH_TOKEN,
    READ_TOKEN,
    SCENARIOS_KEY,
    STATUS_TOKEN,
)

# What has lines of its own is not typed at a prompt.
_FILES = {APP_KEY: "app.private-key.pem", SCENARIOS_KEY: "holdouts-key", KNOWN_HOSTS: "known-hosts"}

_HIDDEN = ", since the job plan has no environment and cannot see what lies in this one"


def check(facts: Facts) -> Iterator[Finding]:
    """The secrets of each environment that can be seen, then what lies too open."""
    if not isinstance(facts.environments, Unread):
        for name in (EVALUATE,) if facts.places.alone else ENVIRONMENTS:
            yield _secrets(facts, name, facts.environments.get(name))
    yield _open(facts)


def wanted(facts: Facts, name: str) -> tuple[tuple[str, ...], ...]:
    """The secrets of an environment; of each group one must be there."""
    products = [facts.repositories.get(one.repository) for one in facts.places.products]
    public = all(isinstance(one, Repository) and not one.private for one in products)
    read = () if public else ((READ_TOKEN,),)
    if name == "factory-build":
        return tuple((key,) for key in facts.places.keys) + read
    if name == "factory-push":
        return ((APP_KEY, PUSH_TOKEN),)
    if name == "factory-verdict":
        return ((APP_KEY, STATUS_TOKEN),)
    read = () if facts.places.alone else read
    own = facts.places.server != DEFAULT_SERVER
    return (((SCENARIOS_KEY,), (KNOWN_HOSTS,)) if own else ((SCENARIOS_KEY,),)) + read


def _secrets(facts: Facts, name: str, there: Environment | None) -> Finding:
    place = f"{facts.places.specs} {name}"
    repository = links.for_gh(facts.places.server, facts.places.specs)
    where = links.of_repository(facts.places, facts.places.specs, "environments")
    own = there.secrets if there else frozenset()
    hidden = frozenset() if isinstance(own, Unread) else own & {READ_TOKEN}
    # The job plan reads products too, and has no environment: it sees none of an environment's.
    sources = (own if isinstance(own, Unread) else own - hidden, facts.secrets,
               facts.organisation_secrets)  # fmt: skip
    known = frozenset().union(*(one for one in sources if not isinstance(one, Unread)))
    lacking = [group for group in wanted(facts, name) if not known & set(group)]
    lost = next((one for one in sources if isinstance(one, Unread)), None)
    if lacking and lost:
        return not_known("secrets", place, lost, where=where)
    if lacking:
        lists = "; ".join(" or ".join(group) for group in lacking)
        return Finding(
            check="secrets",
            place=place,
            state="wrong",
            found=f"missing: {lists}{_HIDDEN if hidden else ''}",
            where=where,
            mend=" && ".join(_store(group[0], name, repository) for group in lacking),
        )
    if APP_KEY in known and name in ("factory-push", "factory-verdict"):
        variables = _app_variable(there, facts.variables)
        if isinstance(variables, Unread):
            return not_known("secrets", place, variables, where=where)
        if APP_ID not in variables:
            return Finding(
                check="secrets",
                place=place,
                state="wrong",
                found=f"{APP_KEY} is there, and the variable {APP_ID} is not",
                where=where,
                mend=f"gh variable set {APP_ID} --env {name} --repo {repository}",
            )
    named = ", ".join(sorted(known & {one for group in wanted(facts, name) for one in group}))
    return Finding(
        check="secrets", place=place, state="ok", found=named or "none is needed", where=where
    )


def _store(secret: str, environment: str, repository: str) -> str:
    """The command that stores a secret: in the environment, or for all jobs that read products."""
    place = "" if secret == READ_TOKEN else f" --env {environment}"
    source = f" < {_FILES[secret]}" if secret in _FILES else ""
    return f"gh secret set {secret}{place} --repo {repository}{source}"


def _app_variable(
    there: Environment | None, variables: Mapping[str, str] | Unread
) -> Mapping[str, str] | Unread:
    """The variables of an environment over those of its repository."""
    own = there.variables if there else {}
    if isinstance(own, Unread):
        return own
    if APP_ID in own:
        return own
    return variables if isinstance(variables, Unread) else {**variables, **own}


def app_id(facts: Facts, name: str) -> str | Unread | None:
    """The App of an environment's job: its variable, the repository's, else the one at hand.

    The holdout gate alone posts as GitHub Actions where it is given no App.
    """
    if isinstance(facts.environments, Unread):
        there = None
        found: Mapping[str, str] | Unread = facts.environments
    else:
        there = facts.environments.get(name)
        found = _app_variable(there, facts.variables)
    if not isinstance(found, Unread) and found.get(APP_ID):
        return found[APP_ID]
    if facts.app is not None:
        return facts.app.app_id
    if isinstance(found, Unread):
        return found
    if facts.places.alone:
        actions = facts.actions_app
        return actions if isinstance(actions, Unread) else str(actions)
    return None


def _open(facts: Facts) -> Finding:
    """Secrets of the whole repository, or of its organisation, that one job alone should hold."""
    place, check = facts.places.specs, "secrets-apart"
    where = links.of_repository(facts.places, place, "secrets")
    if isinstance(facts.secrets, Unread):
        return not_known(check, place, facts.secrets, where=where, needed=False)
    apart = {SCENARIOS_KEY, PUSH_TOKEN, STATUS_TOKEN, APP_KEY, *MODEL_KEYS}
    of_organisation = facts.organisation_secrets
    known = frozenset() if isinstance(of_organisation, Unread) else of_organisation
    loose = sorted(apart & (facts.secrets | known))
    if not loose and isinstance(of_organisation, Unread):
        return not_known(check, place, of_organisation, where=where, needed=False)
    return Finding(
        check=check,
        place=place,
        state="wrong" if loose else "ok",
        found=f"secrets of the whole repository: {', '.join(loose)}; every workflow on every "
        "branch can read them"
        if loose
        else "no key of one job is a secret of the whole repository",
        needed=False,
        where=where,
        mend="store each in the environment of its job (docs/github.md), then delete it here; "
        "without environment secrets in your plan this must stay",
    )
