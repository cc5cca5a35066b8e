"""`--jobs`, `--fail-fast`, and which scenarios run without pytest: same outcomes every way."""

from __future__ import annotations

import json

import pytest

HTTP = """
Feature: Links {feature}
  Scenario Outline: link {feature}-<n>
    Given a random word as "alias"
    And I remember "x-<n>-${{alias}}" as "name"
    When I send POST "/links" with JSON:
      \"\"\"
      {{"url": "https://a.example/", "alias": "${{name}}"}}
      \"\"\"
    Then the response JSON at "code" is "${{name}}"
    And the response status is <status>
    Examples:
      | n | status |
      | 1 | 201    |
      | 2 | 201    |
      | 3 | 409    |
      | 4 | 201    |
"""


def links() -> dict[str, str]:
    return {f"{number}.feature": HTTP.format(feature=number) for number in range(6)}


def test_side_by_side_gives_what_one_by_one_gives(suite, run, service):
    root = suite(links())
    alone = run(root, "--seed", "5", subject=service)
    names = {each["id"]: each["generated"] for each in alone.private}
    # The aliases are taken by now, so another seed.
    run(root, "--seed", "6", "--jobs", "8", subject=service)
    together = run(root, "--seed", "7", "--jobs", "8", subject=service)
    assert (alone.code, together.code) == (1, 1)
    assert together.outcomes == alone.outcomes
    assert "failed" in alone.outcomes.values()
    order = [each["id"] for each in alone.report["scenarios"]]
    assert [each["id"] for each in together.report["scenarios"]] == order
    assert "24 side by side, then 0 apart" in together.stdout
    again = run(root, "--seed", "5", "--jobs", "8", subject=service)
    assert {each["id"]: each["generated"] for each in again.private} == names
    for entry in together.private:
        sent = json.loads(entry["exchanges"][0]["sent"]["body"])
        assert sent["alias"].endswith(entry["generated"]["alias"])
        assert len(entry["exchanges"]) == 1


def test_headers_of_one_scenario_do_not_reach_another(suite, run, service):
    text = "Feature: F\n" + "".join(
        f' Scenario: with {number}\n  Given the request header "X-API-Key" is "key-{number}"\n'
        f'  When I send GET "/echo-key"\n  Then the response JSON at "key" is "key-{number}"\n'
        f" Scenario: without {number}\n"
        f'  When I send GET "/echo-key"\n  Then the response JSON at "key" is null\n'
        for number in range(40)
    )
    for arguments in ((), ("--jobs", "8")):
        ran = run(suite({"a.feature": text}), *arguments, subject=service)
        assert (ran.code, set(ran.outcomes.values())) == (0, {"passed"})


def test_command_runs_side_by_side_have_a_folder_each(suite, run, tool):
    text = "Feature: F\n" + "".join(
        f' Scenario: {number}\n  When I run it with "write mine.txt {number}"\n'
        f'  Then the file "mine.txt" is:\n   """\n   {number}\n   """\n'
        f'  When I run it with "where"\n  Then the exit code is 0\n'
        for number in range(8)
    )
    ran = run(suite({"a.feature": text}), "--jobs", "4", subject=tool)
    assert ran.code == 0, ran.private
    folders = {each["exchanges"][1]["got"]["output"] for each in ran.private}
    assert len(folders) == 8


def test_scenarios_really_overlap_and_serial_ones_do_not(suite, run, tool, tmp_path):
    """Each says when it began and ended; no clock of ours decides."""
    log = tmp_path / "log.txt"
    program = tmp_path / "noted.py"
    program.write_text(
        "import os, sys, time\n"
        f"log = os.open({str(log)!r}, os.O_WRONLY | os.O_CREAT | os.O_APPEND)\n"
        "os.write(log, b'begin\\n')\n"
        "time.sleep(0.3)\n"
        "os.write(log, b'end\\n')\n"
    )
    import sys

    def runs(tags: str) -> list[str]:
        log.write_text("")
        text = f"{tags}\nFeature: F\n" + "".join(
            f" Scenario: {number}\n  When I run it with no arguments\n  Then the exit code is 0\n"
            for number in range(4)
        )
        root = suite({"a.feature": text})
        ran = run(root, "--jobs", "4", subject=f"{sys.executable} {program}")
        assert ran.code == 0, ran.private
        said = "0 side by side, then 4 apart" if tags else "4 side by side, then 0 apart"
        assert said in ran.stdout
        return log.read_text().split()

    assert runs("@serial") == ["begin", "end"] * 4
    assert runs("")[:2] == ["begin", "begin"]


STEPS = """
from pytest_bdd import given, then
@given("a step of the suite")
def _(): pass
@then("it holds")
def _(): pass
"""
MIXED = """
Feature: {0}
  Scenario: library {0}
    When I run it with no arguments
    Then the exit code is 0
  Scenario: own {0}
    Given a step of the suite
    Then it holds
"""


def test_suite_code_runs_apart_and_the_output_says_so(suite, run):
    root = suite(
        {"a.feature": MIXED.format("a"), "b.feature": MIXED.format("b"), "steps/s.py": STEPS}
    )
    ran = run(root, "--jobs", "4")
    assert (ran.code, len(ran.outcomes)) == (0, 4)
    assert "2 side by side, then 2 apart" in ran.stdout
    assert [each["name"] for each in ran.private][2:] == ["own a", "own b"]
    alone = run(root)
    assert "apart" not in alone.stdout
    order = [each["name"] for each in alone.private]
    assert order == ["library a", "own a", "library b", "own b"]
    assert order == [each["name"] for each in ran.report["scenarios"]]


SAY = {
    "a hook of the root": {"conftest.py": "def pytest_runtest_setup(item): note(item)\n"},
    "a hook of a folder loaded late": {
        "z/conftest.py": "def pytest_collection_modifyitems(items):\n"
        "    for item in items: note(item)\n"},
    "an autouse fixture": {"conftest.py": "import pytest\n@pytest.fixture(autouse=True)\n"
        "def each(request): note(request.node)\n"},
    "an autouse fixture of a step module": {"steps/more.py": "import pytest\n"
        "@pytest.fixture(autouse=True)\ndef each(request): note(request.node)\n"},
    "a plugin that conftest.py names": {"conftest.py": "pytest_plugins = ['spy']\n",
        "spy.py": "def pytest_runtest_call(item): note(item)\n"},
    "a hook of a step": {
        "conftest.py": "def pytest_bdd_before_scenario(scenario): note(scenario)\n"},
}  # fmt: skip


@pytest.mark.parametrize("name", SAY)
@pytest.mark.parametrize("jobs", ["1", "4"])
def test_a_suite_that_has_a_say_in_every_scenario_keeps_it(suite, run, tmp_path, name, jobs):
    log = tmp_path / "noted.txt"
    note = f"def note(what): open({str(log)!r}, 'a').write(what.name + '\\n')\n"
    code = {path: text + note for path, text in SAY[name].items()}
    plain = MIXED.replace("{0}", "a").split("  Scenario: own")[0]
    later = MIXED.format("z").split("  Scenario: own")[0]
    ran = run(suite({"a.feature": plain, "z/z.feature": later, **code}), "--jobs", jobs)
    assert (ran.code, len(ran.outcomes)) == (0, 2), (ran.report, ran.private)
    assert sorted(log.read_text().split("\n"))[1:] == ["library a", "library z"]


FAILS = """
Feature: {0}
  Scenario: good {0}
    When I run it with no arguments
    Then the exit code is 0
  Scenario: bad {0}
    When I run it with no arguments
    Then the exit code is 7
"""


@pytest.mark.parametrize("way", ["library", "suite"])
def test_fail_fast_starts_nothing_after_the_first_that_failed(suite, run, way):
    files = {"a.feature": FAILS.format("a"), "b.feature": FAILS.format("b")}
    if way == "suite":
        files["conftest.py"] = "def pytest_runtest_setup(item): pass\n"
    ran = run(suite(files), "--fail-fast")
    assert (ran.code, ran.report["verdict"]) == (1, "fail")
    assert [each["outcome"] for each in ran.report["scenarios"]] == [
        "passed", "failed", "missing", "missing",
    ]  # fmt: skip
    assert len(ran.private) == 2
    ran = run(suite(files), "--fail-fast", "--tags", "@none or not @some")
    assert ran.code == 1
    good = suite({"b.feature": FAILS.format("b").replace("is 7", "is 0"), "a.feature": FAILS.format(
        "a").replace("is 7", "is 0")})  # fmt: skip
    assert run(good, "--fail-fast").code == 0


def test_fail_fast_beside_others_and_before_those_apart(suite, run):
    files = {"a.feature": FAILS.format("a"), "b.feature": "@serial" + FAILS.format("b")}
    ran = run(suite(files), "--fail-fast", "--jobs", "2")
    assert ran.code == 1
    assert ran.outcomes["bad a"] == "failed"
    assert (ran.outcomes["good b"], ran.outcomes["bad b"]) == ("missing", "missing")


def test_an_invalid_or_late_scenario_stops_too_and_is_no_fail(suite, run, tool):
    text = (
        'Feature: F\n Scenario: slow\n  When I run it with "sleep 9"\n  Then the exit code is 0\n'
        ' Scenario: next\n  When I run it with "csv"\n  Then the exit code is 0\n'
    )
    root = suite({"a.feature": text})
    ran = run(root, "--fail-fast", "--scenario-timeout", "0.5", subject=tool)
    assert (ran.code, ran.outcomes) == (5, {"slow": "timed_out", "next": "missing"})


def test_a_request_or_a_command_is_cut_short_when_its_scenario_is_out_of_time(
    suite, run, tool, service
):
    text = (
        "Feature: F\n Scenario: slow\n  When {0}\n  Then {1}\n Scenario: next\n  When {2}\n"
        "  Then {1}\n"
    )
    status, code = "the response status is 200", "the exit code is 0"
    for subject, words in (
        (service, ('I send GET "/drip"', status, 'I send GET "/health"')),
        (tool, ('I run it with "sleep 30"', code, 'I run it with "csv"')),
    ):
        root = suite({"a.feature": text.format(*words)})
        ran = run(root, "--jobs", "2", "--scenario-timeout", "1.5", subject=subject)
        assert ran.outcomes == {"slow": "timed_out", "next": "passed"}, ran.private
        assert (ran.code, ran.report["errors"]) == (5, [])


OWN = """
import threading
import pytest
from pytest_bdd import given, parsers, then, when
{extra}
met = threading.Barrier(4)
@given(parsers.parse("number {{number:d}}"), target_fixture="number")
def _(number): return number
@when("all four are here")
def _(): met.wait(20)
@when("it is remembered")
def _(number, remembered, subject):
    remembered["n"] = subject.run(["-"], stdin=str(number)).output
@then(parsers.parse("it was {{number:d}}"))
def _(number, remembered): assert remembered["n"] == str(number)
"""


def four(tags: str, meet: str = "  And all four are here\n") -> str:
    return f"{tags}\nFeature: F\n" + "".join(
        f" Scenario: {number}\n  Given number {number}\n  When it is remembered\n{meet}"
        f"  Then it was {number}\n"
        for number in range(4)
    )


def test_suite_code_that_is_declared_parallel_runs_side_by_side(suite, run):
    root = suite({"a.feature": four("@parallel"), "steps/s.py": OWN.format(extra="")})
    ran = run(root, "--jobs", "4")
    assert "4 side by side, then 0 apart" in ran.stdout
    assert (ran.code, set(ran.outcomes.values())) == (0, {"passed"}), ran.private
    root = suite({"a.feature": four("@parallel").replace("it was 2", "it was 9")})
    ran = run(root, "--jobs", "4")
    assert [name for name, outcome in ran.outcomes.items() if outcome == "failed"] == ["2"]
    failed = next(each for each in ran.private if each["name"] == "2")
    assert "assert '2' == '9'" in failed["trace"]


@pytest.mark.parametrize(
    ("tags", "extra"),
    [
        ("", ""),
        ("@parallel @serial", ""),
        ("@parallel", "@pytest.fixture\ndef subject(subject): return subject\n"),
        ("@parallel", "@pytest.fixture(autouse=True)\ndef each(): yield\n"),
        ("@parallel", "@pytest.fixture\ndef more(): pass\n@when('more')\ndef _(more): pass\n"),
        ("@parallel", "@when('more')\ndef _(): yield\n"),
    ],
)
def test_suite_code_that_is_not_declared_or_needs_pytest_runs_apart(suite, run, tags, extra):
    text = four(tags, "  And more\n" if "more" in extra else "")
    ran = run(suite({"a.feature": text, "steps/s.py": OWN.format(extra=extra)}), "--jobs", "4")
    assert "0 side by side, then 4 apart" in ran.stdout
    assert (ran.code, set(ran.outcomes.values())) == (0, {"passed"}), ran.private
