"""What tests of agents need: a sandbox, a workspace under git, an assignment, a model's server."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from factory.agents.protocol import Assignment
from factory.agents.select import select
from factory.agents.trajectory import FILE, Trajectory, read_trajectory
from factory.errors import SandboxUnavailable
from factory.ports.git import command
from factory.ports.git.tree import import_tree
from factory.records import AgentProfile, Budget
from factory.records.work_order import SandboxChoice
from factory.sandbox.protocol import Sandbox

KEY = "sk-ant-api03-TESTKEYTESTKEYTESTKEY"


@pytest.fixture(scope="session")
def sandbox() -> Sandbox:
    """The sandbox that the product would take here; without one the test is given up."""
    from factory.sandbox.select import select as select_sandbox

    try:
        return select_sandbox(SandboxChoice())
    except SandboxUnavailable as error:
        if os.environ.get("FACTORY_REQUIRE_ALL") == "1":
            pytest.fail(f"FACTORY_REQUIRE_ALL=1: needs a sandbox: {error}")
        pytest.skip(f"needs a sandbox: {error}")


def tree_of(folder: Path, scratch: Path) -> str:
    """Git's id of a folder's tree."""
    repository = scratch / "tree-of.git"
    if not repository.exists():
        command.git("init", "--quiet", "--bare", "--template=", str(repository))
    return import_tree(folder, repository)


def assignment(tmp_path: Path, **changes: Any) -> Assignment:
    """An assignment on a small workspace below `tmp_path`."""
    workspace = tmp_path / "work"
    if not workspace.exists():
        workspace.mkdir()
        (workspace / "greet.py").write_text('print("hello")\n')
    values: dict[str, Any] = {
        "brief": "Make greet.py greet the world.",
        "feedback": "",
        "spec_id": "greeting",
        "attempt": 1,
        "workspace": workspace,
        "base_tree": tree_of(workspace, tmp_path),
        "budget": Budget(usd=5, spec_usd=5, minutes=2, steps=20),
        "journal": tmp_path / "out",
    }
    return Assignment(**{**values, **changes})


def profile(uses: str, **options: Any) -> AgentProfile:
    """A profile; option names with `_` for `-`."""
    named = {name.replace("_", "-"): value for name, value in options.items()}
    return AgentProfile(name="builder", uses=uses, options=named)


def anthropic_agent(**options: Any) -> Any:
    """The agent `anthropic`, which waits next to nothing between tries."""
    return select(profile("anthropic", **{"backoff_seconds": 0.01, **options}))


def bash(command_line: str) -> dict[str, Any]:
    """A scripted call of bash."""
    return {"tool": "bash", "input": {"command": command_line}}


def finish(summary: str = "All done.") -> dict[str, Any]:
    """A scripted turn that ends."""
    return {"say": "", "calls": [{"tool": "finish", "input": {"summary": summary}}]}


def written(given: Assignment) -> Trajectory:
    """The trajectory that an agent left."""
    return read_trajectory(given.journal / FILE)
