"""Run a suite against a subject and read what was observed."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from factory.ports import process, scenario_runner
from factory.ports.scenario_runner import RunnerFailed, SuiteError
from factory.scenarios.repository import FOLDER, Repository, Suite

SCENARIO_SECONDS = 60.0
RUN_SECONDS = 1800.0
GRACE_SECONDS = 60.0


def run_suite(features: Path, subject: str, report: Path, *, shown: str) -> list[dict[str, Any]]:
    """The rows of the runner's report: `path`, `line`, `outcome` and more of each scenario.

    Args:
        features: the folder that the runner is given.
        subject: as `scenario-runner run --subject` takes it.
        report: a folder for the report; the one above it exists.
        shown: what to call the suite in messages.

    Raises:
        SuiteError: the runner refuses the suite before the first scenario.
        RunnerFailed: it left no report.
    """
    words = ["run", str(features), "--subject", subject, "--report", str(report), "--json"]
    words += ["--quiet-names", "--scenario-timeout", str(SCENARIO_SECONDS)]
    words += ["--total-timeout", str(RUN_SECONDS)]
    done = process.run(
        scenario_runner.argv(*words),
        env=scenario_runner.environment(),
        timeout_seconds=RUN_SECONDS + GRACE_SECONDS,
        cwd=report.parent,
        die_with_us=True,
    )
    try:
        data = json.loads((report / "report.json").read_bytes())
        rows, errors = list(data["scenarios"]), data["errors"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise RunnerFailed(
            f"the scenario runner left no readable report: {process.describe(done)}"
        ) from error
    if done.returncode == 2:
        said = errors[0]["message"] if errors else "without saying why"
        raise SuiteError(f"the scenario runner refused the suite: {said}", path=shown)
    return rows


def copy_code(suite: Suite, repository: Repository, features: Path) -> Path:
    """Copy what is no feature file: the shared, and the suite's own; the suite's new folder."""

    def ignored(folder: str, names: list[str]) -> list[str]:
        return [one for one in names if one.endswith(".feature") or one.startswith(".")]

    def shared(folder: str, names: list[str]) -> list[str]:
        at_root = Path(folder) == repository.root
        return [*ignored(folder, names), *([FOLDER] if at_root and FOLDER in names else [])]

    shutil.copytree(repository.root, features, ignore=shared)
    own = features / FOLDER / suite.spec_id
    shutil.copytree(suite.folder, own, ignore=ignored)
    for path in (repository.root / FOLDER).glob("*.py"):
        shutil.copy(path, features / FOLDER)
    return own
