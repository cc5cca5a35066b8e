"""Fetch exactly what was named, ask where a branch is, push under a lease."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from factory.errors import InputError
from factory.ports import process
from factory.ports.git import command
from factory.ports.git.address import local_folder, place, serving, shown_url
from factory.ports.git.failures import failure, no_commit, refused

_FULL_ID = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_KEPT = "refs/factory/commits"
ALL = 2**31 - 1  # git's own word for "no depth", as `--unshallow` uses it.


def origin(repository: Path) -> str | None:
    """The address of `origin`; None where there is none.

    Raises:
        ProcessFailed: it is no repository.
    """
    done = command.attempt("config", "--get", "remote.origin.url", repository=repository)
    return done.text.strip() or None


def mirror(
    url: str,
    into: Path,
    *,
    refs: Sequence[str],
    env: Mapping[str, str],
    depth: int | None = None,
) -> Path:
    """Create or refresh the bare repository `into` with exactly `refs` of `url`; return `into`.

    Args:
        url: a local path, or a file, ssh or http(s) URL.
        into: the bare repository; made without template and hooks where missing.
        refs: branches, tags, `HEAD`, full `refs/…` names, or full commit ids.
        env: additions to git's environment that authenticate.
        depth: how many commits of history to take; all by default.

    Raises:
        InputError: there is no such repository, branch, tag or commit.
        AuthenticationError: the other side refuses us.
        ProcessFailed: the network or git failed.
    """
    source = place(url)
    advertised, head = _advertised(url, env)
    commits = [ref for ref in refs if _FULL_ID.fullmatch(ref)]
    named = {ref: _find(ref, advertised, url) for ref in refs if ref not in commits}
    _create(into, [*commits, *advertised.values()])
    wanted = [f"+{full}:{full}" for full in named.values() if full != "HEAD"]
    if "HEAD" in named:
        wanted.append(f"+{head}:{head}" if head else f"+HEAD:{_KEPT}/HEAD")
    absent = [commit for commit in commits if not _kept(into, commit)]
    wanted += [f"+{commit}:{kept_as(commit)}" for commit in absent]
    if wanted:
        done = _fetch(source, into, wanted, env, depth)
        if not done.ok and absent and _refuses_ids(done):
            _fetch_by_branches(url, into, wanted, absent, env)
        elif not done.ok:
            raise failure(done, url, "fetch")
    for commit in commits:
        if not command.succeeds("cat-file", "-e", f"{commit}^{{commit}}", repository=into):
            raise no_commit(commit, url)
    if "HEAD" in named:
        _point_head(into, head)
    return into


def follow(
    url: str,
    ref: str,
    into: Path,
    *,
    env: Mapping[str, str],
    kept_as: str | None = None,
    depth: int | None = None,
) -> str | None:
    """Bring `ref` of `url` into the repository `into`, wherever it was there before.

    A short history stays short and grows by what is new; `depth` as for `mirror`, `ALL` makes it
    whole. `kept_as` is its full name in `into`, by default the same.

    Returns:
        The commit, or None where `url` has no such ref: then `into` has none either.

    Raises:
        InputError, AuthenticationError, ProcessFailed: as for `mirror`.
    """
    kept = kept_as or ref
    done = _fetch(place(url), into, [f"+{ref}:{kept}"], env, depth, grow=True)
    if not done.ok:
        if "couldn't find remote ref" not in done.stderr.decode("utf-8", "replace"):
            raise failure(done, url, "fetch")
        command.git("update-ref", "-d", kept, repository=into)
        return None
    return command.object_id(
        command.git("rev-parse", "--verify", f"{kept}^{{commit}}", repository=into)
    )


def kept_as(commit: str) -> str:
    """The ref of a commit that was fetched by its id and has come whole."""
    return f"{_KEPT}/{commit}"


def remote_head(url: str, branch: str, env: Mapping[str, str]) -> str | None:
    """The commit that `branch` of `url` is at now, or None where there is no such branch.

    Raises:
        InputError, AuthenticationError, ProcessFailed: as for `mirror`.
    """
    return _advertised(url, env, f"refs/heads/{branch}")[0].get(f"refs/heads/{branch}")


def push(
    repository: Path,
    url: str,
    commit: str,
    ref: str,
    *,
    expected: str | None,
    env: Mapping[str, str],
    update_checkout: bool = False,
) -> None:
    """Put `ref` of `url` at `commit`, if it is at `expected` (None: does not exist) until then.

    A ref that is at `commit` already is left alone. The lease guards against others, not
    against going backwards: callers that need a fast-forward check it themselves.

    Args:
        ref: a full name, `refs/heads/…`.
        update_checkout: where `url` is a local work tree that has the branch checked out and is
            clean, move its files along (git's `updateInstead`), instead of being refused.

    Raises:
        BaseMoved: the ref is elsewhere.
        AuthenticationError: we may not push there.
        InputError: no such repository, or its checkout stands in the way.
        ProcessFailed: the network or git failed.
    """
    deny = "updateInstead" if update_checkout else "refuse"
    receiving = serving(url, "--receive-pack", "receive-pack", f"receive.denyCurrentBranch={deny}")
    done = command.attempt(
        "push",
        "--porcelain",
        "--no-verify",
        "--no-follow-tags",
        "--no-signed",
        "--recurse-submodules=no",
        f"--force-with-lease={ref}:{expected or ''}",
        *receiving,
        "--",
        place(url),
        f"{command.object_id(commit)}:{ref}",
        repository=repository,
        env=env,
    )
    if done.ok:
        return
    refusal = next((line for line in done.text.splitlines() if line.startswith("!\t")), None)
    if refusal is None:
        raise failure(done, url, "push")
    raise refused(refusal, done, url, ref)


def _advertised(
    url: str, env: Mapping[str, str], *patterns: str
) -> tuple[dict[str, str], str | None]:
    """Ref names with their ids, and the branch that HEAD points at."""
    folder = local_folder(url)
    if folder is not None and not folder.is_dir():
        raise InputError(f"there is no repository at {folder}", mend="check its path")
    other_end = serving(url, "--upload-pack", "upload-pack")
    done = command.attempt(
        "ls-remote", "--symref", *other_end, "--", place(url), *patterns, env=env
    )
    if not done.ok:
        raise failure(done, url, "ls-remote")
    refs: dict[str, str] = {}
    head = None
    for line in done.text.splitlines():
        value, _, name = line.partition("\t")
        if value.startswith("ref: ") and name == "HEAD":
            head = value.removeprefix("ref: ")
        elif _FULL_ID.fullmatch(value):
            refs[name] = value
    return refs, head


def _find(ref: str, advertised: Mapping[str, str], url: str) -> str:
    for full in (ref, f"refs/heads/{ref}", f"refs/tags/{ref}"):
        if full in advertised and (full == "HEAD" or full.startswith("refs/")):
            return full
    raise InputError(
        f"{shown_url(url)} has no branch or tag {ref!r}",
        mend="name a branch or tag that it has, or a full commit id",
    )


def _create(into: Path, ids: Sequence[str]) -> None:
    if (into / "HEAD").exists():
        return
    into.mkdir(parents=True, exist_ok=True)
    kind = "sha256" if any(len(value) == 64 for value in ids) else "sha1"
    command.git("init", "--quiet", "--bare", "--template=", f"--object-format={kind}", str(into))


def _kept(into: Path, commit: str) -> bool:
    """Whether a whole earlier fetch brought `commit`: git sets the ref only after its check."""
    return command.succeeds("show-ref", "--verify", "--quiet", kept_as(commit), repository=into)


def _fetch(
    source: str,
    into: Path,
    wanted: Sequence[str],
    env: Mapping[str, str],
    depth: int | None,
    *,
    grow: bool = False,
) -> process.Completed:
    if depth is None and not grow and (into / "shallow").exists():
        depth = ALL  # Else git would go on with the short history of an earlier fetch.
    return command.attempt(
        "fetch",
        "--quiet",
        "--no-tags",
        "--no-write-fetch-head",
        "--no-auto-maintenance",
        "--no-recurse-submodules",
        *([f"--depth={depth}"] if depth else []),
        *serving(source, "--upload-pack", "upload-pack"),
        "--",
        source,
        *wanted,
        repository=into,
        env=env,
    )


def _refuses_ids(done: process.Completed) -> bool:
    told = done.stderr.decode("utf-8", "replace")
    return "not our ref" in told or "unadvertised object" in told


def _fetch_by_branches(
    url: str, into: Path, wanted: Sequence[str], absent: Sequence[str], env: Mapping[str, str]
) -> None:
    """The server does not hand out commits by id: take its branches, then look for them."""
    named = [spec for spec in wanted if not _FULL_ID.match(spec[1:])]
    done = _fetch(place(url), into, [*named, "+refs/heads/*:refs/factory/seen/*"], env, None)
    if not done.ok:
        raise failure(done, url, "fetch")
    for commit in absent:
        if not command.succeeds("cat-file", "-e", f"{commit}^{{commit}}", repository=into):
            raise no_commit(commit, url)
        command.git("update-ref", kept_as(commit), commit, repository=into)


def _point_head(into: Path, head: str | None) -> None:
    if head:
        command.git("symbolic-ref", "HEAD", head, repository=into)
    else:
        commit = command.git("rev-parse", "--verify", f"{_KEPT}/HEAD", repository=into)
        command.git("update-ref", "--no-deref", "HEAD", command.object_id(commit), repository=into)
