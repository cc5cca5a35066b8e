"""What the refs of a repository on this machine say, and what a killed git left of them."""

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import Sequence
from pathlib import Path

from factory.errors import InputError
from factory.ports.git import command

_ID = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
STALE_SECONDS = 10.0
"""git holds the lock of a ref for milliseconds; one this old was left by a killed git."""


def common_folder(repository: Path) -> Path:
    """The folder of a repository that holds its objects and refs: `.git`, or a bare one itself.

    Raises:
        InputError: it is no repository.
    """
    if not repository.is_dir():
        raise InputError(f"there is no repository at {repository}", mend="check its path")
    if (repository / ".git").is_dir():
        return repository / ".git"
    if (repository / "HEAD").is_file() and (repository / "objects").is_dir():
        return repository
    done = command.attempt("rev-parse", "--git-common-dir", repository=repository)
    if not done.ok:
        raise InputError(
            f"there is no git repository at {repository}", mend="name the folder of one"
        )
    return repository / done.stdout.decode().rstrip("\n")


def read_refs(repository: Path, *names: str) -> dict[str, str]:
    """Full ref name → object id, for those of `names` that exist.

    They are read from git's files, as refs-files of gitrepository-layout(5) has them; git itself is
    asked where they are kept in another way.

    Raises:
        InputError, ProcessFailed: it is no repository.
    """
    common = common_folder(repository)
    found: dict[str, str] = {}
    packed = None
    for name in names:
        text = _text(common / name)
        if not text:
            packed = packed if packed is not None else _packed(common)
            match = re.search(rb"^([0-9a-f]+) %s$" % re.escape(name.encode()), packed, re.MULTILINE)
            text = match[1].decode() if match else ""
        if (text and not _ID.fullmatch(text)) or (common / "reftable").exists():
            return _asked(repository, names)
        if text:
            found[name] = text
    return found


def _packed(common: Path) -> bytes:
    try:
        return (common / "packed-refs").read_bytes()
    except OSError:
        return b""


def _asked(repository: Path, names: Sequence[str]) -> dict[str, str]:
    told = command.git("for-each-ref", "--format=%(objectname) %(refname)", *names,
                       repository=repository)  # fmt: skip
    rows = (line.split(" ", 1) for line in told.decode("utf-8", "replace").splitlines())
    return {name: command.object_id(value) for value, name in rows if name in names}


def set_ref(repository: Path, name: str, commit: str) -> None:
    """Put a ref at a commit, wherever it was.

    Raises:
        ProcessFailed: no such commit, or the ref cannot be written.
    """
    words = ("update-ref", "--no-deref", name, command.object_id(commit))
    command.git(*words, repository=repository)


def is_checked_out(common: Path, ref: str) -> bool:
    """Whether a work tree of the repository with this common folder stands on `ref`."""
    wanted = f"ref: {ref}"
    heads = (common / "HEAD", *(common / "worktrees").glob("*/HEAD"))
    # A bare repository's HEAD names its default branch; without an index there are no files.
    if common.name != ".git" and not (common / "index").exists():
        heads = heads[1:]
    return any(_text(head) == wanted for head in heads)


def clear_stale_locks(common: Path, *names: str) -> None:
    """Remove what a killed git left locked: `<name>.lock` of a ref or file, once it is old."""
    for name in names:
        lock = common / f"{name}.lock"
        with contextlib.suppress(OSError):
            if time.time() - lock.stat().st_mtime > STALE_SECONDS:
                lock.unlink()


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8", "replace").strip()
    except OSError:
        return ""
