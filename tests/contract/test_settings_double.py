"""The double refuses of settings what GitHub refuses, with its words."""

from __future__ import annotations

import base64

import pytest

from factory.errors import FactoryError
from factory.forge.calls import Patience
from factory.forge.sealing import new_deploy_key, sealed
from factory.forge.settings import ABSENT, Settings, Unread
from tests.contract.github_bench import FINE, PAT

RULES = {"name": "r", "enforcement": "active", "rules": []}
CHECK = {"context": "c", "integration_id": 99}
UNKNOWN_APP = {
    "type": "required_status_checks",
    "parameters": {
        "required_status_checks": [CHECK],
        "strict_required_status_checks_policy": False,
    },
}
AT = "/repos/acme/specs"
ENVIRONMENT = f"{AT}/environments/e"
CUSTOM = {"protected_branches": False, "custom_branch_policies": True}


@pytest.fixture
def ask(double):
    def write(verb: str, place: str, body: dict, token: str = PAT):
        env = {"GITHUB_API_URL": double.url, "GITHUB_SERVER_URL": double.url, "GITHUB_TOKEN": token}
        settings = Settings(env, Patience(tries=1))
        if verb == "GET":
            return settings.read("acme/specs", place, {"metadata": "read"})
        return settings.write("acme/specs", verb, place, body, {}, "try it")

    return write


def test_what_is_made_twice_or_cannot_be_is_refused(ask):
    public = new_deploy_key()[1]
    key = {"title": "k", "key": public, "read_only": True}
    for place, body, said in (
        (f"{AT}/labels", {"name": "a"}, "Validation Failed"),
        (f"{AT}/keys", key, "key is already in use"),
        (f"{AT}/rulesets", RULES, "Name must be unique"),
        (f"{AT}/actions/variables", {"name": "A", "value": "1"}, "already exists"),
        ("/orgs/acme/repos", {"name": "new"}, "name already exists on this account"),
    ):
        ask("POST", place, body)
        with pytest.raises(FactoryError, match=said):
            ask("POST", place, body)
    for place, body, said in (
        (f"{AT}/rulesets", {**RULES, "name": "s", "rules": [UNKNOWN_APP]}, "integration_id"),
        (f"{AT}/keys", {**key, "key": "nonsense"}, "key is invalid"),
        (f"{ENVIRONMENT}/deployment-branch-policies", {"name": "main"}, "404"),
    ):
        with pytest.raises(FactoryError, match=said):
            ask("POST", place, body)


def test_a_secret_is_taken_only_sealed_for_its_environment(ask, double):
    both = {"protected_branches": True, "custom_branch_policies": True}
    with pytest.raises(FactoryError, match="cannot have one value"):
        ask("PUT", ENVIRONMENT, {"deployment_branch_policy": both})
    ask("PUT", ENVIRONMENT, {"deployment_branch_policy": CUSTOM})
    ask("PUT", f"{AT}/environments/other", {"deployment_branch_policy": CUSTOM})
    key = ask("GET", f"{ENVIRONMENT}/secrets/public-key", {})
    foreign = ask("GET", f"{AT}/environments/other/secrets/public-key", {})
    place = f"{ENVIRONMENT}/secrets/S"
    plain = base64.b64encode(b"plain").decode()
    for value, number in ((plain, key["key_id"]), (sealed(foreign["key"], "x"), key["key_id"]),
                          (sealed(key["key"], "x"), "1")):  # fmt: skip
        with pytest.raises(FactoryError, match="422"):
            ask("PUT", place, {"encrypted_value": value, "key_id": number})
    ask("PUT", place, {"encrypted_value": sealed(key["key"], "x"), "key_id": key["key_id"]})
    assert double.state["environments"]["acme/specs"]["e"]["secrets"] == {"S": "x"}


def test_who_may_pass_by_a_rule_is_shown_to_administrators_alone(ask, double):
    made = ask("POST", f"{AT}/rulesets", RULES)
    facts = {"kind": "fine-grained", "login": "bob", "repositories": ["acme/specs"],
             "permissions": {}}  # fmt: skip
    double.control("state", {"tokens": {FINE: facts}})
    place = f"{AT}/rulesets/{made['id']}"
    assert "bypass_actors" in ask("GET", place, {})
    assert "bypass_actors" not in ask("GET", place, {}, token=FINE)
    dark = ask("GET", f"{AT}/keys", {}, token=FINE)
    assert isinstance(dark, Unread) and dark.right == "administration: read", "the header's word"


def test_policies_of_an_organisation_are_shown_to_its_owners_alone(ask, double):
    key = "deploy_keys_enabled_for_repositories"
    assert ask("GET", "/orgs/acme", {})[key] is True
    double.control("state", {"organisations": {"acme": {"owners": ["zoe"]}}})
    assert key not in ask("GET", "/orgs/acme", {})
    assert isinstance(ask("GET", "/orgs/acme/actions/permissions", {}), Unread)


def test_what_may_not_be_seen_is_never_taken_for_what_is_not_there(double):
    """404 says both; only GitHub's own words tell them apart."""
    double.commit("acme/shortener")
    env = {"GITHUB_API_URL": double.url, "GITHUB_SERVER_URL": double.url}
    facts = {"kind": "fine-grained", "login": "bob", "repositories": ["acme/specs"],
             "permissions": {"administration": "read"}}  # fmt: skip
    double.control("state", {"tokens": {FINE: facts}})
    place = "/repos/acme/shortener/branches/main/protection"
    right, words = {"administration": "read"}, ("Branch not protected",)

    def read(**tokens: str):
        settings = Settings({**env, **tokens}, Patience(tries=1))
        return settings.read("acme/shortener", place, right, absent=words)

    assert read(GITHUB_TOKEN=PAT) is ABSENT
    assert isinstance(read(GITHUB_TOKEN=FINE), Unread)
    assert read(FACTORY_TOKEN=FINE, GITHUB_TOKEN=PAT) is ABSENT, "the next one may see"
    assert isinstance(read(), Unread)
