"""What `read` found on GitHub, in the form that the checks decide on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from factory.forge.settings import Absence, Seen
from factory.forge.whoami import Aim, Holder

Body = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Repository:
    """A repository as it is there. `owner_kind` is Organization or User.

    `internal`: every member of the enterprise may read it; GitHub calls it private all the same.
    """

    name: str
    private: bool
    default_branch: str
    owner_kind: str = "Organization"
    archived: bool = False
    internal: bool = False


@dataclass(frozen=True, kw_only=True)
class Environment:
    """`branches` that may use it, and tags as `tag PATTERN`: None for all; `protected` for those
    with a protection.

    `guarded`: it has reviewers or a timer.
    """

    name: str
    branches: tuple[str, ...] | None
    protected: bool = False
    guarded: bool = False
    secrets: Seen[frozenset[str]] = frozenset()
    variables: Seen[Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class DeployKey:
    """`key` is `TYPE BASE64`."""

    title: str
    key: str
    read_only: bool
    enabled: bool = True


@dataclass(frozen=True, kw_only=True)
class Person:
    """Who may use a repository, whichever way they came to it. `login` is in lower case."""

    login: str
    pushes: bool = False
    administers: bool = False


@dataclass(frozen=True, kw_only=True)
class Branch:
    """The rules for one branch: those of rulesets that are active, and its classic protection.

    `bypass` is who may pass by each ruleset, by its id.
    """

    name: str
    rules: Seen[tuple[Body, ...]]
    protection: Seen[Body | Absence]
    bypass: Mapping[int, Seen[tuple[Body, ...]]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Policies:
    """What an owner and a repository let GitHub Actions and deploy keys do.

    `deploy_keys` and `members` (what each member may do in every repository) are None where the
    owner is a person. `shared`: which other repositories' workflows may use the scenarios'.
    """

    deploy_keys: Seen[bool | None]
    members: Seen[str | None]
    shared: Seen[Body | Absence]
    actions: Seen[Body]
    selected: Seen[Body | Absence]
    workflow: Seen[Body]
    organisation_actions: Seen[Body | Absence]


@dataclass(frozen=True, kw_only=True)
class AppFacts:
    """The App at hand. `installed` has what it may do in each repository it was asked for.

    `told` is Unread, and `installed` empty, where GitHub does not take the key for the App's.
    """

    app_id: str
    told: Seen[Body]
    installed: Mapping[str, Seen[Body | Absence]]


@dataclass(frozen=True, kw_only=True)
class Probe:
    """Whether a token at hand may do something in a repository."""

    source: str
    repository: str
    what: Aim
    may: Seen[bool]


@dataclass(frozen=True, kw_only=True)
class Product:
    """A product as factory.yml names it."""

    name: str
    repository: str
    base_branch: str


@dataclass(frozen=True, kw_only=True)
class Places:
    """The repositories of one factory, owner/name each; `action` is where its action lives.

    `alone`: the product is the repository of factory.yml, and only the holdout gate is used.
    """

    server: str
    specs: str
    scenarios: str
    products: tuple[Product, ...]
    action: str = "acme/dark-factory"
    keys: tuple[str, ...] = ()
    """Names of the secrets that the agents of factory.yml need."""
    alone: bool = False
    calls: frozenset[str] | None = None
    """What workflows of the folder begin: `factory`, `spec-gate`, `holdouts`; None: not known."""


@dataclass(frozen=True, kw_only=True)
class Facts:
    """All that was found. A dictionary has an entry for each repository or environment.

    `holding` has the rules for a holding branch of each product, where there is a line.
    `people` has who may use each repository, `owners` who owns the one of the scenarios.
    """

    places: Places
    holders: tuple[Holder, ...]
    app: AppFacts | None
    probes: tuple[Probe, ...]
    repositories: Mapping[str, Seen[Repository | Absence]]
    branches: Mapping[str, Branch]
    holding: Mapping[str, Branch]
    environments: Seen[Mapping[str, Environment]]
    secrets: Seen[frozenset[str]]
    organisation_secrets: Seen[frozenset[str]]
    variables: Seen[Mapping[str, str]]
    deploy_keys: Seen[tuple[DeployKey, ...]]
    people: Mapping[str, Seen[tuple[Person, ...]]]
    owners: Seen[frozenset[str]]
    policies: Policies
    published_hosts: Seen[tuple[str, ...]]
    actions_app: Seen[int]
    scenarios_public_half: Seen[str] | None
    known_hosts: str
