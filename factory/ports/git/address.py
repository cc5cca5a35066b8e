"""Where a repository is: a folder on this machine or somewhere else, and how to say so."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote, urlsplit


def local_folder(url: str) -> Path | None:
    """The absolute path that `url` names on this machine, or None where it is elsewhere."""
    if url.startswith("file://"):
        return Path(unquote(urlsplit(url).path))
    colon, slash = url.find(":"), url.find("/")
    if colon >= 0 and (slash < 0 or colon < slash):
        return None  # scheme://… or host:path, by git's own rule.
    return Path(url).expanduser().absolute()


def shown_url(url: str) -> str:
    """`url` without any user name and password, for messages."""
    return re.sub(r"(?<=://)[^/@\s]*@", "", url)


def place(url: str) -> str:
    """What git is given: a local path made absolute, since git runs in another folder."""
    folder = local_folder(url)
    return str(folder) if folder is not None else url


def serving(url: str, option: str, program: str, *settings: str) -> list[str]:
    """How the other end of a local exchange is started.

    It reads no settings of ours, so it is told on its own command line that a repository of
    another owner is meant (a container, a checkout made by root).
    """
    if local_folder(url) is None:
        return []
    words = " ".join(f"-c '{setting}'" for setting in ("safe.directory=*", *settings))
    return [f"{option}=git {words} {program}"]
