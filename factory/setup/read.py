"""Ask GitHub for everything that the checks decide on; nothing is written and nothing judged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

from factory.errors import AuthenticationError, FactoryError
from factory.forge.identity import Credential
from factory.forge.sealing import public_half
from factory.forge.settings import ABSENT, Absence, Seen, Settings, Unread
from factory.forge.whoami import Aim, Holder, as_app, holder, may
from factory.setup.facts import (
    AppFacts,
    Branch,
    DeployKey,
    Environment,
    Facts,
    Places,
    Policies,
    Probe,
    Repository,
)
from factory.setup.names import (
    APP_ID,
    APP_KEY,
    ENVIRONMENTS,
    KNOWN_HOSTS,
    PUSH_TOKEN,
    READ_TOKEN,
    SCENARIOS_KEY,
)

METADATA = {"metadata": "read"}
ADMIN = {"administration": "read"}
ACTIONS = {"actions": "read"}
ORGANISATION = {"organization_administration": "read"}


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
    repositories = {name: repository(settings, name) for name in names}
    specs = repositories[places.specs]
    bases = {one.repository: one.base_branch for one in places.products}
    branches = {name: branch(settings, name, base) for name, base in bases.items()}
    if isinstance(specs, Repository):
        branches.setdefault(places.specs, branch(settings, places.specs, specs.default_branch))
    at = f"/repos/{places.specs}/actions"
    secret = {"secrets": "read"}
    return Facts(
        places=places,
        holders=tuple(holders.values()),
        app=app,
        probes=(*_jobs(settings, places, holders), *_probes(settings, places, env)),
        repositories=repositories,
        branches=branches,
        environments=environments(settings, places.specs),
        secrets=_names(settings, places.specs, f"{at}/secrets", secret),
        organisation_secrets=_names(settings, places.specs, f"{at}/organization-secrets", secret),
        variables=_variables(
            settings, places.specs, f"{at}/variables", {"actions_variables": "read"}
        ),
        deploy_keys=deploy_keys(settings, places.scenarios),
        policies=_policies(settings, places, specs),
        published_hosts=published_hosts(settings, places.specs),
        actions_app=actions_app(settings, places.specs),
        scenarios_public_half=_public_half(env),
        known_hosts=env.get(KNOWN_HOSTS, ""),
    )


def repository(settings: Settings, name: str) -> Seen[Repository | Absence]:
    """The repository; `ABSENT` where it is not there or may not be known of."""
    body = settings.read(name, f"/repos/{name}", METADATA, absent=())
    if isinstance(body, Unread | Absence):
        return body
    return Repository(
        name=body["full_name"],
        private=bool(body["private"]),
        default_branch=body["default_branch"],
        owner_kind=body["owner"]["type"],
        archived=bool(body.get("archived")),
    )


def branch(settings: Settings, name: str, base: str) -> Branch:
    """The rules for one branch, and who may pass by them."""
    place = f"/repos/{name}/rules/branches/{quote(base, '')}"
    rules = settings.read(name, place, METADATA, rows="")
    bypass: dict[int, Seen[tuple[Mapping[str, Any], ...]]] = {}
    if not isinstance(rules, Unread):
        for number in dict.fromkeys(one["ruleset_id"] for one in rules if "ruleset_id" in one):
            one = settings.read(name, f"/repos/{name}/rulesets/{int(number)}", ADMIN)
            if isinstance(one, Mapping) and "bypass_actors" in one:
                bypass[number] = tuple(one["bypass_actors"])
            else:  # GitHub leaves them out where the token may not change the ruleset.
                told = one.told if isinstance(one, Unread) else "GitHub does not show who may"
                bypass[number] = Unread("administration: write", told)
        rules = tuple(rules)
    protection = settings.read(
        name,
        f"/repos/{name}/branches/{quote(base, '')}/protection",
        ADMIN,
        absent=("Branch not protected", "Branch not found"),
    )
    return Branch(name=base, rules=rules, protection=protection, bypass=bypass)


def environments(settings: Settings, name: str) -> Seen[Mapping[str, Environment]]:
    """The factory's environments that are there, with the names of their secrets."""
    place = f"/repos/{name}/environments"
    listed = settings.read(name, place, ACTIONS, rows="environments")
    if isinstance(listed, Unread):
        return listed
    found = {}
    for body in listed:
        if body["name"] not in ENVIRONMENTS:
            continue
        policy = body.get("deployment_branch_policy")
        at = f"{place}/{quote(body['name'], '')}"
        branches: tuple[str, ...] | None = None
        if policy and policy["custom_branch_policies"]:
            names = settings.read(
                name, f"{at}/deployment-branch-policies", ACTIONS, rows="branch_policies"
            )
            if isinstance(names, Unread):
                return names
            branches = tuple(one["name"] for one in names if one.get("type", "branch") == "branch")
        elif policy:
            branches = ()
        kinds = {one["type"] for one in body.get("protection_rules", ())}
        right = {"environments": "read"}
        found[body["name"]] = Environment(
            name=body["name"],
            branches=branches,
            protected=bool(policy and policy["protected_branches"]),
            guarded=bool(kinds - {"branch_policy"}),
            secrets=_names(settings, name, f"{at}/secrets", right),
            variables=_variables(settings, name, f"{at}/variables", right),
        )
    return found


def deploy_keys(settings: Settings, name: str) -> Seen[tuple[DeployKey, ...]]:
    """The deploy keys of a repository."""
    rows = settings.read(name, f"/repos/{name}/keys", ADMIN, rows="")
    if isinstance(rows, Unread):
        return rows
    return tuple(
        DeployKey(
            title=one["title"],
            key=" ".join(one["key"].split()[:2]),
            read_only=bool(one["read_only"]),
            enabled=one.get("enabled") is not False,
        )
        for one in rows
    )


def published_hosts(settings: Settings, name: str) -> Seen[tuple[str, ...]]:
    """The host keys that the server itself publishes over its API, `TYPE BASE64` each."""
    body = settings.read(name, "/meta", METADATA)
    if isinstance(body, Unread):
        return body
    keys = body.get("ssh_keys")
    return tuple(keys) if keys else Unread("any token", f"{settings.api}/meta lists no host keys")


def actions_app(settings: Settings, name: str) -> Seen[int]:
    """The id of the App that GitHub Actions is on this server."""
    body = settings.read(name, "/apps/github-actions", METADATA)
    return body if isinstance(body, Unread) else int(body["id"])


def _policies(settings: Settings, places: Places, specs: Seen[Repository | Absence]) -> Policies:
    name = places.specs
    at = f"/repos/{name}/actions/permissions"
    owner = places.scenarios.partition("/")[0]
    keys: Seen[bool | None] = None
    of_organisation: Seen[Any] = ABSENT
    if not isinstance(specs, Repository) or specs.owner_kind == "Organization":
        body = settings.read(places.scenarios, f"/orgs/{owner}", ORGANISATION)
        keys = (
            body if isinstance(body, Unread) else body.get("deploy_keys_enabled_for_repositories")
        )
        if keys is None:
            keys = Unread(
                "organization_administration: read", "GitHub shows this to the owners alone"
            )
        of_organisation = settings.read(
            name, f"/orgs/{name.partition('/')[0]}/actions/permissions", ORGANISATION
        )
    actions = settings.read(name, at, ADMIN)
    selected: Seen[Any] = ABSENT
    if not isinstance(actions, Unread) and actions.get("allowed_actions") == "selected":
        selected = settings.read(name, f"{at}/selected-actions", ADMIN)
    return Policies(
        deploy_keys=keys,
        actions=actions,
        selected=selected,
        workflow=settings.read(name, f"{at}/workflow", ADMIN),
        organisation_actions=of_organisation,
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


def _names(
    settings: Settings, name: str, place: str, right: Mapping[str, str]
) -> Seen[frozenset[str]]:
    rows = settings.read(name, place, right, rows="secrets")
    return rows if isinstance(rows, Unread) else frozenset(one["name"] for one in rows)


def _variables(
    settings: Settings, name: str, place: str, right: Mapping[str, str]
) -> Seen[Mapping[str, str]]:
    rows = settings.read(name, place, right, rows="variables")
    return rows if isinstance(rows, Unread) else {one["name"]: one["value"] for one in rows}


def _public_half(env: Mapping[str, str]) -> Seen[str] | None:
    text = env.get(SCENARIOS_KEY, "")
    if not text.strip():
        return None
    try:
        return public_half(text)
    except AuthenticationError as error:
        return Unread("a private key", error.message)
