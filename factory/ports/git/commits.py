"""Read and write commits as raw objects, so that no setting changes what they say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

from factory.errors import Bug, InputError, ProcessFailed
from factory.ports.git import command, listing
from factory.ports.git.limits import LIMITS
from factory.ports.git.objects import objects

_TRAILER = re.compile(r"([A-Za-z][A-Za-z0-9-]*): ?(.*)")
_ODD_REF = re.compile(r"[\x00-\x20\x7f~^:?*\[\\]|\.\.|@\{|^-|//|/$|\.$")
_FULL_ID = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")


_AUTHOR = re.compile(rb"author (.*?) ?<([^<>]*)> ([0-9]{1,12}) ([+-])([0-9]{2})([0-9]{2})")


@dataclass(frozen=True, kw_only=True)
class Author:
    """Who wrote a commit, as it says, and when, in the author's own time zone."""

    name: str
    email: str
    at: datetime


NOBODY = Author(name="", email="", at=datetime.fromtimestamp(0, UTC))
"""The author of a commit that does not say it in git's form."""


@dataclass(frozen=True, kw_only=True)
class RawCommit:
    """One commit object: ids of its tree and parents, its author, and its message as text."""

    tree: str
    parents: tuple[str, ...]
    message: str
    author: Author = NOBODY

    @property
    def subject(self) -> str:
        """The first paragraph of the message, on one line."""
        return " ".join(self.message.strip("\n").split("\n\n", 1)[0].split())


def resolve(repository: Path, ref: str) -> str:
    """The commit id that a branch, tag, `HEAD`, full ref name or full commit id stands for.

    Raises:
        InputError: there is none in `repository`.
    """
    tries = [ref] if ref == "HEAD" or ref.startswith("refs/") or _FULL_ID.fullmatch(ref) else []
    if not _ODD_REF.search(ref):
        for name in tries or [f"refs/heads/{ref}", f"refs/tags/{ref}"]:
            done = command.attempt(
                "rev-parse", "--verify", "--quiet", f"{name}^{{commit}}", repository=repository
            )
            if done.ok:
                return command.object_id(done.stdout)
    raise InputError(
        f"no branch, tag or commit {ref!r} in the repository",
        mend="name a branch or tag that it has, or a full commit id",
    )


def tree_id(repository: Path, commit: str) -> str:
    """The id of the tree of `commit`.

    Raises:
        InputError: it is not a commit in `repository`.
    """
    return read_commit(repository, commit).tree


def read_commit(repository: Path, commit: str) -> RawCommit:
    """Read one commit object.

    Raises:
        InputError: it is not a commit in `repository`.
    """
    done = command.attempt("cat-file", "commit", command.object_id(commit), repository=repository)
    if not done.ok or done.truncated:
        raise InputError(
            f"no commit {commit} in the repository", mend="check that it was pushed and fetched"
        )
    return parse_commit(done.stdout)


def commit_tree(
    repository: Path,
    tree: str,
    parent: str | None,
    message: str,
    *,
    author_name: str,
    author_email: str,
    timestamp: int,
) -> str:
    """Write a commit of `tree` on `parent` and return its id; equal inputs give an equal id.

    Args:
        message: the whole message; a line feed is added where its end lacks one.
        author_name, author_email: author and committer alike.
        timestamp: seconds since 1970, UTC.
    """
    who = f"{author_name} <{author_email}> {timestamp} +0000"
    if re.search(r"[\x00-\x1f<>]", author_name + author_email) or "\0" in message:
        raise Bug("a commit's author or message holds what git's format reserves")
    lines = [f"tree {command.object_id(tree)}"]
    lines += [f"parent {command.object_id(parent)}"] if parent else []
    lines += [f"author {who}", f"committer {who}", "", message.rstrip("\n") + "\n"]
    raw = "\n".join(lines).encode()
    written = command.git(
        "hash-object", "-t", "commit", "-w", "--stdin", repository=repository, stdin=raw
    )
    return command.object_id(written)


def is_ancestor(repository: Path, ancestor: str, commit: str) -> bool:
    """Whether `ancestor` is `commit` or one of the commits below it; False where unknown."""
    return command.succeeds(
        "merge-base",
        "--is-ancestor",
        command.object_id(ancestor),
        command.object_id(commit),
        repository=repository,
    )


def merge_bases(repository: Path, one: str, other: str) -> list[str]:
    """The best common ancestors of two commits; more than one where histories cross, or none."""
    done = command.attempt(
        "merge-base",
        "--all",
        command.object_id(one),
        command.object_id(other),
        repository=repository,
    )
    if done.returncode not in (0, 1) or done.timed_out:
        raise ProcessFailed(command.describe(done, ["merge-base"]))
    return [command.object_id(line) for line in done.stdout.splitlines()]


def changed_paths(repository: Path, base_tree: str, tree: str) -> list[str]:
    """Paths whose content, mode or kind differs between two trees, sorted; a move is two paths.

    Of a commit its tree is meant.
    """
    listed = command.git(
        "diff-tree",
        "-r",
        "-z",
        "--name-only",
        "--no-renames",
        "--no-ext-diff",
        "--ignore-submodules=none",
        command.object_id(base_tree),
        command.object_id(tree),
        repository=repository,
    )
    return sorted(part.decode("utf-8", "surrogateescape") for part in listed.split(b"\0") if part)


def list_blobs(repository: Path, commit: str) -> dict[str, str]:
    """Every file and link of `commit`, as path to object id; gitlinks are left out."""
    return list_objects(repository, commit)[0]


def list_objects(repository: Path, commit: str) -> tuple[dict[str, str], dict[str, str]]:
    """Every file and link of `commit`, and every folder below its root, as path to object id.

    Raises:
        InputError: as for `listing.rows`; folders count as well.
    """
    found: dict[bytes, dict[str, str]] = {b"blob": {}, b"tree": {}, b"commit": {}}
    for row in listing.rows(repository, commit, LIMITS.entries, "-t"):
        head, _, path = row.partition(b"\t")
        _, kind, identity = head.split(b" ")
        found[kind][path.decode("utf-8", "surrogateescape")] = identity.decode("ascii")
    return found[b"blob"], found[b"tree"]


def list_modes(repository: Path, commit: str) -> dict[str, str]:
    """Every file, link (`120000`) and gitlink (`160000`) of `commit`, as path to mode.

    Raises:
        InputError: as for `listing.rows`.
    """
    found = {}
    for row in listing.rows(repository, commit, LIMITS.entries):
        head, _, path = row.partition(b"\t")
        found[path.decode("utf-8", "surrogateescape")] = head.split()[0].decode("ascii")
    return found


def read_blob(repository: Path, blob: str) -> bytes:
    """The content of one blob."""
    return command.git("cat-file", "blob", command.object_id(blob), repository=repository)


def log_trailers(repository: Path, commit: str, limit: int) -> Iterator[tuple[str, dict[str, str]]]:
    """Commits from `commit` downwards, newest first, at most `limit`, each with its trailers.

    Trailers are the last paragraph of a message of two or more, each of its lines `Key: value`.
    A key given twice with different values says nothing and is left out.
    """
    ids = command.git(
        "rev-list", f"--max-count={limit}", command.object_id(commit), repository=repository
    ).split()
    with objects(repository) as store:
        for found in store.many([command.object_id(name) for name in ids]):
            if found and found.data is not None:
                yield found.id, trailers(parse_commit(found.data).message)


def trailers(message: str) -> dict[str, str]:
    """The trailers of one commit message, by the rule of `log_trailers`."""
    paragraphs = re.split(r"\n[ \t]*\n", message.strip("\n"))
    if len(paragraphs) < 2:
        return {}
    found: dict[str, str] = {}
    doubtful: set[str] = set()
    for line in paragraphs[-1].split("\n"):
        match = _TRAILER.fullmatch(line)
        if not match:
            return {}
        key, value = match[1], match[2].strip()
        if found.setdefault(key, value) != value:
            doubtful.add(key)
    return {key: value for key, value in found.items() if key not in doubtful}


def parse_commit(raw: bytes) -> RawCommit:
    """A commit from the bytes of its object.

    Raises:
        InputError: they have no tree, or an id that is none.
    """
    head, _, message = raw.partition(b"\n\n")
    lines = head.split(b"\n")
    if not lines[0].startswith(b"tree "):
        raise InputError("a commit object without a tree", mend="run `git fsck` on the repository")
    parents = []
    for line in lines[1:]:
        if not line.startswith(b"parent "):
            break
        parents.append(command.object_id(line[7:]))
    after = lines[1 + len(parents)] if len(lines) > 1 + len(parents) else b""
    return RawCommit(
        tree=command.object_id(lines[0][5:]),
        parents=tuple(parents),
        message=message.decode("utf-8", "replace"),
        author=_author(after),
    )


def _author(line: bytes) -> Author:
    found = _AUTHOR.fullmatch(line)
    if not found:
        return NOBODY
    name, email, seconds, sign, hours, minutes = found.groups()
    offset = timedelta(hours=int(hours), minutes=int(minutes)) * (-1 if sign == b"-" else 1)
    try:
        at = datetime.fromtimestamp(int(seconds), timezone(offset))
    except (ValueError, OverflowError, OSError):
        at = NOBODY.at
    return Author(
        name=name.decode("utf-8", "replace"), email=email.decode("utf-8", "replace"), at=at
    )
