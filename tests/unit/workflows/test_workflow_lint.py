"""The linters that know today's syntax find nothing in any workflow or action of ours: those that
run, those that `factory init` writes and those that a page shows."""

from __future__ import annotations

import re
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
BIN = Path(sys.executable).parent
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
SKELETONS = sorted((ROOT / "spec-templates").glob("skeletons/*/.github/workflows/*.yml"))
ACTIONS = [ROOT / "action.yml", ROOT / "scenario-runner" / "action.yml"]
DOUBLES = sorted((ROOT / "tests" / "acceptance" / "github").glob("**/action.yml"))
PAGES = [ROOT / "README.md", *sorted(ROOT.glob("docs/**/*.md")), ROOT / "scenario-runner/README.md"]
# The pages say beside it where this is right, and what to write elsewhere.
INHERITED = ("secrets: inherit\n", "secrets: inherit # zizmor: ignore[secrets-inherit]\n")
BLOCK = re.compile(r"^( *)```yaml\n(.*?)^\1```", re.MULTILINE | re.DOTALL)


def shown() -> dict[str, str]:
    """Each whole workflow in a page: the page and a number → its text."""
    found = {}
    for page in PAGES:
        for number, (_, text) in enumerate(BLOCK.findall(page.read_text()), 1):
            block = textwrap.dedent(text)
            if re.search(r"^jobs:", block, re.MULTILINE):
                name = str(page.relative_to(ROOT)).replace("/", "-").removesuffix(".md")
                found[f"{name}-{number}.yml"] = block.replace(*INHERITED)
    return found


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """A repository of all of them: its workflows and its actions."""
    folder = tmp_path_factory.mktemp("lint") / ".github" / "workflows"
    folder.mkdir(parents=True)
    for path in (*WORKFLOWS, *SKELETONS):
        name = str(path.relative_to(ROOT)).replace("/", "-")
        (folder / name).write_text(path.read_text())
    for name, text in shown().items():
        (folder / name).write_text(text)
    return [str(path) for path in sorted(folder.iterdir())]


LINTERS = {
    "actionlint": ["actionlint", "-no-color"],
    "zizmor": ["zizmor", "--offline", "--strict-collection", "--no-progress",
               "--config", str(ROOT / ".github" / "zizmor.yml"), *map(str, ACTIONS)],
    "workflow schema": ["check-jsonschema", "--builtin-schema", "vendor.github-workflows"],
}  # fmt: skip


def lint(program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [BIN / program, *arguments], capture_output=True, text=True, timeout=120, check=False
    )


def test_there_is_something_to_lint():
    names = {path.name for path in WORKFLOWS}
    ours = {"answer.yml", "attest.yml", "factory.yml", "factory-attested.yml", "line.yml",
            "line-attested.yml", "spec-gate.yml"}  # fmt: skip
    assert ours | {"ci.yml", "release.yml"} <= names
    assert len(SKELETONS) >= 5
    pages = {name.rpartition("-")[0] for name in shown()}
    wanted = {"README", "docs-conversations", "docs-github", "docs-holdout-gate"}
    assert wanted | {"scenario-runner-README"} <= pages
    assert len(DOUBLES) >= 3


@pytest.mark.parametrize("name", LINTERS)
def test_linter_finds_nothing(files, name):
    done = lint(*LINTERS[name], *files)
    assert done.returncode == 0, done.stdout + done.stderr


def test_what_pull_requests_of_strangers_start_would_be_told_without_its_reason(files, tmp_path):
    """The one finding that is ignored: its reason stands beside it."""
    folder = tmp_path / ".github" / "workflows"
    folder.mkdir(parents=True)
    for file in map(Path, files):
        text = file.read_text()
        if "# zizmor: ignore[dangerous-triggers]" in text:
            (folder / file.name).write_text(text.replace("ignore[dangerous-triggers]", ""))
    shown = sorted(file.name for file in folder.iterdir())
    assert len(shown) >= 3
    done = lint(*LINTERS["zizmor"], "--format=plain", *map(str, folder.iterdir()))
    assert all(f"{name}:" in done.stdout for name in shown), done.stdout


def test_actions_are_what_their_schema_says():
    paths = [str(path) for path in (*ACTIONS, *DOUBLES)]
    done = lint("check-jsonschema", "--builtin-schema", "vendor.github-actions", *paths)
    assert done.returncode == 0, done.stdout + done.stderr


def test_make_lint_looks_at_every_one_that_runs():
    made = (ROOT / "Makefile").read_text()
    for path in ACTIONS:
        assert made.count(f" {path.relative_to(ROOT)}") >= 2, path
