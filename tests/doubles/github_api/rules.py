"""Routes about branches: rulesets, the rules that are active, and the classic protection."""

from __future__ import annotations

import re
from typing import Any

from github_api.answers import Answer, Refusal, not_found
from github_api.authority import ACTIONS_APP, Caller, allow
from github_api.environments import paged
from github_api.repositories import Repositories
from github_api.state import State

REPOSITORY = r"/repos/(?P<full_name>[\w.-]+/[\w.-]+)"
ROUTES = [
    ("GET", REPOSITORY + r"/rulesets", None, "rules.list"),
    ("POST", REPOSITORY + r"/rulesets", "make a ruleset", "rules.create"),
    ("GET", REPOSITORY + r"/rulesets/(?P<number>\d+)", None, "rules.get"),
    ("GET", REPOSITORY + r"/rules/branches/(?P<branch>.+)", None, "rules.active"),
    ("GET", REPOSITORY + r"/branches/(?P<branch>.+)/protection", None, "rules.protection"),
    ("GET", REPOSITORY + r"/branches", None, "rules.branches"),
]
_PLAN = "Upgrade to GitHub Pro or make this repository public to enable this feature."


class Rules:
    """`state.rulesets`: [{"id", "repository", and what was sent}]; `state.protections`:
    "owner/name:branch" -> the body of its protection."""

    def __init__(self, state: State, repositories: Repositories, base: str) -> None:
        self.state, self.repositories, self.base = state, repositories, base

    def list(self, caller: Caller, words: dict[str, str], sent: Any, query: Any) -> Answer:
        """Without conditions, rules and who may pass by, as GitHub lists them."""
        name = words["full_name"]
        self._readable(caller, name)
        kept = [one for one in self.state.rulesets if one["repository"] == name]
        left_out = ("conditions", "rules", "bypass_actors")
        rows = [
            {key: value for key, value in self._shape(one, True).items() if key not in left_out}
            for one in kept
        ]
        return Answer(200, paged(rows, query), "list:RepositoryRuleset")

    def create(self, caller: Caller, words: dict[str, str], sent: Any, query: Any) -> Answer:
        name = words["full_name"]
        facts = allow(self.state, caller, name, "administration", "write")
        self._plan(name, facts)
        kept = {"id": self.state.new_id(), "repository": name, "target": "branch", **sent}
        if any(
            (one["repository"], one["name"]) == (name, sent["name"]) for one in self.state.rulesets
        ):
            raise Refusal(422, "Validation Failed", ["Name must be unique"])
        apps = {int(one) for one in self.state.apps} | {ACTIONS_APP["id"]}
        for rule in sent.get("rules", []):
            for one in (rule.get("parameters") or {}).get("required_status_checks", []):
                if one.get("integration_id", ACTIONS_APP["id"]) not in apps:
                    raise Refusal(422, "Validation Failed", ["Invalid integration_id"])
        self.state.rulesets.append(kept)
        return Answer(201, self._shape(kept, True), "RepositoryRuleset")

    def get(self, caller: Caller, words: dict[str, str], sent: Any, query: Any) -> Answer:
        """Who may pass by is shown to those alone who may change it."""
        name = words["full_name"]
        self._readable(caller, name)
        for one in self.state.rulesets:
            if (one["repository"], one["id"]) == (name, int(words["number"])):
                return Answer(
                    200, self._shape(one, self._changes(caller, name)), "RepositoryRuleset"
                )
        raise not_found()

    def active(self, caller: Caller, words: dict[str, str], sent: Any, query: Any) -> Answer:
        """The rules of every active ruleset that is about the branch."""
        name = words["full_name"]
        facts = self._readable(caller, name)
        rows = [
            {
                **rule,
                "ruleset_source_type": "Repository",
                "ruleset_source": name,
                "ruleset_id": one["id"],
            }
            for one in self.state.rulesets
            if one["repository"] == name
            and one["enforcement"] == "active"
            and about(one, words["branch"], facts["default_branch"])
            for rule in one.get("rules", [])
        ]
        return Answer(200, paged(rows, query), "rules")

    def protection(self, caller: Caller, words: dict[str, str], sent: Any, query: Any) -> Answer:
        name = words["full_name"]
        facts = allow(self.state, caller, name, "administration", "read")
        self._plan(name, facts)
        kept = self.state.protections.get(f"{name}:{words['branch']}")
        if self.repositories.commit_id(name, f"heads/{words['branch']}") is None:
            raise Refusal(404, "Branch not found")
        if kept is None:
            raise Refusal(404, "Branch not protected")
        return Answer(200, kept, "BranchProtection")

    def branches(self, caller: Caller, words: dict[str, str], sent: Any, query: Any) -> Answer:
        name = words["full_name"]
        allow(self.state, caller, name, "contents", "read")
        url = f"{self.base}/repos/{name}/commits"
        rows = [
            {"name": branch, "commit": {"sha": sha, "url": f"{url}/{sha}"}, "protected": False}
            for branch, sha in self.repositories.branches(name)
        ]
        return Answer(200, paged(rows, query), "list:ShortBranch")

    def _readable(self, caller: Caller, name: str) -> dict[str, Any]:
        facts = allow(self.state, caller, name, "metadata", "read")
        self._plan(name, facts)
        return facts

    def _plan(self, name: str, facts: dict[str, Any]) -> None:
        if facts["private"] and self.state.plan(name) == "free":
            raise Refusal(403, _PLAN)

    def _changes(self, caller: Caller, name: str) -> bool:
        try:
            allow(self.state, caller, name, "administration", "write")
        except Refusal:
            return False
        return True

    def _shape(self, kept: dict[str, Any], changes: bool) -> dict[str, Any]:
        shown = {key: value for key, value in kept.items() if key != "repository"}
        if not changes:
            shown.pop("bypass_actors", None)
        else:
            shown.setdefault("bypass_actors", [])
        return {**shown, "source_type": "Repository", "source": kept["repository"]}


def _pattern(text: str) -> re.Pattern[str]:
    """As Ruby's fnmatch with FNM_PATHNAME: `*` stays in its folder, `**/` is any number of them."""
    kinds = {"**/": "(?:[^/]+/)*", "**": "[^/]*", "*": "[^/]*", "?": "[^/]"}
    parts = re.split(r"(\*\*/|\*\*|\*|\?)", text)
    return re.compile("".join(kinds.get(one, re.escape(one)) for one in parts))


def about(ruleset: dict[str, Any], branch: str, default: str) -> bool:
    """Whether a ruleset is about a branch."""
    names = (ruleset.get("conditions") or {}).get("ref_name", {"include": [], "exclude": []})

    def fits(pattern: str) -> bool:
        if pattern == "~ALL":
            return True
        if pattern == "~DEFAULT_BRANCH":
            return branch == default
        return _pattern(pattern).fullmatch(f"refs/heads/{branch}") is not None

    return any(map(fits, names["include"])) and not any(map(fits, names["exclude"]))
