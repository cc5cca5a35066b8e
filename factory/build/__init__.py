"""The stage build: one work order becomes one attempt, a tree that an agent left."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from factory import money
from factory.agents import checkpoint as checkpoints
from factory.agents.checkpoint import REPOSITORY, Checkpoint
from factory.agents.protocol import Agent, Assignment
from factory.agents.snapshot import NotKept
from factory.agents.trajectory import BESIDE
from factory.agents.trajectory import FILE as TRAJECTORY
from factory.build.brief import brief, feedback_text
from factory.build.budget import remaining, require_in_time
from factory.build.merge import merge
from factory.build.tries import CHECKPOINT, cut_short, key_of, known, total
from factory.counted import counted
from factory.errors import FactoryError, InputError, RecordError
from factory.ports import process
from factory.ports.git import warm
from factory.ports.git.tree import read_commit, tree_id
from factory.records import AgentOutcome, Attempt, WorkOrder, read
from factory.sandbox.protocol import Sandbox
from factory.spec.brief import altered

TREE = "tree"
ATTEMPT = "attempt.json"
_CLEAR_SECONDS = 120.0
_TOOL_ENV = {"PATH": "/usr/bin:/bin", "LC_ALL": "C"}
_SECRETS = (
    *("ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "OPENAI_API_KEY", "CODEX_API_KEY"),
    *("GEMINI_API_KEY", "GITHUB_TOKEN", "GH_TOKEN"),
)

__all__ = ["build", "brief", "feedback_text", "known", "merge", "remaining", "total"]


def build(
    order: WorkOrder,
    *,
    out: Path,
    agent: Agent,
    sandbox: Sandbox,
    clone_url: str,
    git_environment: Mapping[str, str],
    progress: Callable[[str], None],
) -> Attempt:
    """Let the agent build, and write `out`/attempt.json, `out`/tree and `out`/trajectory.jsonl.

    The record is written last and at once: where it is there, the attempt is over and is
    returned as it is. Without it a killed build goes on at the step it had reached, where its
    agent left a checkpoint in `out`/checkpoint that fits; else what it left is thrown away and the
    attempt begins anew on a clean tree. What was spent counts either way, and once.

    Args:
        order: what to build. It starts from `order.previous` where that is set. Where
            `order.merges` is, no agent works: see `factory.build.merge`.
        out: the folder of this attempt.
        clone_url: where the product repository is fetched from.
        git_environment: additions to git's environment that authenticate; never the agent's.
        progress: told what is happening, in plain sentences.

    Raises:
        BudgetExceeded: nothing is left to spend on this spec, or its turn is long over.
        RecordError: the order's brief is not the one that plan wrote.
        InputError: the product has no such commit, or `out` holds another attempt.
        AgentError, AuthenticationError, SandboxUnavailable: see `Agent.work`.
        BaseMoved: `order.merges` cannot be merged with the base.
    """
    if (out / ATTEMPT).exists():
        progress("this attempt was built already")
        _clear(out / CHECKPOINT)
        return _finished(out / ATTEMPT, order)
    if order.merges:
        return _merged(order, out, clone_url, git_environment, progress)
    change = altered(order)
    if change:
        raise RecordError(f"the work order was changed: {change}", mend="plan the spec anew")
    out.mkdir(parents=True, exist_ok=True)
    require_in_time(order, datetime.now(UTC))
    with checkpoints.opened(out / CHECKPOINT, key_of(order)) as checkpoint:
        tend = _nothing
        if not _taken_up(order, out, checkpoint, progress):
            tend = _begin(order, out, checkpoint, clone_url, git_environment, progress)
        before = checkpoint.abandoned
        budget = remaining(order, before)
        progress(f"the agent {order.agent.name} ({order.agent.uses}) builds in {sandbox.name}")
        assignment = Assignment(
            brief=brief(order.brief, order.product),
            feedback=(
                feedback_text(order.feedback, kept=order.previous is not None)
                if order.feedback
                else ""
            ),
            spec_id=order.spec.id,
            attempt=order.attempt,
            workspace=out / TREE,
            base_tree=checkpoint.base_tree,
            budget=budget,
            journal=out,
            secrets=_secrets(git_environment),
            progress=progress,
            checkpoint=checkpoint,
        )
        with warm.meanwhile(tend):
            outcome = agent.work(assignment, sandbox)
    # What an agent cannot tell counts as all that it might have spent, which is a limit too.
    usd = outcome.usd if outcome.usd_known else min(outcome.usd, budget.usd)
    spent = money.charge(order.spent_usd) + before.nano + money.charge(usd)
    attempt = Attempt(
        work_order=order,
        agent=outcome,
        spent_usd=money.dollars(spent),
        tokens=before.tokens + max(outcome.tokens, checkpoint.spent.tokens),
        tree=TREE,
        sandbox=sandbox.name,
    )
    attempt.write(out / ATTEMPT)
    _clear(out / CHECKPOINT)
    progress(_said(outcome))
    return attempt


def _merged(
    order: WorkOrder,
    out: Path,
    url: str,
    env: Mapping[str, str],
    progress: Callable[[str], None],
) -> Attempt:
    progress(f"the candidate before is brought onto {order.base_commit[:12]}; no agent works")
    out.mkdir(parents=True, exist_ok=True)
    _clear(out / TREE)
    attempt = merge(order, out=out, tree_name=TREE, clone_url=url, git_environment=env)
    attempt.write(out / ATTEMPT)
    return attempt


def _finished(path: Path, order: WorkOrder) -> Attempt:
    attempt = read(Attempt, path)
    done = attempt.work_order
    if (done.run_id, done.attempt, done.nonce) != (order.run_id, order.attempt, order.nonce):
        raise InputError(
            f"holds attempt {done.attempt} of run {done.run_id}, not attempt {order.attempt} "
            f"of run {order.run_id}",
            path=str(path),
            mend="give another folder to --out",
        )
    return attempt


def _base(order: WorkOrder) -> str:
    return order.previous or order.base_commit


def _taken_up(
    order: WorkOrder, out: Path, checkpoint: Checkpoint, progress: Callable[[str], None]
) -> bool:
    """Whether a killed build can go on: its checkpoint fits, and its tree is put back."""
    if not checkpoint.resumed:
        return False
    try:
        checkpoint.put_back(out / TREE, _base(order))
    except (FactoryError, NotKept, OSError) as error:
        progress(f"the attempt begins anew, since its tree cannot be put back: {error}")
        return False
    progress("a build of this attempt was cut short; it goes on at the step it had reached")
    return True


def _begin(
    order: WorkOrder,
    out: Path,
    checkpoint: Checkpoint,
    url: str,
    env: Mapping[str, str],
    progress: Callable[[str], None],
) -> warm.Tend:
    """Throw away what a killed build left, but for what it is known to have spent."""
    abandoned = cut_short(out, checkpoint)
    remaining(order, abandoned)  # Nothing is fetched where nothing is left to spend.
    progress(f"fetching {order.product.name} at {_base(order)[:12]}")
    tree, tend = _lay_out(out, _base(order), url, env)
    _require_own(order, out / CHECKPOINT / REPOSITORY)
    checkpoint.begin(tree, abandoned)
    for name in (TRAJECTORY, BESIDE):
        (out / name).unlink(missing_ok=True)
    return tend


def _require_own(order: WorkOrder, repository: Path) -> None:
    """What is gone on from stands on the base: on another it would take back what was merged since.

    Raises:
        InputError: it is no candidate of this base.
    """
    if order.previous is None:
        return
    parents = read_commit(repository, order.previous).parents
    if parents != (order.base_commit,):
        raise InputError(
            f"{order.previous} does not stand on {order.base_commit}: it is no candidate of ours",
            mend="plan the spec anew",
        )


def _nothing() -> None:
    """There is nothing to do meanwhile."""


def _lay_out(out: Path, commit: str, url: str, env: Mapping[str, str]) -> tuple[str, warm.Tend]:
    """Write the commit's files into out/tree; git's id of their tree, and what to do meanwhile.

    The repository is fetched without history, and kept beside the checkpoint, where no agent
    comes: to put a tree back takes the base.
    """
    tree, repository = out / TREE, out / CHECKPOINT / REPOSITORY
    for folder in (tree, repository):
        _clear(folder)
    tend = warm.lay_out(url, commit, repository=repository, folder=tree, env=env)
    return tree_id(repository, commit), tend


def _clear(folder: Path) -> None:
    """Remove a folder that may hold anything, also folders that its writer locked."""
    if os.path.lexists(folder):
        # Not shutil.rmtree, which recurses: a tree may be nested thousands deep.
        for words in (["chmod", "-R", "u+rwx"], ["rm", "-rf"]):
            process.run([*words, "--", str(folder)], env=_TOOL_ENV, timeout_seconds=_CLEAR_SECONDS)
    if os.path.lexists(folder):
        raise InputError("cannot be removed", path=str(folder), mend="remove it by hand")


def _secrets(git_environment: Mapping[str, str]) -> tuple[str, ...]:
    """The values that must never be written down: keys we hold, and what git logs in with."""
    values = [os.environ.get(name, "") for name in _SECRETS]
    values += git_environment.values()
    return tuple(value for value in values if value)


def _said(outcome: AgentOutcome) -> str:
    how = {
        "finished": "the agent finished",
        "budget": "the agent was stopped: its budget is used up",
        "deadline": "the agent was stopped: its time is up",
        "steps": "the agent was stopped: it made as many steps as it may",
    }[outcome.ended]
    cost = f"${outcome.usd:.4f}"
    if not outcome.usd_known:
        cost += " charged, what it spent is not known for certain"
    if outcome.replayed:
        cost = "replayed, $0"
    return f"{how} after {counted(outcome.steps, 'step')}, {outcome.duration_seconds:.0f} s, {cost}"
