"""The one door to the scenario runner: a process of its own, with nothing of ours in reach."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from factory.errors import Inconclusive, InputError
from factory.ports import process


class SuiteError(InputError):
    """The scenarios themselves cannot be run; the message may quote them and is private."""

    code = "suite"


class RunnerFailed(Inconclusive):
    """The runner did not do its work; the message may quote its output and is private."""

    code = "runner"


def argv(*words: str) -> Sequence[str]:
    """The runner's command line."""
    # -I: nothing of the working folder, PYTHONPATH or user site can be imported by the runner.
    return [sys.executable, "-I", "-m", "scenario_runner", *words]


def environment() -> dict[str, str]:
    """Nothing of ours but what Python needs: no token or key reaches step code."""
    kept = {name: os.environ[name] for name in ("PATH",) if name in os.environ}
    return {"PATH": "/usr/bin:/bin", **kept, "LANG": "C.UTF-8", "HOME": "/nonexistent"}


def ask(
    *words: str, cwd: Path, timeout_seconds: float, limit_bytes: int = process.OUTPUT_LIMIT_BYTES
) -> tuple[dict[str, Any], bool]:
    """Run the runner with `words` and `--json`; what it answered, and whether it exited with 0.

    Raises:
        RunnerFailed: it did not answer, or with something else than a JSON object.
    """
    done = process.run(
        argv(*words, "--json"),
        env=environment(),
        timeout_seconds=timeout_seconds,
        cwd=cwd,
        output_limit_bytes=limit_bytes,
    )
    return answer(done), done.ok


def answer(done: process.Completed) -> dict[str, Any]:
    """The JSON object that the runner printed; raises RunnerFailed."""
    try:
        data = json.loads(done.stdout)
    except ValueError as error:
        raise RunnerFailed(
            f"the scenario runner did not answer: {process.describe(done)}"
        ) from error
    if not isinstance(data, dict):
        raise RunnerFailed("the scenario runner answered something else than an object")
    return data


__all__ = ["RunnerFailed", "SuiteError", "answer", "argv", "ask", "environment"]
