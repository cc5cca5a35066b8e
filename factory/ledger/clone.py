"""The ledger as a repository on this machine has it: its own, and origin's as last fetched."""

from __future__ import annotations

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
    both = {
        name: found[ref] for name, ref in (("own", REF), ("origin", ORIGIN)) if ref in found
    }
    if len(both) < 2:
        return both
    from factory.ledger.verify import holds

    if holds(repository, both["own"], both["origin"]):
        return {"own": both["own"]}
    if holds(repository, both["origin"], both["own"]):
        return {"origin": both["origin"]}
    return both
