"""The commits of the ledger, oldest first, with the files that each one changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

from factory.errors import InputError, ProcessFailed
from factory.ledger.chain import REGULAR, Change, Step
from factory.ledger.events import LIMIT_BYTES
from factory.ports.git import command
from factory.ports.git.commits import RawCommit, parse_commit
from factory.ports.git.objects import Objects, objects

MOST_FILES = 20_000_000
"""A few trees that name each other many times are 1 kB and unfold into more than any machine has."""
SECONDS = 3600.0
_WINDOW = 500
_NONE = "000000"

_Raw = tuple[str, list[tuple[str, str, str, str]]]
"""A commit, and (old mode, new mode, blob, path) of what it changed."""


def steps(repository: Path, since: str | None, until: str) -> Iterator[Step]:
    """The commits after `since` up to `until` along first parents, oldest first.

    Args:
        repository: holds both.
        since: a commit below `until`; None for all.

    Raises:
        InputError: it unfolds into more files than a ledger can have.
        ProcessFailed: an object is missing or damaged.
    """
    span = f"{command.object_id(since)}..{until}" if since else command.object_id(until)
    listed = command.git("rev-list", "--first-parent", "--reverse", span, repository=repository)
    commits = iter([command.object_id(line) for line in listed.split()])
    with objects(repository) as store:
        while window := list(islice(commits, _WINDOW)):
            for raw in _windows(_changed(repository, window)):
                yield from _filled(store, raw)


def _changed(repository: Path, commits: Sequence[str]) -> Iterator[_Raw]:
    """What each commit changed against its first parent, as git tells it."""
    words = (
        *("diff-tree", "--stdin", "-r", "-z", "--raw", "--no-abbrev", "--root", "--always"),
        *("--diff-merges=first-parent", "--no-renames", "--no-ext-diff"),
        "--ignore-submodules=none",
    )
    asked = "".join(f"{one}\n" for one in commits).encode()
    with command.streaming(*words, repository=repository, timeout_seconds=SECONDS) as running:
        assert running.stdin and running.stdout
        running.stdin.write(asked)  # 500 lines: less than a pipe holds.
        running.stdin.close()
        yield from _parsed(_pieces(iter(lambda: running.stdout.read(1024 * 1024), b"")))  # type: ignore[union-attr]
        if running.wait() != 0:
            raise ProcessFailed(
                "git cannot tell what the ledger's commits changed",
                mend="run `git fsck` in the repository",
            )


def _pieces(stream: Iterable[bytes]) -> Iterator[bytes]:
    rest = b""
    for piece in stream:
        *whole, rest = (rest + piece).split(b"\0")
        yield from whole


def _parsed(words: Iterator[bytes]) -> Iterator[_Raw]:
    commit = ""
    rows: list[tuple[str, str, str, str]] = []
    files = 0
    for word in words:
        if not word.startswith(b":"):
            if commit:
                yield commit, rows
            commit, rows = word.decode(), []
            continue
        files += 1
        if files > MOST_FILES:
            raise InputError(
                f"the ledger unfolds into more than {MOST_FILES} files",
                mend="look at its branch: the factory did not write that",
            )
        old, new, _, blob, _ = word[1:].decode().split(" ")
        rows.append((old, new, blob, next(words).decode("utf-8", "surrogateescape")))
    if commit:
        yield commit, rows


def _windows(changed: Iterable[_Raw]) -> Iterator[list[_Raw]]:
    """Some commits at a time, so that one request to git asks for the objects of many."""
    window: list[_Raw] = []
    size = 0
    for one in changed:
        window.append(one)
        size += 1 + len(one[1])
        if size >= _WINDOW:
            yield window
            window, size = [], 0
    if window:
        yield window


def _filled(store: Objects, window: Sequence[_Raw]) -> Iterator[Step]:
    wanted = [commit for commit, _ in window]
    wanted += [blob for _, rows in window for _, new, blob, _ in rows if new == REGULAR]
    found = store.many(wanted, LIMIT_BYTES)
    heads = [next(found) for _ in window]
    for (commit, rows), head in zip(window, heads, strict=True):
        if head is None:
            raise ProcessFailed(f"the repository lacks its commit {commit}")
        # A commit too long to be read says nothing that is believed.
        told = RawCommit(tree="", parents=(), message="")
        if head.data is not None:
            told = parse_commit(head.data)
        changes = []
        for old, new, blob, path in rows:
            content = next(found) if new == REGULAR else None
            if new == REGULAR and content is None:
                raise ProcessFailed(f"the repository lacks its object {blob}")
            changes.append(
                Change(
                    path=path,
                    old=None if old == _NONE else old,
                    new=None if new == _NONE else new,
                    data=content.data if content else None,
                )
            )
        yield Step(
            commit=commit,
            parents=len(told.parents),
            message=told.message,
            changes=tuple(changes),
        )
