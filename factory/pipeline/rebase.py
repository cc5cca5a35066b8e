"""Bring a candidate onto a base branch that has moved, so that it is judged where it will land."""

from __future__ import annotations

import shutil
from pathlib import Path

import msgspec

from factory import verdict
from factory.errors import BaseMoved, InputError
from factory.pipeline.equipment import Equipment
from factory.ports.git import tree
from factory.ports.git.merge import merged_tree
from factory.records import (
    AgentOutcome,
    Attempt,
    Candidate,
    Product,
    PublicVerdict,
    WorkOrder,
    read,
)

_TREE = "tree"
_AUTHOR = {"author_name": "Dark Factory", "author_email": "factory@dark-factory.invalid"}
MOVED = "The base branch has moved, and the candidate cannot be merged with what is there now."
ANEW = "Build it on the base branch as it is now."


def require_base(shop: Equipment, folder: Path) -> None:
    """Before money is spent on judging a candidate, see that it stands where it would land.

    Raises:
        BaseMoved: it does not, and may still be brought there.
    """
    order = read(Candidate, folder / "candidate.json").work_order
    head = _head(shop, order.product)
    if head != order.base_commit and order.rebased < order.retries.rebase:
        raise BaseMoved(f"{order.product.base_branch} is at {head}, not at {order.base_commit}")


def rebase(shop: Equipment, folder: Path, into: Path) -> bool:
    """Make the next attempt out of a candidate whose base has moved; False where none may follow.

    The merge of both is an attempt that no agent makes and that costs none. Where they cannot be
    merged, the agent builds anew on the new base, if it has an attempt left.

    Args:
        folder: the attempt's folder, with its candidate.
        into: the folder of the next attempt. Its order is written last: without one it is not
            there, so this can be killed anywhere and done again.

    Raises:
        InputError, AuthenticationError, ProcessFailed: the product's repository cannot be read.
    """
    candidate = read(Candidate, folder / "candidate.json")
    order = candidate.work_order
    if order.rebased >= order.retries.rebase:
        return False
    url = shop.forge.clone_url(order.product.repository)
    env = shop.forge.git_environment(order.product.repository)
    head = _head(shop, order.product)
    shutil.rmtree(into, ignore_errors=True)
    into.mkdir(parents=True)
    with tree.scratch(folder / "rebase.git") as repository:
        tree.mirror(url, repository, refs=[head, candidate.commit], env=env)
        merged = merged_tree(repository, head, candidate.commit)
        following = _following(candidate, head, merged=merged is not None)
        if following is None:
            return False
        if merged is not None:
            commit = tree.commit_tree(repository, merged, head, "Merge", timestamp=0, **_AUTHOR)
            tree.materialise(repository, commit, into / _TREE)
            _write_attempt(following, folder, into)
    shop.note(f"{order.product.base_branch} has moved to {head[:12]}: judged anew there")
    following.write(into / "work-order.json")
    return True


def _following(candidate: Candidate, head: str, *, merged: bool) -> WorkOrder | None:
    order = candidate.work_order
    if not merged and order.attempt >= order.budget.attempts:
        return None
    more = 1 if merged else 0
    return msgspec.structs.replace(
        order,
        attempt=order.attempt + 1,
        base_commit=head,
        budget=msgspec.structs.replace(order.budget, attempts=order.budget.attempts + more),
        agents=(*order.agents[: order.attempt], *order.agents[order.attempt - more :]),
        previous=None,
        feedback=None if merged else _moved(order, candidate),
        spent_usd=candidate.spent_usd,
        history=(),  # What held on another base is no measure.
        rebased=order.rebased + 1,
    )


def _moved(order: WorkOrder, candidate: Candidate) -> PublicVerdict:
    """What the agent is told: a fact of the product alone, so it costs no bits."""
    return verdict.undecided(order, cause=MOVED, mend=ANEW, candidate=candidate.commit)


def _write_attempt(order: WorkOrder, folder: Path, into: Path) -> None:
    before = read(Attempt, folder / "attempt.json")
    outcome = AgentOutcome(
        ended="finished",
        message=f"attempt {before.work_order.attempt}, brought onto {order.base_commit[:12]}",
        replayed=before.agent.replayed,
    )
    attempt = Attempt(
        work_order=order,
        agent=outcome,
        spent_usd=order.spent_usd,
        tree=_TREE,
        sandbox=before.sandbox,
    )
    attempt.write(into / "attempt.json")


def _head(shop: Equipment, product: Product) -> str:
    url = shop.forge.clone_url(product.repository)
    env = shop.forge.git_environment(product.repository)
    head = tree.remote_head(url, product.base_branch, env)
    if head is None:
        raise InputError(
            f"{tree.shown_url(url)} has no branch {product.base_branch}",
            mend="correct base-branch in factory.yml",
        )
    return head
