"""What is found of which facts: a table of settings, and what no facts may ever lead to."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from factory.forge.settings import ABSENT
from factory.forge.whoami import Holder
from factory.setup import reading
from factory.setup.checks import exit_code, findings
from factory.setup.checks.secrets import wanted
from factory.setup.facts import DeployKey, Person, Probe
from factory.setup.names import ENVIRONMENTS, MODEL_KEYS
from tests.unit.setup.made import (
    DARK,
    GOOD,
    KEY,
    PLACES,
    PUSHES,
    SHOP,
    VERDICT_RULE,
    check_rule,
    found,
    repository,
    with_branch,
    with_environment,
    with_policy,
)

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs" / "doctor.md"
LEAKED_RSA = """\
github.com ssh-rsa \
AAAAB3NzaC1yc2EAAAABIwAAAQEAq2A7hRGmdnm9tUDbO9IDSwBK6TbQa+PXYPCPy6rbTrTtw7PHkccKrpp0yVhp5HdEIcKr6p\
LlVDBfOLX9QUsyCOV0wzfjIJNlGEYsdlLJizHhbn2mUjvSAHQqZETYP81eFzLQNnPHt4EVVUh7VfDESU84KezmD5QlWpXLmvU3\
1/yMf+Se8xhHTvKSCZIFImWwoG6mbUoWf9nzpIoaSjB+weqqUUmpaaasXVal72J+UX2B+2RPW3RcT0eOzQgqlJL3RKrTJvdsjE\
3JEAvGq3lGHSZXy28G3skua2SmVi/w4yCE6gbODqnTWlg7+wC604ydGXA8VJiS5ap43JXiUFFAaQ==
"""
REVIEW = {"type": "pull_request", "ruleset_id": 1, "parameters": {}}
OUR_APP = {"actor_type": "Integration", "actor_id": 7, "bypass_mode": "always"}
ADMINS = {"actor_type": "RepositoryRole", "actor_id": 5, "bypass_mode": "always"}
BY_TOKEN = replace(GOOD, app=None, variables={})


def installed(**permissions: str) -> object:
    facts = {"permissions": permissions}
    return replace(GOOD.app, installed={**GOOD.app.installed, "acme/shop": facts})


def of_specs(**changes: object) -> object:
    branch = replace(GOOD.branches["acme/specs"], **changes)
    return replace(GOOD, branches={**GOOD.branches, "acme/specs": branch})


def test_where_all_is_well_nothing_is_wrong():
    told = list(findings(GOOD))
    assert [one for one in told if one.state != "ok"] == [] and exit_code(told) == 0
    names = [one.to_row()["name"] for one in told]
    assert len(set(names)) == len(names)


# facts, check, part of its place, state, and a part of what is found
TABLE = [
    (replace(GOOD, holders=(), app=None), "identity", "", "wrong", "no token and no App"),
    (replace(GOOD, holders=(Holder(source="T", kind="refused", told="401"),)), "identity", "",
     "wrong", "401"),
    (replace(GOOD, holders=(Holder(source="T", kind="scopes", login="a"),)), "identity", "",
     "wrong", "without `repo`"),
    (replace(GOOD, app=installed(contents="write", checks="write", secrets="read")), "app-least",
     "", "wrong", "secrets: read"),
    (replace(GOOD, app=installed(checks="write")), "app-permissions", "", "ok", "another App"),
    (replace(GOOD, app=installed(checks="read", contents="read")), "app-permissions", "", "wrong",
     "neither"),
    (replace(GOOD, repositories={**GOOD.repositories, "acme/scenarios": repository("s", False)}),
     "scenarios-private", "", "wrong", "public"),
    (replace(GOOD, repositories={**GOOD.repositories, "acme/shop": ABSENT}), "repository", "shop",
     "not-known", "may not see it"),
    (replace(GOOD, probes=(Probe(source="FACTORY_READ_TOKEN", repository="acme/scenarios",
     what="read", may=True),)), "scenarios-out-of-reach", "FACTORY_READ", "wrong", "may read it"),
    (replace(GOOD, deploy_keys=()), "deploy-key", "", "wrong", "no deploy key"),
    (replace(GOOD, deploy_keys=(DeployKey(title="w", key=KEY, read_only=False),)), "deploy-key",
     "", "wrong", "`w` may write"),
    (replace(GOOD, deploy_keys=(DeployKey(title="o", key=KEY, read_only=True, enabled=False),)),
     "deploy-key", "", "wrong", "that is enabled"),
    (replace(GOOD, deploy_keys=()), "deploy-key-match", "", "wrong", "none of its keys"),
    (replace(GOOD, known_hosts=LEAKED_RSA), "host-keys", "", "wrong", "before March 2023"),
    (replace(GOOD, known_hosts=f"github.com {KEY}"), "host-keys", "", "wrong", "not publish it"),
    (replace(GOOD, known_hosts=f"other.example {KEY}"), "host-keys", "", "wrong", "no key of"),
    (replace(GOOD, published_hosts=DARK), "host-keys", "", "ok", "3 keys"),
    (replace(GOOD, published_hosts=(KEY,)), "host-keys", "", "wrong", "does not publish"),
    (with_policy(deploy_keys=False), "deploy-keys-allowed", "", "wrong", "disabled"),
    (with_policy(deploy_keys=None), "deploy-keys-allowed", "", "ok", "a person"),
    (with_policy(members="read"), "scenarios-readers", "", "wrong", "every member of acme"),
    (with_policy(members=None), "scenarios-readers", "", "ok", "given access"),
    (with_policy(shared={"access_level": "organization"}), "scenarios-shared", "", "wrong",
     "workflows of other"),
    (with_policy(shared=ABSENT), "scenarios-shared", "", "ok", "no other"),
    (with_policy(actions={"enabled": True, "allowed_actions": "local_only"}), "actions-allowed",
     "", "wrong", "owner's own"),
    (with_policy(actions={"enabled": True, "allowed_actions": "selected"},
     selected={"github_owned_allowed": False, "patterns_allowed": []}), "actions-allowed", "",
     "wrong", "actions/upload-artifact"),
    (with_policy(actions={"enabled": True, "allowed_actions": "selected"},
     selected={"github_owned_allowed": True, "patterns_allowed": []}), "actions-allowed", "",
     "ok", "selected"),
    (with_policy(actions={"enabled": True, "sha_pinning_required": True}), "actions-allowed", "",
     "wrong", "full commit id"),
    (with_environment("factory-build", branches=None), "environment", "build", "wrong", "every"),
    (with_environment("factory-build", branches=()), "environment", "build", "wrong", "no branch"),
    (with_environment("factory-build", branches=("dev",)), "environment", "build", "wrong",
     "main may not"),
    (with_environment("factory-build", branches=("main", "gh-readonly-queue/main/**")),
     "environment", "build", "ok", "main alone"),
    (with_environment("factory-build", branches=(), protected=True), "environment", "build",
     "wrong", "every branch may use it"),
    (replace(with_environment("factory-build", branches=(), protected=True),
     branches={**GOOD.branches, "acme/specs": replace(GOOD.branches["acme/specs"],
     protection={"enforce_admins": {}})}), "environment", "build", "ok", "protected branches"),
    (replace(with_environment("factory-build", branches=(), protected=True),
     branches={**GOOD.branches, "acme/specs": replace(GOOD.branches["acme/specs"],
     protection=DARK)}), "environment", "build", "not-known", "403"),
    (replace(GOOD, organisation_secrets=frozenset({"FACTORY_SCENARIOS_KEY"})), "secrets-apart", "",
     "wrong", "FACTORY_SCENARIOS_KEY"),
    (replace(GOOD, places=replace(PLACES, calls=frozenset({"factory"}))), "workflow", "spec-gate",
     "wrong", "nothing posts `factory / gate`"),
    (replace(GOOD, places=replace(PLACES, calls=frozenset())), "workflow", "specs factory",
     "wrong", "a merged spec starts nothing"),
    (replace(GOOD, organisation_secrets=DARK), "secrets-apart", "", "not-known", "403"),
    (replace(GOOD, repositories={**GOOD.repositories, "acme/scenarios":
     replace(repository("s"), internal=True)}), "scenarios-private", "", "wrong", "internal"),
    (with_environment("factory-build", branches=("main", "m*")), "environment", "build", "wrong",
     "m*"),
    (with_environment("factory-build", secrets=frozenset()), "secrets", "build", "wrong",
     "ANTHROPIC_API_KEY"),
    (replace(with_environment("factory-build", secrets=frozenset(
        {"ANTHROPIC_API_KEY", "FACTORY_READ_TOKEN"})), secrets=frozenset()),
     "secrets", "build", "wrong", "the job plan has no environment"),
    (with_environment("factory-evaluate", secrets=DARK), "secrets", "evaluate", "not-known", "403"),
    (replace(GOOD, variables={}), "secrets", "verdict", "wrong", "the variable FACTORY_APP_ID"),
    (replace(GOOD, secrets=frozenset({"FACTORY_SCENARIOS_KEY", "FACTORY_READ_TOKEN"})),
     "secrets-apart", "", "wrong", "FACTORY_SCENARIOS_KEY"),
    (with_branch(rules=()), "verdict-required", "", "wrong", "not required"),
    (of_specs(rules=()), "owners-agree", "specs", "wrong", "no code owner"),
    (of_specs(rules=(REVIEW,)), "owners-agree", "specs", "wrong", "no code owner"),
    (of_specs(rules=DARK), "owners-agree", "specs", "not-known", "403"),
    (of_specs(rules=(), protection=DARK), "owners-agree", "specs", "not-known", "403"),
    (of_specs(rules=(), protection={"required_pull_request_reviews": {}}), "owners-agree", "specs",
     "wrong", "no code owner"),
    (of_specs(rules=(), protection={"required_pull_request_reviews":
     {"require_code_owner_reviews": True}}), "owners-agree", "specs", "ok", "agrees"),
    (with_branch(rules=(), protection=DARK), "verdict-required", "", "not-known", "403"),
    (with_branch(rules=DARK), "verdict-required", "", "not-known", "403"),
    (with_branch(rules=(check_rule("factory / verdict", None),)), "verdict-required", "", "wrong",
     "anyone"),
    (with_branch(rules=(check_rule("factory / verdict", 15368),)), "verdict-required", "",
     "wrong", "15368, and the factory's is 7"),
    (with_branch(bypass={1: (ADMINS,)}), "verdict-required", "", "ok", "by the rule: Repo"),
    (with_branch(bypass={1: DARK}), "verdict-required", "", "ok", "cannot be seen"),
    (replace(GOOD, app=None, variables=DARK), "verdict-required", "", "not-known", "403"),
    (BY_TOKEN, "verdict-required", "", "wrong", "no App here"),
    (with_branch(rules=(VERDICT_RULE, REVIEW)), "ship-allowed", "", "wrong", "pull request"),
    (with_branch(rules=(VERDICT_RULE, REVIEW), bypass={1: (OUR_APP,)}), "ship-allowed", "", "ok",
     "no rule"),
    (with_branch(rules=(REVIEW,), bypass={1: ({**OUR_APP, "bypass_mode": "pull_request"},)}),
     "ship-allowed", "", "wrong", "pull request"),
    (with_branch(rules=(REVIEW,), bypass={1: ({**OUR_APP, "actor_id": 8},)}), "ship-allowed", "",
     "wrong", "pull request"),
    (with_branch(rules=(REVIEW,), bypass={1: DARK}), "ship-allowed", "", "not-known", "pull"),
    (replace(BY_TOKEN, branches={**GOOD.branches, "acme/shop": replace(SHOP, rules=(REVIEW,),
     bypass={1: (ADMINS,)})}), "ship-allowed", "", "not-known", "who pushes"),
    (with_branch(rules=(check_rule("test", 1),)), "ship-allowed", "", "wrong", "nothing posts"),
    (with_branch(rules=({"type": "a-new-kind", "ruleset_id": 1},)), "ship-allowed", "", "wrong",
     "a-new-kind"),
    (with_branch(protection={"restrictions": {"apps": [{"id": 8}]}}), "ship-allowed", "", "wrong",
     "only some"),
    (with_branch(protection={"restrictions": {"apps": [{"id": 7}]}}), "ship-allowed", "", "ok",
     "no rule"),
    (with_branch("acme/specs", rules=()), "gate-required", "", "wrong", "not required"),
    (with_branch("acme/specs", rules=(check_rule("factory / gate", 9),)), "gate-required", "",
     "wrong", "not pinned"),
]  # fmt: skip


@pytest.mark.parametrize(("facts", "check", "place", "state", "said"), TABLE)
def test_each_setting_is_found(facts, check, place, state, said):
    one = found(facts, check, place)
    assert (one.state, said in one.found) == (state, True), one
    assert one.state == "ok" or one.mend, "what is not well says how to mend it"


class Told:
    """A GitHub that has one environment, which these branches and tags may use."""

    def __init__(self, *policies: dict) -> None:
        custom = {"protected_branches": False, "custom_branch_policies": True}
        one = {"name": "factory-evaluate", "deployment_branch_policy": custom}
        self.rows = {"environments": [one], "branch_policies": list(policies)}

    def read(self, repository: str, place: str, right: object, *, rows: str = "") -> list:
        return self.rows.get(rows, [])


def test_a_tag_that_may_use_an_environment_is_not_overlooked():
    """Whoever may push a tag could take the secrets: a tag's own workflow runs."""
    main, tags = {"name": "main", "type": "branch"}, {"name": "v*", "type": "tag"}
    only = reading.environments(Told({"name": "main"}), "acme/specs")["factory-evaluate"]
    assert only.branches == ("main",)
    both = reading.environments(Told(main, tags), "acme/specs")["factory-evaluate"]
    one = found(with_environment("factory-evaluate", branches=both.branches), "environment",
                "evaluate")  # fmt: skip
    assert (one.state, "tag v*" in one.found) == ("wrong", True), one


def test_a_server_of_ones_own_says_its_host_keys_itself():
    own = replace(PLACES, server="https://ghe.example")
    facts = replace(GOOD, places=own, known_hosts=f"ghe.example {KEY}", published_hosts=(KEY,))
    assert found(facts, "host-keys").state == "ok"
    assert found(replace(facts, known_hosts=""), "host-keys").state == "not-known"
    assert found(replace(facts, published_hosts=DARK), "host-keys").state == "not-known"
    lacking = found(facts, "secrets", "factory-evaluate")
    assert "FACTORY_SCENARIOS_KNOWN_HOSTS" in lacking.found, "GitHub's own keys are of no use there"
    assert all(one.where.startswith("https://ghe.example") for one in findings(facts) if one.where)


def test_the_holdout_gate_alone_needs_one_environment_and_posts_as_actions():
    rule = (check_rule("factory / verdict", 15368),)
    alone = replace(PLACES, specs="acme/shop", alone=True, keys=(), calls=frozenset({"holdouts"}))
    facts = replace(GOOD, places=alone, app=None, variables={}, branches={
        "acme/shop": replace(SHOP, rules=rule)}, holding={}, environments={
        "factory-evaluate": GOOD.environments["factory-evaluate"]})  # fmt: skip
    told = list(findings(facts))
    assert [one for one in told if one.state != "ok"] == []
    assert not {"ship-allowed", "gate-required"} & {one.check for one in told}
    bare = replace(facts, places=replace(alone, calls=frozenset()), branches={
        "acme/shop": replace(SHOP, rules=())})  # fmt: skip
    assert "nothing posts `factory / verdict`" in found(bare, "workflow").found
    assert "with GitHub Actions as its source" in found(bare, "verdict-required").mend


NOBODY = {3: (), 4: ()}
EVE = {"actor_type": "Team", "actor_id": 9, "bypass_mode": "always"}


@pytest.mark.parametrize(
    ("rules", "bypass", "hold", "kept"),
    [
        (None, None, "ok", "ok"),
        ((), None, "ok", "wrong"),
        (({"type": "creation", "ruleset_id": 3},), None, "ok", "wrong"),
        (None, NOBODY, "wrong", "ok"),
        (None, {3: ({**PUSHES, "actor_id": 8},), 4: ()}, "wrong", "wrong"),
        (None, {3: ({**PUSHES, "bypass_mode": "pull_request"},), 4: ()}, "wrong", "wrong"),
        (None, {3: (PUSHES, EVE), 4: ()}, "ok", "wrong"),
        (None, {3: DARK, 4: ()}, "not-known", "not-known"),
        (DARK, None, "not-known", "not-known"),
    ],
)
def test_holding_branches_are_the_app_s_alone(rules, bypass, hold, kept):
    branch = GOOD.holding["acme/shop"]
    branch = replace(
        branch,
        rules=branch.rules if rules is None else rules,
        bypass=branch.bypass if bypass is None else bypass,
    )
    facts = replace(GOOD, holding={"acme/shop": branch})
    assert (found(facts, "hold-allowed").state, found(facts, "holding-kept").state) == (hold, kept)
    assert found(facts, "hold-allowed").needed and not found(facts, "holding-kept").needed
    secrets = frozenset({"FACTORY_PUSH_TOKEN"})
    environments = {**GOOD.environments, "factory-push": replace(
        GOOD.environments["factory-push"], secrets=secrets)}  # fmt: skip
    by_token = found(replace(facts, environments=environments), "hold-allowed")
    assert by_token.state == ("ok" if rules == () else "not-known" if rules is DARK else (
        "not-known" if bypass and bypass[3] is DARK else "wrong"))  # fmt: skip


@pytest.mark.parametrize(
    ("scenarios", "found_"),
    [
        ((), ""),
        ((Person(login="own", administers=True), Person(login="ann", administers=True)), ""),
        ((Person(login="sam", pushes=True),), ""),
        ((Person(login="sam", administers=True),), "administers it: sam"),
        ((Person(login="eve"),), "push to specs or product: eve"),
        ((Person(login="dan"),), ""),
    ],
)
def test_who_builds_reads_no_holdouts_and_owners_alone_administer_them(scenarios, found_):
    people = {
        "acme/specs": (Person(login="eve", pushes=True), Person(login="own", pushes=True)),
        "acme/shop": (Person(login="dan"),),
        "acme/scenarios": scenarios,
    }
    one = found(replace(GOOD, people=people), "scenarios-people")
    assert (one.state, one.needed) == ("wrong" if found_ else "ok", False)
    assert found_ in one.found
    for dark in ({"owners": DARK}, {"people": {**people, "acme/shop": DARK}}):
        assert found(replace(GOOD, **dark), "scenarios-people").state == "not-known"


READABLE = ("environments", "secrets", "variables", "deploy_keys", "actions_app", "owners")
POLICIES = ("deploy_keys", "members", "shared", "actions", "workflow", "organisation_actions")


@settings(max_examples=60, deadline=None)
@given(
    fields=st.sets(st.sampled_from(READABLE)),
    policies=st.sets(st.sampled_from(POLICIES)),
    repositories=st.sets(st.sampled_from(sorted(GOOD.repositories))),
    branches=st.sets(st.sampled_from(sorted(GOOD.branches))),
    public=st.booleans(),
)
def test_what_is_not_known_never_makes_anything_well(
    fields, policies, repositories, branches, public
):
    """Whatever cannot be seen: nothing becomes ok that was not, and 0 is never the answer."""
    bad = with_policy(deploy_keys=False) if public else GOOD
    dark = replace(
        bad,
        **dict.fromkeys(fields, DARK),
        policies=replace(bad.policies, **dict.fromkeys(policies, DARK)),
        repositories={**bad.repositories, **dict.fromkeys(repositories, DARK)},
        branches={
            name: replace(one, rules=DARK, protection=DARK) if name in branches else one
            for name, one in bad.branches.items()
        },
    )
    before = {(one.check, one.place): one for one in findings(bad)}
    after = {(one.check, one.place): one for one in findings(dark)}
    for place, one in after.items():
        assert one.state != "ok" or place not in before or before[place].state == "ok", one
    needed = fields & {"environments", "deploy_keys"}
    if (
        needed
        or policies & {"deploy_keys", "shared", "actions"}
        or repositories
        or "acme/shop" in branches
    ):
        assert exit_code(list(after.values())) != 0


def test_the_environments_and_secrets_are_those_of_the_workflow():
    line = yaml.safe_load((ROOT / ".github" / "workflows" / "line.yml").read_text("utf-8"))
    jobs = {
        name: [job for job in line["jobs"].values() if job.get("environment") == name]
        for name in {job["environment"] for job in line["jobs"].values() if "environment" in job}
    }
    assert set(jobs) == set(ENVIRONMENTS)
    facts = replace(GOOD, places=replace(PLACES, server="https://ghe.example", keys=MODEL_KEYS))
    for name, of_it in jobs.items():
        used = set(re.findall(r"secrets\.(\w+)", json.dumps(of_it))) - {"FACTORY_SIGNING_KEY"}
        assert {one for group in wanted(facts, name) for one in group} == used, name


def test_the_mend_of_missing_secrets_stores_each_where_its_jobs_see_it():
    facts = replace(with_environment("factory-evaluate", secrets=frozenset()), secrets=frozenset())
    assert found(facts, "secrets", "factory-evaluate").mend == (
        "gh secret set FACTORY_SCENARIOS_KEY --env factory-evaluate --repo acme/specs"
        " < holdouts-key && gh secret set FACTORY_READ_TOKEN --repo acme/specs"
    )


def test_every_check_has_a_heading_in_the_page():
    told = {one.check for facts, *_ in TABLE for one in findings(facts)} | {"line-token"}
    headings = set(re.findall(r"^### (\S+)$", PAGE.read_text("utf-8"), re.MULTILINE))
    assert told <= headings, told - headings
