"""The ledger as a repository on this machine has it: its own, and origin's as last fetched."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from factory.ledger.place import BRANCH, REF
from factory.ports.git import refs

ORIGIN = f"refs/remotes/origin/{BRANCH}"


def heads(repository: Path) -> dict[str, str]:
    """The heads to follow: `own`, `origin`, or both where neither holds the other.

    Raises:
        ProcessFailed: it is no repository.
    """
    found = refs.read_refs(repository, REF, ORIGIN)
    both = {name: found[ref] for name, ref in (("own", REF), ("origin", ORIGIN)) if ref in found}
    if len(both) < 2:
        return both
    from factory.ledger.verify import holds

    if holds(repository, both["own"], both["origin"]):
        return {"own": both["own"]}
    if holds(repository, both["origin"], both["own"]):
        return {"origin": both["origin"]}
    return both


def fetch(repository: Path, url: str, env: Mapping[str, str]) -> None:
    """Bring the ledger of `origin`, which is at `url`, up to date in a clone.

    Raises:
        InputError, AuthenticationError, ProcessFailed: it cannot be reached.
    """
    from factory.ports.git import remote

    remote.follow(url, REF, repository, env=env, kept_as=ORIGIN)
    # As `git fetch` does; it is how `fetched_at` knows.
    (refs.common_folder(repository) / "factory").mkdir(exist_ok=True)
    (refs.common_folder(repository) / "factory" / "fetched").touch()


def fetched_at(repository: Path) -> datetime | None:
    """When this clone last asked `origin` for anything, UTC; None where it never did."""
    common = refs.common_folder(repository)
    found = []
    # `git clone` leaves no FETCH_HEAD, but makes this file and does not touch it again.
    for name in ("FETCH_HEAD", "factory/fetched", "description"):
        with contextlib.suppress(OSError):
            found.append((common / name).stat().st_mtime)
    return datetime.fromtimestamp(max(found), UTC) if found else None
