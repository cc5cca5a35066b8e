"""One setting at a time, read from GitHub into the form that is decided on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from factory.forge.settings import Absence, Seen, Settings, Unread
from factory.setup.facts import Branch, DeployKey, Environment, Person, Repository
from factory.setup.names import ENVIRONMENTS

METADATA = {"metadata": "read"}
ADMIN = {"administration": "read"}
ACTIONS = {"actions": "read"}
MEMBERS = {"members": "read"}


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
        internal=body.get("visibility") == "internal",
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
            branches = tuple(_pattern(one) for one in names)
        elif policy:
            branches = ()
        kinds = {one["type"] for one in body.get("protection_rules", ())}
        right = {"environments": "read"}
        found[body["name"]] = Environment(
            name=body["name"],
            branches=branches,
            protected=bool(policy and policy["protected_branches"]),
            guarded=bool(kinds - {"branch_policy"}),
            secrets=secret_names(settings, name, f"{at}/secrets", right),
            variables=variables(settings, name, f"{at}/variables", right),
        )
    return found


def _pattern(policy: Mapping[str, Any]) -> str:
    """Who may use an environment: a pattern of branches, or of tags, which anyone may push."""
    kind = policy.get("type") or "branch"
    return str(policy["name"]) if kind == "branch" else f"{kind} {policy['name']}"


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


def people(settings: Settings, name: str) -> Seen[tuple[Person, ...]]:
    """Everybody who may use a repository: invited, by a team, as a member, or as an owner."""
    rows = settings.read(name, f"/repos/{name}/collaborators", METADATA, rows="")
    if isinstance(rows, Unread):
        return rows
    may = {one["login"].lower(): one.get("permissions") or {} for one in rows}
    return tuple(
        Person(login=login, pushes=bool(one.get("push")), administers=bool(one.get("admin")))
        for login, one in may.items()
    )


def owners(settings: Settings, name: str, *, person: bool) -> Seen[frozenset[str]]:
    """The logins, in lower case, of those who own the owner of a repository: it, if a person."""
    owner = name.partition("/")[0]
    if person:
        return frozenset({owner.lower()})
    rows = settings.read(name, f"/orgs/{owner}/members?role=admin", MEMBERS, rows="")
    return rows if isinstance(rows, Unread) else frozenset(one["login"].lower() for one in rows)


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


def secret_names(
    settings: Settings, name: str, place: str, right: Mapping[str, str]
) -> Seen[frozenset[str]]:
    """The names of the secrets at `place`; their values cannot be read."""
    rows = settings.read(name, place, right, rows="secrets")
    return rows if isinstance(rows, Unread) else frozenset(one["name"] for one in rows)


def variables(
    settings: Settings, name: str, place: str, right: Mapping[str, str]
) -> Seen[Mapping[str, str]]:
    """The variables at `place`."""
    rows = settings.read(name, place, right, rows="variables")
    return rows if isinstance(rows, Unread) else {one["name"]: one["value"] for one in rows}
