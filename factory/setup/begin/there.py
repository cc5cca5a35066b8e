"""What is on GitHub already of the factory that is wanted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from factory.config.factory_file import FILE_NAME
from factory.config.yaml_source import parse_yaml
from factory.errors import AuthenticationError, ConfigurationError, FactoryError
from factory.forge.address import full_name
from factory.forge.settings import Absence, Seen, Settings, Unread
from factory.forge.whoami import git_environment
from factory.ports.git import tree
from factory.ports.scratch import scratch
from factory.setup import reading
from factory.setup.begin.wanted import Wanted
from factory.setup.facts import Branch, DeployKey, Environment, Person, Repository

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class There:
    """What was found; the rest of a repository that is absent is empty.

    `empty`: repositories without a commit. `named`: what factory.yml on the default branch of the
    specs repository names as product and scenarios; None where there is none. `people`: who may
    use each empty repository that would be taken over, besides the owners and whoever asks.
    """

    repositories: Mapping[str, Repository | None]
    empty: frozenset[str]
    named: frozenset[str] | None
    labels: frozenset[str] = frozenset()
    environments: Mapping[str, Environment] = field(default_factory=dict)
    variables: Mapping[str, str] = field(default_factory=dict)
    keys: tuple[DeployKey, ...] = ()
    branches: Mapping[str, Branch] = field(default_factory=dict)
    rulesets: Mapping[str, Mapping[str, Seen[Mapping[str, Any]]]] = field(default_factory=dict)
    actions_app: Seen[int] = 0
    published_hosts: Seen[tuple[str, ...]] = ()
    owner_is_person: bool = False
    people: Mapping[str, Seen[tuple[Person, ...]]] = field(default_factory=dict)


def look(settings: Settings, wanted: Wanted) -> There:
    """Read what is there.

    Raises:
        AuthenticationError: a right is missing, the message says which.
        ForgeError: GitHub did not answer.
    """
    repositories = {name: _repository(settings, name) for name in wanted.kinds}
    empty = frozenset(
        name for name, one in repositories.items() if one and _is_empty(settings, name)
    )
    owner = known(
        settings.read(wanted.specs, f"/users/{wanted.owner}", reading.METADATA), wanted.owner
    )
    there = {name: one for name, one in repositories.items() if one}
    specs, scenarios = wanted.specs, wanted.scenarios
    labels, variables = f"/repos/{specs}/labels", f"/repos/{specs}/actions/variables"
    begun = {name for name in (specs, wanted.repository) if name in there}
    found: dict[str, Any] = {}
    if specs in there:
        right = {"actions_variables": "read"}
        found = {
            "labels": frozenset(one["name"] for one in _rows(settings, specs, labels, "issues")),
            "environments": known(reading.environments(settings, specs), specs),
            "variables": {
                one["name"]: one["value"]
                for one in known(settings.read(specs, variables, right, rows="variables"), specs)
            },
        }
    if scenarios in there:
        found["keys"] = known(reading.deploy_keys(settings, scenarios), scenarios)
    return There(
        repositories=repositories,
        empty=empty,
        named=_named(settings, wanted, repositories[specs], empty),
        branches={
            name: reading.branch(settings, name, there[name].default_branch) for name in begun
        },
        rulesets={name: _rulesets(settings, name) for name in begun},
        actions_app=reading.actions_app(settings, specs),
        published_hosts=reading.published_hosts(settings, specs),
        owner_is_person=owner["type"] == "User",
        people={
            name: _people(settings, name, person=owner["type"] == "User")
            for name in sorted(empty)
            if not wanted.adopt
        },
        **found,
    )


def _people(settings: Settings, name: str, *, person: bool) -> Seen[tuple[Person, ...]]:
    """Those who may use a repository, but for the owners and for whose token it is."""
    seen, owners = reading.people(settings, name), reading.owners(settings, name, person=person)
    if isinstance(seen, Unread):
        return seen
    if isinstance(owners, Unread):
        return owners
    me = settings.read(name, "/user", reading.METADATA)  # An App is nobody.
    trusted = owners | (set() if isinstance(me, Unread) else {me["login"].lower()})
    return tuple(one for one in seen if one.login not in trusted)


def known(seen: Seen[T], place: str) -> T:
    """What was seen.

    Raises:
        AuthenticationError: it could not be.
    """
    if isinstance(seen, Unread):
        raise AuthenticationError(
            f"what is set in {place} cannot be seen: {seen.told}",
            mend=f"give a token with `{seen.right}` on {place} as GITHUB_TOKEN or FACTORY_TOKEN",
        )
    return seen


def _repository(settings: Settings, name: str) -> Repository | None:
    seen = reading.repository(settings, name)
    if isinstance(seen, Absence):
        return None
    return known(seen, name)


def _is_empty(settings: Settings, name: str) -> bool:
    return not _rows(settings, name, f"/repos/{name}/branches", "contents")


def _rows(settings: Settings, name: str, place: str, right: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = known(settings.read(name, place, {right: "read"}, rows=""), name)
    return rows


def _rulesets(settings: Settings, name: str) -> dict[str, Seen[Mapping[str, Any]]]:
    """Rulesets by name; where the plan has none there are none, and making one will say so."""
    place = f"/repos/{name}/rulesets"
    rows = settings.read(name, place, reading.METADATA, rows="")
    if isinstance(rows, Unread):
        return {}
    return {
        one["name"]: settings.read(name, f"{place}/{int(one['id'])}", reading.METADATA)
        for one in rows
    }


def _named(
    settings: Settings, wanted: Wanted, specs: Repository | None, empty: frozenset[str]
) -> frozenset[str] | None:
    """What the specs repository says is its product and its scenarios."""
    if specs is None or specs.name in empty:
        return None
    env = git_environment(settings, specs.name, "read", {"contents": "read"})
    ref = f"refs/heads/{specs.default_branch}"
    with scratch("specs") as folder:
        bare = tree.mirror(
            settings.clone_url(specs.name), folder / "git", refs=[ref], env=env, depth=1
        )
        commit = tree.resolve(bare, ref)
        blob = tree.list_blobs(bare, commit).get(FILE_NAME)
        if blob is None:
            return None
        text = tree.read_blob(bare, blob).decode("utf-8", "replace")
    try:
        data = parse_yaml(text, path=FILE_NAME, error=ConfigurationError).data
        texts = [data["scenarios"]["repository"]]
        texts += [one["repository"] for one in data["products"].values() if "repository" in one]
    except (FactoryError, KeyError, TypeError, AttributeError):
        return None
    names = [full_name(one, settings.server) for one in texts if isinstance(one, str)]
    return frozenset(one for one in names if one)
