"""Who calls, and what they may do: tokens, their repositories and their permissions."""

from __future__ import annotations

import base64
import time
from dataclasses import dataclass, field
from typing import Any

from github_api.answers import Refusal, not_found
from github_api.state import State

ACTIONS_APP = {"id": 15368, "slug": "github-actions"}
SCOPES = ("repo", "workflow", "admin:org")  # of a classic token that names none
_ORDER = {None: 0, "read": 1, "write": 2, "admin": 3}


@dataclass
class Caller:
    """The caller of a request. `kind` is anonymous, actions, pat, fine-grained or installation."""

    kind: str = "anonymous"
    login: str = ""
    repositories: list[str] | None = field(default_factory=list)
    permissions: dict[str, str] = field(default_factory=dict)
    app: dict[str, Any] | None = None
    scopes: tuple[str, ...] = ()

    def knows(self, full_name: str) -> bool:
        """Whether the token was given for that repository."""
        return self.kind != "anonymous" and (
            self.repositories is None or full_name in self.repositories
        )


def caller_of(state: State, authorization: str | None) -> Caller:
    """Who an Authorization header names: `token T`, `Bearer T`, or Basic with T as password.

    Raises:
        Refusal: 401 for a token that is unknown or expired.
    """
    token = token_in(authorization)
    if token is None:
        return Caller()
    facts = state.tokens.get(token)
    if facts is None or (facts.get("expires_at") or time.time() + 1) <= time.time():
        raise Refusal(401, "Bad credentials")
    kind = facts.get("kind", "pat")
    app: dict[str, Any] | None = None
    if kind == "actions":
        app = dict(ACTIONS_APP)
    elif kind == "installation":
        app_id = str(facts["app_id"])
        app = {"id": int(app_id), "slug": state.apps[app_id]["slug"]}
    return Caller(
        kind=kind,
        login=f"{app['slug']}[bot]" if app else facts.get("login", "someone"),
        repositories=facts.get("repositories"),
        permissions=facts.get("permissions", {}),
        app=app,
        scopes=tuple(facts.get("scopes", SCOPES)) if kind == "pat" else (),
    )


def token_in(authorization: str | None) -> str | None:
    """The token of an Authorization header; None where there is no header."""
    if not authorization:
        return None
    scheme, _, value = authorization.partition(" ")
    if scheme.lower() == "basic":
        try:
            return base64.b64decode(value).decode().partition(":")[2]
        except ValueError:
            return ""
    return value.strip()


def allow(
    state: State, caller: Caller, full_name: str, permission: str, level: str
) -> dict[str, Any]:
    """The repository, if `caller` may do `level` of `permission` there.

    Raises:
        Refusal: 404 where the caller may not know that it exists, 403 where it may.
    """
    repository = state.repositories.get(full_name)
    if repository is None or (repository["private"] and not caller.knows(full_name)):
        raise not_found()
    public_read = not repository["private"] and level == "read" and permission != "administration"
    if public_read or (caller.knows(full_name) and _may(caller, permission, level)):
        return repository
    refusal = Refusal(403, refused_as(caller))
    refusal.answer.headers["X-Accepted-GitHub-Permissions"] = f"{permission}={level}"
    raise refusal


def refused_as(caller: Caller) -> str:
    """How the API words a 403 to that kind of caller."""
    if caller.kind in ("actions", "installation"):
        return "Resource not accessible by integration"
    return "Resource not accessible by personal access token"


def _may(caller: Caller, permission: str, level: str) -> bool:
    if caller.kind == "pat":  # A classic token may what its owner may, here everything.
        return "repo" in caller.scopes
    held = caller.permissions.get(permission)
    if permission == "metadata":
        held = held or "read"
    return _ORDER[held] >= _ORDER[level]
