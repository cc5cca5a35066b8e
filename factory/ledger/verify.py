"""Find what was altered: every commit of the ledger, and the head that was seen here before."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path

from factory.errors import ProcessFailed
from factory.ledger.chain import Chain, Fault
from factory.ledger.history import steps
from factory.ledger.place import BRANCH, SEEN
from factory.ports.git import command, refs


@dataclass(frozen=True, kw_only=True)
class Verified:
    """What `verify` found of one head.

    `unchained` of the `entries` were written before there was a chain: what is in the history
    speaks for them, and no link. `cut`: this clone has not the whole history. `remembered`: the
    head that was seen here before, None for the first look.
    """

    head: str
    entries: int
    unchained: int
    cut: bool
    remembered: str | None
    faults: tuple[Fault, ...]


def verify(repository: Path, name: str, head: str) -> Verified:
    """Follow the whole ledger up to `head`, with nothing believed but git's objects.

    Args:
        repository: holds `head`.
        name: `own` or `origin`: which remembered head it is compared with.

    Raises:
        ProcessFailed, InputError: the repository lacks objects, or is no ledger's.
    """
    keys: set[str] = set()
    chain = Chain(known=keys.__contains__)
    for step in steps(repository, None, head):
        keys.update(one.key for one in chain.take(step))
    moved = rewritten(repository, name, head)
    faults = [*chain.faults, *([moved] if moved else [])]
    told = command.git("rev-parse", "--is-shallow-repository", repository=repository)
    return Verified(
        head=head,
        entries=chain.count,
        unchained=chain.unchained,
        cut=told.strip() == b"true",
        remembered=remembered(repository, name),
        faults=tuple(faults),
    )


def remembered(repository: Path, name: str) -> str | None:
    """The newest sound head that was looked at here, if any was."""
    ref = f"{SEEN}{name}"
    return refs.read_refs(repository, ref).get(ref)


def remember(repository: Path, name: str, head: str) -> None:
    """Keep a head; a repository that cannot be written to remembers nothing."""
    with contextlib.suppress(ProcessFailed):
        refs.set_ref(repository, f"{SEEN}{name}", head)


def rewritten(repository: Path, name: str, head: str) -> Fault | None:
    """Whether the branch no longer holds the head that was seen here before."""
    before = remembered(repository, name)
    if before is None or holds(repository, head, before):
        return None
    lost = command.git("rev-list", "--count", before, f"^{head}", repository=repository)
    return Fault(
        kind="rewritten",
        path="",
        commit=head,
        what=(
            f"the branch was rewritten: it was at {before} here and no longer holds that commit; "
            f"{int(lost)} of its commits are gone"
        ),
        mend=_put_back(before),
    )


def gone(repository: Path) -> Fault | None:
    """Whether there was a ledger here, for a repository that has none."""
    for name in ("own", "origin"):
        before = remembered(repository, name)
        if before:
            return Fault(
                kind="rewritten",
                path="",
                commit=before,
                what=f"the branch is gone: it was at {before} here",
                mend=_put_back(before),
            )
    return None


def _put_back(before: str) -> str:
    return (
        f"put it back: `git push --force <repository> {before}:refs/heads/{BRANCH}`; if this was "
        "meant, `factory ledger verify --accept-rewrite`"
    )


def holds(repository: Path, head: str, before: str) -> bool:
    """Whether `before` is `head`, or below it."""
    words = ("merge-base", "--is-ancestor", before, head)
    return head == before or command.succeeds(*words, repository=repository)


def forget(repository: Path) -> None:
    """Remember no head any more."""
    for name in ("own", "origin"):
        command.git("update-ref", "-d", f"{SEEN}{name}", repository=repository)
