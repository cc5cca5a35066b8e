"""Routes about owners: who asks, organisations and their policies, new repositories, labels."""

from __future__ import annotations

from typing import Any

from github_api import shapes
from github_api.answers import Answer, Refusal, invalid, not_found
from github_api.authority import ACTIONS_APP, Caller, allow, refused_as
from github_api.environments import paged
from github_api.repositories import Repositories
from github_api.state import State, now_text

REPOSITORY = r"/repos/(?P<full_name>[\w.-]+/[\w.-]+)"
ORGANISATION = r"/orgs/(?P<organisation>[\w.-]+)"
ROUTES = [
    ("GET", r"/user", None, "owners.me"),
    ("GET", r"/users/(?P<login>[\w.-]+)", None, "owners.user"),
    ("GET", ORGANISATION, None, "owners.organisation"),
    ("GET", ORGANISATION + r"/actions/permissions", None, "owners.organisation_actions"),
    ("GET", ORGANISATION + r"/members", None, "owners.members"),
    ("GET", REPOSITORY + r"/collaborators", None, "owners.collaborators"),
    ("POST", ORGANISATION + r"/repos", "make an organisation's repository", "owners.create_in"),
    ("POST", r"/user/repos", "make a person's repository", "owners.create_mine"),
    ("GET", REPOSITORY + r"/actions/permissions", None, "owners.actions"),
    ("GET", REPOSITORY + r"/actions/permissions/selected-actions", None, "owners.selected"),
    ("GET", REPOSITORY + r"/actions/permissions/workflow", None, "owners.workflow"),
    ("GET", REPOSITORY + r"/actions/permissions/access", None, "owners.access"),
    ("GET", REPOSITORY + r"/labels", None, "owners.labels"),
    ("POST", REPOSITORY + r"/labels", "make a label", "owners.create_label"),
    ("GET", r"/meta", None, "owners.meta"),
    ("GET", r"/apps/(?P<slug>[\w-]+)", None, "owners.app"),
]


class Owners:
    """`state.organisations`: name -> {"owners": logins, "plan", "deploy_keys": bool, "members":
    their base permission, "actions": {…}, "secrets"}; an owner that is not there is an organisation
    on a paid plan, unless `state.people` names it. `state.actions`: full name -> its policy, with
    "selected", "workflow" and "access"."""

    def __init__(self, state: State, repositories: Repositories, base: str) -> None:
        self.state, self.repositories, self.base = state, repositories, base

    def me(self, caller: Caller, words: dict[str, str], sent: Any, query: Any) -> Answer:
        if caller.kind == "anonymous":
            raise Refusal(401, "Requires authentication")
        if caller.kind in ("actions", "installation"):
            raise Refusal(403, refused_as(caller))
        return Answer(200, self._person(caller.login), "PublicUser")

    def user(self, caller: Caller, words: dict[str, str], sent: Any, query: Any) -> Answer:
        login = words["login"]
        person = login in self.state.people
        kind = "User" if person else "Organization"
        return Answer(200, self._person(login, kind), "PublicUser")

    def organisation(self, caller: Caller, words: dict[str, str], sent: Any, query: Any) -> Answer:
        """Owners alone see what it lets its repositories do."""
        name = words["organisation"]
        if name in self.state.people:
            raise not_found()
        facts = self.state.organisations.get(name, {})
        url = f"{self.base}/orgs/{name}"
        body = {
            "login": name,
            "id": sum(name.encode()),
            "node_id": f"O_{name}",
            "url": url,
            **{f"{one}_url": f"{url}/{one}" for one in ("repos", "events", "hooks", "issues")},
            "members_url": f"{url}/members",
            "public_members_url": f"{url}/public_members",
            "avatar_url": f"{self.base}/avatars/{name}",
            "description": None,
            "has_organization_projects": True,
            "has_repository_projects": True,
            **dict.fromkeys(("public_repos", "public_gists", "followers", "following"), 0),
            "html_url": f"{self.base}/{name}",
            "type": "Organization",
            "created_at": now_text(0),
            "updated_at": now_text(0),
            "archived_at": None,
        }
        if self._owns(caller, name):
            body["default_repository_permission"] = facts.get("members", "none")
            body["deploy_keys_enabled_for_repositories"] = facts.get("deploy_keys", True)
        return Answer(200, body, "OrganizationFull")

    def members(self, caller: Caller, words: dict[str, str], sent: Any, query: Any) -> Answer:
        """Its owners; a classic token without a scope of organisations sees public members alone,
        and here nobody is that."""
        name = words["organisation"]
        if name in self.state.people:
            raise not_found()
        if query.get("role") != "admin":
            raise invalid("the double knows the owners alone")
        if caller.kind == "pat":
            sees = {"admin:org", "read:org"} & set(caller.scopes)
        elif "members" not in caller.permissions:
            raise self._refused(caller, "members=read")
        else:
            sees = {"members"}
        logins = self._owners(caller, name) if sees else []
        rows = [shapes.user(self.base, login, "User") for login in logins]
        return Answer(200, paged(rows, query), "list:SimpleUser")

    def collaborators(self, caller: Caller, words: dict[str, str], sent: Any, query: Any) -> Answer:
        """Everybody who may use it, owners too."""
        name = words["full_name"]
        allow(self.state, caller, name, "metadata", "read")
        if caller.kind == "anonymous":
            raise Refusal(401, "Requires authentication")
        owner = name.partition("/")[0]
        owners = [owner] if owner in self.state.people else self._owners(caller, owner)
        held = {one: {"permission": "admin"} for one in owners}
        held |= self.state.collaborators.get(name, {})
        order = ("pull", "triage", "push", "maintain", "admin")
        levels = {"read": "pull", "write": "push", "none": ""}
        rows = []
        for login, kept in held.items():
            level = levels.get(kept["permission"], kept["permission"])
            may = {one: order.index(one) <= order.index(level) for one in order} if level else {}
            role = kept.get("role", kept["permission"])
            if may:
                who = shapes.user(self.base, login, "User")
                rows.append({**who, "permissions": may, "role_name": role})
        return Answer(200, paged(rows, query), "list:Collaborator")

    def organisation_actions(
        self, caller: Caller, words: dict[str, str], sent: Any, query: Any
    ) -> Answer:
        name = words["organisation"]
        if not self._owns(caller, name):
            raise self._refused(caller, "organization_administration=read")
        facts = self.state.organisations.get(name, {}).get("actions", {})
        body = {"enabled_repositories": "all", "allowed_actions": "all", **facts}
        return Answer(200, body, "ActionsOrganizationPermissions")

    def create_in(self, caller: Caller, words: dict[str, str], sent: Any, query: Any) -> Answer:
        return self._create(caller, words["organisation"], sent)

    def create_mine(self, caller: Caller, words: dict[str, str], sent: Any, query: Any) -> Answer:
        return self._create(caller, caller.login, sent)

    def _create(self, caller: Caller, owner: str, sent: dict[str, Any]) -> Answer:
        fine = caller.permissions.get("administration") == "write"
        if not (caller.kind == "pat" and "repo" in caller.scopes) and not fine:
            raise self._refused(caller, "administration=write")
        full_name = f"{owner}/{sent['name']}"
        if full_name.lower() in (one.lower() for one in self.state.repositories):
            listed = [{"resource": "Repository", "message": "name already exists on this account"}]
            raise Refusal(422, "Repository creation failed.", listed)
        if sent.get("auto_init"):
            raise invalid("the double makes empty repositories alone")
        private = sent.get("private", sent.get("visibility") == "private")
        self.repositories.create(full_name, {"private": private})
        if caller.repositories is not None:
            raise invalid("a token for chosen repositories does not see new ones")
        body = shapes.repository(
            self.base, full_name, self.state.repositories[full_name], push=True
        )
        return Answer(201, body, "FullRepository")

    def actions(self, caller: Caller, words: dict[str, str], sent: Any, query: Any) -> Answer:
        kept = self._policy(caller, words)
        keys = ("enabled", "allowed_actions", "sha_pinning_required")
        body = {key: kept[key] for key in keys if key in kept}
        return Answer(200, body, "ActionsRepositoryPermissions")

    def selected(self, caller: Caller, words: dict[str, str], sent: Any, query: Any) -> Answer:
        kept = self._policy(caller, words)
        if kept["allowed_actions"] != "selected":
            raise Refusal(409, "Conflict")
        return Answer(200, kept["selected"], "SelectedActions")

    def workflow(self, caller: Caller, words: dict[str, str], sent: Any, query: Any) -> Answer:
        kept = self._policy(caller, words)
        return Answer(200, kept["workflow"], "ActionsGetDefaultWorkflowPermissions")

    def access(self, caller: Caller, words: dict[str, str], sent: Any, query: Any) -> Answer:
        kept = self._policy(caller, words)
        if not self.state.repositories[words["full_name"]]["private"]:
            raise invalid("Access policy only applies to internal and private repositories.")
        return Answer(200, {"access_level": kept["access"]}, "ActionsWorkflowAccessToRepository")

    def labels(self, caller: Caller, words: dict[str, str], sent: Any, query: Any) -> Answer:
        name = words["full_name"]
        allow(self.state, caller, name, "issues", "read")
        rows = [
            {**shapes.label(self.base, name, one["name"]), **one}
            for one in self.state.labels.get(name, [])
        ]
        return Answer(200, paged(rows, query), "list:Label")

    def create_label(self, caller: Caller, words: dict[str, str], sent: Any, query: Any) -> Answer:
        name = words["full_name"]
        allow(self.state, caller, name, "issues", "write")
        kept = self.state.labels.setdefault(name, [])
        if any(one["name"].lower() == sent["name"].lower() for one in kept):
            listed = [{"resource": "Label", "code": "already_exists", "field": "name"}]
            raise Refusal(422, "Validation Failed", listed)
        if len(sent["name"]) > 50 or len(sent.get("description") or "") > 100:
            raise invalid("a label's name has 50 characters at most, its description 100")
        kept.append(sent)
        return Answer(201, {**shapes.label(self.base, name, sent["name"]), **sent}, "Label")

    def meta(self, caller: Caller, words: dict[str, str], sent: Any, query: Any) -> Answer:
        body = {"verifiable_password_authentication": False, **self.state.meta}
        return Answer(200, body, "ApiOverview")

    def app(self, caller: Caller, words: dict[str, str], sent: Any, query: Any) -> Answer:
        slugs = {one["slug"]: int(key) for key, one in self.state.apps.items()}
        slugs[str(ACTIONS_APP["slug"])] = int(str(ACTIONS_APP["id"]))
        if words["slug"] not in slugs:
            raise not_found()
        facts = {"id": slugs[words["slug"]], "slug": words["slug"]}
        return Answer(200, shapes.integration(self.base, facts), "Integration")

    def _policy(self, caller: Caller, words: dict[str, str]) -> dict[str, Any]:
        allow(self.state, caller, words["full_name"], "administration", "read")
        default: dict[str, Any] = {
            "enabled": True,
            "allowed_actions": "all",
            "sha_pinning_required": False,
            "access": "none",
            "workflow": {
                "default_workflow_permissions": "read",
                "can_approve_pull_request_reviews": False,
            },
        }
        return default | self.state.actions.get(words["full_name"], {})

    def _owners(self, caller: Caller, organisation: str) -> list[str]:
        owners = self.state.organisations.get(organisation, {}).get("owners", [caller.login])
        return list(owners)

    def _owns(self, caller: Caller, organisation: str) -> bool:
        if caller.kind == "pat":
            owners = self._owners(caller, organisation)
            return caller.login in owners and "admin:org" in caller.scopes
        return "organization_administration" in caller.permissions

    def _refused(self, caller: Caller, accepted: str) -> Refusal:
        refusal = Refusal(403, refused_as(caller))
        refusal.answer.headers["X-Accepted-GitHub-Permissions"] = accepted
        return refusal

    def _person(self, login: str, kind: str = "User") -> dict[str, Any]:
        words = ("name", "company", "blog", "location", "email", "hireable", "bio")
        counts = ("public_repos", "public_gists", "followers", "following")
        times = {"created_at": now_text(0), "updated_at": now_text(0)}
        return {
            **shapes.user(self.base, login, kind),
            **dict.fromkeys(words),
            **dict.fromkeys(counts, 0),
            **times,
        }
