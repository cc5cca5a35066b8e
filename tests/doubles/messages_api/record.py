"""Record a trajectory for an example: written calls, played by the real agent in a real sandbox.

    python tests/doubles/messages_api/record.py --calls FILE --base-tree DIR|REPOSITORY@COMMIT
        --spec-id ID --attempt N --out FILE [--tree-out DIR]

The calls are what the scripted Messages API answers; the agent `anthropic`, its loop, its tools
and the sandbox are the product's own, so what is written down really happened. Prints the git
id of the tree that the attempt ended with.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
from pathlib import Path

if __name__ == "__main__":
    sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[3])]

from factory.agents.protocol import Assignment
from factory.agents.select import select
from factory.agents.trajectory import FILE, read_trajectory
from factory.ports.git import command
from factory.ports.git.tree import import_tree, materialise, tree_id
from factory.records import AgentProfile, Budget
from factory.sandbox.protocol import Sandbox
from messages_api.script import from_calls
from messages_api.server import MessagesServer

MODEL = "claude-sonnet-5-5"
GENERATED = ("__pycache__", ".git")


def lay_out(base: str, workspace: Path) -> str:
    """Fill the workspace from a folder or a commit, and return git's id of its tree."""
    repository, _, commit = base.rpartition("@")
    if repository:
        found = command.git("rev-parse", f"{commit}^{{commit}}", repository=Path(repository))
        materialise(Path(repository), command.object_id(found), workspace)
        return tree_id(Path(repository), command.object_id(found))
    shutil.copytree(base, workspace, ignore=shutil.ignore_patterns(*GENERATED))
    return git_tree(workspace)


def git_tree(folder: Path) -> str:
    """Git's id of a folder's tree, without what running it generates."""
    with tempfile.TemporaryDirectory() as scratch:
        command.git("init", "--quiet", "--bare", "--template=", scratch)
        return import_tree(
            folder,
            Path(scratch),
            skip=lambda path, _: path.rpartition("/")[2] in GENERATED or path.endswith(".pyc"),
        )


def record(
    calls: Path,
    base: str,
    spec_id: str,
    attempt: int,
    out: Path,
    sandbox: Sandbox,
    tree_out: Path | None = None,
) -> str:
    """Play `calls` on `base`, write the trajectory to `out`, return the tree it ended with."""
    with tempfile.TemporaryDirectory(prefix="record-") as scratch:
        workspace = Path(scratch) / "work"
        base_tree = lay_out(base, workspace)
        script = from_calls(calls)
        agent = select(AgentProfile(name="recorder", uses="anthropic", options={"model": MODEL}))
        with MessagesServer(script) as server:
            os.environ["ANTHROPIC_API_KEY"] = "sk-ant-recording"
            os.environ["ANTHROPIC_BASE_URL"] = server.url
            assignment = Assignment(
                brief=f"Build {spec_id}.",
                feedback="",
                spec_id=spec_id,
                attempt=attempt,
                workspace=workspace,
                base_tree=base_tree,
                budget=Budget(usd=100, spec_usd=100, minutes=30, steps=500),
                journal=Path(scratch),
            )
            outcome = agent.work(assignment, sandbox)
        assert outcome.ended == "finished", outcome
        assert not server.refusals, server.refusals
        recorded = read_trajectory(Path(scratch) / FILE)
        assert len(recorded.steps) == len(script["turns"]), "not every turn was played"
        troubles = [
            (call.input, result.text)
            for step in recorded.steps
            for call, result in zip(step.calls, step.results, strict=True)
            if result.is_error
        ]
        assert not troubles, troubles
        out.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(Path(scratch) / FILE, out)
        if tree_out is not None:
            shutil.copytree(workspace, tree_out, ignore=shutil.ignore_patterns(*GENERATED))
        return git_tree(workspace)


def main() -> None:
    """Record one attempt from the command line."""
    from factory.records.work_order import SandboxChoice
    from factory.sandbox.select import select as select_sandbox

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=Path, required=True)
    parser.add_argument("--base-tree", required=True)
    parser.add_argument("--spec-id", required=True)
    parser.add_argument("--attempt", type=int, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--tree-out", type=Path, help="copy the folder it ended with to here")
    wanted = parser.parse_args()
    tree = record(
        wanted.calls,
        wanted.base_tree,
        wanted.spec_id,
        wanted.attempt,
        wanted.out,
        select_sandbox(SandboxChoice()),
        wanted.tree_out,
    )
    print(json.dumps({"tree": tree, "trajectory": str(wanted.out)}))


if __name__ == "__main__":
    main()
