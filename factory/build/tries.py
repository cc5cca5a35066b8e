"""What the tries at one attempt have used, those that were cut short too."""

from __future__ import annotations

import json
from pathlib import Path

from factory import money
from factory.agents import checkpoint as checkpoints
from factory.agents.checkpoint import Checkpoint
from factory.agents.spent import Spent
from factory.agents.trajectory import FILE as TRAJECTORY
from factory.agents.trajectory import spent_usd
from factory.digest import digest_of
from factory.errors import AgentError
from factory.ledger.accounts import Used
from factory.records import Attempt, WorkOrder

CHECKPOINT = "checkpoint"
_MAY_CHANGE = ("budget", "spent_usd", "leak_left_bits")


def key_of(order: WorkOrder) -> str:
    """What a checkpoint belongs to: all of the order but its limits, which may change meanwhile."""
    told = {name: value for name, value in order.to_data().items() if name not in _MAY_CHANGE}
    return digest_of(json.dumps(told, sort_keys=True))


def cut_short(out: Path, checkpoint: Checkpoint) -> Spent:
    """What tries are known to have used that are not gone on with, or not yet."""
    last = checkpoint.spent
    return checkpoint.abandoned + Spent(max(_told(out / TRAJECTORY), last.nano), last.tokens)


def known(out: Path, order: WorkOrder) -> Used | None:
    """What all tries at an attempt that has not ended have used; None where nobody can know."""
    if order.agent.uses == "replay":
        return Used()
    left = checkpoints.left(out / CHECKPOINT, key_of(order))
    if left is None:
        return Used()  # It begins before any agent does.
    spent = cut_short(out, left)
    return None if left.damaged else Used(nano=spent.nano, tokens=spent.tokens)


def total(attempt: Attempt) -> Used:
    """What all tries at a finished attempt have used."""
    before = attempt.work_order.spent_usd
    return Used(
        nano=money.charge(attempt.spent_usd) - money.charge(before),
        tokens=attempt.tokens,
        seconds=attempt.agent.duration_seconds,
    )


def _told(trajectory: Path) -> int:
    """What the steps cost that are told there; agents without a checkpoint leave only them."""
    try:
        return money.charge(spent_usd(trajectory))
    except AgentError:
        return 0  # Killed while its first line was being written: nothing was asked yet.
