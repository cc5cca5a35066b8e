"""The gate's two steps: from an event to an argument list, from a report to outputs and the log."""

from __future__ import annotations

import json
import types
import typing

import pytest

from tests.unit.workflows.action_outputs import option, outputs

HEAD, BASE = "a" * 40, "b" * 40


def pull_event(action="opened", **changes):
    event = {
        "action": action,
        "pull_request": {
            "number": 7,
            "head": {"sha": HEAD},
            "base": {"ref": "main", "sha": BASE},
            "labels": [{"name": "factory-config"}],
        },
        "repository": {"default_branch": "main"},
        "sender": {"login": "ann"},
    }
    return event | changes


def group_event(**changes):
    group = {"head_sha": HEAD, "base_sha": BASE, "base_ref": "refs/heads/main"}
    return {"merge_group": group | changes, "repository": {"default_branch": "main"}}


@pytest.fixture
def job(script, monkeypatch, tmp_path):
    """`job(command, event, name)`: run.main for an event, with a stand-in for `factory`."""
    run = script("run")
    calls = []

    def start(command, event, name="pull_request_target", *, code=0, answer=None, report=None,
              **inputs):  # fmt: skip
        (tmp_path / "event.json").write_text(json.dumps(event))
        monkeypatch.setenv("GITHUB_EVENT_PATH", str(tmp_path / "event.json"))
        monkeypatch.setenv("GITHUB_EVENT_NAME", name)
        monkeypatch.setenv("GITHUB_SHA", "f" * 40)  # Never what is judged.
        monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary"))
        monkeypatch.setenv("FACTORY_INPUT_COMMAND", command)
        for key, value in inputs.items():
            monkeypatch.setenv("FACTORY_INPUT_" + key.upper(), value)

        def factory(*words, private=False):
            calls.append(list(words))
            if report is not None:
                path = tmp_path / "runner" / "factory" / "gate" / "gate-report.json"
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(json.dumps(report))
            return code, answer

        monkeypatch.setattr(script("command"), "factory", factory)
        return run.main()

    start.calls = calls
    return start


@pytest.mark.parametrize("name", ["pull_request_target", "pull_request"])
def test_the_events_own_commit_is_reviewed_against_its_base_branch(job, tmp_path, name):
    report = {"head": HEAD}
    assert job("gate-review", pull_event(), name, code=1, report=report) == 0
    (words,) = job.calls
    assert words[:2] == ["gate", "review"]
    assert option(words, "--head") == HEAD
    assert option(words, "--base") == "refs/heads/main"
    assert option(words, "--pull") == "7"
    assert "--labelled-by" not in words
    assert (tmp_path / "output").read_text().startswith("record<<")


def test_a_merge_group_is_reviewed_without_a_number(job):
    assert job("gate-review", group_event(), "merge_group", report={"head": HEAD}) == 0
    (words,) = job.calls
    assert (option(words, "--head"), option(words, "--base")) == (HEAD, BASE)
    assert "--pull" not in words


@pytest.mark.parametrize(
    ("action", "label", "by"),
    [
        ("labeled", "factory-config", "ann"),
        ("labeled", "Factory-Config", None),
        ("labeled", "bug", None),
        ("unlabeled", "factory-config", None),
        ("synchronize", None, None),
        ("reopened", None, None),
    ],
)
def test_only_the_event_of_the_label_says_who_set_it(job, action, label, by):
    changes = {"label": {"name": label}} if label else {}
    assert job("gate-review", pull_event(action, **changes), report={}) == 0
    assert option(job.calls[0], "--labelled-by") == by


@pytest.mark.parametrize(
    "event",
    [
        {},
        pull_event(pull_request=None),
        pull_event(pull_request={"number": 7}),
        pull_event(repository={}),
        pull_event("labeled"),
        pull_event("labeled", label={"name": "factory-config"}, sender={"login": "--out=/x"}),
        pull_event("labeled", label={"name": "factory-config"}, sender={"login": "a\nb"}),
        {**pull_event(), "pull_request": {**pull_event()["pull_request"], "number": "7; rm"}},
        {**pull_event(), "pull_request": {**pull_event()["pull_request"], "head": {"sha": "main"}}},
        {**pull_event(), "pull_request": {**pull_event()["pull_request"], "head": {"sha": 1}}},
    ],
)
def test_an_event_that_is_not_what_it_should_be_starts_nothing(job, event):
    for command in ("gate-review", "gate-publish"):
        assert job(command, event) == 2
    assert job.calls == []


@pytest.mark.parametrize("name", ["push", "issue_comment", "workflow_dispatch", ""])
def test_other_events_start_nothing(job, name, capsys):
    assert job("gate-review", pull_event(), name) == 2
    assert job.calls == []
    assert "docs/github.md" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("event", "name"),
    [
        (
            {**pull_event(), "pull_request": {**pull_event()["pull_request"],
                                              "base": {"ref": "side", "sha": BASE}}},
            "pull_request_target",
        ),
        (group_event(base_ref="refs/heads/side"), "merge_group"),
    ],
)  # fmt: skip
def test_what_goes_elsewhere_than_the_default_branch_is_not_reviewed(job, tmp_path, event, name):
    assert job("gate-review", event, name) == 2
    assert job.calls == []
    assert outputs(tmp_path)["cause"] == "other-base"


@pytest.mark.parametrize(
    ("kind", "cause"), [("input", "unreadable"), ("process", None), ("", None)]
)
def test_a_review_that_breaks_off_is_red_and_hands_on_why(job, tmp_path, kind, cause):
    answer = {"error": {"code": kind, "message": "broken"}} if kind else None
    assert job("gate-review", pull_event(), code=2, answer=answer) == 2
    assert outputs(tmp_path).get("cause") == cause
    assert "record" not in outputs(tmp_path)


NOTE = {"path": "specs/a.md", "start_line": 3, "level": "failure", "title": "rule", "message": "m"}


def answer(verdict="fail", posted=True, notes=(NOTE,), title="Failed: 1 error to mend"):
    return {
        "verdict": verdict,
        "posted": posted,
        "title": title,
        "summary": "**Why.**",
        "annotations": list(notes),
    }


def test_a_posted_check_needs_no_annotations_in_the_log(job, tmp_path, capsys):
    assert job("gate-publish", pull_event(), code=1, answer=answer(), gate_report="{}") == 1
    (words,) = job.calls
    assert words[:2] == ["gate", "publish"]
    assert words[2].endswith("/in/gate-report.json")
    assert (option(words, "--head"), option(words, "--pull")) == (HEAD, "7")
    printed = capsys.readouterr().out
    assert "::error title=rule" not in printed
    assert "Failed: 1 error to mend" in printed
    assert "**Why.**" in (tmp_path / "summary").read_text()
    assert outputs(tmp_path)["verdict"] == "fail"


@pytest.mark.parametrize("gate_report", ["", "${{ needs.review.outputs.report }}", "/nowhere"])
def test_without_a_report_the_command_decides_and_it_is_red(job, tmp_path, gate_report):
    code = job("gate-publish", pull_event(), code=5, answer=answer("inconclusive"),
               gate_report=gate_report, cause="other-base")  # fmt: skip
    assert code == 5
    assert option(job.calls[0], "--cause") == "other-base"
    assert outputs(tmp_path)["verdict"] == "inconclusive"


@pytest.mark.parametrize("cause", ["", "${{ x }}", "-cause", "--out=/x", "A", "a" * 50])
def test_a_cause_that_is_none_is_left_out(job, cause):
    job("gate-publish", pull_event(), code=5, answer=answer("inconclusive"), cause=cause)
    assert "--cause" not in job.calls[0]


@pytest.mark.parametrize("told", [None, {}, {"verdict": "great"}, {"error": {"code": "forge"}}])
@pytest.mark.parametrize("code", [0, 1, 5, 70, -9])
def test_a_publication_that_breaks_off_is_never_green(job, tmp_path, told, code):
    assert job("gate-publish", pull_event(), code=code, answer=told) != 0
    assert outputs(tmp_path)["verdict"] == "inconclusive"


def test_annotations_in_the_log_are_few_and_inert(job, capsys):
    evil = {
        "path": "specs/a,line=1::x%0A.md",
        "start_line": 3,
        "level": "failure",
        "title": "a,b::c\n::set-output name=verdict::pass",
        "message": "m\n::add-mask::planted\r::stop-commands::planted\x1b[31m##[error]x",
    }
    hidden = {**NOTE, "path": "specs/\n::add-mask::y.md"}
    notes = [evil, hidden] + [NOTE] * 20 + [{**NOTE, "level": "warning"}] * 3
    job("gate-publish", pull_event(), code=1, answer=answer(posted=False, notes=notes))
    lines = capsys.readouterr().out.splitlines()
    commands = [line for line in lines if line.lstrip().startswith("::")]
    assert [
        line for line in commands if not line.startswith(("::error ", "::warning ", "::notice "))
    ] == []
    errors = [line for line in commands if line.startswith("::error title=") and "Dark" not in line]
    assert len(errors) == 9
    assert "and 13 more errors" in "\n".join(lines)
    assert "file=specs/a%2Cline=1%3A%3Ax%250A.md,line=3::" in errors[0]
    assert "file=" not in errors[1]
    assert not any("##[" in line or "\x1b" in line for line in lines)


def test_the_fields_that_are_read_are_githubs():
    import githubkit_schemas.latest.models as models

    def has(model, path):
        head, _, rest = path.partition(".")
        field = model.model_fields.get(head)
        if field is None:
            return False
        kinds = [
            kind
            for kind in (field.annotation, *typing.get_args(field.annotation))
            if isinstance(kind, type) and not isinstance(kind, types.GenericAlias)
        ]
        return not rest or any(has(kind, rest) for kind in kinds if hasattr(kind, "model_fields"))

    for path in ("number", "head.sha", "base.ref"):
        assert has(models.PullRequestWebhook, path), path
    for path in ("label", "sender.login", "repository.default_branch", "pull_request", "action"):
        assert has(models.WebhookPullRequestLabeled, path), path
    for path in ("merge_group.head_sha", "merge_group.base_sha", "merge_group.base_ref"):
        assert has(models.WebhookMergeGroupChecksRequested, path), path
    assert not has(models.WebhookPullRequestLabeled, "sender.no_such_field")
