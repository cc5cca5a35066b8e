"""Routes about environments, and the secrets and variables of them and of repositories."""

from __future__ import annotations

import base64
from typing import Any

from github_api.answers import Answer, Refusal, invalid, not_found
from github_api.authority import Caller, allow
from github_api.state import State, now_text

REPOSITORY = r"/repos/(?P<full_name>[\w.-]+/[\w.-]+)"
ENVIRONMENT = REPOSITORY + r"/environments/(?P<environment>[^/]+)"
ROUTES = [
    ("GET", REPOSITORY + r"/environments", None, "environments.list"),
    ("PUT", ENVIRONMENT, "make an environment", "environments.put"),
    ("GET", ENVIRONMENT + r"/deployment-branch-policies", None, "environments.policies"),
    (
        "POST",
        ENVIRONMENT + r"/deployment-branch-policies",
        "let a branch deploy",
        "environments.add_policy",
    ),
    ("GET", ENVIRONMENT + r"/secrets", None, "environments.secrets"),
    ("GET", ENVIRONMENT + r"/variables", None, "environments.variables"),
    ("GET", ENVIRONMENT + r"/secrets/public-key", None, "environments.public_key"),
    ("PUT", ENVIRONMENT + r"/secrets/(?P<name>\w+)", "set a secret", "environments.put_secret"),
    ("GET", REPOSITORY + r"/actions/secrets", None, "environments.repository_secrets"),
    ("GET", REPOSITORY + r"/actions/organization-secrets", None, "environments.shared_secrets"),
    ("GET", REPOSITORY + r"/actions/variables", None, "environments.repository_variables"),
    ("POST", REPOSITORY + r"/actions/variables", "set a variable", "environments.add_variable"),
]
_PLAN = (
    "Failed to create the environment protection rule. Please ensure the billing plan supports "
    "the required reviewers protection rule."
)


class Environments:
    """`state.environments`: full name -> {name: {"policy": None | "protected" | "custom",
    "branches": […], "rules": […], "secrets": {name: value}, "variables": {name: value}}}."""

    def __init__(self, state: State, base: str) -> None:
        self.state, self.base = state, base
        self.keys: dict[tuple[str, str], Any] = {}

    def list(self, caller: Caller, words: dict[str, str], sent: Any, query: Any) -> Answer:
        name = words["full_name"]
        allow(self.state, caller, name, "actions", "read")
        kept = self.state.environments.get(name, {})
        shown = [self._shape(name, key, one) for key, one in kept.items()]
        body = {"total_count": len(shown), "environments": paged(shown, query)}
        return Answer(200, body, "ReposOwnerRepoEnvironmentsGetResponse200")

    def put(self, caller: Caller, words: dict[str, str], sent: Any, query: Any) -> Answer:
        """Make it, or replace its rules: what is not sent is taken away."""
        name, key = words["full_name"], words["environment"]
        facts = allow(self.state, caller, name, "administration", "write")
        policy = sent.get("deployment_branch_policy")
        if policy and policy["protected_branches"] == policy["custom_branch_policies"]:
            raise invalid("protected_branches and custom_branch_policies cannot have one value")
        if facts["private"] and self.state.plan(name) == "free":
            raise Refusal(422, _PLAN)
        kept = self.state.environments.setdefault(name, {}).setdefault(
            key, {"branches": [], "secrets": {}, "variables": {}}
        )
        kept["policy"] = policy and ("protected" if policy["protected_branches"] else "custom")
        kept["rules"] = ["wait_timer"] if sent.get("wait_timer") else []
        kept["rules"] += ["required_reviewers"] if sent.get("reviewers") else []
        if kept["policy"] != "custom":
            kept["branches"] = []
        return Answer(200, self._shape(name, key, kept), "Environment")

    def policies(self, caller: Caller, words: dict[str, str], sent: Any, query: Any) -> Answer:
        allow(self.state, caller, words["full_name"], "actions", "read")
        rows = [
            {"id": at + 1, "node_id": f"P_{at}", "name": one, "type": "branch"}
            for at, one in enumerate(self._find(words).get("branches", []))
        ]
        model = "ReposOwnerRepoEnvironmentsEnvironmentNameDeploymentBranchPoliciesGetResponse200"
        body = {"total_count": len(rows), "branch_policies": paged(rows, query)}
        return Answer(200, body, model)

    def add_policy(self, caller: Caller, words: dict[str, str], sent: Any, query: Any) -> Answer:
        allow(self.state, caller, words["full_name"], "administration", "write")
        kept = self._find(words)
        if kept.get("policy") != "custom":
            raise not_found()  # "or `deployment_branch_policy.custom_branch_policies` is false"
        if sent["name"] in kept["branches"]:
            raise Refusal(303, "The same branch name pattern already exists")
        kept["branches"].append(sent["name"])
        body = {"id": len(kept["branches"]), "name": sent["name"], "type": "branch"}
        return Answer(200, body, "DeploymentBranchPolicy")

    def secrets(self, caller: Caller, words: dict[str, str], sent: Any, query: Any) -> Answer:
        allow(self.state, caller, words["full_name"], "environments", "read")
        return _secrets(self._find(words).get("secrets", {}), query)

    def variables(self, caller: Caller, words: dict[str, str], sent: Any, query: Any) -> Answer:
        allow(self.state, caller, words["full_name"], "environments", "read")
        return _variables(self._find(words).get("variables", {}), query)

    def public_key(self, caller: Caller, words: dict[str, str], sent: Any, query: Any) -> Answer:
        allow(self.state, caller, words["full_name"], "environments", "read")
        self._find(words)
        key = base64.b64encode(bytes(self._key(words).public_key)).decode()
        return Answer(200, {"key_id": self._key_id(words), "key": key}, "ActionsPublicKey")

    def put_secret(self, caller: Caller, words: dict[str, str], sent: Any, query: Any) -> Answer:
        """201 where it is new, else 204; only what was sealed for this environment is taken."""
        from nacl.exceptions import CryptoError
        from nacl.public import SealedBox

        allow(self.state, caller, words["full_name"], "environments", "write")
        kept = self._find(words).setdefault("secrets", {})
        if sent["key_id"] != self._key_id(words):
            raise invalid("The key_id is not that of the current public key")
        try:
            sealed = base64.b64decode(sent["encrypted_value"], validate=True)
            value = SealedBox(self._key(words)).decrypt(sealed).decode()
        except (ValueError, CryptoError) as error:
            raise invalid("Bad request - the secret was not encrypted properly") from error
        there = words["name"] in kept
        kept[words["name"]] = value
        return Answer(204) if there else Answer(201, {}, None)

    def repository_secrets(
        self, caller: Caller, words: dict[str, str], sent: Any, query: Any
    ) -> Answer:
        allow(self.state, caller, words["full_name"], "secrets", "read")
        return _secrets(self.state.secrets.get(words["full_name"], {}), query)

    def shared_secrets(
        self, caller: Caller, words: dict[str, str], sent: Any, query: Any
    ) -> Answer:
        allow(self.state, caller, words["full_name"], "secrets", "read")
        owner = self.state.organisations.get(words["full_name"].partition("/")[0], {})
        return _secrets(owner.get("secrets", {}), query)

    def repository_variables(
        self, caller: Caller, words: dict[str, str], sent: Any, query: Any
    ) -> Answer:
        allow(self.state, caller, words["full_name"], "actions_variables", "read")
        return _variables(self.state.variables.get(words["full_name"], {}), query)

    def add_variable(self, caller: Caller, words: dict[str, str], sent: Any, query: Any) -> Answer:
        allow(self.state, caller, words["full_name"], "actions_variables", "write")
        kept = self.state.variables.setdefault(words["full_name"], {})
        if sent["name"] in kept:
            raise Refusal(409, "Already exists - Variable already exists")
        kept[sent["name"]] = sent["value"]
        return Answer(201, {})

    def _find(self, words: dict[str, str]) -> dict[str, Any]:
        kept = self.state.environments.get(words["full_name"], {}).get(words["environment"])
        if kept is None:
            raise not_found()
        found: dict[str, Any] = kept
        return found

    def _key(self, words: dict[str, str]) -> Any:
        from nacl.public import PrivateKey

        place = (words["full_name"], words["environment"])
        if place not in self.keys:
            self.keys[place] = PrivateKey.generate()
        return self.keys[place]

    def _key_id(self, words: dict[str, str]) -> str:
        return str(568250167242549743 + sum(bytes(self._key(words).public_key)))

    def _shape(self, full_name: str, name: str, kept: dict[str, Any]) -> dict[str, Any]:
        policy = kept.get("policy")
        kinds = [*kept.get("rules", []), *(["branch_policy"] if policy else [])]
        return {
            "id": sum(name.encode()),
            "node_id": f"EN_{name}",
            "name": name,
            "url": f"{self.base}/repos/{full_name}/environments/{name}",
            "html_url": f"{self.base}/{full_name}/deployments/activity_log?environment={name}",
            "created_at": now_text(0),
            "updated_at": now_text(0),
            "protection_rules": [
                {"id": at + 1, "node_id": f"GA_{at}", "type": kind} for at, kind in enumerate(kinds)
            ],
            "deployment_branch_policy": policy
            and {
                "protected_branches": policy == "protected",
                "custom_branch_policies": policy == "custom",
            },
        }


def paged(rows: list[Any], query: dict[str, str]) -> list[Any]:
    """One page of a list."""
    size = min(int(query.get("per_page", "30")), 100)
    start = (int(query.get("page", "1")) - 1) * size
    return rows[start : start + size]


def _secrets(kept: dict[str, str], query: dict[str, str]) -> Answer:
    times = {"created_at": now_text(0), "updated_at": now_text(0)}
    rows = [{"name": name, **times} for name in kept]
    body = {"total_count": len(rows), "secrets": paged(rows, query)}
    return Answer(200, body, "ReposOwnerRepoActionsSecretsGetResponse200")


def _variables(kept: dict[str, str], query: dict[str, str]) -> Answer:
    times = {"created_at": now_text(0), "updated_at": now_text(0)}
    rows = [{"name": name, "value": value, **times} for name, value in kept.items()]
    body = {"total_count": len(rows), "variables": paged(rows, query)}
    return Answer(200, body, "ReposOwnerRepoActionsVariablesGetResponse200")
