"""What a `repository` in factory.yml or a record means: a folder, a URL, or owner/name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

DEFAULT_SERVER = "https://github.com"
DEFAULT_API = "https://api.github.com"

# GitHub: an owner is letters, digits and hyphens (and `_` for managed users), 39 at most; a name
# is 100 letters, digits, dots, hyphens and underscores, but neither `.` nor `..`.
_NAME = r"[A-Za-z0-9][A-Za-z0-9_-]{0,38}/(?!\.{1,2}(?:\.git)?(?![\s\S]))[A-Za-z0-9._-]{1,100}"
_FULL_NAME = re.compile(_NAME)
_SCP = re.compile(rf"(?:[A-Za-z0-9_-]+@)?([A-Za-z0-9.-]+):/?({_NAME})")


def server_url(env: Mapping[str, str]) -> str:
    """The server of repositories, without a slash at its end."""
    return (env.get("GITHUB_SERVER_URL") or DEFAULT_SERVER).rstrip("/")


def api_url(env: Mapping[str, str]) -> str:
    """The REST API; for a server of one's own it is below /api/v3."""
    given = env.get("GITHUB_API_URL")
    if given:
        return given.rstrip("/")
    server = server_url(env)
    return DEFAULT_API if server == DEFAULT_SERVER else f"{server}/api/v3"


def full_name(repository: str, server: str) -> str | None:
    """owner/name on the GitHub of `server`, or None where `repository` is not there.

    Known forms: `owner/name`, `<server>/owner/name[.git]`, `ssh://git@host/owner/name`,
    `git@host:owner/name`.
    """
    host = urlsplit(server).hostname
    if found := _FULL_NAME.fullmatch(repository):
        return _clean(found[0])
    if "://" in repository:
        parts = urlsplit(repository)
        same = repository.startswith(f"{server}/") or (
            parts.scheme == "ssh" and parts.hostname == host
        )
        path = parts.path.strip("/")
        return _clean(path) if same and _FULL_NAME.fullmatch(path) else None
    if (found := _SCP.fullmatch(repository)) and found[1] == host:
        return _clean(found[2])
    return None


def is_folder(repository: str) -> bool:
    """Whether `repository` is written as a path of this machine."""
    return repository.startswith(("/", ".", "~", "file://")) or Path(repository).is_absolute()


def _clean(name: str) -> str | None:
    name = name.removesuffix(".git")
    return name if _FULL_NAME.fullmatch(name) else None
