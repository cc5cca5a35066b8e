"""Bodies checked against models that githubkit generates from GitHub's OpenAPI description.

So neither the double nor the code under test can drift from the real shapes unnoticed.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import githubkit_schemas.latest.models as models
from pydantic import BaseModel, TypeAdapter, ValidationError

REQUEST_MODELS = {
    "create a check run": (
        "ReposOwnerRepoCheckRunsPostBodyOneof0",
        "ReposOwnerRepoCheckRunsPostBodyOneof1",
    ),
    "update a check run": (
        "ReposOwnerRepoCheckRunsCheckRunIdPatchBodyAnyof0",
        "ReposOwnerRepoCheckRunsCheckRunIdPatchBodyAnyof1",
    ),
    "create a commit status": ("ReposOwnerRepoStatusesShaPostBody",),
    "dispatch a repository": ("ReposOwnerRepoDispatchesPostBody",),
    "dispatch a workflow": ("ReposOwnerRepoActionsWorkflowsWorkflowIdDispatchesPostBody",),
    "create an access token": ("AppInstallationsInstallationIdAccessTokensPostBody",),
    "create a comment": ("ReposOwnerRepoIssuesIssueNumberCommentsPostBody",),
    "update a comment": ("ReposOwnerRepoIssuesCommentsCommentIdPatchBody",),
    "create an issue": ("ReposOwnerRepoIssuesPostBody",),
    "update an issue": ("ReposOwnerRepoIssuesIssueNumberPatchBody",),
    "ask GraphQL": (),  # Not in the OpenAPI description.
    "add labels": ("ReposOwnerRepoIssuesIssueNumberLabelsPostBodyOneof0",),
    "create a deploy key": ("ReposOwnerRepoKeysPostBody",),
    "make an environment": ("ReposOwnerRepoEnvironmentsEnvironmentNamePutBody",),
    "let a branch deploy": ("DeploymentBranchPolicyNamePatternWithType",),
    "set a secret": ("ReposOwnerRepoEnvironmentsEnvironmentNameSecretsSecretNamePutBody",),
    "make a ruleset": ("ReposOwnerRepoRulesetsPostBody",),
    "make an organisation's repository": ("OrgsOrgReposPostBody",),
    "make a person's repository": ("UserReposPostBody",),
    "set a variable": ("ReposOwnerRepoActionsVariablesPostBody",),
    "make a label": ("ReposOwnerRepoLabelsPostBody",),
}


def check_request(operation: str, body: Any) -> list[str]:
    """What is wrong with a request body; empty where it fits one of the operation's models."""
    problems = []
    for name in REQUEST_MODELS[operation]:
        found = _problems(name, body)
        if not found:
            return []
        problems += found
    return problems


def check_response(name: str, body: Any) -> list[str]:
    """What is wrong with a response body; `name` may be `list:Model`, or `events` of an issue,
    where each says of which model it is."""
    if name == "events":
        models_of = {"labeled": "LabeledIssueEvent", "unlabeled": "UnlabeledIssueEvent"}
        return [problem for one in body for problem in _problems(models_of[one["event"]], one)]
    if name == "rules":  # Each fits the model of its type, one of a closed list.
        return [
            f"no rule of the API: {one}"
            for one in body
            if all(_problems(kind, one) for kind in _rule_models())
        ]
    if name.startswith("list:"):
        if not isinstance(body, list):
            return ["not a list"]
        return [problem for one in body for problem in _problems(name[5:], one)]
    return _problems(name, body)


@cache
def _rule_models() -> list[str]:
    return [one for one in dir(models) if one.startswith("RepositoryRuleDetailedOneof")]


def _problems(name: str, body: Any) -> list[str]:
    model: type[BaseModel] = getattr(models, name)
    try:
        TypeAdapter(model).validate_python(body)
    except ValidationError as error:
        return [f"{name}: {'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors()]
    return [f"{name}: {key}: not a field of the API" for key in _unknown(model, body)]


def _unknown(model: type[BaseModel], body: Any) -> list[str]:
    if not isinstance(body, dict):
        return []
    known = {field.alias or key for key, field in model.model_fields.items()}
    return [] if not known else sorted(set(body) - known - {"errors"})
