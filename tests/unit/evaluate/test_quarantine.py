"""Quarantine in scenarios.yml, and flakes from the runner's report to the record's."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import msgspec
import pytest

from factory.errors import ConfigurationError
from factory.evaluate import flakes, runner
from factory.evaluate.scenarios import ScenarioSource, SuiteSettingsError, checkout
from factory.evaluate.suite import expected
from factory.records import ObservedScenario, Report
from tests.unit.evaluate.candidates import FEATURE, candidate, repository

TODAY = date(2026, 11, 22)
GREETS = "scenarios/greeting/greeting.feature:It greets"
OUTLINE = """\
Feature: Greeting

  @R1 @id:each
  Scenario Outline: It greets <who>
    When I send GET "/hello?<who>"
    Then the response status is 200

    Examples:
      | who |
      | you |
      | me  |
"""


def settings(*entries: str, retries: str = "") -> str:
    lines = ["version: 1", retries, "quarantine:", *(f"  - {one}" for one in entries)]
    return "\n".join(line for line in lines if line) + "\n"


def entry(scenario: str = GREETS, until: str = "2026-12-31", reason: str = "it races") -> str:
    return f'{{scenario: "{scenario}", until: {until}, reason: "{reason}"}}'


def suite(tmp_path: Path, text: str, today: date = TODAY, feature: str = FEATURE):
    """The settings and the expected scenarios of a suite with this scenarios.yml."""
    files = {"scenarios.yml": text, "scenarios/greeting/greeting.feature": feature}
    repository(tmp_path / "suite", files)
    spec = candidate(tmp_path / "product", {"a": "b"}).work_order.spec
    with checkout(ScenarioSource(url=str(tmp_path / "suite")), "greeting", today) as found:
        return found.settings, expected(found, spec)


@pytest.fixture(autouse=True)
def _tools(needs) -> None:
    needs("git")


def test_a_scenario_is_in_quarantine_until_its_day(tmp_path: Path) -> None:
    given, found = suite(tmp_path, settings(entry()))
    assert [one.quarantined_until for one in found] == ["2026-12-31", None]
    assert found[0].quarantined("2026-12-31") and not found[0].quarantined("2027-01-01")
    assert not found[0].quarantined(None)
    assert given.retries == 1, "once, unless said otherwise"


@pytest.mark.parametrize("retries", [0, 5])
def test_retries_are_as_said(tmp_path: Path, retries: int) -> None:
    given, _ = suite(tmp_path, f"version: 1\nretries: {retries}\n")
    assert given.retries == retries


@pytest.mark.parametrize(
    ("name", "covered"),
    [("It greets you", [True, False]), ("@id:each-2", [False, True]), ("@id:each", [True, True])],
)
def test_rows_of_an_outline_by_name_or_by_id(tmp_path: Path, name: str, covered: list[bool]):
    scenario = f"scenarios/greeting/greeting.feature:{name}"
    _, found = suite(tmp_path, settings(entry(scenario)), feature=OUTLINE)
    assert [one.quarantined_until is not None for one in found] == covered


def test_another_spec_s_quarantine_is_not_ours(tmp_path: Path) -> None:
    given, found = suite(tmp_path, settings(entry("scenarios/parcels/a.feature:It weighs")))
    assert given.quarantine == () and found[0].quarantined_until is None


@pytest.mark.parametrize(
    ("entries", "line", "words"),
    [
        ([entry("scenarios/greeting/greeting.feature:It waves")], 3, "not there"),
        ([entry("scenarios/greeting/other.feature:It greets")], 3, "not there"),
        ([entry(), entry(reason="again")], 4, "twice"),
        ([entry(until="2026-02-30")], 3, "no day 2026-02-30"),
        ([entry(until="soon")], 3, "soon"),
        ([entry(until="2026-12-31T10:00")], 3, "2026-12-31T10:00"),
        ([entry(until="20261231")], 3, "20261231"),
        ([entry(until=str(TODAY + timedelta(days=91)))], 3, "over 90 days"),
        ([entry(reason="")], 3, "reason"),
        ([entry(reason="  ")], 3, "reason"),
        ([f'{{scenario: "{GREETS}", until: 2026-12-31}}'], 3, "reason"),
        ([f'{{scenario: "{GREETS}", reason: x}}'], 3, "until"),
        (["{until: 2026-12-31, reason: x}"], 3, "scenario"),
        ([entry("s-0123456789abcdef")], 3, "s-0123"),
        ([entry("scenarios/greeting/greeting.feature:")], 3, "scenario"),
        (["all of them"], 3, "quarantine.0"),
        ([f'{{scenario: "{GREETS}", until: 2026-12-31, reason: x, forever: true}}'], 3, "forever"),
    ],
)
def test_what_cannot_be_is_refused_with_its_line(
    tmp_path: Path, entries: list[str], line: int, words: str
) -> None:
    with pytest.raises(ConfigurationError) as caught:
        suite(tmp_path, settings(*entries))
    assert isinstance(caught.value, SuiteSettingsError)
    assert (caught.value.path, caught.value.line) == ("scenarios.yml", line)
    assert words in f"{caught.value.message} {caught.value.mend}" and caught.value.mend


def test_ninety_days_ahead_is_the_most(tmp_path: Path) -> None:
    until = str(TODAY + timedelta(days=90))
    _, found = suite(tmp_path, settings(entry(until=until)))
    assert found[0].quarantined_until == until


def test_what_has_expired_may_be_of_a_scenario_that_is_gone(tmp_path: Path) -> None:
    gone = entry("scenarios/greeting/greeting.feature:It waves", until="2026-11-21")
    given, found = suite(tmp_path, settings(gone))
    assert given.quarantine[0].expired(TODAY) and found[0].quarantined_until is None


@pytest.mark.parametrize("retries", ["-1", "6", "yes", "1.5"])
def test_retries_out_of_bounds(tmp_path: Path, retries: str) -> None:
    with pytest.raises(SuiteSettingsError):
        suite(tmp_path, f"version: 1\nretries: {retries}\n")


def row(outcome: str, *attempts: str) -> dict[str, object]:
    runs = [{"outcome": one, "duration_seconds": 0.1} for one in attempts]
    return {"id": "a", "outcome": outcome, "duration_seconds": 0.1} | (
        {"attempts": runs} if attempts else {}
    )


def test_runs_are_read_from_the_runner_s_report() -> None:
    data = {"inventory": 1, "errors": [], "verdict": "inconclusive"}
    found, _, _ = runner._taken({**data, "scenarios": [row("failed", "failed", "passed")]})
    assert found.outcomes["a"].reruns == ("passed",)
    found, _, _ = runner._taken({**data, "scenarios": [row("passed")]})
    assert found.outcomes["a"].reruns == ()
    for strange in (row("passed", "failed", "passed"), row("failed", "passed")):
        with pytest.raises(ValueError):
            runner._taken({**data, "scenarios": [strange]})


IDS = {"run_id": "20261122t210000-0123abcd", "nonce": "0" * 32, "attempt": 1}
SUITE = {"candidate": "c" * 40, "suite_digest": "hmac-sha256:" + "d" * 64}


def report(*scenarios: ObservedScenario, **changes: object) -> Report:
    given = {**IDS, **SUITE, "reached": "ran", "sandbox": "x", "scenarios": scenarios}
    return Report(**{**given, **changes})  # type: ignore[arg-type]


FLAKE = ObservedScenario(id="a", outcome="failed", reruns=("passed",))
PASSED = (ObservedScenario(id="a", outcome="passed"), ObservedScenario(id="b", outcome="passed"))


def test_a_flake_stays_seen_when_the_same_is_evaluated_again(tmp_path: Path) -> None:
    assert flakes.remembered(report(FLAKE, PASSED[1]), tmp_path).scenarios == (FLAKE, PASSED[1])
    for _ in range(3):
        again = flakes.remembered(report(*PASSED), tmp_path)
    assert [one.runs for one in again.scenarios] == [
        ("failed", "passed", "passed", "passed", "passed"), ("passed",),
    ]  # fmt: skip
    # Where the next one broke off, what was seen is not lost.
    broken = flakes.remembered(report(fault="factory"), tmp_path)
    assert [one.id for one in broken.scenarios] == ["a"] and broken.scenarios[0].flaky


@pytest.mark.parametrize(
    "changes",
    [
        {"candidate": "e" * 40},
        {"suite_digest": "hmac-sha256:" + "e" * 64},
        {"nonce": "1" * 32},
        {"attempt": 2},
    ],
)
def test_of_another_candidate_or_suite_nothing_is_remembered(tmp_path: Path, changes) -> None:
    flakes.remembered(report(FLAKE), tmp_path)
    other = report(*PASSED, **changes)
    assert flakes.remembered(other, tmp_path) == other


def test_only_flakes_are_remembered(tmp_path: Path) -> None:
    """What failed because the factory had trouble is not held against the candidate for ever."""
    failed = ObservedScenario(id="a", outcome="failed", reruns=("failed",))
    flakes.remembered(report(failed), tmp_path)
    assert not (tmp_path / flakes.FILE_NAME).exists()
    assert flakes.recalled(report(*PASSED), report(failed)) == report(*PASSED)


def test_what_was_kept_and_is_damaged_is_not_passed_over(tmp_path: Path) -> None:
    (tmp_path / flakes.FILE_NAME).write_text(json.dumps({"record": "report/1"}))
    with pytest.raises(Exception, match="not a Report record"):
        flakes.remembered(report(*PASSED), tmp_path)
    assert msgspec.structs.replace(FLAKE, reruns=()).flaky is False
