"""Run scenarios from the action's inputs: an argument list, no shell.

Inputs come as FACTORY_INPUT_* and are data. Which there are and what each takes is read from the
options of `scenario-runner run` itself. Where one may be given several times, each line is one.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / ".github" / "action"))

import click
import workflow_file as runner

from scenario_runner.cli import run_command

INCONCLUSIVE = 5
VERDICTS = {0: "pass", 1: "fail"}
CALL = "from scenario_runner.cli import main; main()"
# The doors to the runner of the job, and what opens others: not for steps of a suite.
WITHHELD = ("GITHUB_OUTPUT", "GITHUB_ENV", "GITHUB_PATH", "GITHUB_STATE", "GITHUB_STEP_SUMMARY")
WITHHELD_PREFIXES = ("ACTIONS_", "INPUT_", "FACTORY_INPUT_")


class Refused(Exception):
    """An input that cannot be used; the message names it."""


def given(name: str) -> str:
    """The input `name` without white space around it."""
    return os.environ.get("FACTORY_INPUT_" + name.upper().replace("-", "_"), "").strip()


def options() -> Mapping[str, click.Option]:
    """Each option that is an input, by its name without dashes; --json is what steps go without."""
    found = {
        one.opts[0].removeprefix("--"): one
        for one in run_command.params
        if isinstance(one, click.Option)
    }
    del found["json"]
    return found


def words() -> list[str]:
    """The arguments that the inputs ask for. No value can be taken for an option of its own.

    Raises:
        Refused: an input that is neither empty nor what its option takes.
    """
    chosen = []
    for name, option in options().items():
        value = str(report_folder()) if name == "report" else given(name)
        if option.is_flag:
            if value not in ("true", "false", ""):
                raise Refused(f"the input `{name}` is true or false")
            chosen += [f"--{name}"] if value == "true" else []
        elif option.multiple:
            chosen += [f"--{name}={line.strip()}" for line in value.splitlines() if line.strip()]
        elif value:
            chosen.append(f"--{name}={value}")
    if not given("features"):
        raise Refused("the input `features` is empty; name the folder of the feature files")
    return [*chosen, "--", given("features")]


def report_folder() -> Path:
    """Where the report goes: outside the workspace, unless the input says otherwise."""
    return Path(given("report") or Path(os.environ["RUNNER_TEMP"]) / "scenario-runner" / "report")


def run(arguments: list[str]) -> int:
    """Run them to their end; no line of what is printed is taken for a workflow command."""
    env = {
        name: value
        for name, value in os.environ.items()
        if name not in WITHHELD and not name.startswith(WITHHELD_PREFIXES)
    } | {"NO_COLOR": "1"}
    with (
        runner.no_commands(),
        subprocess.Popen(
            [sys.executable, "-I", "-c", CALL, "run", *arguments],
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        ) as process,
    ):
        for line in process.stdout or ():
            runner.show(line.decode("utf-8", "replace").rstrip("\n"))
        return process.wait()


def report(path: Path) -> dict[str, Any]:
    """report.json; empty where there is none that can be read."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def told(scenarios: list[Mapping[str, Any]]) -> str:
    """How many scenarios came to each outcome, and no name."""
    counts = Counter(str(one["outcome"]) for one in scenarios)
    return ", ".join(f"{count} {outcome}" for outcome, count in counts.items()) or "none ran"


def main() -> int:
    try:
        arguments = words()
    except Refused as error:
        runner.set_output("verdict", "inconclusive")
        runner.annotate("error", f"scenario-runner: {error}")
        return 2
    path = report_folder() / "report.json"
    path.unlink(missing_ok=True)  # An earlier run's says nothing about this one.
    code = run(arguments)
    found = report(path)
    verdict = VERDICTS.get(code, "inconclusive")
    if found.get("verdict") != verdict:
        verdict, code = "inconclusive", code if code > 1 else INCONCLUSIVE
    runner.set_output("verdict", verdict)
    runner.set_output("report", str(path.parent.resolve()) if found else "")
    level = "notice" if verdict == "pass" else "error"
    runner.annotate(level, f"the verdict is {verdict}: {told(found.get('scenarios', []))}")
    return code


if __name__ == "__main__":
    sys.exit(main())
