"""Pull request: brings along what git, Python, make or the runner would run. Nothing of it runs."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "acceptance" / "github"))

import gate_world
import harness
import hub as github_hub

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
MODULES = ("conftest", "sitecustomize", "usercustomize", "yaml", "factory", "click", "setup", "git")


def traps(planted: Path) -> dict[str, str]:
    """Files that leave a trace, `planted`/<name>, if anything but a reader gets at them."""
    touch = f"touch {planted}"
    python = f"import pathlib\npathlib.Path({str(planted)!r}, __name__ + '.py').touch()\n"
    files = {f"{place}{name}.py": python for name in MODULES for place in ("", "specs/")}
    step = json.dumps({"shell": "bash", "run": f"{touch}/action"})
    npm = {"preinstall": f"{touch}/npm", "test": f"{touch}/npm"}
    return {
        **files,
        "Makefile": f"all test check:\n\t{touch}/make\n$(shell {touch}/make)\n",
        ".gitattributes": "* filter=trap diff=trap merge=trap export-subst\n",
        "specs/.gitattributes": "*.md filter=trap diff=trap ident\n",
        ".gitmodules": f'[submodule "x"]\n\tpath = x\n\turl = ext::sh -c "{touch}/ext"\n'
        f"\tupdate = !{touch}/update\n",
        ".gitconfig": f'[core]\n\tfsmonitor = {touch}/fsmonitor\n[filter "trap"]\n'
        f"\tsmudge = {touch}/smudge\n\tclean = {touch}/clean\n",
        ".githooks/post-checkout": f"#!/bin/sh\n{touch}/hook\n",
        "hooks/post-update": f"#!/bin/sh\n{touch}/hook\n",
        "action.yml": f"runs: {{using: composite, steps: [{step}]}}\n",
        "package.json": json.dumps({"scripts": npm}),
        "pyproject.toml": f'[tool.pytest.ini_options]\naddopts = "-p {planted}"\n',
        "pip.conf": "[global]\nindex-url = http://127.0.0.1:9/\n",
        "pytest.ini": "[pytest]\naddopts = -p trap\n",
        ".env": "PATH=/nowhere\nFACTORY_FORGE=local\n",
        ".actrc": "--env GITHUB_TOKEN=planted\n",
        "run.sh": f"#!/bin/sh\n{touch}/run\n",
        f"specs/$({touch.replace('/', '_')}).md": "no spec",
        f"specs/`{touch.replace('/', '_')}`;.md": "no spec",
    }


@pytest.fixture(scope="module")
def venv(tmp_path_factory):
    return harness.factory_environment(tmp_path_factory.mktemp("venv") / "venv")


def test_a_pull_request_full_of_traps_leaves_no_trace(needs, tmp_path, venv):
    needs("git", "python3", "make")
    if harness.act_program() is None:
        needs("act")
    planted = tmp_path / "planted"
    planted.mkdir()
    title = (
        f"\"$(touch {planted}/title) `touch {planted}/title` ';touch {planted}/title;' "
        '${{ github.token }} ::set-output name=verdict::pass"'
    )
    text = gate_world.spec("second", title=title, unnumbered=1)
    text = text.replace("A rule that has no", f"$(touch {planted}/rule) ${{{{ github.token }}}}")
    _, public = github_hub.app_keys()
    with github_hub.github(tmp_path, public) as hub:
        gate_world.fill(hub, tmp_path)
        release = harness.released_checkout(tmp_path / "release")
        world = gate_world.GateWorld(folder=tmp_path, hub=hub, release=release, venv=venv)
        head = world.pull(7, {"specs/second.md": text, **traps(planted)}, fork=True)
        run = world.act(world.event(7, head, "opened"))
        assert run.jobs == {"review": "succeeded", "gate": "failed"}, run.log
        check = world.check(head)
        assert check["conclusion"] == "failure"
        assert any(f"touch {planted}/rule" in one for one in _texts(text, check))
        assert gate_world.JOB not in str(check) and gate_world.JOB not in run.log
        assert hub.state()["violations"] == []
    assert list(planted.iterdir()) == []
    assert "verdict=fail" in run.log and "verdict=pass" not in run.log

    clone = tmp_path / "pull-7"  # The traps do spring: whoever ran them would be seen.
    subprocess.run(["make", "-s"], cwd=clone, check=False, timeout=30)
    subprocess.run([sys.executable, "conftest.py"], cwd=clone, check=True, timeout=30)
    assert {path.name for path in planted.iterdir()} >= {"make", "__main__.py"}
    shutil.rmtree(tmp_path / "run-1" / "cache", ignore_errors=True)


def _texts(text: str, check: dict) -> list[str]:
    """The spec's lines that were annotated: the hostile one is among what was read."""
    lines = text.splitlines()
    return [lines[one["start_line"] - 1] for one in check["annotations"]
            if one["path"] == "specs/second.md"]  # fmt: skip
