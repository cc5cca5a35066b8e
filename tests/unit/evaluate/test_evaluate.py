"""Evaluation of tiny products in a real sandbox: what is observed, and whose fault it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from factory.errors import ConfigurationError, FactoryError, InputError
from factory.evaluate.runner import SuiteError
from factory.records import Inventory, Report, Subject, read
from tests.unit.evaluate import candidates as made

GOOD = {"server.py": made.SERVER}


@pytest.fixture(autouse=True)
def _tools(needs) -> None:
    needs("git", "bwrap")


def outcomes(report: Report) -> list[str]:
    return sorted(one.outcome for one in report.scenarios)


def test_a_good_service(tmp_path: Path) -> None:
    inventory, report = made.observe(tmp_path, GOOD)
    assert [one.sealed for one in inventory.scenarios] == [False, True]
    assert report.reached == "ran" and report.fault == "none"
    assert report.subject_alive_after is True
    assert outcomes(report) == ["passed", "passed"]
    assert read(Inventory, tmp_path / "out" / "inventory.json") == inventory
    assert read(Report, tmp_path / "out" / "report.json") == report


def test_sealed_scenarios_run_only_once_all_others_passed(tmp_path: Path) -> None:
    inventory, report = made.observe(
        tmp_path, {"server.py": made.SERVER.replace('"/hello"', '"/bye"')}
    )
    assert outcomes(report) == ["failed"]
    assert len(inventory.scenarios) == 2


@pytest.mark.parametrize(
    ("files", "subject", "reached"),
    [
        (GOOD, Subject(install="exit 3", start="python3 server.py"), "materialised"),
        (GOOD, Subject(install="sleep 60", start="true", install_seconds=0.5), "materialised"),
        ({"server.py": "raise SystemExit(1)"}, made.SERVICE, "installed"),
        (
            {"server.py": "import time; time.sleep(60)"},
            Subject(start="python3 server.py", start_seconds=0.5),
            "installed",
        ),
        (GOOD, Subject(start="python3 server.py", ready="/nope", start_seconds=1), "installed"),
    ],
)
def test_what_does_not_install_or_start_is_the_subject_s_fault(
    tmp_path: Path, files: dict[str, str], subject: Subject, reached: str
) -> None:
    _, report = made.observe(tmp_path, files, subject=subject)
    assert (report.reached, report.fault, report.scenarios) == (reached, "subject", ())
    assert report.trouble


def test_a_service_that_dies_on_the_way(tmp_path: Path) -> None:
    dying = made.SERVER.replace(
        "self.send_response(", 'self.path == "/hello" and os._exit(0)\n        self.send_response('
    )
    _, report = made.observe(tmp_path, {"server.py": dying})
    assert outcomes(report) == ["failed"]
    assert report.subject_alive_after is False


def test_a_command_is_installed_into_the_prefix_and_run_for_each_step(tmp_path: Path) -> None:
    install = (
        'mkdir -p "$PREFIX/bin" && cp greet "$PREFIX/bin/greet" && chmod +x "$PREFIX/bin/greet"'
    )
    feature = """\
Feature: Greeting
  @R1
  Scenario: It reads its file
    Given a file "name.txt" with:
      \"\"\"
      Ada
      \"\"\"
    When I run it with "name.txt"
    Then the exit code is 0
    And the output is:
      \"\"\"
      hello Ada
      \"\"\"
"""
    _, report = made.observe(
        tmp_path,
        {"greet": '#!/bin/sh\necho "hello $(cat "$1")"\n'},
        subject=Subject(install=install, command="greet"),
        features={"scenarios/greeting/a.feature": feature},
    )
    assert outcomes(report) == ["passed"], report.trouble


@pytest.mark.parametrize(
    ("features", "error", "words"),
    [
        ({"README.md": "x"}, InputError, "scenarios/greeting"),
        ({"scenarios/greeting/a.feature": "Feature: Nothing\n"}, SuiteError, "scenario"),
        ({"scenarios/greeting/a.feature": made.FEATURE.replace("@R1", "@R9")}, SuiteError, "@R9"),
        ({"scenarios/greeting/a.feature": made.FEATURE.replace("@R1", "")}, SuiteError, "tied"),
        (
            {"scenarios/greeting/a.feature": made.FEATURE.replace("Then the", "Then: the")},
            SuiteError,
            "",
        ),
        (
            {"scenarios/greeting/a.feature": made.FEATURE.replace("I send", "I shout")},
            SuiteError,
            "",
        ),
        (
            {
                "scenarios/greeting/a.feature": made.FEATURE,
                "scenarios.yml": "version: 1\nspecs: {greeting: {answers-version: 7}}\n",
            },
            SuiteError,
            "version 7",
        ),
        (
            {"scenarios/greeting/a.feature": made.FEATURE, "scenarios.yml": "version: 2\n"},
            ConfigurationError,
            "version",
        ),
    ],
)
def test_a_suite_that_cannot_be_trusted_is_refused_and_leaves_no_report(
    tmp_path: Path, features: dict[str, str], error: type[FactoryError], words: str
) -> None:
    with pytest.raises(error) as caught:
        made.observe(tmp_path, GOOD, features=features)
    assert words in f"{caught.value.message} {caught.value.path}"
    assert caught.value.exit_code == 2 and caught.value.mend
    assert not (tmp_path / "out" / "report.json").exists()


def test_a_run_that_was_disturbed_is_no_pass_though_every_scenario_passed(tmp_path: Path) -> None:
    """The runner says inconclusive; its rows alone would be a pass."""
    code = (
        "import threading\n"
        "def pytest_sessionfinish():\n"
        "    threading.Thread(target=lambda: 1 / 0).start()\n"
    )
    features = {"scenarios/greeting/a.feature": made.FEATURE, "conftest.py": code}
    _, report = made.observe(tmp_path, GOOD, features=features)
    assert outcomes(report) == ["passed"], "the sealed round is not begun"
    assert report.fault == "factory" and "disturbed" in report.trouble
