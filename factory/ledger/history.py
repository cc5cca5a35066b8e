"""The commits of the ledger, oldest first, with the files among its entries that each one changed.

Trees are compared here and not by `git diff-tree`, which unfolds both before it says a word: a few
trees that name each other many times are 1 kB and a thousand thousand million files. Only folders
that entries can lie in are entered, so that each is looked at once at most.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from factory.errors import ProcessFailed, RecordError
from factory.ledger.chain import REGULAR, Change, Step
from factory.ledger.events import LIMIT_BYTES, key_in
from factory.ports.git import command
from factory.ports.git.commits import RawCommit, parse_commit
from factory.ports.git.limits import LIMITS
from factory.ports.git.objects import Objects, objects, raw_entries

MOST_FOREIGN = 1000
"""So many files of one commit may lie where no entry can; then it is not looked at any further."""
_WINDOW = 500
_FOLDER = "40000"
# Both forms of an entry's path: events/2026-11/22/01/… and, before the chain, events/2026/11/….
_ENTERED = re.compile(
    r"(?:events(?:/[0-9]{4}-[0-9]{2}(?:/[0-9]{2}(?:/[0-9a-f]{2})?)?|/[0-9]{4}(?:/[0-9]{2})?)?)?"
)

_Node = tuple[str, str]
"""Mode and id of what lies at a path."""
_Tree = Sequence[tuple[bytes, bytes, bytes]]
_Pair = tuple[str, str, str | None, str | None]
"""A commit, a folder, and its tree's id before and after."""
_Row = tuple[str, _Node | None, _Node | None]
"""A path, and what was and is there."""


def steps(repository: Path, since: str | None, until: str) -> Iterator[Step]:
    """The commits after `since` up to `until` along first parents, oldest first.

    Args:
        repository: holds both.
        since: a commit below `until`; None for all.

    Raises:
        RecordError: a commit brings thousands of files that are no entries.
        ProcessFailed: an object is missing or damaged.
    """
    span = f"{command.object_id(since)}..{until}" if since else command.object_id(until)
    listed = command.git("rev-list", "--first-parent", "--reverse", span, repository=repository)
    commits = [command.object_id(line) for line in listed.split()]
    before = None
    if since:
        with objects(repository) as store:
            before = _commits(store, [since])[since].tree
    for at in range(0, len(commits), _WINDOW):
        # A git of its own for each: one process has a deadline, however long the ledger is.
        with objects(repository) as store:
            window = _commits(store, commits[at : at + _WINDOW])
            rows = _changed(store, window, before)
            yield from _filled(store, window, rows)
            before = list(window.values())[-1].tree


def _commits(store: Objects, names: Sequence[str]) -> dict[str, RawCommit]:
    found: dict[str, RawCommit] = {}
    for name, one in zip(names, store.many(names, LIMITS.file_bytes), strict=True):
        if one is None or one.data is None:
            raise ProcessFailed(
                f"the repository lacks its commit {name}", mend="run `git fsck` in the repository"
            )
        found[name] = parse_commit(one.data)
    return found


def _changed(
    store: Objects, window: Mapping[str, RawCommit], before: str | None
) -> dict[str, list[_Row]]:
    """What each commit changed, folder by folder, all commits of the window at once."""
    found: dict[str, list[_Row]] = {name: [] for name in window}
    foreign = dict.fromkeys(window, 0)
    pairs: list[_Pair] = []
    for name, one in window.items():
        pairs.append((name, "", before, one.tree))
        before = one.tree
    while pairs:
        trees = _trees(store, [tree for pair in pairs for tree in pair[2:] if tree])
        below: list[_Pair] = []
        for name, folder, old, new in pairs:
            for path, was, is_ in _differing(folder, trees.get(old or ""), trees.get(new or "")):
                sides = [node[1] if node and node[0] == _FOLDER else None for node in (was, is_)]
                if _ENTERED.fullmatch(path) and any(sides):
                    below.append((name, path, sides[0], sides[1]))
                    was, is_ = None if sides[0] else was, None if sides[1] else is_
                if (was or is_) and path.startswith("events"):
                    found[name].append((path, was, is_))
                    foreign[name] += key_in(path) is None
                    _require_few(foreign[name], name, path)
        pairs = below
    return found


def _differing(folder: str, old: _Tree | None, new: _Tree | None) -> Iterator[_Row]:
    """What differs between two trees; of the whole branch, only the folder of entries."""
    before, after = set(old or ()), set(new or ())
    was, now = _nodes(before - after), _nodes(after - before)
    for name in sorted(was.keys() | now.keys()):
        if folder or name == "events":
            path = f"{folder}/{name}" if folder else name
            yield path, was.get(name), now.get(name)


def _nodes(entries: Iterable[tuple[bytes, bytes, bytes]]) -> dict[str, _Node]:
    return {
        name.decode("utf-8", "surrogateescape"): (mode.decode(), value.hex())
        for mode, name, value in entries
    }


def _trees(store: Objects, ids: Sequence[str]) -> dict[str, _Tree]:
    names = list(dict.fromkeys(ids))
    found: dict[str, _Tree] = {}
    for name, one in zip(names, store.many(names), strict=True):
        if one is None or one.data is None or one.kind != "tree":
            raise ProcessFailed(
                f"the repository lacks its tree {name}", mend="run `git fsck` in the repository"
            )
        found[name] = raw_entries(name, one.data)
    return found


def _require_few(foreign: int, commit: str, path: str) -> None:
    if foreign > MOST_FOREIGN:
        raise RecordError(
            f"commit {commit} brings thousands of files that are no entries",
            path=f"factory/ledger:{path}",
            mend=f"put the branch back to the commit before {commit}",
        )


def _filled(
    store: Objects, window: Mapping[str, RawCommit], rows: Mapping[str, list[_Row]]
) -> Iterator[Step]:
    """The steps, with the content of what is there now."""
    wanted = [now[1] for name in window for _, _, now in rows[name] if now and now[0] == REGULAR]
    found = zip(wanted, store.many(wanted, LIMIT_BYTES), strict=True)
    for name, commit in window.items():
        changes = []
        for path, was, now in rows[name]:
            data = None
            if now and now[0] == REGULAR:
                blob, content = next(found)
                if content is None:
                    raise ProcessFailed(
                        f"the repository lacks its object {blob}",
                        mend="run `git fsck` in the repository",
                    )
                data = content.data
            changes.append(Change(path=path, old=was and was[0], new=now and now[0], data=data))
        yield Step(
            commit=name,
            parents=len(commit.parents),
            message=commit.message,
            changes=tuple(changes),
        )
