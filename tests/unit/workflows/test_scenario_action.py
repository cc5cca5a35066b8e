"""scenario-runner/action.yml: what it takes, what its page says, what the command line takes; and
from inputs to an argument list, from a report to outputs."""

from __future__ import annotations

import importlib.util
import json
import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[3]
FOLDER = ROOT / "scenario-runner"
ACTION = yaml.safe_load((FOLDER / "action.yml").read_text())
SECTION = (FOLDER / "README.md").read_text().split("## On GitHub", 1)[1].split("\n## ", 1)[0]
NAMED = "Each input but `features`"


@pytest.fixture
def run(script, monkeypatch):
    """The action's script, freshly imported, without inputs."""
    for name in ACTION["inputs"]:
        monkeypatch.delenv(variable(name), raising=False)
    script("workflow_file")
    spec = importlib.util.spec_from_file_location("scenario_action", FOLDER / "action" / "run.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def variable(name):
    return "FACTORY_INPUT_" + name.upper().replace("-", "_")


@pytest.fixture
def job(run, monkeypatch, tmp_path):
    """`job(code, report, **inputs)`: run.main with a stand-in for the runner."""
    calls = []

    def start(code=0, report=None, **inputs):
        given = {"features": "features", "subject": "http://127.0.0.1:1"} | inputs
        for name, value in given.items():
            monkeypatch.setenv(variable(name.replace("_", "-")), value)

        def stand_in(words):
            calls.append(words)
            if report is not None:
                run.report_folder().mkdir(parents=True, exist_ok=True)
                text = report if isinstance(report, str) else json.dumps(report)
                (run.report_folder() / "report.json").write_text(text)
            return code

        monkeypatch.setattr(run, "run", stand_in)
        return run.main()

    start.calls, start.run = calls, run
    return start


def outputs(tmp_path):
    text = (tmp_path / "output").read_text()
    return dict(re.findall(r"^(\w+)<<end-\w+\n(.*)\nend-\w+$", text, re.MULTILINE))


def report(verdict, *outcomes):
    return {"verdict": verdict, "scenarios": [{"outcome": one} for one in outcomes]}


def test_inputs_are_the_options_of_the_command(run):
    assert set(ACTION["inputs"]) == {"features", *run.options()}
    required = {name for name, one in ACTION["inputs"].items() if one.get("required")}
    options = run.options()
    assert required == {"features"} | {
        name for name in options if options[name].required and name != "report"
    }


def test_the_page_names_every_input_and_no_other():
    after = SECTION[SECTION.index(NAMED) :]
    sentence = after[after.index(":") :].partition(". Of an option")[0]
    assert {"features", *re.findall(r"`([\w-]+)`", sentence)} == set(ACTION["inputs"])
    rows = SECTION[SECTION.index("| output |") :].split("\n\n")[0].splitlines()[2:]
    assert {row.split("`")[1] for row in rows} == set(ACTION["outputs"])


def test_a_default_that_an_input_tells_is_the_options(run):
    """An empty input leaves the default to the command; its text must not tell another."""
    told = {
        name: found.group(1)
        for name, one in ACTION["inputs"].items()
        if (found := re.search(r"Empty: (\w+)\.$", one["description"]))
    }
    assert {"fresh", "jobs", "retry", "scenario-timeout", "start-timeout"} <= set(told)
    for name in set(told) - {"tags", "port"}:
        default = run.options()[name].default
        assert told[name] == (f"{default:g}" if isinstance(default, float) else str(default))


def test_every_input_reaches_the_step_as_environment_and_never_as_shell_text():
    step = next(one for one in ACTION["runs"]["steps"] if one.get("id") == "run")
    assert step["env"] == {variable(name): f"${{{{ inputs.{name} }}}}" for name in ACTION["inputs"]}
    for one in ACTION["runs"]["steps"]:
        assert "${{" not in one["run"]
    for name, output in ACTION["outputs"].items():
        assert output["value"] == f"${{{{ steps.run.outputs.{name} }}}}"


def test_values_are_values_and_lines_are_several(job):
    evil = "--report=/elsewhere $(id) `id`"
    job(subject="a=http://x\n\n  b=service:python3 s.py --port {port}  \n", tags=evil,
        features="-x", quiet_names="true", fail_fast="false")  # fmt: skip
    (words,) = job.calls
    assert words[-2:] == ["--", "-x"]
    assert [word for word in words if word.startswith("--subject")] == [
        "--subject=a=http://x", "--subject=b=service:python3 s.py --port {port}",
    ]  # fmt: skip
    assert f"--tags={evil}" in words
    assert "--quiet-names" in words and "--fail-fast" not in words
    assert not any(word.startswith("--seed") for word in words)


def test_the_words_are_ones_that_the_command_takes(job, run):
    every = {
        "ready": "/up", "port": "80", "start-timeout": "9", "fresh": "scenario", "reset": "POST /r",
        "instances": "4",
        "tags": "@a", "scenario-timeout": "5", "total-timeout": "60", "seed": "7", "junit": "j",
        "messages": "m", "html": "h", "jobs": "2", "fail-fast": "true", "retry": "1",
        "order": "shuffle", "rerun": "r", "shard": "1/2", "durations": "d", "quiet-names": "true",
    }  # fmt: skip
    assert {"features", "subject", "report", *every} == set(ACTION["inputs"])
    job(**{name.replace("-", "_"): value for name, value in every.items()})
    context = run.run_command.make_context("run", list(job.calls[0]))
    assert context.params["jobs"] == 2
    assert context.params["fail_fast"] and context.params["quiet_names"]
    assert context.params["report_folder"] == run.report_folder()


@pytest.mark.parametrize(
    "inputs", [{"fail_fast": "yes"}, {"quiet_names": "TRUE"}, {"features": " "}]
)
def test_an_input_that_cannot_be_used_starts_nothing(job, tmp_path, capsys, inputs):
    assert job(**inputs) == 2
    assert job.calls == []
    assert outputs(tmp_path) == {"verdict": "inconclusive"}
    assert "::error" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("code", "found", "verdict", "exit_code"),
    [
        (0, report("pass", "passed"), "pass", 0),
        (1, report("fail", "passed", "failed"), "fail", 1),
        (2, report("inconclusive", "invalid"), "inconclusive", 2),
        (5, report("inconclusive", "missing"), "inconclusive", 5),
        (0, None, "inconclusive", 5),
        (0, "no JSON", "inconclusive", 5),
        (0, "[]", "inconclusive", 5),
        (0, report("fail", "failed"), "inconclusive", 5),
        (1, report("pass", "passed"), "inconclusive", 5),
        (-9, report("pass", "passed"), "inconclusive", 5),
        (70, None, "inconclusive", 70),
    ],
)
def test_only_where_code_and_report_say_so_it_is_a_pass(
    job, tmp_path, capsys, code, found, verdict, exit_code
):
    assert job(code, found) == exit_code
    assert outputs(tmp_path)["verdict"] == verdict
    assert (outputs(tmp_path)["report"] != "") == isinstance(found, dict)
    printed = capsys.readouterr().out
    assert ("::notice" in printed) == (verdict == "pass")


def test_the_report_of_an_earlier_run_says_nothing(job, tmp_path):
    assert job(0, report("pass", "passed")) == 0
    assert job(0, None) == 5
    assert outputs(tmp_path)["verdict"] == "inconclusive"


def test_steps_of_the_suite_hold_no_door_to_the_job(run, monkeypatch, capfd, tmp_path):
    withheld = {
        "GITHUB_ENV": "e", "GITHUB_PATH": "p", "GITHUB_STATE": "s", "GITHUB_STEP_SUMMARY": "m",
        "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "t", "FACTORY_INPUT_SUBJECT": "u", "INPUT_SUBJECT": "u",
    }  # fmt: skip
    for name, value in (withheld | {"SHOP_TOKEN": "own"}).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(
        run, "CALL", "import os, sys; print(*os.environ, sep='\\n'); print('::x::')"
    )
    assert run.run([]) == 0
    printed = capfd.readouterr().out.splitlines()
    assert not set(printed) & {*withheld, "GITHUB_OUTPUT"}
    assert "SHOP_TOKEN" in printed and "NO_COLOR" in printed
    begun = next(line for line in printed if line.startswith("::stop-commands::"))
    token = begun.removeprefix("::stop-commands::")
    assert printed.index(begun) < printed.index("::x::") < printed.index(f"::{token}::")
