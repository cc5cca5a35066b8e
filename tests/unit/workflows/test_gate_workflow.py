"""spec-gate.yml holds what makes it safe under pull_request_target, and docs say the same."""

from __future__ import annotations

import json
import re
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[3]
PATH = ROOT / ".github" / "workflows" / "spec-gate.yml"
TEXT = PATH.read_text()
WORKFLOW = yaml.safe_load(TEXT)
JOBS = WORKFLOW["jobs"]
SECTION = (ROOT / "docs" / "github.md").read_text().split("## The gate on pull requests", 1)[1]
SECTION = SECTION.split("\n## ", 1)[0]
CALLER = SECTION.split("```yaml\n", 1)[1].split("```", 1)[0]


def test_no_secret_and_no_environment_is_within_reach():
    assert "secrets" not in WORKFLOW[True]["workflow_call"]
    assert "secrets." not in TEXT
    assert "secrets" not in CALLER.replace("no secret is passed", "")
    for job in JOBS.values():
        assert "environment" not in job


def test_nothing_is_checked_out_and_nothing_but_our_own_action_runs():
    steps = [step for job in JOBS.values() for step in job["steps"]]
    assert {step["uses"] for step in steps} == {"acme/dark-factory@v1"}
    assert not any("run" in step for step in steps)
    assert "actions/cache" not in TEXT and "download-artifact" not in TEXT


def test_no_text_of_the_event_is_an_argument():
    """Only a number and a commit id, in the name of a concurrency group."""
    used = set(re.findall(r"github\.event[\w.]*", TEXT))
    assert used == {"github.event.pull_request.number", "github.event.merge_group.head_sha"}
    for job in JOBS.values():
        for step in job["steps"]:
            assert "github.event" not in json.dumps(step)
            assert step["env"] == {"GITHUB_TOKEN": "${{ github.token }}"}


def test_who_reads_cannot_write_and_who_writes_cannot_read():
    assert WORKFLOW["permissions"] == {}
    granted = {name: job["permissions"] for name, job in JOBS.items()}
    assert granted == {
        "review": {"contents": "read", "pull-requests": "read"},
        "gate": {"checks": "write"},
    }
    rows = dict(re.findall(r"^\| (review|gate) \| ([^|]+) \|", SECTION, re.MULTILINE))
    for name, row in rows.items():
        assert dict(part.split(": ") for part in row.split(", ")) == granted[name]
    caller = yaml.safe_load(CALLER)["jobs"]["factory"]
    assert caller["permissions"] == granted["review"] | granted["gate"]


def test_the_check_is_there_whatever_became_of_the_review():
    job = JOBS["gate"]
    assert job["if"] == "${{ always() }}"
    assert job["needs"] == "review"
    assert "continue-on-error" not in TEXT
    assert "if" not in JOBS["review"]  # Skipped would be green.


def test_called_as_documented_the_job_reads_as_the_check():
    from factory.pipeline.gate import CHECK

    (caller,) = yaml.safe_load(CALLER)["jobs"]
    assert f"{caller} / {JOBS['gate']['name']}" == CHECK == "factory / gate"
    assert f"`{CHECK}`" in SECTION


def test_the_events_of_one_pull_request_wait_for_each_other():
    group = WORKFLOW["concurrency"]
    assert "github.event.pull_request.number" in group["group"]
    assert group["cancel-in-progress"] is False


def test_the_caller_hears_of_everything_that_changes_the_answer():
    on = yaml.safe_load(CALLER)[True]
    assert set(on) == {"pull_request_target", "merge_group"}
    assert set(on["pull_request_target"]["types"]) >= {
        "opened", "synchronize", "reopened", "labeled", "unlabeled", "edited",
    }  # fmt: skip


def test_the_skeleton_that_init_writes_calls_it_alike():
    path = ROOT / "spec-templates/skeletons/specs/.github/workflows/spec-gate.yml"
    written, documented = yaml.safe_load(path.read_text()), yaml.safe_load(CALLER)
    assert written["jobs"] == documented["jobs"]
    assert written[True] == documented[True]


def test_the_label_is_one_word_everywhere(script):
    from factory.spec.review.protected import LABEL

    assert script("events").LABEL == LABEL
    assert f"`{LABEL}`" in SECTION
