"""Routes of GitHub Apps: a signed JWT finds an installation and buys a restricted token."""

from __future__ import annotations

import secrets
import time
from typing import Any

from github_api import shapes
from github_api.answers import Answer, Refusal, invalid, not_found
from github_api.authority import token_in
from github_api.state import State, now_text

JWT_SECONDS_AT_MOST = 600
TOKEN_SECONDS = 3600
_LEVELS = {"read": 1, "write": 2, "admin": 3}


class Apps:
    """Apps and their installations, as the state has them."""

    def __init__(self, state: State, base: str) -> None:
        self.state, self.base = state, base

    def app_of(self, authorization: str | None) -> tuple[str, dict[str, Any]]:
        """The App whose key signed the JWT in the header.

        Raises:
            Refusal: 401 as GitHub words it.
        """
        import jwt

        token = token_in(authorization) or ""
        try:
            issuer = str(jwt.decode(token, options={"verify_signature": False})["iss"])
            app = self.state.apps[issuer]
            claims = jwt.decode(
                token,
                app["public_key"],
                algorithms=["RS256"],
                options={"require": ["exp", "iat", "iss"]},
            )
        except (jwt.PyJWTError, KeyError, ValueError) as error:
            raise Refusal(401, "A JSON web token could not be decoded") from error
        if claims["exp"] - time.time() > JWT_SECONDS_AT_MOST:
            raise Refusal(401, "'Expiration time' claim ('exp') is too far in the future")
        return issuer, app

    def get(self, authorization: str | None) -> Answer:
        app_id, app = self.app_of(authorization)
        body = shapes.integration(self.base, {"id": int(app_id), "slug": app["slug"]})
        return Answer(200, body, "Integration")

    def installation_of(self, authorization: str | None, full_name: str) -> Answer:
        app_id, app = self.app_of(authorization)
        for installation in app["installations"]:
            if full_name in self._repositories(installation):
                return Answer(200, self._shape(app_id, app, installation), "Installation")
        raise not_found()

    def list_installations(self, authorization: str | None) -> Answer:
        app_id, app = self.app_of(authorization)
        shown = [self._shape(app_id, app, one) for one in app["installations"]]
        return Answer(200, shown, "list:Installation")

    def create_token(self, authorization: str | None, number: int, body: dict[str, Any]) -> Answer:
        """An access token for all of an installation or, as asked, for less; never for more."""
        app_id, app = self.app_of(authorization)
        installation = next((one for one in app["installations"] if one["id"] == number), None)
        if installation is None:
            raise not_found()
        reachable = self._repositories(installation)
        owner = installation["account"]
        wanted = body.get("repositories")
        names = reachable if wanted is None else [f"{owner}/{name}" for name in wanted]
        if not set(names) <= set(reachable):
            raise invalid(
                "There is at least one repository that does not exist or is not accessible to "
                "the parent installation."
            )
        held = installation["permissions"]
        permissions = body.get("permissions") or held
        if any(
            _LEVELS[level] > _LEVELS.get(held.get(name), 0) for name, level in permissions.items()
        ):
            raise invalid("The permissions requested are not granted to this installation.")
        token = f"ghs_{app_id}_{secrets.token_urlsafe(120)}"  # No length may be assumed.
        expires_at = time.time() + TOKEN_SECONDS
        self.state.tokens[token] = {
            "kind": "installation",
            "login": f"{app['slug']}[bot]",
            "app_id": int(app_id),
            "repositories": names,
            "permissions": dict(permissions),
            "expires_at": expires_at,
        }
        shown = {
            "token": token,
            "expires_at": now_text(expires_at),
            "permissions": permissions,
            "repository_selection": "all" if wanted is None else "selected",
        }
        return Answer(201, shown, "InstallationToken")

    def _repositories(self, installation: dict[str, Any]) -> list[str]:
        named: list[str] | None = installation.get("repositories")
        if named is not None:
            return named
        owner = f"{installation['account']}/"
        return [name for name in self.state.repositories if name.startswith(owner)]

    def _shape(self, app_id: str, app: dict[str, Any], one: dict[str, Any]) -> dict[str, Any]:
        return shapes.installation(self.base, int(app_id), app["slug"], one)
