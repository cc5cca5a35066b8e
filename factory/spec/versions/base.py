"""The commit that specs are compared with."""

from __future__ import annotations

import re
from dataclasses import dataclass

from factory.errors import InputError
from factory.ports.git.objects import Objects

AUTOMATIC = (
    "refs/remotes/origin/HEAD",
    "refs/remotes/origin/main",
    "refs/remotes/origin/master",
    "refs/heads/main",
    "refs/heads/master",
    "HEAD",
)
_PARENTS = re.compile(r"(?:[~^][0-9]{0,4}){0,8}\Z")
_ODD = re.compile(r"[\x00-\x20\x7f~^:?*\[\\]|\.\.|@\{|^-|//|/$|\.$|^$")
_FULL_ID = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")


@dataclass(frozen=True, kw_only=True)
class Base:
    """A commit, and what messages call it."""

    name: str
    commit: str


def find_base(store: Objects, wanted: str | None, merges_to: str | None = None) -> Base | None:
    """The base branch: the one that is wanted, that which a pull request merges to, or automatic.

    Args:
        wanted: a branch, a branch of `origin`, a tag, a full ref name or commit id, or `HEAD`,
            with `~2` or `^1` after it where an ancestor is meant; None for automatic.
        merges_to: the branch of `origin` that a pull request merges to, where nothing is wanted;
            None for the first that exists of `AUTOMATIC`.

    Returns:
        None where it is automatic and there is no commit yet.

    Raises:
        InputError: what is wanted, or merged to, does not exist.
    """
    if wanted is None:
        names = [f"refs/remotes/origin/{merges_to}"] if merges_to else AUTOMATIC
    else:
        names = _names(wanted)
    for name in names:
        found = store.read(f"{name}^{{commit}}")
        if found:
            return Base(name=wanted or _short(name), commit=found.id)
    if wanted is None and merges_to is None:
        return None
    if wanted is None:
        raise InputError(
            f"this pull request merges to {merges_to!r}, and the checkout has no branch"
            f" origin/{merges_to}, so versions cannot be compared",
            mend="give actions/checkout `fetch-depth: 0`, or name with --base what there is",
        )
    raise InputError(
        f"no branch, tag or commit {wanted!r} in the repository",
        mend="name one that it has; in a clone without it, `git fetch` it first",
    )


def _names(wanted: str) -> list[str]:
    parents = _PARENTS.search(wanted)
    name = wanted[: parents.start()] if parents else wanted
    after = wanted[len(name) :]
    if _ODD.search(name):
        return []
    if name == "HEAD" or name.startswith("refs/") or _FULL_ID.fullmatch(name):
        return [name + after]
    folders = ("refs/remotes/", "refs/heads/", "refs/tags/", "refs/remotes/origin/")
    return [f"{folder}{name}{after}" for folder in folders]


def _short(name: str) -> str:
    return re.sub(r"^refs/(?:remotes|heads)/", "", name)
