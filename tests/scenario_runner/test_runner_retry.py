"""--retry: what did not pass is run again, and is never a pass for it."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scenario_runner.model import Inventory, Scenario, Step
from scenario_runner.run.observed import Again, Finish, Observed
from scenario_runner.run.report import reconcile

from tests.scenario_runner.conftest import check_report
from tests.scenario_runner.test_runner_messages import check, only

# Ends with 1 in the runs that its argument names, such as `first-1` or `both-12`; `hang-1` hangs.
TOOL = """
import pathlib, sys, time
word = sys.argv[1]
counted = pathlib.Path(__file__).with_name("count-" + word)
number = len(counted.read_text()) + 1 if counted.exists() else 1
counted.write_text("x" * number)
bad = str(number) in word.partition("-")[2]
if bad and word.startswith("hang"):
    time.sleep(60)
sys.exit(bad)
"""


def feature(*words: str) -> dict[str, str | bytes]:
    scenarios = [
        f'  Scenario: {word}\n    When I run it with "{word}"\n    Then the exit code is 0\n'
        for word in words
    ]
    return {"a.feature": "Feature: F\n" + "".join(scenarios)}


@pytest.fixture
def flaky(tmp_path) -> str:
    """The subject's command."""
    path = tmp_path / "tool.py"
    path.write_text(TOOL)
    return f"{sys.executable} {path}"


def runs(ran) -> dict[str, list[str]]:
    """The outcomes of each scenario that was run again, by name."""
    return {
        each["name"]: [run["outcome"] for run in each["attempts"]]
        for each in ran.report["scenarios"]
        if "attempts" in each
    }


def counted(folder: Path, word: str) -> int:
    return len((folder / f"count-{word}").read_text())


def test_without_it_nothing_is_run_again(suite, run, flaky, tmp_path):
    ran = run(suite(feature("good", "first-1")), subject=flaky)
    assert ran.code == 1 and runs(ran) == {} and counted(tmp_path, "first-1") == 1
    assert "flaky" not in ran.report and "retries" not in ran.report


def test_what_passes_the_second_time_is_no_pass_and_no_fail(suite, run, flaky, tmp_path):
    ran = run(suite(feature("good", "first-1")), "--retry", "3", subject=flaky)
    assert ran.code == 5 and ran.report["verdict"] == "inconclusive"
    assert ran.outcomes == {"good": "passed", "first-1": "failed"}, "the first run's"
    assert runs(ran) == {"first-1": ["failed", "passed"]}
    rows = {each["name"]: each for each in ran.report["scenarios"]}
    assert rows["first-1"]["flaky"] is True and "flaky" not in rows["good"]
    assert (ran.report["flaky"], ran.report["retries"]) == (1, 3)
    assert (counted(tmp_path, "good"), counted(tmp_path, "first-1")) == (1, 2)
    assert "1 flaky" in ran.stdout and "run 2: passed" in ran.stdout
    assert [(each["name"], each["attempt"], each["outcome"]) for each in ran.private] == [
        ("good", 1, "passed"), ("first-1", 1, "failed"), ("first-1", 2, "passed"),
    ]  # fmt: skip


def test_what_fails_each_time_is_a_fail_beside_a_flake_too(suite, run, flaky, tmp_path):
    ran = run(suite(feature("first-1", "ever-123")), "--retry", "2", subject=flaky)
    assert ran.code == 1 and ran.report["verdict"] == "fail"
    assert runs(ran) == {"first-1": ["failed", "passed"], "ever-123": ["failed"] * 3}
    assert [each["flaky"] for each in ran.report["scenarios"]] == [True, False]


def test_to_fail_once_and_to_hang_once_is_to_fail(suite, run, flaky):
    """Else a subject could turn each fail into an inconclusive run."""
    tool = TOOL.replace('word.startswith("hang")', "number == 2")
    Path(flaky.split()[-1]).write_text(tool)
    options = ("--retry", "1", "--scenario-timeout", "0.5")
    ran = run(suite(feature("ever-12")), *options, subject=flaky)
    assert runs(ran) == {"ever-12": ["failed", "timed_out"]}
    assert ran.code == 1 and ran.report["scenarios"][0]["flaky"] is False


def test_a_run_out_of_time_is_asked_again(suite, run, flaky):
    options = ("--retry", "1", "--scenario-timeout", "0.5")
    ran = run(suite(feature("hang-1")), *options, subject=flaky)
    assert runs(ran) == {"hang-1": ["timed_out", "passed"]} and ran.code == 5


def test_invalid_and_missing_are_not_run_again(suite, run, flaky):
    skip = 'import pytest\ndef pytest_runtest_setup(item): pytest.skip("not today")\n'
    ran = run(suite({**feature("first-1"), "conftest.py": skip}), "--retry", "1", subject=flaky)
    assert ran.outcomes == {"first-1": "invalid"} and runs(ran) == {} and ran.code == 5


def test_a_run_that_was_disturbed_is_not_mended_by_another(suite, run, flaky):
    code = """
        from pytest_bdd import when
        import os
        @when("the process is gone")
        def gone(): os._exit(0)
        """
    files = {
        "b.feature": "Feature: G\n  Scenario: G\n    When the process is gone\n"
        "    Then the exit code is 0\n",
        "steps/own.py": code,
    }
    ran = run(suite({**feature("first-1"), **files}), "--retry", "1", subject=flaky)
    assert runs(ran) == {} and ran.code == 5


def test_each_is_run_again_in_a_process_of_its_own(suite, run, tmp_path):
    """Step code that keeps something in memory finds nothing of it the second time."""
    code = """
        import os, pathlib
        from pytest_bdd import when, then
        seen = []
        @when("it is looked for")
        def look():
            seen.append(1)
            with open(pathlib.Path(__file__).with_name("pids"), "a") as file:
                file.write(f"{os.getpid()} {len(seen)}\\n")
        @then("nothing is right")
        def wrong(): assert False
        """
    one = "  Scenario: {}\n    When it is looked for\n    Then nothing is right\n"
    files = {"a.feature": "Feature: F\n" + one.format("A") + one.format("B"), "steps/own.py": code}
    ran = run(suite(files), "--retry", "2")
    assert ran.code == 1 and list(runs(ran).values()) == [["failed"] * 3] * 2
    noted = [each.split() for each in (tmp_path / "suite/steps/pids").read_text().splitlines()]
    assert [number for _, number in noted] == ["1", "2", "1", "1", "1", "1"]
    assert len({pid for pid, _ in noted}) == 5, "one for the run, and one for each run again"


def test_values_are_drawn_anew_and_can_be_had_again(suite, run, tool):
    """What the first run left under them is not in the way, nor of use to who remembers it."""
    text = """
        Feature: F
          Scenario: S
            Given a random word as "word"
            When I run it with "${word}"
            Then the exit code is 77
        """
    ran = run(suite({"a.feature": text}), "--retry", "1", "--seed", "-7", subject=tool)
    first, second = ran.private
    assert [each["attempt"] for each in ran.private] == [1, 2]
    assert (first["seed"], second["seed"]) == ("-7", "-6")
    assert first["generated"] != second["generated"]
    again = run(suite({"a.feature": text}), "--seed", second["seed"], subject=tool)
    assert again.private[0]["generated"] == second["generated"]


def test_too_many_are_no_flakes(suite, run, flaky, tmp_path):
    words = [f"w{number}-1" for number in range(21)]
    ran = run(suite(feature(*words)), "--retry", "1", subject=flaky)
    assert ran.code == 1 and runs(ran) == {}
    assert "too many" in ran.stdout


def test_with_fail_fast_only_what_failed_is_asked_again(suite, run, flaky, tmp_path):
    words = ("first-1", "other-1")
    ran = run(suite(feature(*words)), "--retry", "1", "--fail-fast", subject=flaky)
    assert ran.outcomes == {"first-1": "failed", "other-1": "missing"} and ran.code == 5
    assert runs(ran) == {"first-1": ["failed", "passed"]}
    ran = run(suite(feature("ever-12", "other-1")), "--retry", "1", "--fail-fast", subject=flaky)
    assert ran.code == 1 and runs(ran) == {"ever-12": ["failed", "failed"]}


def test_the_total_time_is_that_of_all_runs_and_what_was_seen_stands(suite, run, flaky):
    """Else a subject could hang in the second run to make its failure inconclusive."""
    tool = TOOL.replace('word.startswith("hang")', "number == 2")
    Path(flaky.split()[-1]).write_text(tool)
    began = time.monotonic()
    ran = run(suite(feature("ever-12")), "--retry", "5", "--total-timeout", "4", subject=flaky)
    assert time.monotonic() - began < 30, "not the minute that the subject hangs"
    assert ran.code == 1 and ran.report["verdict"] == "fail" and runs(ran) == {}
    assert ran.report["errors"] == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_cut_short_while_running_again_it_is_not_a_pass(suite, start, flaky, tmp_path, number):
    tool = TOOL.replace('word.startswith("hang")', "number == 2")
    Path(flaky.split()[-1]).write_text(tool)
    process = start("run", str(suite(feature("good", "ever-12"))), "--subject", flaky,
                    "--report", str(tmp_path / "report"), "--retry", "1")  # fmt: skip
    again = tmp_path / "count-ever-12"
    deadline = time.monotonic() + 40
    while not (again.exists() and len(again.read_text()) == 2):
        assert process.poll() is None and time.monotonic() < deadline
        time.sleep(0.05)
    os.kill(process.pid, number)
    process.communicate(timeout=30)
    report = json.loads((tmp_path / "report/report.json").read_text())
    check_report(report)
    assert process.returncode == (130 if number == signal.SIGINT else -9)
    assert report["verdict"] == "inconclusive"
    lines = (tmp_path / "report/private.jsonl").read_text().splitlines()
    assert [json.loads(each)["outcome"] for each in lines] == ["passed", "failed"]
    if number == signal.SIGINT:
        assert report["counts"]["failed"] == 1 and report["errors"]


def test_side_by_side_too(suite, run, flaky):
    ran = run(suite(feature("a", "first-1", "b")), "--retry", "1", "--jobs", "4", subject=flaky)
    assert runs(ran) == {"first-1": ["failed", "passed"]} and ran.code == 5


@pytest.mark.parametrize("value", ["-1", "6", "x"])
def test_what_it_may_be(cli, value):
    assert cli("run", ".", "--subject", "cat", "--report", "r", "--retry", value).returncode == 2


def test_the_log_holds_all_runs(suite, run, flaky, tmp_path):
    code = 'print("loaded")\n'
    files = {**feature("first-1"), "conftest.py": code}
    ran = run(suite(files), "--retry", "1", subject=flaky)
    assert (ran.folder / "private.log").read_text().count("loaded") == 2


def test_further_forms_are_red_and_say_why(suite, run, flaky, tmp_path):
    files = {option: tmp_path / f"out-{option}" for option in ("junit", "messages", "html")}
    options = [part for name, path in files.items() for part in (f"--{name}", str(path))]
    run(suite(feature("good", "first-1", "ever-12")), "--retry", "1", *options, subject=flaky)
    root = ElementTree.fromstring(files["junit"].read_text())
    cases = {case.get("name"): list(case) for case in root.iter("testcase")}
    assert cases["good"] == []
    [blamed] = cases["first-1"]
    assert (blamed.tag, blamed.get("type")) == ("failure", "flaky")
    assert "run 1 failed, run 2 passed" in blamed.get("message")
    assert "run 1 failed, run 2 failed" in cases["ever-12"][0].text
    page = files["html"].read_text()
    assert "It did not answer the same twice: run 1 failed, run 2 passed." in page
    assert page.count('class="flaky"') == 1 and page.count("run 2 <span") == 2


def test_messages_tell_each_attempt_as_cucumber_does(suite, run, flaky, tmp_path):
    file = tmp_path / "m.ndjson"
    words = ("good", "first-1", "ever-12")
    run(suite(feature(*words)), "--retry", "1", "--messages", str(file), subject=flaky)
    stream = check(file.read_text())
    pickles = {each["id"]: each["name"] for each in only(stream, "pickle")}
    cases = {each["id"]: pickles[each["pickleId"]] for each in only(stream, "testCase")}
    started = only(stream, "testCaseStarted")
    numbers = [(cases[each["testCaseId"]], each["attempt"]) for each in started]
    assert numbers == [
        ("good", 0), ("first-1", 0), ("first-1", 1), ("ever-12", 0), ("ever-12", 1),
    ]  # fmt: skip
    retried = [each["willBeRetried"] for each in only(stream, "testCaseFinished")]
    assert retried == [False, True, False, True, False]
    statuses: dict[str, list[str]] = {each["id"]: [] for each in started}
    for step in only(stream, "testStepFinished"):
        statuses[step["testCaseStartedId"]].append(step["testStepResult"]["status"])
    assert list(statuses.values()) == [
        ["PASSED"] * 2,
        ["PASSED", "FAILED", "SKIPPED"],
        ["PASSED", "PASSED", "FAILED"],  # the run's judgement
        ["PASSED", "FAILED"],
        ["PASSED", "FAILED"],
    ]


OUTCOME = st.sampled_from(["passed", "failed", "timed_out"])


@given(
    firsts=st.lists(st.sampled_from(["passed", "failed", "timed_out", "invalid"]), min_size=1),
    more=st.lists(st.lists(OUTCOME, max_size=3), max_size=8),
    problems=st.lists(st.just("disturbed"), max_size=1),
    interrupted=st.booleans(),
)
def test_running_again_only_ever_turns_a_fail_into_inconclusive(
    firsts, more, problems, interrupted
):
    step = Step("Then", "then", "x", 3)
    scenarios = tuple(
        Scenario(f"s-{number}", "x", "a.feature", 2, (), (step,)) for number in range(len(firsts))
    )
    observed = Observed(bound=[], ended=True)
    attempts = {}
    padded = [*more, *[[] for _ in firsts]]
    for scenario, first, after in zip(scenarios, firsts, padded, strict=False):
        observed.finished[scenario.id] = Finish(first, 0.1)  # type: ignore[arg-type]
        if first in ("failed", "timed_out") and after:
            found = [Finish(each, 0.1) for each in (first, *after)]  # type: ignore[arg-type]
            attempts[scenario.id] = tuple(found)
    before = reconcile(Inventory(scenarios, ()), observed, (), {})
    again = Again(attempts, tuple(problems), interrupted)
    after_all = reconcile(Inventory(scenarios, ()), observed, (), {}, again)
    assert [each[1] for each in after_all.scenarios] == [each[1] for each in before.scenarios]
    assert (after_all.verdict == before.verdict) or (
        after_all.verdict == "inconclusive" and after_all.exit_code in (5, 130)
    )
    if after_all.verdict == "fail":
        constant = set(attempts) - after_all.flaky
        unretried = {s.id for s, f in zip(scenarios, firsts, strict=True) if f == "failed"}
        assert (constant | (unretried - set(attempts))) and not after_all.errors
