"""Bring a candidate onto a base branch that has moved, so that it is judged where it will land."""

from __future__ import annotations

import shutil
from pathlib import Path

import msgspec

from factory import build, verdict
from factory.errors import BaseMoved, InputError
from factory.pipeline.equipment import Equipment
from factory.pipeline.state import candidate_to_follow
from factory.ports.git import tree
from factory.records import Candidate, Product, PublicVerdict, WorkOrder, read

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
    candidate = candidate_to_follow(folder)
    order = candidate.work_order
    if order.rebased >= order.retries.rebase:
        return False
    head = _head(shop, order.product)
    shutil.rmtree(into, ignore_errors=True)
    into.mkdir(parents=True)
    following = _following(candidate, head, merged=True)
    try:
        _merge(shop, following, into)
    except BaseMoved:
        if order.attempt >= order.budget.attempts:
            return False
        following = _following(candidate, head, merged=False)
    shop.note(f"{order.product.base_branch} has moved to {head[:12]}: judged anew there")
    following.write(into / "work-order.json")
    return True


def _following(candidate: Candidate, head: str, *, merged: bool) -> WorkOrder:
    order = candidate.work_order
    more = 1 if merged else 0
    return msgspec.structs.replace(
        order,
        attempt=order.attempt + 1,
        base_commit=head,
        budget=msgspec.structs.replace(order.budget, attempts=order.budget.attempts + more),
        agents=(*order.agents[: order.attempt], *order.agents[order.attempt - more :]),
        previous=None,
        merges=candidate.commit if merged else None,
        feedback=None if merged else _moved(order, candidate),
        spent_usd=candidate.spent_usd,
        history=(),  # What held on another base is no measure.
        rebased=order.rebased + 1,
    )


def _moved(order: WorkOrder, candidate: Candidate) -> PublicVerdict:
    """What the agent is told: a fact of the product alone, so it costs no bits."""
    return verdict.undecided(order, cause=MOVED, mend=ANEW, candidate=candidate.commit)


def _merge(shop: Equipment, order: WorkOrder, into: Path) -> None:
    attempt = build.merge(
        order,
        out=into,
        tree_name=build.TREE,
        clone_url=shop.forge.clone_url(order.product.repository),
        git_environment=shop.forge.git_environment(order.product.repository),
    )
    attempt.write(into / build.ATTEMPT)


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
