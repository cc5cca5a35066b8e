"""Facts of a place on GitHub where all is well, for tests to change."""

from __future__ import annotations

from dataclasses import replace

from factory.forge.sealing import new_deploy_key
from factory.forge.settings import ABSENT, Unread
from factory.forge.ssh import GITHUB_KNOWN_HOSTS
from factory.forge.whoami import Holder
from factory.setup.checks import findings
from factory.setup.facts import (
    AppFacts,
    Branch,
    DeployKey,
    Environment,
    Facts,
    Person,
    Places,
    Policies,
    Product,
    Repository,
)
from factory.setup.finding import Finding

KEY = new_deploy_key()[1]
DARK = Unread("administration: read", "403 Resource not accessible")
PLACES = Places(
    server="https://github.com", specs="acme/specs", scenarios="acme/scenarios",
    products=(Product(name="shop", repository="acme/shop", base_branch="main"),),
    keys=("ANTHROPIC_API_KEY",), calls=frozenset({"factory", "spec-gate"}),
)  # fmt: skip


def check_rule(context: str, app: int | None, number: int = 1) -> dict:
    one = {"context": context} | ({"integration_id": app} if app else {})
    parameters = {"required_status_checks": [one]}
    return {"type": "required_status_checks", "parameters": parameters, "ruleset_id": number}


def environment(name: str, *secrets: str) -> Environment:
    return Environment(name=name, branches=("main",), secrets=frozenset(secrets))


def repository(name: str, private: bool = True) -> Repository:
    return Repository(name=name, private=private, default_branch="main")


OWNERS_RULE = {
    "type": "pull_request", "ruleset_id": 2, "parameters": {"require_code_owner_review": True},
}  # fmt: skip
PUSHES = {"actor_type": "Integration", "actor_id": 7, "bypass_mode": "always"}
VERDICT_RULE = check_rule("factory / verdict", 7)
SHOP = Branch(name="main", rules=(VERDICT_RULE,), protection=ABSENT, bypass={1: ()})
PUBLISHED = tuple(" ".join(line.split()[1:]) for line in GITHUB_KNOWN_HOSTS.splitlines())
GOOD = Facts(
    places=PLACES,
    holders=(Holder(source="GITHUB_TOKEN", kind="scopes", login="ann", scopes=("repo",)),),
    app=AppFacts(
        app_id="7",
        told={"slug": "acme-factory"},
        installed={
            "acme/shop": {"permissions": {"contents": "write", "checks": "write"}},
            "acme/scenarios": ABSENT,
        },
    ),
    probes=(),
    repositories={name: repository(name) for name in ("acme/specs", "acme/scenarios", "acme/shop")},
    branches={
        "acme/shop": SHOP,
        "acme/specs": Branch(
            name="main",
            rules=(check_rule("factory / gate", 15368), OWNERS_RULE),
            protection=ABSENT,
        ),
    },
    holding={
        "acme/shop": Branch(
            name="factory/hold/any/run",
            rules=tuple(
                {"type": kind, "ruleset_id": number}
                for kind, number in (("creation", 3), ("update", 3), ("deletion", 4))
            ),
            protection=ABSENT,
            bypass={3: (PUSHES,), 4: (PUSHES,)},
        ),
    },
    environments={
        one.name: one
        for one in (
            environment("factory-build", "ANTHROPIC_API_KEY"),
            environment("factory-evaluate", "FACTORY_SCENARIOS_KEY"),
            environment("factory-push", "FACTORY_APP_PRIVATE_KEY"),
            environment("factory-verdict", "FACTORY_APP_PRIVATE_KEY"),
        )
    },
    secrets=frozenset({"FACTORY_READ_TOKEN"}),
    organisation_secrets=frozenset(),
    variables={"FACTORY_APP_ID": "7"},
    deploy_keys=(DeployKey(title="k", key=KEY, read_only=True),),
    people={
        "acme/specs": (Person(login="eve", pushes=True),),
        "acme/shop": (),
        "acme/scenarios": (Person(login="sam", pushes=True), Person(login="ann", administers=True)),
    },
    owners=frozenset({"own"}),
    policies=Policies(
        deploy_keys=True,
        members="none",
        shared={"access_level": "none"},
        actions={"enabled": True, "allowed_actions": "all"},
        selected=ABSENT,
        workflow={
            "default_workflow_permissions": "read", "can_approve_pull_request_reviews": False,
        },
        organisation_actions={"enabled_repositories": "all"},
    ),
    published_hosts=PUBLISHED,
    actions_app=15368,
    scenarios_public_half=KEY,
    known_hosts="",
)  # fmt: skip


def found(facts: Facts, check: str, place: str = "") -> Finding:
    """The one finding of a check; `place`: a part of its row's name, where it has several."""
    told = [one for one in findings(facts) if one.check == check]
    [one] = [one for one in told if place in one.to_row()["name"]]
    return one


def with_policy(**changes: object) -> Facts:
    return replace(GOOD, policies=replace(GOOD.policies, **changes))


def with_environment(name: str, **changes: object) -> Facts:
    assert isinstance(GOOD.environments, dict)
    one = replace(GOOD.environments[name], **changes)
    return replace(GOOD, environments={**GOOD.environments, name: one})


def with_branch(name: str = "acme/shop", **changes: object) -> Facts:
    return replace(GOOD, branches={**GOOD.branches, name: replace(GOOD.branches[name], **changes)})
