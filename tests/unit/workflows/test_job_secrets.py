"""The trust map holds in the files: each job gets the secrets and grants of its row, no more."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml

from factory.forge.issues import LABEL

ROOT = Path(__file__).resolve().parents[3]
WORKFLOWS = ROOT / ".github" / "workflows"
FACTORY = yaml.safe_load((WORKFLOWS / "factory.yml").read_text())
LINE = yaml.safe_load((WORKFLOWS / "line.yml").read_text())
ANSWER = yaml.safe_load((WORKFLOWS / "answer.yml").read_text())
ATTEST = yaml.safe_load((WORKFLOWS / "attest.yml").read_text())
JOBS = {"plan": FACTORY["jobs"]["plan"], **LINE["jobs"], **ANSWER["jobs"], **ATTEST["jobs"]}
MODEL_KEYS = {"ANTHROPIC_API_KEY", "OPENAI_API_KEY", "GEMINI_API_KEY"}
DOCS = (ROOT / "docs" / "github.md").read_text()
SKELETON = ROOT / "spec-templates/skeletons/specs/.github/workflows/factory.yml"


def rows() -> dict[str, list[str]]:
    lines = DOCS[DOCS.index("| job | environment |") :].splitlines()[2:]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return {row[0]: row for row in cells[: lines.index("")]}


def secrets_in(part: object) -> set[str]:
    return set(re.findall(r"secrets\.(\w+)", json.dumps(part)))


def test_the_table_has_every_job():
    assert set(rows()) == set(JOBS)


@pytest.mark.parametrize("job", sorted(JOBS))
def test_job_holds_what_its_row_says(job):
    _, environment, grants, names = rows()[job]
    assert secrets_in(JOBS[job]) == set(re.findall(r"`(\w+)`", names))
    assert JOBS[job].get("environment", "none") == environment.strip("`")
    granted = dict(grant.split(": ") for grant in grants.split(", "))
    assert JOBS[job]["permissions"] == granted


@pytest.mark.parametrize("job", sorted(JOBS))
def test_secrets_are_only_in_the_environment_of_single_steps(job):
    """Not in `with`, not in `run`, not for a whole job: a later step shares nothing by accident."""
    for step in JOBS[job]["steps"]:
        rest = {key: value for key, value in step.items() if key != "env"}
        assert not secrets_in(rest)
    assert not secrets_in({key: value for key, value in JOBS[job].items() if key != "steps"})
    assert "toJSON(secrets)" not in json.dumps(JOBS[job])


def test_scenarios_and_write_tokens_never_meet():
    write = {"FACTORY_PUSH_TOKEN", "FACTORY_APP_PRIVATE_KEY"}
    for job in JOBS.values():
        held = secrets_in(job)
        assert not ("FACTORY_SCENARIOS_KEY" in held and held & (write | MODEL_KEYS))
        assert not (held & MODEL_KEYS and held & write)


@pytest.mark.parametrize("name", sorted(path.name for path in WORKFLOWS.glob("*.yml")))
def test_grants_are_by_job_and_every_job_has_a_time_limit(name):
    workflow = yaml.safe_load((WORKFLOWS / name).read_text())
    assert workflow["permissions"] == {}
    for job in workflow["jobs"].values():
        assert "permissions" in job
        assert "uses" in job or isinstance(job["timeout-minutes"], int)


def test_only_build_and_hold_exchange_an_artifact():
    users = {
        (job, step["uses"].partition("@")[0])
        for job, body in JOBS.items()
        for step in body["steps"]
        if "artifact" in step.get("uses", "")
    }
    assert users == {("build", "actions/upload-artifact"), ("hold", "actions/download-artifact")}


def test_who_may_write_issues_runs_nothing_of_anybodys_and_holds_no_secret():
    """The comment reaches neither a shell nor an input: `factory answer` reads the event's file."""
    speaking = {name for name, job in JOBS.items() if "issues" in job["permissions"]}
    assert speaking == {"next", "answer"}
    for name in speaking:
        (step,) = JOBS[name]["steps"]
        assert step["env"] == {"GITHUB_TOKEN": "${{ github.token }}"}
        assert "environment" not in JOBS[name]
        assert "github.event" not in json.dumps(step)
    assert ANSWER[True]["workflow_call"].keys() == {"inputs"}, "no secret is taken"
    assert set(ANSWER[True]["workflow_call"]["inputs"]) == {"runs-on"}


def test_only_a_comment_on_an_issue_of_the_factorys_starts_a_job():
    """Anybody may comment on any issue of a public repository, as often as they like."""
    condition = JOBS["answer"]["if"]
    assert f"contains(github.event.issue.labels.*.name, '{LABEL}')" in condition
    assert "startsWith(github.event.comment.body, '/factory ')" in condition


def test_only_a_group_of_one_comment_waits_for_another():
    assert "github.event.comment.id" in ANSWER["concurrency"]["group"]
    assert ANSWER["concurrency"]["cancel-in-progress"] is False


def test_evaluate_tells_nothing_but_the_public_verdict_or_its_cause():
    assert JOBS["evaluate"]["outputs"] == {
        "verdict": "${{ steps.decide.outputs.record }}",
        "cause": "${{ steps.evaluate.outputs.cause }}",
        "minutes": "${{ steps.evaluate.outputs.minutes }}",
    }


def test_every_line_ends_in_a_check():
    """Each order has one job that publishes: verdict after a hold, else not-built."""
    conditions = [LINE["jobs"][name]["if"] for name in ("verdict", "not-built")]
    assert conditions == [
        f"${{{{ always() && needs.hold.result {sign} 'success' }}}}" for sign in ("==", "!=")
    ]
    assert LINE["jobs"]["not-built"]["needs"] == ["reserve", "hold"]


def test_what_was_set_aside_is_settled_however_build_ended_and_only_that_is_built():
    reserve, build, release = (LINE["jobs"][name] for name in ("reserve", "build", "release"))
    assert build["needs"] == "reserve"
    assert build["steps"][2]["with"]["work-order"] == "${{ needs.reserve.outputs.work-order }}"
    assert release["needs"] == ["reserve", "build"]
    assert release["if"] == "${{ always() && needs.reserve.result == 'success' }}"
    for job in (reserve, release):
        for step in job["steps"]:
            assert step["env"] == {"GITHUB_TOKEN": "${{ github.token }}"}
        assert job["permissions"]["contents"] == "write" and "environment" not in job


def test_a_run_again_of_build_alone_is_refused_since_what_was_set_aside_is_settled():
    reserve, build = LINE["jobs"]["reserve"], LINE["jobs"]["build"]
    assert reserve["outputs"]["try"] == "${{ github.run_attempt }}"
    first = build["steps"][0]
    assert first["if"] == "${{ needs.reserve.outputs.try != github.run_attempt }}"
    assert first["run"].splitlines()[-1] == "exit 1"


def test_an_evaluation_that_left_no_word_counts_with_all_that_it_may_take():
    minutes = LINE["jobs"]["verdict"]["steps"][0]["with"]["minutes"]
    most = LINE["jobs"]["evaluate"]["timeout-minutes"]
    assert minutes == f"${{{{ needs.evaluate.outputs.minutes || {most} }}}}"


def test_the_job_without_a_candidate_has_the_jobs_own_token_and_no_more():
    job = JOBS["not-built"]
    assert job["permissions"] == {"checks": "write", "pull-requests": "write"}
    (step,) = job["steps"]
    assert step["env"] == {"GITHUB_TOKEN": "${{ github.token }}"}
    assert "environment" not in job


def test_hold_tells_nothing_but_the_candidate_or_its_cause():
    assert JOBS["hold"]["outputs"] == {
        "candidate": "${{ steps.hold.outputs.record }}",
        "cause": "${{ steps.hold.outputs.cause }}",
    }


def test_the_verdict_job_runs_whatever_became_of_evaluate():
    job = LINE["jobs"]["verdict"]
    assert job["if"] == "${{ always() && needs.hold.result == 'success' }}"
    assert job["needs"] == ["hold", "announce", "evaluate"]


def test_a_check_is_begun_where_the_same_identity_completes_it():
    """On the spec's commit by the job's own token in every job, on the held one by the App."""
    begun = {
        name: [step for step in job["steps"] if step.get("with", {}).get("begin")]
        for name, job in LINE["jobs"].items()
    }
    assert {name for name, steps in begun.items() if steps} == {"reserve", "announce"}
    (on_spec,), (held,) = begun["reserve"], begun["announce"]
    assert LINE["jobs"]["reserve"]["steps"][0] is on_spec
    assert on_spec["with"]["work-order"] == "${{ inputs.work-order }}"
    assert on_spec["env"] == {"GITHUB_TOKEN": "${{ github.token }}"}
    (publish,) = LINE["jobs"]["verdict"]["steps"]
    signing = {"FACTORY_SIGNING_KEY": "${{ secrets.FACTORY_SIGNING_KEY }}"}
    assert publish["env"] == held["env"] | signing
    assert LINE["jobs"]["announce"]["environment"] == LINE["jobs"]["verdict"]["environment"]


def test_a_check_that_was_begun_is_completed_by_a_job_that_always_runs():
    for name, needed in (("verdict", "announce"), ("not-built", "reserve")):
        job = LINE["jobs"][name]
        assert needed in job["needs"]
        assert job["if"].startswith("${{ always() && ")
        assert job["steps"][0]["with"]["publish"] is True


def test_only_jobs_that_publish_may_comment_and_the_caller_grants_all_that_they_ask_for():
    asked = {name: job["permissions"] for name, job in LINE["jobs"].items()}
    assert {name for name, one in asked.items() if "pull-requests" in one} == {
        "verdict", "not-built",
    }  # fmt: skip
    wanted = {key: "write" for one in asked.values() for key, to in one.items() if to == "write"}
    assert FACTORY["jobs"]["line"]["permissions"] == wanted
    called = yaml.safe_load(SKELETON.read_text())["jobs"]["factory"]["permissions"]
    assert called == wanted
    assert f"permissions: {{{', '.join(f'{key}: write' for key in called)}}}" in DOCS


def test_only_a_pass_that_was_published_ships():
    job = LINE["jobs"]["ship"]
    assert job["if"] == "${{ needs.verdict.outputs.verdict == 'pass' }}"
    assert set(job["needs"]) == {"hold", "evaluate", "verdict"}


def test_secrets_pass_down_by_name_so_that_environments_can_fill_them():
    declared = set(LINE[True]["workflow_call"]["secrets"])
    assert set(FACTORY[True]["workflow_call"]["secrets"]) == declared
    passed = FACTORY["jobs"]["line"]["secrets"]
    assert passed == {name: f"${{{{ secrets.{name} }}}}" for name in declared}
    assert secrets_in(LINE["jobs"]) | {"FACTORY_READ_TOKEN"} == declared


def test_no_group_can_drop_another_line():
    assert "concurrency" not in FACTORY
    group = LINE["concurrency"]["group"]
    assert "inputs.run-id" in group
    assert "inputs.attempt" in group
    assert LINE["concurrency"]["cancel-in-progress"] is False


def test_no_expression_inside_a_script():
    for path in WORKFLOWS.glob("*.yml"):
        for job in yaml.safe_load(path.read_text())["jobs"].values():
            for step in job.get("steps", []):
                assert "${{" not in step.get("run", "")


def test_our_own_release_is_named_alike_everywhere():
    ours = [path for path in WORKFLOWS.glob("*.yml") if path.name not in ("ci.yml", "release.yml")]
    text = "".join(path.read_text() for path in ours)
    used = set(re.findall(r"uses: (acme/dark-factory\S*)", text + DOCS))
    assert {name.partition("@")[2] for name in used} == {"v1"}
