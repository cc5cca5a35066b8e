"""Append to and read the branch `factory/ledger` of a repository, with git plumbing alone."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from factory.errors import BaseMoved, ForgeError, InputError
from factory.ledger.events import FOLDER, is_event, key, moment, path
from factory.ports.git import command, tree
from factory.ports.git.objects import objects
from factory.ports.scratch import scratch
from factory.records import LedgerEntry, decode
from factory.records.base import RECORD_LIMIT_BYTES

BRANCH = "factory/ledger"
TRIES = 40
LONGEST_PAUSE_SECONDS = 2.0
_AUTHOR = {"author_name": "Dark Factory", "author_email": "dark-factory@users.noreply.github.com"}


def append(entry: LedgerEntry, *, url: str, env: Mapping[str, str]) -> bool:
    """Add one event to the ledger of the repository at `url`.

    Args:
        entry: the event; one with its run, event and attempt is in the ledger only once.
        url: a local path (bare or not) or a URL.
        env: additions to git's environment that authenticate.

    Returns:
        True where it was added, False where it was there already.

    Raises:
        As `append_if`.
    """

    def decide(entries: Sequence[LedgerEntry]) -> list[LedgerEntry]:
        return [] if any(key(one) == key(entry) for one in entries) else [entry]

    return bool(append_if(decide, url=url, env=env))


def append_if(
    decide: Callable[[Sequence[LedgerEntry]], Sequence[LedgerEntry]],
    *,
    url: str,
    env: Mapping[str, str],
) -> list[LedgerEntry]:
    """Add what `decide` makes of the newest state of the ledger, in one commit.

    Compare and swap: where another append came first, it decides again, on top of that one.

    Args:
        decide: all entries, oldest first → those to add. What it raises passes through, and
            nothing is added.
        url: a local path (bare or not) or a URL.
        env: additions to git's environment that authenticate.

    Returns:
        What was added.

    Raises:
        InputError: no such repository, or a time in another form.
        AuthenticationError: we may not push there.
        ForgeError: others were always faster; nothing was added.
    """
    for turn in range(TRIES):
        with scratch("ledger") as folder:
            bare, head = _fetched(folder, url, env)
            added = list(decide(_entries(bare, _events(bare, head)) if head else []))
            if not added:
                return []
            commit = _commit(bare, folder / "index", head, added)
            try:
                tree.push(bare, url, commit, f"refs/heads/{BRANCH}", expected=head, env=env)
                return added
            except BaseMoved:
                pass
        time.sleep(random.uniform(0, min(LONGEST_PAUSE_SECONDS, 0.05 * 2**turn)))  # noqa: S311
    raise ForgeError(
        f"the ledger moved {TRIES} times while an event was being added to it",
        mend="run this again; nothing was added",
    )


def read(*, url: str, env: Mapping[str, str]) -> list[LedgerEntry]:
    """All events of the ledger at `url`, oldest first; none where there is no ledger yet.

    Raises:
        InputError: no such repository.
        RecordError: a file among the events is not one.
    """
    with scratch("ledger") as folder:
        bare, head = _fetched(folder, url, env)
        return _entries(bare, _events(bare, head)) if head else []


def read_clone(repository: Path) -> list[LedgerEntry]:
    """All events that a repository on this machine has, without asking any other, oldest first.

    That is its own ledger and, in a clone, the one of `origin` as it was last fetched.

    Raises:
        ProcessFailed: it is no repository.
        RecordError: a file among the events is not one.
    """
    events: dict[str, str] = {}
    with objects(repository) as store:
        for ref in (f"refs/remotes/origin/{BRANCH}", f"refs/heads/{BRANCH}"):
            files = store.files(f"{ref}:{FOLDER.rstrip('/')}")
            events |= {FOLDER + name: blob for name, blob in files.items()}
    return _entries(repository, {name: blob for name, blob in events.items() if is_event(name)})


def _fetched(folder: Path, url: str, env: Mapping[str, str]) -> tuple[Path, str | None]:
    """A bare repository with the newest state of the ledger, and its commit."""
    for turn in range(TRIES):
        head = tree.remote_head(url, BRANCH, env)
        try:
            refs = [head] if head else []
            return tree.mirror(url, folder / f"{turn}.git", refs=refs, env=env, depth=1), head
        except InputError:
            # Between the two calls the branch may have moved, and its old commit be gone.
            if head is None or tree.remote_head(url, BRANCH, env) == head:
                raise
    raise ForgeError("the ledger's branch does not stand still", mend="run this again")


def _events(bare: Path, head: str) -> dict[str, str]:
    return {name: blob for name, blob in tree.list_blobs(bare, head).items() if is_event(name)}


def _commit(bare: Path, index: Path, head: str | None, entries: Sequence[LedgerEntry]) -> str:
    env = {"GIT_INDEX_FILE": str(index)}
    if head:
        command.git("read-tree", head, repository=bare, env=env)
    for entry in entries:
        text = json.dumps(entry.to_data(), indent=2, ensure_ascii=False) + "\n"
        blob = command.git("hash-object", "-w", "--stdin", repository=bare, stdin=text.encode())
        cached = f"100644,{command.object_id(blob)},{path(entry)}"
        command.git("update-index", "--add", "--cacheinfo", cached, repository=bare, env=env)
    written = command.git("write-tree", repository=bare, env=env)
    last = entries[-1]
    message = f"{last.event} {last.spec_id} {last.spec_version}, attempt {last.attempt}"
    return tree.commit_tree(
        bare,
        command.object_id(written),
        head,
        message,
        timestamp=int(moment(last).timestamp()),
        **_AUTHOR,
    )


def _file_name(name: str) -> str:
    return name.rpartition("/")[2]


def _entries(bare: Path, events: Mapping[str, str]) -> list[LedgerEntry]:
    names = sorted(events, key=_file_name)
    with objects(bare) as store:
        found = store.blobs([events[name] for name in names], RECORD_LIMIT_BYTES)
        return [
            decode(LedgerEntry, data or b"", source=f"{BRANCH}:{name}")
            for name, data in zip(names, found, strict=True)
        ]
