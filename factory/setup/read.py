"""Ask GitHub for everything that the checks decide on; nothing is written and nothing judged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from factory.errors import AuthenticationError, FactoryError
from factory.forge.identity import Credential
from factory.forge.sealing import public_half
from factory.forge.settings import Seen, Settings, Unread
from factory.forge.whoami import Aim, Holder, as_app, holder, may
from factory.setup import reading
from factory.setup.facts import AppFacts, Facts, Places, Probe, Repository
from factory.setup.names import (
    APP_ID,
    APP_KEY,
    HOLDING_BRANCH,
    KNOWN_HOSTS,
    PUSH_TOKEN,
    READ_TOKEN,
    SCENARIOS_KEY,
)
from factory.setup.owner import is_person, policies


def read(settings: Settings, places: Places, env: Mapping[str, str]) -> Facts:
    """All facts about `places`, as far as the credentials of `env` may see them.

    Raises:
        ForgeError: GitHub does not answer at all.
    """
    # First, so that a GitHub that is down ends this at once.
    asking = _tokens(env, "FACTORY_TOKEN", "GITHUB_TOKEN")
    holders = {one: holder(settings, one) for one in asking}
    app = _app(settings, places, env)
    names = dict.fromkeys(
        [places.specs, places.scenarios, *(one.repository for one in places.products)]
    )
    repositories = {name: reading.repository(settings, name) for name in names}
    specs = repositories[places.specs]
    bases = {one.repository: one.base_branch for one in places.products}
    branches = {name: reading.branch(settings, name, base) for name, base in bases.items()}
    if isinstance(specs, Repository):
        branches.setdefault(
            places.specs, reading.branch(settings, places.specs, specs.default_branch)
        )
    at = f"/repos/{places.specs}/actions"
    secret = {"secrets": "read"}
    return Facts(
        places=places,
        holders=tuple(holders.values()),
        app=app,
        probes=(*_jobs(settings, places, holders), *_probes(settings, places, env)),
        repositories=repositories,
        branches=branches,
        holding={}
        if places.alone
        else {name: reading.branch(settings, name, HOLDING_BRANCH) for name in bases},
        environments=reading.environments(settings, places.specs),
        secrets=reading.secret_names(settings, places.specs, f"{at}/secrets", secret),
        organisation_secrets=reading.secret_names(
            settings, places.specs, f"{at}/organization-secrets", secret
        ),
        variables=reading.variables(
            settings, places.specs, f"{at}/variables", {"actions_variables": "read"}
        ),
        deploy_keys=reading.deploy_keys(settings, places.scenarios),
        people={name: reading.people(settings, name) for name in names},
        owners=reading.owners(
            settings, places.scenarios, person=is_person(repositories[places.scenarios])
        ),
        policies=policies(settings, places, repositories),
        published_hosts=reading.published_hosts(settings, places.specs),
        actions_app=reading.actions_app(settings, places.specs),
        scenarios_public_half=_public_half(env),
        known_hosts=env.get(KNOWN_HOSTS, ""),
    )


def _app(settings: Settings, places: Places, env: Mapping[str, str]) -> AppFacts | None:
    app_id, key = env.get(APP_ID, ""), env.get(APP_KEY, "")
    if not app_id or not key:
        return None
    names = dict.fromkeys([*(one.repository for one in places.products), places.scenarios])
    try:
        told = as_app(settings, app_id, key, "/app")
    except AuthenticationError as error:
        return AppFacts(app_id=app_id, told=Unread("its key", error.message), installed={})
    installed = {
        name: as_app(settings, app_id, key, f"/repos/{name}/installation") for name in names
    }
    return AppFacts(app_id=app_id, told=told, installed=installed)


def _jobs(
    settings: Settings, places: Places, holders: Mapping[Credential, Holder]
) -> Iterable[Probe]:
    """What a job's own token may in its repository; of a person's it says nothing."""
    for credential, one in holders.items():
        if one.kind == "installation":
            yield _probe(settings, credential, places.specs, "push")


def _probes(settings: Settings, places: Places, env: Mapping[str, str]) -> Iterable[Probe]:
    products = tuple(dict.fromkeys(one.repository for one in places.products))
    for credential in _tokens(env, READ_TOKEN, PUSH_TOKEN):
        what: Aim = "read" if credential.source == READ_TOKEN else "push"
        for name in products:
            yield _probe(settings, credential, name, what)
        yield _probe(settings, credential, places.scenarios, "read")


def _probe(settings: Settings, credential: Credential, name: str, what: Aim) -> Probe:
    try:
        answer: Seen[bool] = may(settings, credential, name, what)
    except FactoryError as error:
        answer = Unread("an answer of the server", error.message)
    return Probe(source=credential.source, repository=name, what=what, may=answer)


def _tokens(env: Mapping[str, str], *names: str) -> list[Credential]:
    return [Credential(name, env[name]) for name in names if env.get(name)]


def _public_half(env: Mapping[str, str]) -> Seen[str] | None:
    text = env.get(SCENARIOS_KEY, "")
    if not text.strip():
        return None
    try:
        return public_half(text)
    except AuthenticationError as error:
        return Unread("a private key", error.message)
