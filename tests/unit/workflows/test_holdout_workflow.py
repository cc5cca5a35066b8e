"""The workflow of docs/holdout-gate.md holds what makes it safe under pull_request_target."""

from __future__ import annotations

import json
import re
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "docs" / "holdout-gate.md").read_text()
BLOCKS = [part.split("```")[0] for part in PAGE.split("```yaml\n")[1:]]
(TEXT,) = [
    "\n".join(line.removeprefix("   ") for line in one.splitlines()) + "\n"
    for one in BLOCKS
    if "name: Holdouts" in one
]
WORKFLOW = yaml.safe_load(TEXT)
(JOB,) = WORKFLOW["jobs"].values()
ACTION = yaml.safe_load((ROOT / "action.yml").read_text())


def test_nothing_is_checked_out_and_no_text_of_the_event_is_an_argument():
    assert [step["uses"] for step in JOB["steps"] if "uses" in step] == ["acme/dark-factory@v1"]
    assert set(re.findall(r"github\.event\.[\w.]+", TEXT)) == {
        "github.event.pull_request.head.sha", "github.event.merge_group.head_sha",
    }  # fmt: skip
    assert "github.event" not in json.dumps(JOB)
    assert "cache" not in TEXT


def test_it_may_write_checks_and_nothing_else():
    assert WORKFLOW["permissions"] == {}
    assert JOB["permissions"] == {"contents": "read", "checks": "write", "actions": "read"}
    assert JOB["environment"] == "factory-evaluate"
    assert JOB["timeout-minutes"]


def test_each_commit_is_judged_and_none_is_dropped():
    group = WORKFLOW["concurrency"]
    assert group["cancel-in-progress"] is False
    assert "head.sha" in group["group"] and "number" not in group["group"]
    on = WORKFLOW[True]
    assert set(on) == {"pull_request_target", "merge_group", "workflow_dispatch"}
    assert set(on["pull_request_target"]["types"]) == {"opened", "synchronize", "reopened"}


def test_no_job_has_the_name_of_the_check():
    """A job that is skipped counts as green, so it must not be taken for the check."""
    from factory.pipeline.check import CHECK

    assert CHECK == "factory / verdict"
    assert f"`{CHECK}`" in PAGE
    assert "verdict" not in str([*WORKFLOW["jobs"], JOB.get("name", "")])


def test_the_last_step_of_the_action_is_for_what_came_to_no_verdict():
    step = ACTION["runs"]["steps"][-1]
    for part in ("always()", "steps.run.outputs.verdict == ''", "inputs.candidate == ''"):
        assert part in step["if"]
    assert step["run"].endswith("--cut-short")


def test_factory_yml_of_the_page_is_one(tmp_path):
    from factory.config.factory_file import load_configuration

    (text,) = [one for one in BLOCKS if "version: 1" in one]
    (tmp_path / "factory.yml").write_text(
        "\n".join(line.removeprefix("   ") for line in text.splitlines())
    )
    found = load_configuration(tmp_path, here="acme/shortener")
    assert found.products["shortener"].repository == "acme/shortener"
    assert found.scenarios_repository == "acme/scenarios"
