"""The gate on pull requests, as users call it: under act, against GitHub's double."""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent / "github"))

import gate_world
import harness
import hub as github_hub
from gate_world import READER, lines_of, spec

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
GREEN = {"review": "succeeded", "gate": "succeeded"}
RED = {"review": "succeeded", "gate": "failed"}


@pytest.fixture(scope="session")
def venv(tmp_path_factory):
    return harness.factory_environment(tmp_path_factory.mktemp("venv") / "venv")


@pytest.fixture
def world(needs, tmp_path, venv):
    needs("git", "python3")
    if harness.act_program() is None:
        needs("act")
    _, public = github_hub.app_keys()
    with github_hub.github(tmp_path, public) as hub:
        gate_world.fill(hub, tmp_path)
        release = harness.released_checkout(tmp_path / "release")
        yield gate_world.GateWorld(folder=tmp_path, hub=hub, release=release, venv=venv)
        assert hub.state()["violations"] == []
    for left in tmp_path.glob("run-*/cache"):
        shutil.rmtree(left, ignore_errors=True)


@pytest.mark.parametrize("fork", [False, True], ids=["branch", "fork"])
def test_findings_are_annotations_on_the_lines_of_the_spec(world, fork):
    text = spec("second", unnumbered=2)
    head = world.pull(7, {"specs/second.md": text}, fork=fork)
    run = world.act(world.event(7, head, "opened"))
    assert (run.jobs, run.code != 0) == (RED, True), run.log
    check = world.check(head)
    assert (check["status"], check["conclusion"]) == ("completed", "failure")
    on = [
        (one["path"], one["start_line"], one["annotation_level"])
        for one in check["annotations"]
        if one["title"] == "requirement-number"
    ]
    lines = lines_of(text, "A rule that has no number")
    assert on == [("specs/second.md", line, "failure") for line in lines]
    summary = check["output"]["summary"]
    assert "cannot ask back" in summary
    assert f"/acme/specs/blob/{head}/specs/second.md?plain=1#L{lines[0]}" in summary
    assert "specs/first.md" not in str(check)


def test_many_findings_are_posted_in_batches_and_once_only(world):
    text = spec("second", unnumbered=120)
    head = world.pull(7, {"specs/second.md": text})
    run = world.act(world.event(7, head, "opened"))
    assert run.jobs == RED, run.log
    check = world.check(head)
    numbers = [one for one in check["annotations"] if one["title"] == "requirement-number"]
    assert [one["start_line"] for one in numbers] == lines_of(text, "A rule that has no number")
    batches = -(-len(check["annotations"]) // 50)
    assert batches == 3
    assert world.patches() == ["POST", *["PATCH"] * batches]  # begun, then its batches
    again = world.act(world.event(7, head, "reopened"))
    assert again.jobs == RED, again.log
    assert world.check(head)["annotations"] == check["annotations"]


def test_a_clean_pull_request_passes_and_what_was_there_is_not_its_fault(world):
    world.pull(1, {"specs/old.md": spec("old", unnumbered=1)})
    bare = world.hub.root / "acme/specs.git"
    github_hub.git("update-ref", "refs/heads/main", "refs/heads/p1", cwd=bare)
    head = world.pull(7, {"specs/second.md": spec("second")}, fork=True)
    run = world.act(world.event(7, head, "opened", draft=True))
    assert (run.code, run.jobs) == (0, GREEN), run.log
    check = world.check(head)
    assert (check["status"], check["conclusion"]) == ("completed", "success")
    assert check["annotations"] == []
    assert check["output"]["title"] == "Passed: 1 changed spec, no error"
    summary = check["output"]["summary"]
    assert "Already there" in summary
    assert "specs/old\\.md" in summary


@pytest.mark.nightly
def test_a_workflow_beside_a_spec_needs_the_label_of_its_owner_on_this_very_commit(world):
    files = {"specs/second.md": spec("second"), ".github/workflows/x.yml": "on: push\n"}
    head = world.pull(7, files)
    refused = world.act(world.event(7, head, "opened"))
    assert refused.jobs == RED, refused.log
    check = world.check(head)
    assert check["conclusion"] == "failure"
    assert check["output"]["title"].startswith("Refused: ")
    assert [one["path"] for one in check["annotations"]] == [".github/workflows/x.yml"]
    assert "no code owner has set the label factory" in check["output"]["summary"]

    world.label(7, "ben")
    stranger = world.act(world.event(7, head, "labeled", label="factory-config", by="ben"))
    assert stranger.jobs == RED, stranger.log
    assert (
        "ben set the label but does not own it"
        in world.hub.checks("acme/specs", head)[-1]["output"]["summary"]
    )

    world.label(7, "ben", off=True)
    world.label(7, "ann")
    labelled = world.act(world.event(7, head, "labeled", label="factory-config", by="ann"))
    assert (labelled.code, labelled.jobs) == (0, GREEN), labelled.log
    newest = world.hub.checks("acme/specs", head)[-1]
    assert newest["conclusion"] == "success"
    assert "their code owner ann has let this very commit through" in newest["output"]["summary"]
    assert all(one["status"] == "completed" for one in world.hub.checks("acme/specs", head))

    later = world.pull(7, {".github/workflows/x.yml": "on: issues\n"})
    pushed = world.act(world.event(7, later, "synchronize"))
    assert pushed.jobs == RED, pushed.log
    assert "take it off and set it again" in world.check(later)["output"]["summary"]


@pytest.mark.nightly
def test_a_pull_request_of_configuration_alone_passes(world):
    head = world.pull(7, {".github/workflows/x.yml": "on: push\n", "README.md": "Read.\n"})
    run = world.act(world.event(7, head, "opened"))
    assert (run.code, run.jobs) == (0, GREEN), run.log
    assert world.check(head)["output"]["title"] == "Passed: no spec is changed"


def test_without_the_right_to_write_checks_log_and_exit_code_say_it(world):
    text = spec("second", unnumbered=12)
    head = world.pull(7, {"specs/second.md": text}, fork=True)
    run = world.act(world.event(7, head, "opened"), token=READER, name="pull_request")
    assert run.jobs == RED, run.log
    assert world.hub.checks("acme/specs", head) == []
    shown = re.findall(r"::error title=requirement-number,file=specs/second.md,line=(\d+)", run.log)
    assert [int(line) for line in shown] == lines_of(text, "A rule that has no number")[:9]
    assert "more errors; the summary of this run has them" in run.log
    assert "Failed: 12 errors to mend" in run.log
    assert f"/acme/specs/blob/{head}/specs/second.md?plain=1#L" in run.log  # the summary

    clean = world.pull(8, {"specs/third.md": spec("third")}, fork=True)
    passed = world.act(world.event(8, clean, "opened"), token=READER, name="pull_request")
    assert (passed.code, passed.jobs) == (0, GREEN), passed.log


@pytest.mark.nightly
def test_a_merge_group_is_judged_on_its_own_head(world):
    files = {"specs/second.md": spec("second"), "factory.yml": None}
    head = world.pull(7, {**files, "factory.yml": (world.specs / "factory.yml").read_text() + "\n"})
    base = world.hub.branch("acme/specs", "main")
    group = {"head_sha": head, "base_sha": base, "base_ref": "refs/heads/main",
             "head_ref": f"refs/heads/gh-readonly-queue/main/pr-7-{base}"}  # fmt: skip
    event = world.event(7, head, "checks_requested", merge_group=group)
    del event["pull_request"]
    run = world.act(event, name="merge_group")
    assert (run.code, run.jobs) == (0, GREEN), run.log
    check = world.check(head)
    assert (check["external_id"], check["conclusion"]) == ("gate-queue", "success")


@pytest.mark.nightly
def test_a_pull_request_into_another_branch_is_not_green(world):
    bare = world.hub.root / "acme/specs.git"
    github_hub.git("update-ref", "refs/heads/side", "refs/heads/main", cwd=bare)
    head = world.pull(7, {"specs/second.md": spec("second")}, base="side")
    run = world.act(world.event(7, head, "opened", base="side"))
    assert run.jobs == {"review": "failed", "gate": "failed"}, run.log
    check = world.check(head)
    assert (check["status"], check["conclusion"]) == ("completed", "action_required")
    assert "into the default branch alone" in check["output"]["summary"]
