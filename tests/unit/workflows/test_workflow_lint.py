"""The linters that know today's syntax find nothing in our workflow and action files."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
BIN = Path(sys.executable).parent
WORKFLOWS = sorted(str(path) for path in (ROOT / ".github" / "workflows").glob("*.yml"))
DOUBLES = ROOT / "tests" / "acceptance" / "github" / "artifact-double"
ACTIONS = [str(ROOT / "action.yml"), *sorted(str(path) for path in DOUBLES.glob("*/action.yml"))]
LINTERS = {
    "actionlint": ["actionlint", "-no-color", *WORKFLOWS],
    "zizmor": [
        "zizmor", "--offline", "--strict-collection", "--no-progress",
        "--config", str(ROOT / ".github" / "zizmor.yml"), *WORKFLOWS, ACTIONS[0],
    ],
    "workflow schema": ["check-jsonschema", "--builtin-schema", "vendor.github-workflows",
                        *WORKFLOWS],
    "action schema": ["check-jsonschema", "--builtin-schema", "vendor.github-actions", *ACTIONS],
}  # fmt: skip


def test_there_is_something_to_lint():
    assert {"ci.yml", "factory.yml", "line.yml"} <= {Path(path).name for path in WORKFLOWS}
    assert len(ACTIONS) == 3


@pytest.mark.parametrize("name", LINTERS)
def test_linter_finds_nothing(name):
    program, *arguments = LINTERS[name]
    done = subprocess.run(
        [BIN / program, *arguments], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
