"""Ship: bring exactly the judged commit to the product's base branch, or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from factory.errors import BaseMoved, Inconclusive, InputError, RecordError
from factory.ports.git import tree
from factory.records import Candidate, PublicVerdict, Shipment
from factory.records.binding import mismatch
from factory.ship.checkout import (
    check_clean,
    check_room,
    checked_out,
    finish,
    held_commits,
    is_interrupted,
)

__all__ = ["preflight", "ship"]


def preflight(clone_url: str, base_branch: str, git_environment: Mapping[str, str]) -> str:
    """Check, before any money is spent, that shipping will be possible; return the base's head.

    Raises:
        InputError: no such repository or branch, or the branch is checked out in a work tree
            with uncommitted changes.
        AuthenticationError, ProcessFailed: it cannot be asked.
    """
    head = _base_head(clone_url, base_branch, git_environment)
    for work_tree in checked_out(clone_url, base_branch):
        if not any(is_interrupted(work_tree, held) for held in held_commits(work_tree)):
            check_clean(work_tree)
    return head


def ship(
    candidate: Candidate,
    verdict: PublicVerdict,
    *,
    out: Path,
    clone_url: str,
    git_environment: Mapping[str, str],
    now: str,
) -> Shipment:
    """Fast-forward the base branch to the candidate that `verdict` passed.

    Nothing is pushed where the branch is at, or above, the commit already, so this can be killed
    anywhere and run again. The holding branch stays, as evidence. `out/shipment.json` is written
    last.

    Args:
        candidate: what was held.
        verdict: what was said of it.
        out: where `shipment.json` goes.
        clone_url: where the product's repository is.
        git_environment: additions to git's environment that authenticate for it.
        now: UTC, in the form 2026-11-22T21:10:08Z.

    Raises:
        RecordError: verdict and candidate are not of one another.
        Inconclusive: the verdict is not `pass`, or the holding branch has moved.
        BaseMoved: the base branch is no longer where the candidate was built.
        InputError: the repository or branch is missing, or a work tree stands in the way.
        AuthenticationError, ProcessFailed: the push failed.
    """
    _check_records(candidate, verdict)
    order = candidate.work_order
    out.mkdir(parents=True, exist_ok=True)
    with tree.scratch(out / "ship.git") as repository:
        head = _base_head(clone_url, order.product.base_branch, git_environment)
        if head == order.base_commit:
            _check_held(candidate, repository, clone_url, git_environment)
            _push(candidate, repository, clone_url, git_environment)
        _check_arrived(candidate, repository, clone_url, git_environment)
    shipment = Shipment(
        run_id=order.run_id,
        attempt=order.attempt,
        spec_id=order.spec.id,
        spec_version=order.spec.version,
        commit=candidate.commit,
        branch=order.product.base_branch,
        shipped_at=now,
    )
    shipment.write(out / "shipment.json")
    return shipment


def _check_records(candidate: Candidate, verdict: PublicVerdict) -> None:
    if verdict.verdict != "pass":
        raise Inconclusive(
            f"the verdict is {verdict.verdict}, and only pass ships",
            mend=verdict.mend or "let the next attempt be judged",
        )
    order = candidate.work_order
    wrong = mismatch(verdict, candidate)
    if candidate.branch != order.holding_branch:
        wrong = "branch"
    if wrong:
        raise RecordError(
            f"verdict and candidate do not belong together: {wrong} differs",
            mend="pass the public verdict that was made for this very candidate",
        )
    if (
        verdict.suite_digest is None
        or verdict.failure_class is not None
        or verdict.requirements_not_met
        or verdict.other
    ):
        raise RecordError(
            "the verdict says pass and names a failure, or no scenarios",
            mend="run `factory verdict` again on the evidence",
        )


def _base_head(clone_url: str, branch: str, env: Mapping[str, str]) -> str:
    head = tree.remote_head(clone_url, branch, env)
    if head is None:
        raise InputError(
            f"{tree.shown_url(clone_url)} has no branch {branch}",
            mend="create it with a first commit, or correct base-branch in factory.yml",
        )
    return head


def _check_held(
    candidate: Candidate, repository: Path, clone_url: str, env: Mapping[str, str]
) -> None:
    """The holding branch, and the commit itself, are what the records say."""
    order = candidate.work_order
    held = tree.remote_head(clone_url, str(candidate.branch), env)
    if held != candidate.commit:
        raise Inconclusive(
            f"{candidate.branch} is at {held or 'nothing'}, not at the judged {candidate.commit}",
            mend="find out who moved it, then hold and judge again",
        )
    tree.mirror(clone_url, repository, refs=[candidate.commit], env=env, depth=2)
    raw = tree.read_commit(repository, candidate.commit)
    said = tree.trailers(raw.message)
    tied = (
        raw.tree == candidate.tree_id
        and raw.parents == (order.base_commit,)
        and said.get("Factory-Spec") == order.spec.id
        and said.get("Factory-Spec-Version") == str(order.spec.version)
        and said.get("Factory-Run") == order.run_id
        and said.get("Factory-Attempt") == str(order.attempt)
    )
    if not tied:
        raise RecordError(
            f"commit {candidate.commit} is not what the candidate's record says",
            mend="pass the record that hold wrote, unchanged",
        )


def _push(candidate: Candidate, repository: Path, clone_url: str, env: Mapping[str, str]) -> None:
    order = candidate.work_order
    branch = order.product.base_branch
    base = tree.tree_id(repository, order.base_commit)
    changed = tree.changed_paths(repository, base, candidate.tree_id)
    work_trees = checked_out(clone_url, branch)
    for work_tree in work_trees:
        if is_interrupted(work_tree, candidate.commit):
            finish(work_tree, branch, candidate.commit, order.base_commit)
            return
        check_clean(work_tree)
        check_room(work_tree, changed)
    tree.push(
        repository,
        clone_url,
        candidate.commit,
        f"refs/heads/{branch}",
        expected=order.base_commit,
        env=env,
        update_checkout=bool(work_trees),
    )


def _check_arrived(
    candidate: Candidate, repository: Path, clone_url: str, env: Mapping[str, str]
) -> None:
    """Ask the repository itself whether the branch is at the commit, or above it."""
    branch = candidate.work_order.product.base_branch
    head = _base_head(clone_url, branch, env)
    if head == candidate.commit:
        return
    tree.mirror(clone_url, repository, refs=[head], env=env)
    if not tree.is_ancestor(repository, candidate.commit, head):
        raise BaseMoved(
            f"{branch} is at {head}, not at {candidate.work_order.base_commit} "
            "where the candidate was built",
            mend="plan and judge again on the new base",
        )
