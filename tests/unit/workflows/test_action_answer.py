"""The stages that speak with people: what they pass on, and what the log says of it."""

from __future__ import annotations

import pytest


@pytest.fixture
def job(script, monkeypatch):
    """`job(command, answer)`: run.main with a stand-in for the command it starts."""
    run = script("run")
    calls: list[tuple[list[str], dict]] = []

    def start(command, answer, code=0, **inputs):
        monkeypatch.setenv("FACTORY_INPUT_COMMAND", command)
        for name, value in inputs.items():
            monkeypatch.setenv("FACTORY_INPUT_" + name.upper(), value)

        def factory(*words, private=False, more=None):
            calls.append((list(words), more or {}))
            return code, answer

        monkeypatch.setattr(script("command"), "factory", factory)
        return run.main()

    start.calls = calls
    return start


def test_of_the_event_only_its_place_is_passed_on(job, monkeypatch, capsys) -> None:
    monkeypatch.setenv("GITHUB_EVENT_PATH", "/runner/event.json")
    answer = {"heard": "retry", "spec": "one", "why": "It is planned again."}
    assert job("answer", answer) == 0
    assert job.calls == [(["answer"], {"GITHUB_EVENT_PATH": "/runner/event.json"})]
    assert "::notice title=Dark Factory::one: retry: It is planned" in capsys.readouterr().out


def test_who_is_not_heard_makes_no_failure_and_no_command(job, capsys) -> None:
    assert job("answer", {"heard": None, "why": "x\n::error::y has no write access"}) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if line.startswith("::")] == [
        line for line in lines if line.startswith("::notice title=Dark Factory::Nothing is done")
    ]


def test_an_answer_that_could_not_be_given_is_red(job) -> None:
    error = {"error": {"code": "forge", "message": "GitHub did not answer"}}
    assert job("answer", error, code=5) == 5
    assert job("answer", None, code=-9) == 5


def test_an_issue_that_could_not_be_is_a_warning_and_the_line_goes_on(job, capsys) -> None:
    note = "no issue tells of it: acme/specs has its issues switched off"
    answer = {"follows": "parked: no gain", "issue": None, "note": note}
    assert job("next", answer, work_order="{}") == 0
    said = capsys.readouterr().out
    assert f"::warning title=Dark Factory::{note}" in said and "What follows: parked" in said
    assert job("next", {**answer, "note": None}, work_order="{}") == 0
    assert "::warning" not in capsys.readouterr().out
