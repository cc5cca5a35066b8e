"""The one door to the scenario runner: a process of its own, with nothing of ours in reach."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from factory.errors import Inconclusive, InputError
from factory.ports import process

GRACE_SECONDS = 60.0
"""The runner ends by itself when the time of a run is up; so much later it is ended."""
T = TypeVar("T")


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
    try:
        data = json.loads(done.stdout)
    except ValueError as error:
        raise RunnerFailed(
            f"the scenario runner did not answer: {process.describe(done)}"
        ) from error
    if not isinstance(data, dict):
        raise RunnerFailed("the scenario runner answered something else than an object")
    return data, done.ok


def run(
    features: Path,
    subject: str,
    report: Path,
    taken: Callable[[Any], T],
    *,
    scenario_seconds: float,
    total_seconds: float,
    more: Sequence[str] = (),
    env: Mapping[str, str] | None = None,
) -> tuple[T, int]:
    """Run a suite; what `taken` makes of the report that it left, and its exit code.

    Args:
        features: the folder, or file, of scenarios.
        subject: as `scenario-runner run --subject` takes it.
        report: a folder for the report; the one above it exists.
        taken: given the report as JSON data; ValueError, KeyError and TypeError say that it is
            none.
        scenario_seconds, total_seconds: what one scenario, and all of them, may take.
        more: further options.
        env: what is added to the runner's environment.

    Raises:
        RunnerFailed: it left no readable report.
    """
    words = ["run", str(features), "--subject", subject, "--report", str(report), "--json"]
    words += ["--quiet-names", "--scenario-timeout", str(scenario_seconds)]
    words += ["--total-timeout", str(total_seconds), *more]
    done = process.run(
        argv(*words),
        env={**environment(), **(env or {})},
        timeout_seconds=total_seconds + GRACE_SECONDS,
        cwd=report.parent,
        die_with_us=True,
    )
    try:
        return taken(json.loads((report / "report.json").read_bytes())), done.returncode
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise RunnerFailed(
            f"the scenario runner left no readable report: {process.describe(done)}"
        ) from error


def service(fresh: str, reset: str | None, start_seconds: float, instances: int) -> list[str]:
    """The options for a service that a launcher starts.

    Args:
        fresh, reset: how scenarios share its state; `reset` is as `POST /path`.
        start_seconds: what the launcher grants a start, and the wait for a place before it.
        instances: how many the launcher lets live at once.
    """
    words = ["--fresh", fresh, *(["--reset", reset] if reset else [])]
    words += ["--instances", str(instances)]
    return [*words, "--start-timeout", f"{2 * start_seconds + GRACE_SECONDS:g}"]


__all__ = ["RunnerFailed", "SuiteError", "argv", "ask", "environment", "run", "service"]
