"""The ledger as a git branch: one small file an event, appended by compare-and-swap push."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from factory.errors import BaseMoved, InputError, ProcessFailed
from factory.ports.git import command, tree
from factory.ports.scratch import scratch
from factory.records import LedgerEntry, decode

BRANCH = "refs/heads/factory/ledger"
TRIES = 40


def append(entry: LedgerEntry, *, url: str, env: Mapping[str, str]) -> None:
    """Add one event; the same event of the same attempt of a run is there once, however often.

    Args:
        entry: the event.
        url: the repository that holds the branch `factory/ledger`.
        env: additions to git's environment that authenticate.

    Raises:
        ProcessFailed: others appended at the same moment 40 times over, or git failed.
    """
    with scratch("ledger") as folder:
        for attempt in range(TRIES):
            bare = folder / f"try-{attempt}"
            head = _fetch(url, bare, env)
            if head is not None and _holds(bare, head, entry):
                return
            commit = _commit(bare, head, entry)
            try:
                tree.push(bare, url, commit, BRANCH, expected=head, env=env)
                return
            except BaseMoved:
                time.sleep(min(0.01 * 2**attempt, 1.0))
    raise ProcessFailed("the ledger was written by others each time we tried", mend="run again")


def read(*, url: str, env: Mapping[str, str]) -> list[LedgerEntry]:
    """Every event, oldest first; empty where there is no ledger yet.

    Raises:
        RecordError: an entry is damaged.
        InputError, ProcessFailed: the repository cannot be read.
    """
    with scratch("ledger") as folder:
        head = _fetch(url, folder / "read", env)
        if head is None:
            return []
        return [
            decode(LedgerEntry, data, source=name) for name, data in _files(folder / "read", head)
        ]


def _fetch(url: str, bare: Path, env: Mapping[str, str]) -> str | None:
    try:
        tree.mirror(url, bare, refs=[BRANCH], env=env)
    except InputError:
        if tree.remote_head(url, BRANCH.removeprefix("refs/heads/"), env) is not None:
            raise
        command.git("init", "--quiet", "--bare", str(bare))
        return None
    return tree.resolve(bare, BRANCH)


def _path(entry: LedgerEntry) -> str:
    day = entry.at[:7].replace("-", "/")
    at = entry.at.replace(":", "").replace("-", "")
    return f"events/{day}/{at}-{_key(entry)}.json"


def _key(entry: LedgerEntry) -> str:
    return f"{entry.run_id}-{entry.attempt}-{entry.event}"


def _names(bare: Path, head: str) -> list[str]:
    listed = command.git("ls-tree", "-rz", "--name-only", head, "events/", repository=bare)
    return [name.decode() for name in listed.split(b"\0") if name]


def _holds(bare: Path, head: str, entry: LedgerEntry) -> bool:
    return any(name.endswith(f"-{_key(entry)}.json") for name in _names(bare, head))


def _files(bare: Path, head: str) -> list[tuple[str, bytes]]:
    """(name, content) of every event, sorted by name, which begins with the time."""
    names = sorted(_names(bare, head))
    asked = "".join(f"{head}:{name}\n" for name in names).encode()
    answer = command.git("cat-file", "--batch", repository=bare, stdin=asked)
    found, at = [], 0
    for name in names:
        end = answer.index(b"\n", at)
        size = int(answer[at:end].split()[2])
        found.append((name, answer[end + 1 : end + 1 + size]))
        at = end + 1 + size + 1
    return found


def _commit(bare: Path, head: str | None, entry: LedgerEntry) -> str:
    blob = command.git(
        "hash-object", "-w", "--stdin", repository=bare, stdin=entry.to_json() + b"\n"
    )
    index = {"GIT_INDEX_FILE": str(bare / "ledger-index")}
    if head:
        command.git("read-tree", head, repository=bare, env=index)
    cacheinfo = f"100644,{command.object_id(blob)},{_path(entry)}"
    command.git("update-index", "--add", "--cacheinfo", cacheinfo, repository=bare, env=index)
    written = command.object_id(command.git("write-tree", repository=bare, env=index))
    return tree.commit_tree(
        bare,
        written,
        head,
        f"{entry.event}: {entry.spec_id} version {entry.spec_version}\n",
        author_name="Dark Factory",
        author_email="factory@dark-factory.invalid",
        timestamp=int(datetime.fromisoformat(entry.at).timestamp()),
    )
