"""Who we are to GitHub: a token, or an App that buys tokens good for one thing only.

Tried in this order, each as far as it is there: the App (FACTORY_APP_ID with
FACTORY_APP_PRIVATE_KEY), FACTORY_TOKEN, GITHUB_TOKEN. A job often holds two: its own
GITHUB_TOKEN for its own repository, and something else for the product's.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from factory.errors import AuthenticationError, ForgeError
from factory.forge.calls import Patience, message_of

Permissions = Mapping[str, str]


def words_of(permissions: Permissions) -> str:
    """`checks: write, contents: read`, as they stand in a workflow."""
    return ", ".join(f"{name}: {level}" for name, level in permissions.items())


_MARGIN_SECONDS = 300  # A token that lives no longer than this is not begun with.


@dataclass(frozen=True)
class Credential:
    """One token. `source` says where it came from, for messages; the token is never shown."""

    source: str
    token: str = field(repr=False)
    bought: bool = False


class Identity:
    """The credentials that an environment holds.

    Args:
        env: FACTORY_APP_ID, FACTORY_APP_PRIVATE_KEY, FACTORY_TOKEN, GITHUB_TOKEN.
        api_url: where tokens are bought.
        patience: how long a busy GitHub is waited for.
    """

    def __init__(self, env: Mapping[str, str], api_url: str, patience: Patience) -> None:
        self._app = (env.get("FACTORY_APP_ID", ""), env.get("FACTORY_APP_PRIVATE_KEY", ""))
        self._tokens = [
            Credential(name, env[name])
            for name in ("FACTORY_TOKEN", "GITHUB_TOKEN")
            if env.get(name)
        ]
        self._api_url, self._patience = api_url, patience
        self._bought: dict[tuple[str, str], tuple[Credential, float]] = {}
        self.reasons: list[str] = []

    def credentials(
        self, full_name: str, permissions: Permissions, *, tokens_first: bool = False
    ) -> Iterator[Credential]:
        """What may serve for `permissions` in one repository, best first.

        `tokens_first`: where a person's token is likelier to serve than the App, which is then
        asked only if it is needed. Why the App could not serve is added to `reasons`.
        """
        if tokens_first:
            yield from self._tokens
        bought = self._buy(full_name, permissions)
        if bought:
            yield bought
        if not tokens_first:
            yield from self._tokens

    def buyer(self, token: object) -> str:
        """The App that bought a token here, as FACTORY_APP_ID says it; "" for any other token."""
        ours = any(credential.token == token for credential, _ in self._bought.values())
        return self._app[0] if ours else ""

    def forget(self, full_name: str, permissions: Permissions) -> None:
        """Drop a bought token, as when GitHub no longer takes it."""
        self._bought.pop((full_name, str(sorted(permissions.items()))), None)

    def _buy(self, full_name: str, permissions: Permissions) -> Credential | None:
        """A token of the App for this repository and these permissions; None where it has none.

        Raises:
            AuthenticationError: the App's id and key do not make an App.
        """
        app_id, key = self._app
        if not app_id or not key:
            return None
        place = (full_name, str(sorted(permissions.items())))
        kept = self._bought.get(place)
        if kept and kept[1] - _MARGIN_SECONDS > time.time():
            return kept[0]
        from github import GithubException

        try:
            body = self._patience.call(lambda: self._exchange(app_id, key, full_name, permissions))
        except GithubException as error:
            if error.status in (404, 422, 403):
                wanted = words_of(permissions)
                self.reasons.append(
                    f"the App {app_id} cannot give {wanted} ({error.status} {message_of(error)})"
                )
                return None
            raise AuthenticationError(
                f"GitHub does not take the App {app_id}: {error.status} {message_of(error)}",
                mend="check FACTORY_APP_ID, FACTORY_APP_PRIVATE_KEY and this machine's clock",
            ) from error
        if not isinstance(body.get("token"), str):
            raise ForgeError(f"GitHub's answer holds no token of the App {app_id}")
        credential = Credential(f"the App {app_id}", body["token"], bought=True)
        self._bought[place] = (credential, _expiry(body.get("expires_at")))
        return credential

    def _exchange(
        self, app_id: str, key: str, full_name: str, permissions: Permissions
    ) -> dict[str, Any]:
        """A JWT for the installation, the installation for a token. PyGithub cannot restrict a
        token to repositories, so the endpoint is called as it is documented."""
        from github import Auth, Github
        from jwt import PyJWTError

        try:
            auth = Auth.AppAuth(app_id, key.strip() + "\n", jwt_expiry=540)
            with Github(auth=auth, base_url=self._api_url, retry=None) as github:
                ask = github.requester.requestJsonAndCheck
                _, installation = ask("GET", f"/repos/{full_name}/installation")
                _, token = ask(
                    "POST",
                    f"/app/installations/{int(installation['id'])}/access_tokens",
                    input={
                        "repositories": [full_name.partition("/")[2]],
                        "permissions": dict(permissions),
                    },
                )
        except (PyJWTError, ValueError, TypeError) as error:
            raise AuthenticationError(
                "FACTORY_APP_PRIVATE_KEY is not a private key",
                mend="store the whole .pem file that GitHub gave for the App",
            ) from error
        return dict(token)


def _expiry(text: object) -> float:
    """When a token ends, in seconds since 1970; 0 where that is not said, so that none is kept."""
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        return 0.0
    return moment.timestamp() if moment.tzinfo else 0.0
