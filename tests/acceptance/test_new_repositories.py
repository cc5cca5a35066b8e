"""`factory init` from nothing: three repositories that fit together, and a line that ships.

Real processes throughout: git, the gate, the scenario runner, a sandbox, the workflow linters.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.acceptance.conftest import Done, Repositories, factory, git

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
NAMES = ("specs", "scenarios", "product")


@pytest.fixture
def repositories(tmp_path: Path) -> Repositories:
    """All three, as the commands write them, side by side."""
    for name in NAMES:
        done = factory("init", name, name, "--owner", "@acme/words", cwd=tmp_path)
        assert done.code == 0, done.err
    return Repositories(tmp_path)


def scenario_runner(folder: Path, *words: str) -> Done:
    done = subprocess.run(
        [sys.executable, "-m", "scenario_runner", *words],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT / "scenario-runner")},
        capture_output=True,
        text=True,
        timeout=120,
    )
    return Done(done.returncode, done.stdout, done.stderr)


def judged(repositories: Repositories) -> tuple[int, set[str]]:
    """Exit code of a run of the scenarios against the product, and the tags of what failed."""
    program = repositories.product / "wordcount.py"
    words = ("--subject", f"{sys.executable} {program}", "--report", "report")
    done = scenario_runner(repositories.folder, "run", "scenarios/scenarios", *words)
    report = json.loads((repositories.folder / "report" / "report.json").read_text("utf-8"))
    assert report["errors"] == [] and report["inventory"] == len(report["scenarios"]) > 10
    failed = [one for one in report["scenarios"] if one["outcome"] != "passed"]
    return done.code, {tag for one in failed for tag in one["tags"] if tag[1:2] in "REC"}


def workflows(folder: Path) -> dict[str, dict[str, Any]]:
    """Every workflow of the three, by its path."""
    return {
        str(path.relative_to(folder)): yaml.safe_load(path.read_text("utf-8"))
        for name in NAMES
        for path in sorted((folder / name / ".github" / "workflows").glob("*.yml"))
    }


def shell_step(workflow: dict[str, Any], name: str) -> str:
    (steps,) = (job["steps"] for job in workflow["jobs"].values())
    return next(step["run"] for step in steps if step["name"] == name)


def test_the_gate_finds_nothing_and_the_scenarios_cover_the_spec(
    repositories: Repositories,
) -> None:
    done = factory("check", "specs", "--json", cwd=repositories.folder)
    assert (done.code, done.data) == (0, {"findings": [], "specs": 1})
    inventory = scenario_runner(repositories.folder, "inventory", "scenarios/scenarios", "--json")
    tags = {tag for one in json.loads(inventory.out)["scenarios"] for tag in one["tags"]}
    from factory.spec.document import read_spec

    spec = read_spec(repositories.specs / "specs" / "count-words.md")
    assert {tag for tag in tags if tag[1:2] in "REC"} == {f"@{r.id}" for r in spec.requirements()}


def test_the_product_passes_its_scenarios_and_its_own_tests(repositories: Repositories) -> None:
    assert judged(repositories) == (0, set())
    run = shell_step(workflows(repositories.folder)["product/.github/workflows/ci.yml"], "Test")
    done = subprocess.run(
        ["bash", "-e", "-c", run], cwd=repositories.product, capture_output=True, text=True
    )
    assert done.returncode == 0 and "Ran 6 tests" in done.stderr, done.stderr


@pytest.mark.parametrize(
    ("right", "wrong", "tags"),
    [
        ("len(re.findall(", "1 + len(re.findall(", {"@R1", "@R2", "@R3", "@E1", "@E2"}),
        (r'r"[^ \t\r\n]+", text', r'r"[^ ]+", text', {"@R1", "@R2", "@E2"}),
        (r'r"[^ \t\r\n]+", text', r'r"\w+", text', {"@R3"}),
        ("return 1", "return 3", {"@E3", "@E4", "@C1"}),
        ("not found", "not there", {"@E3"}),
        ("not a text file", "a folder", {"@E4"}),
        ("len(arguments) != 1", "not arguments", {"@E5"}),
        ("sys.stdout.write(f", "Path(name).write_text(''), sys.stdout.write(f", {"@C1"}),
    ],
)
def test_a_broken_product_does_not(
    repositories: Repositories, right: str, wrong: str, tags: set[str]
) -> None:
    program = repositories.product / "wordcount.py"
    text = program.read_text("utf-8")
    assert right in text
    program.write_text(text.replace(right, wrong), encoding="utf-8")
    assert judged(repositories) == (1, tags)


@pytest.mark.slow
@pytest.mark.nightly
def test_the_line_ships_a_new_product_and_stops_a_broken_one(repositories: Repositories) -> None:
    """Spec, install command and suite of the skeletons, in the real sandbox."""
    spec = repositories.specs / "specs" / "count-words.md"
    spec.write_text(spec.read_text("utf-8").replace("status: draft", "status: ready"), "utf-8")
    for name in NAMES:
        git(repositories.folder / name, "init", "--quiet")
        repositories.commit(name)
    for script, code, verdict, words in (
        ("sed -i s/sys.stdout/sys.stderr/ wordcount.py", 1, "fail", ()),
        # Its one attempt was made: it is parked until somebody asks.
        ("echo more >> README.md", 0, "pass", ("count-words", "--again")),
    ):
        path = repositories.specs / "factory.yml"
        configuration = yaml.safe_load(path.read_text("utf-8"))
        configuration["agents"] = {"builder": {"uses": "command", "argv": ["sh", "-c", script]}}
        configuration["budget"]["spec"]["attempts"] = 1
        path.write_text(yaml.safe_dump(configuration), "utf-8")
        repositories.commit("specs")
        done = repositories.run(*words, "--state", str(repositories.folder / verdict))
        assert done.code == code, done.err
        assert done.data["attempts"][-1]["verdict"] == verdict
        assert bool(done.data["shipped"]) is (verdict == "pass")


def test_a_new_spec_stands_beside_the_first(repositories: Repositories) -> None:
    done = factory("new", "feature", "count-lines", "--title", "Count lines",
                   cwd=repositories.specs)  # fmt: skip
    assert done.code == 0, done.err
    text = (repositories.specs / "specs" / "count-lines.md").read_text("utf-8")
    assert "\nproduct: wordcount # " in text and '\nowner: "@acme/words" # ' in text
    done = factory("check", "--json", cwd=repositories.specs)
    assert done.data["specs"] == 2
    assert {one["path"] for one in done.data["findings"]} <= {"specs/count-lines.md"}
    assert {one["rule"] for one in done.data["findings"]} == {"open-question"}


def test_the_scenarios_workflow_reads_every_scenario(
    repositories: Repositories, tmp_path: Path
) -> None:
    workflow = workflows(repositories.folder)["scenarios/.github/workflows/scenarios.yml"]
    install = shell_step(workflow, "Install the scenario runner")
    assert "#subdirectory=scenario-runner" in install
    assert (ROOT / "scenario-runner" / "pyproject.toml").is_file()
    program = tmp_path / "temp" / "runner" / "bin" / "scenario-runner"
    program.parent.mkdir(parents=True)
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m scenario_runner "$@"\n', "utf-8")
    program.chmod(0o755)

    def read() -> subprocess.CompletedProcess[str]:
        env = {"PATH": os.environ["PATH"], "RUNNER_TEMP": str(tmp_path / "temp")}
        env["PYTHONPATH"] = str(ROOT / "scenario-runner")
        script = ["bash", "-e", "-c", shell_step(workflow, "Read every scenario")]
        return subprocess.run(
            script, cwd=repositories.scenarios, env=env, capture_output=True, text=True
        )

    done = read()
    assert done.returncode == 0 and "14 scenarios, 0 errors" in done.stdout, done.stderr
    (repositories.scenarios / "scenarios" / "count-words" / "bad.feature").write_text(
        "Feature: x\n  Scenario: y\n    Give up\n", "utf-8"
    )
    assert read().returncode == 2


LINTERS = {
    "actionlint": ["actionlint", "-no-color"],
    "zizmor": [
        *("zizmor", "--offline", "--strict-collection", "--no-progress"),
        *("--config", str(ROOT / ".github" / "zizmor.yml")),
    ],
    "schema": ["check-jsonschema", "--builtin-schema", "vendor.github-workflows"],
}


@pytest.mark.parametrize("linter", LINTERS)
def test_linters_find_nothing_in_the_workflows(repositories: Repositories, linter: str) -> None:
    program, *words = LINTERS[linter]
    paths = list(workflows(repositories.folder))
    assert len(paths) == 5
    done = subprocess.run(
        [BIN / program, *words, *paths],
        cwd=repositories.folder,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_workflows_call_ours_as_ours_are(repositories: Repositories) -> None:
    """What is passed and granted is what is taken and asked for; one pin for them and for us."""
    found = workflows(repositories.folder)
    ours = yaml.safe_load((ROOT / ".github" / "workflows" / "factory.yml").read_text("utf-8"))
    job = found["specs/.github/workflows/factory.yml"]["jobs"]["factory"]
    taken = ours[True]["workflow_call"]["secrets"]  # YAML reads `on` as true.
    assert job["secrets"] == {name: f"${{{{ secrets.{name} }}}}" for name in taken}
    assert job["permissions"] == ours["jobs"]["line"]["permissions"]
    assert job["uses"] == "acme/dark-factory/.github/workflows/factory.yml@v1"

    gate = found["specs/.github/workflows/spec-gate.yml"]
    assert gate[True] == {
        "pull_request_target": {
            "types": ["opened", "edited", "synchronize", "reopened", "labeled", "unlabeled"]
        },
        "merge_group": None,
    }
    assert gate["jobs"] == {
        "factory": {
            "uses": "acme/dark-factory/.github/workflows/spec-gate.yml@v1",
            "permissions": {"checks": "write", "contents": "read", "pull-requests": "read"},
        }
    }

    asked = yaml.safe_load((ROOT / ".github" / "workflows" / "answer.yml").read_text("utf-8"))
    talk = found["specs/.github/workflows/conversations.yml"]
    assert talk[True] == {"issue_comment": {"types": ["created"]}}
    assert talk["jobs"] == {
        "factory": {
            "uses": "acme/dark-factory/.github/workflows/answer.yml@v1",
            "permissions": asked["jobs"]["answer"]["permissions"],
        }
    }

    ci = yaml.safe_load((ROOT / ".github" / "workflows" / "ci.yml").read_text("utf-8"))
    pin = ci["jobs"]["all"]["steps"][0]["uses"]
    pins = {
        step["uses"]
        for one in found.values()
        for body in one["jobs"].values()
        for step in body.get("steps", ())
        if "uses" in step
    }
    assert pins == {pin}
    assert all(one["permissions"] == {} for one in found.values())
