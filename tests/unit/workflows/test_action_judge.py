"""The holdout gate's step: from an event to a commit, from an answer to outputs and exit code."""

from __future__ import annotations

import json

import pytest

from tests.unit.workflows.action_outputs import option, outputs

HEAD = "a" * 40
ANSWER = {
    "verdict": "fail",
    "title": "2 of 7 requirements not met: not shippable",
    "summary": "Why.",
}
REPOSITORY = {"repository": {"default_branch": "trunk"}}
PULL = {"pull_request": {"number": 7, "head": {"sha": HEAD}, "base": {"ref": "weak"}}, **REPOSITORY}
GROUP = {"merge_group": {"head_sha": HEAD, "base_ref": "refs/heads/weak"}, **REPOSITORY}


@pytest.fixture
def job(script, monkeypatch, tmp_path):
    """`job(event, name)`: run.main for an event, with a stand-in for `factory`."""
    run = script("run")
    calls = []

    def start(event, name="pull_request_target", *, code=1, answer=None, words=(), sha="f" * 40,
              command="evaluate", **inputs):  # fmt: skip
        (tmp_path / "event.json").write_text(json.dumps(event))
        monkeypatch.setenv("GITHUB_EVENT_PATH", str(tmp_path / "event.json"))
        monkeypatch.setenv("GITHUB_EVENT_NAME", name)
        monkeypatch.setenv("GITHUB_SHA", sha)
        monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary"))
        monkeypatch.setenv("FACTORY_INPUT_COMMAND", command)
        for key, value in inputs.items():
            monkeypatch.setenv("FACTORY_INPUT_" + key.upper(), value)

        def factory(*said, private=False, more=None):
            calls.append(list(said))
            start.more = more
            assert private  # Progress and errors may come from scenarios.
            return code, ANSWER if answer is None else answer

        monkeypatch.setattr(script("command"), "factory", factory)
        monkeypatch.setattr(run.sys, "argv", ["run.py", *words])
        return run.main()

    start.calls = calls
    return start


@pytest.mark.parametrize(
    ("event", "name"),
    [
        (PULL, "pull_request_target"),
        (PULL, "pull_request"),
        (GROUP, "merge_group"),
        (REPOSITORY, "push"),
        (REPOSITORY, "workflow_dispatch"),
        (REPOSITORY, "schedule"),
    ],
)
def test_what_is_pushed_is_judged_by_the_default_branch(job, tmp_path, event, name):
    """Never by the branch that it would go to: there an author may have put what they like."""
    sha = HEAD if name in ("push", "workflow_dispatch", "schedule") else "f" * 40
    assert job(event, name, sha=sha) == 1
    (words,) = job.calls
    assert words[0] == "judge" and "--publish" in words
    assert option(words, "--commit") == HEAD
    assert option(words, "--base") == "refs/heads/trunk"
    text = (tmp_path / "output").read_text()
    assert text.startswith("verdict<<") and "\nfail\n" in text and HEAD in text
    assert "Why." in (tmp_path / "summary").read_text()


@pytest.mark.parametrize(
    ("event", "name"),
    [
        ({}, "pull_request_target"),
        ({**PULL, "repository": {}}, "pull_request_target"),
        ({**PULL, "pull_request": {"head": {"sha": "main"}}}, "pull_request_target"),
        ({**PULL, "pull_request": {"head": {"sha": "--out=/x"}}}, "pull_request_target"),
        ({**REPOSITORY, "deleted": True}, "push"),
        (PULL, "issue_comment"),
        (PULL, "workflow_run"),
        (PULL, ""),
    ],
)
def test_other_events_start_nothing(job, event, name):
    assert job(event, name) == 2
    assert job(event, name, words=["--cut-short"]) == 2
    assert job.calls == []


def test_inputs_are_options(job):
    job(PULL, command="judge", spec_id="one, two", specs="acme/specs", scenarios="acme/s",
        scenarios_ref="next", commit="b" * 40)  # fmt: skip
    (words,) = job.calls
    assert words[-2:] == ["one", "two"]
    assert option(words, "--commit") == "b" * 40
    assert [option(words, f"--{name}") for name in ("specs", "scenarios", "scenarios-ref")] == [
        "acme/specs", "acme/s", "next",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "inputs", [{"specs": "--out=x"}, {"spec_id": "--publish"}, {"commit": "main"}]
)
def test_an_input_that_is_none_starts_nothing(job, inputs):
    assert job(PULL, **inputs) == 2
    assert job.calls == []


def test_the_statement_is_handed_on_where_there_is_one(job, tmp_path):
    assert job(PULL) == 1
    assert "statement" not in outputs(tmp_path)
    assert job(PULL, answer=ANSWER | {"statement": {"subject": []}}) == 1
    assert outputs(tmp_path)["statement"] == '{"subject":[]}'


def test_of_a_verdict_on_some_specs_there_is_none(job, tmp_path):
    """It would say of the commit what its check, by its name, does not say."""
    assert job(PULL, spec_id="one", answer=ANSWER | {"statement": {"subject": []}}) == 1
    assert "statement" not in outputs(tmp_path)


@pytest.mark.parametrize("verdict", ["pass", "fail", "inconclusive"])
def test_the_exit_code_is_the_verdicts(job, tmp_path, verdict):
    code = {"pass": 0, "fail": 1, "inconclusive": 5}[verdict]
    assert job(PULL, code=code, answer=ANSWER | {"verdict": verdict}) == code
    assert outputs(tmp_path)["verdict"] == verdict


@pytest.mark.parametrize("answer", [[], {"verdict": "green"}, {"error": {"code": "forge"}}])
def test_without_a_verdict_the_next_step_has_to_say_so(job, tmp_path, answer):
    assert job(PULL, code=0, answer=answer) != 0
    assert "verdict" not in outputs(tmp_path)


def test_what_was_cut_short_completes_the_check_and_is_red(job):
    assert job(PULL, code=0, words=["--cut-short"]) == 5
    (words,) = job.calls
    assert words == ["judge", "--commit", HEAD, "--publish", "--cause", "cut-short"]


def test_what_was_cut_short_completes_the_check_of_the_same_specs(job, monkeypatch):
    monkeypatch.setenv("FACTORY_INPUT_SPEC_ID", "link-expiry, statistics")
    assert job(PULL, code=0, words=["--cut-short"]) == 5
    (words,) = job.calls
    assert words[-2:] == ["link-expiry", "statistics"]


def test_no_other_way_in_than_the_key_is_tried(job):
    job(PULL)
    assert job.more == {"FACTORY_SCENARIOS_NEEDS_KEY": "true"}
