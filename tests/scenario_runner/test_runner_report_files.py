"""The files of --junit, --messages and --html: private, whole or absent, never the verdict."""

from __future__ import annotations

import json
import os

import pytest

ONE = """
Feature: F
  Scenario: secretname
    When I run it with "{}"
    Then the exit code is 0
"""
OPTIONS = ("--junit", "--messages", "--html")


def options(folder):
    return [part for option in OPTIONS for part in (option, str(folder / f"out{option}"))]


@pytest.mark.parametrize(("arguments", "code"), [("csv", 0), ("nothing", 1)])
def test_they_change_nothing_of_the_report(suite, run, tool, tmp_path, arguments, code):
    root = suite({"a.feature": ONE.format(arguments)})
    plain = run(root, subject=tool)
    more = run(root, *options(tmp_path), subject=tool)
    assert plain.code == more.code == code
    for report in (plain.report, more.report):
        del report["duration_seconds"], report["scenarios"][0]["duration_seconds"]
    assert plain.report == more.report


def test_an_old_file_never_outlives_the_start_of_a_run(suite, cli, tmp_path):
    for option in OPTIONS:
        (tmp_path / f"out{option}").write_text("<old/>")
    arguments = ["--subject", "cat", "--report", str(tmp_path / "r"), *options(tmp_path)]
    done = cli("run", str(tmp_path / "nowhere"), *arguments)
    assert done.returncode == 2
    for option in OPTIONS:
        file = tmp_path / f"out{option}"
        assert "FEATURES does not exist" in file.read_text()
        assert file.stat().st_mode & 0o777 == 0o600


def test_an_old_file_does_not_outlive_a_run_that_was_killed(suite, run, tmp_path):
    for option in OPTIONS:
        (tmp_path / f"out{option}").write_text("<old/>")
    kill = "import os, signal\nos.kill(os.getppid(), signal.SIGKILL)\n"
    root = suite({"a.feature": ONE, "conftest.py": kill})
    assert run(root, *options(tmp_path)).code == -9
    assert not list(tmp_path.glob("out--*"))


def test_a_link_is_replaced_not_followed(suite, run, tool, tmp_path):
    precious = tmp_path / "precious"
    precious.write_text("mine")
    (tmp_path / "junit.xml").symlink_to(precious)
    run(suite({"a.feature": ONE}), "--junit", str(tmp_path / "junit.xml"), subject=tool)
    assert precious.read_text() == "mine"
    assert not (tmp_path / "junit.xml").is_symlink()


@pytest.mark.parametrize("option", OPTIONS)
@pytest.mark.parametrize("name", ["r/report.json", "r/../r/private.jsonl", "r", "pipe", "a/b"])
def test_a_file_that_is_anothers_is_refused_before_anything_runs(
    suite, cli, tmp_path, option, name
):
    (tmp_path / "r").mkdir()
    (tmp_path / "a").write_text("")
    os.mkfifo(tmp_path / "pipe")  # No device: whoever runs this as root would lose it for good.
    root = suite({"a.feature": ONE})
    done = cli("run", str(root), "--subject", "cat", "--report", "r", option, name)
    assert done.returncode == 2
    assert option in done.stderr and "Traceback" not in done.stderr
    assert not (tmp_path / "r/report.json").exists()


def test_two_reports_want_two_files(suite, cli, tmp_path):
    root = suite({"a.feature": ONE})
    same = ["--junit", "x", "--html", "./x"]
    done = cli("run", str(root), "--subject", "cat", "--report", "r", *same)
    assert done.returncode == 2
    assert "already written by --junit" in done.stderr


def test_a_file_that_fails_takes_nothing_else_along(suite, run, tool, tmp_path):
    """The suite makes a folder of the file's name meanwhile."""
    break_it = (
        "import pathlib\n"
        "def pytest_sessionfinish():\n"
        f"    pathlib.Path({str(tmp_path)!r}, 'out--messages', 'x').mkdir(parents=True)\n"
    )
    root = suite({"a.feature": ONE.format("csv"), "conftest.py": break_it})
    ran = run(root, "--quiet-names", *options(tmp_path), subject=tool)
    assert ran.code == 0
    assert "--messages: the file could not be written; see private.log" in ran.stderr
    assert "Traceback" in (ran.folder / "private.log").read_text()
    assert (tmp_path / "out--html").is_file() and (tmp_path / "out--junit").is_file()
    assert not list(tmp_path.glob(".*.part"))


def test_names_stay_in_the_files(suite, run, tool, tmp_path):
    ran = run(
        suite({"a.feature": ONE.format("nothing")}),
        "--quiet-names",
        *options(tmp_path),
        subject=tool,
    )
    assert "secretname" not in ran.stdout + ran.stderr
    for option in OPTIONS:
        assert "secretname" in (tmp_path / f"out{option}").read_text()


def test_forged_detail_hides_nothing(suite, run, tool, tmp_path):
    """A hook rewrites what the process says of a scenario: id and outcome stay as they were."""
    forge = """
        import scenario_runner.child.plugin as plugin
        plugin.detail = lambda *_: {"id": "other", "outcome": "passed", "name": "forged", "line": 1}
        """
    root = suite({"a.feature": ONE.format("nothing"), "conftest.py": forge})
    ran = run(root, *options(tmp_path), subject=tool)
    assert ran.code == 1
    entry = ran.private[0]
    assert (entry["name"], entry["outcome"]) == ("secretname", "failed")
    assert "<failure" in (tmp_path / "out--junit").read_text()
    last = (tmp_path / "out--messages").read_text().splitlines()[-1]
    assert json.loads(last)["testRunFinished"]["success"] is False
