"""Hold: turn what an agent left into a commit on a holding branch, executing none of it."""

from __future__ import annotations

import contextlib
import stat
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from factory.errors import BaseMoved, GuardError, InputError, RecordError
from factory.hold.guard import check_changes, leftovers
from factory.hold.message import ATTEMPT, RUN, SPEC, commit_message, commit_time
from factory.ports.git import tree, warm
from factory.records import Attempt, Candidate, WorkOrder

AUTHOR_NAME = "Dark Factory"
AUTHOR_EMAIL = "factory@dark-factory.invalid"  # RFC 2606: can never be somebody's address.

__all__ = ["hold"]


def hold(
    attempt: Attempt,
    *,
    record_folder: Path,
    out: Path,
    clone_url: str,
    git_environment: Mapping[str, str],
) -> Candidate:
    """Import an attempt's tree, guard it, commit it on the base and push the holding branch.

    The same attempt gives the same commit, so this can be killed anywhere and run again.
    `out/candidate.json` is written last.

    Args:
        attempt: the build try.
        record_folder: the folder of its record; `attempt.tree` is relative to it.
        out: where `candidate.json` goes.
        clone_url: where the product's repository is.
        git_environment: additions to git's environment that authenticate for it.

    Raises:
        GuardError: the tree holds what must not enter a repository, changes a protected path,
            or changes nothing.
        InputError: the repository or base commit is missing, or the holding branch is not ours.
        RecordError: the attempt's record cannot be true, or a later attempt is held already.
        AuthenticationError, BaseMoved, ProcessFailed: as for `factory.ports.git.tree.push`.
    """
    order = attempt.work_order
    folder = _tree_folder(record_folder, attempt.tree)
    out.mkdir(parents=True, exist_ok=True)
    branch = order.holding_branch
    with tree.scratch(out / "hold.git") as repository:
        warm.borrow(clone_url, order.base_commit, repository, git_environment)
        blobs, folders = tree.list_objects(repository, order.base_commit)
        new = tree.import_tree(
            folder,
            repository,
            skip=leftovers(repository, blobs, folders),
            known={*blobs.values(), *folders.values()},
        )
        changed = tree.changed_paths(repository, order.base_commit, new)
        check_changes(changed, order.product.protected)
        commit = tree.commit_tree(
            repository,
            new,
            order.base_commit,
            commit_message(order),
            author_name=AUTHOR_NAME,
            author_email=AUTHOR_EMAIL,
            timestamp=commit_time(order),
        )
        _push(repository, clone_url, commit, order, git_environment)
    candidate = Candidate(
        work_order=order,
        commit=commit,
        tree_id=new,
        branch=branch,
        changed_paths=len(changed),
        agent=attempt.agent,
        spent_usd=attempt.spent_usd,
    )
    candidate.write(out / "candidate.json")
    return candidate


def _tree_folder(record_folder: Path, relative: str) -> Path:
    """The agent's folder; no part of the way below the record's folder may be a link."""
    parts = PurePosixPath(relative).parts
    if not parts or relative.startswith("/") or ".." in parts or "\0" in relative:
        raise RecordError(
            f"attempt.tree leaves the record's folder: {relative[:80]!r}",
            mend="pass the record that build wrote, unchanged",
        )
    folder = record_folder
    for part in parts:
        folder = folder / part
        try:
            mode = folder.lstat().st_mode
        except OSError as error:
            raise InputError(
                f"the agent's folder is missing: {error.strerror}",
                path=str(folder),
                mend="keep the tree beside attempt.json, as build left it",
            ) from error
        if not stat.S_ISDIR(mode):
            raise GuardError(
                "the agent's folder is a link or not a folder", path=str(folder), mend="build again"
            )
    return folder


def _push(
    repository: Path,
    clone_url: str,
    commit: str,
    order: WorkOrder,
    env: Mapping[str, str],
) -> None:
    branch = order.holding_branch
    ref = f"refs/heads/{branch}"
    if order.attempt == 1:
        with contextlib.suppress(BaseMoved):  # Nearly always there is none yet.
            tree.push(repository, clone_url, commit, ref, expected=None, env=env)
            return
    held = tree.remote_head(clone_url, branch, env)
    if held == commit:
        return
    if held is not None:
        tree.mirror(clone_url, repository, refs=[held], env=env, depth=1)
        _check_replaceable(repository, held, order)
    try:
        tree.push(repository, clone_url, commit, ref, expected=held, env=env)
    except BaseMoved as error:
        raise BaseMoved(
            f"{branch} moved while this attempt was being held",
            mend="another process holds the same run: let it end, then hold again",
        ) from error


def _check_replaceable(repository: Path, held: str, order: WorkOrder) -> None:
    """Only a candidate of this run, of this attempt or an earlier one, may be replaced."""
    said = tree.trailers(tree.read_commit(repository, held).message)
    number = said.get(ATTEMPT, "")
    if said.get(RUN) != order.run_id or said.get(SPEC) != order.spec.id or not number.isdecimal():
        raise InputError(
            f"{order.holding_branch} is at {held}, which no attempt of this run made",
            mend="find out who pushed it, then delete the branch and hold again",
        )
    if int(number) > order.attempt:
        raise RecordError(
            f"attempt {number} of this run is held already, this is attempt {order.attempt}",
            mend="go on with the later attempt",
        )
