"""Who a token or an App is to GitHub, and what it may do, found by reading alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from factory.errors import AuthenticationError, ForgeError
from factory.forge.client import GIT_USER, TIMEOUT_SECONDS, client, git_authorization
from factory.forge.identity import Credential, Permissions
from factory.forge.settings import ABSENT, Settings, Unread, said

Aim = Literal["read", "push"]
Kind = Literal["scopes", "fine-grained", "installation", "refused"]


@dataclass(frozen=True, kw_only=True)
class Holder:
    """Whose token it is. `scopes` is of tokens that have them (classic ones, and gh's own)."""

    source: str
    kind: Kind
    login: str = ""
    scopes: tuple[str, ...] = ()
    told: str = ""


def holder(settings: Settings, credential: Credential) -> Holder:
    """Ask GitHub whose token it is.

    Raises:
        ForgeError: GitHub did not answer.
    """
    from github import GithubException

    try:
        with client(credential, settings.api) as github:
            headers, body = settings.patience.call(
                lambda: github.requester.requestJsonAndCheck("GET", "/user")
            )
    except GithubException as error:
        kind: Kind = "installation" if error.status == 403 else "refused"
        return Holder(source=credential.source, kind=kind, told=f"{error.status} {said(error)}")
    named = {str(name).lower(): str(value) for name, value in headers.items()}
    scopes = named.get("x-oauth-scopes")
    return Holder(
        source=credential.source,
        kind="fine-grained" if scopes is None else "scopes",
        login=str(body["login"]),
        scopes=tuple(one.strip() for one in (scopes or "").split(",") if one.strip()),
    )


def may(settings: Settings, credential: Credential, repository: str, what: Aim) -> bool:
    """Whether git may fetch from, or push to, a repository with this token.

    git's own handshake is asked: unlike the API it tells what a fine-grained token may, and
    nothing is changed by it.

    Raises:
        ForgeError: the server did not answer, or not with a yes or a no.
    """
    import requests

    service = "git-receive-pack" if what == "push" else "git-upload-pack"
    address = f"{settings.clone_url(repository)}/info/refs?service={service}"
    try:
        answer = requests.get(
            address,
            auth=(GIT_USER, credential.token),  # As a header, a .netrc would win over it.
            timeout=TIMEOUT_SECONDS,
            allow_redirects=False,
        )
    except requests.RequestException as error:
        raise ForgeError(f"{settings.server} did not answer: {type(error).__name__}") from error
    if answer.status_code in (200, 401, 403, 404):
        return answer.status_code == 200
    raise ForgeError(f"{settings.server} answered {answer.status_code} to git")


def git_environment(
    settings: Settings, repository: str, what: Aim, permissions: Permissions
) -> dict[str, str]:
    """git's environment with the first credential that may do it; none where nobody may.

    Args:
        permissions: what an App's token is bought with.

    Raises:
        ForgeError: the server did not answer.
    """
    for credential in settings.credentials(repository, permissions):
        if may(settings, credential, repository, what):
            return git_authorization(settings.clone_url(repository), credential)
    return {}


def as_app(settings: Settings, app_id: str, key: str, place: str) -> Any:
    """What `place` says to the App itself; `ABSENT` for 404, `Unread` for other refusals.

    Raises:
        AuthenticationError: the key is none, or GitHub does not take it for the App's.
        ForgeError: GitHub did not answer.
    """
    from github import Auth, Github, GithubException
    from jwt import PyJWTError

    def ask() -> Any:
        auth = Auth.AppAuth(app_id, key.strip() + "\n", jwt_expiry=540)
        with Github(auth=auth, base_url=settings.api, retry=None) as github:
            return github.requester.requestJsonAndCheck("GET", place)[1]

    try:
        return settings.patience.call(ask)
    except GithubException as error:
        if error.status == 404:
            return ABSENT
        if error.status == 401:
            raise AuthenticationError(
                f"GitHub does not take the App {app_id}: {said(error)}",
                mend="check FACTORY_APP_ID, FACTORY_APP_PRIVATE_KEY and this machine's clock",
            ) from error
        return Unread("the App's own key", f"{error.status} {said(error)}")
    except (PyJWTError, ValueError, TypeError) as error:
        raise AuthenticationError(
            "FACTORY_APP_PRIVATE_KEY is not a private key",
            mend="store the whole .pem file that GitHub gave for the App",
        ) from error
