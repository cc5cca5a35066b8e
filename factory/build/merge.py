"""The attempt that no agent makes: a candidate whose base has moved, brought onto the new one."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from factory.errors import BaseMoved, InputError
from factory.ports.git import tree
from factory.ports.git.merge import merged_tree
from factory.records import AgentOutcome, Attempt, WorkOrder


def merge(
    order: WorkOrder,
    *,
    out: Path,
    tree_name: str,
    clone_url: str,
    git_environment: Mapping[str, str],
) -> Attempt:
    """Write the merge of `order.merges` and `order.base_commit` into `out`/`tree_name`.

    Nothing of it is executed. What is written is held, guarded and judged as any attempt's tree.
    Only the candidate that is held for this very run is taken.

    Raises:
        BaseMoved: both changed the same lines.
        InputError: another commit is held, or none; the repository lacks the base.
        AuthenticationError, ProcessFailed: it cannot be fetched.
    """
    assert order.merges is not None
    branch = f"refs/heads/{order.holding_branch}"
    with tree.scratch(out / "merge.git") as repository:
        tree.mirror(clone_url, repository, refs=[branch, order.base_commit], env=git_environment)
        held = tree.resolve(repository, branch)
        if held != order.merges:
            raise InputError(
                f"{order.holding_branch} holds {held}, not {order.merges}, which was judged",
                mend="plan the spec anew",
            )
        merged = merged_tree(repository, order.base_commit, held)
        if merged is None:
            raise BaseMoved(
                f"{held[:12]} cannot be merged with {order.base_commit[:12]}: both changed the "
                "same lines",
                mend="plan the spec anew, on the new base",
            )
        tree.materialise(repository, merged, out / tree_name)
    outcome = AgentOutcome(
        ended="finished",
        message=f"attempt {order.attempt - 1}, brought onto {order.base_commit[:12]}",
        replayed=order.agent.uses == "replay",
    )
    return Attempt(
        work_order=order,
        agent=outcome,
        spent_usd=order.spent_usd,
        tree=tree_name,
        sandbox="none",
    )
