"""The contract of `scenario-runner run` and `inventory`, by running the command."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

PASSING = """
@feature
Feature: One
  Background:
    Given a random word as "w"
  @R1 @must
  Scenario: plain
    When I run it with "csv"
    Then the exit code is 0
  Rule: a rule
    @R2
    Scenario Outline: row <n>
      When I run it with "<n>"
      Then the exit code is <code>
      @E1
      Examples:
        | n   | code |
        | csv | 0    |
        | csv | 0    |
"""


def test_the_report_has_the_stated_shape(suite, run, tool):
    ran = run(suite({"deep/er/one.feature": PASSING}), subject=tool)
    assert ran.code == 0
    report = ran.report
    assert report["inventory"] == 3
    assert report["errors"] == []
    assert [each["name"] for each in report["scenarios"]] == ["plain", "row csv", "row csv"]
    assert {each["path"] for each in report["scenarios"]} == {"deep/er/one.feature"}
    assert [each["line"] for each in report["scenarios"]] == [6, 17, 18]
    assert report["scenarios"][0]["tags"] == ["@feature", "@R1", "@must"]
    assert report["scenarios"][1]["tags"] == ["@feature", "@R2", "@E1"]
    assert all(each["duration_seconds"] > 0 for each in report["scenarios"])
    again = run(suite({}), subject=tool).report
    assert [a["id"] for a in again["scenarios"]] == [b["id"] for b in report["scenarios"]]


def test_features_may_be_one_file(suite, run, tool):
    root = suite({"one.feature": PASSING, "two.feature": "broken"})
    ran = run(root / "one.feature", subject=tool)
    assert ran.code == 0
    assert {each["path"] for each in ran.report["scenarios"]} == {"one.feature"}


def test_some_failed_is_one_and_private_detail_stays_private(suite, run, tool):
    text = PASSING.replace("| csv | 0    |\n        | csv | 0    |", "| csv | 0 |\n | json | 7 |")
    ran = run(suite({"one.feature": text}), subject=tool)
    assert ran.code == 1
    assert ran.report["verdict"] == "fail"
    assert ran.outcomes == {"plain": "passed", "row csv": "passed", "row json": "failed"}
    entry = ran.private[-1]
    assert (entry["expected"], entry["seen"]) == (7, 0)
    assert entry["exchanges"][0]["sent"]["arguments"] == ["json"]
    assert entry["steps"][1]["outcome"] == "passed"
    assert "seen" not in (ran.folder / "report.json").read_text()
    assert (ran.folder / "private.jsonl").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("expression", "names"),
    [
        ("@R1", {"plain"}),
        ("@R2 and not @R1", {"row csv"}),
        ("(@R1 or @R2) and not @E1", {"plain"}),
        ("not (@R1 or @nothing)", {"row csv"}),
        ("@feature", {"plain", "row csv"}),
    ],
)
def test_tags_choose_scenarios(suite, run, cli, tool, expression, names):
    root = suite({"one.feature": PASSING})
    ran = run(root, "--tags", expression, subject=tool)
    assert (ran.code, set(ran.outcomes)) == (0, names)
    listed = json.loads(cli("inventory", str(root), "--tags", expression, "--json").stdout)
    assert listed["inventory"] == ran.report["inventory"]
    assert [each["id"] for each in listed["scenarios"]] == [
        each["id"] for each in ran.report["scenarios"]
    ]


def test_inventory_lists_errors_and_exits_two(suite, cli):
    done = cli("inventory", str(suite({"a.feature": "Feature: F\n Scenario: S\n"})), "--json")
    assert done.returncode == 2
    assert json.loads(done.stdout)["errors"][0]["line"] == 2
    done = cli("inventory", str(suite({"a.feature": PASSING})))
    assert done.returncode == 0
    assert "3 scenarios, 0 errors" in done.stdout


def test_json_prints_one_document_and_progress_goes_to_stderr(suite, run, tool):
    ran = run(suite({"one.feature": PASSING}), "--json", subject=tool)
    assert json.loads(ran.stdout) == ran.report
    assert "passed" in ran.stderr


@pytest.mark.parametrize("flags", [("--quiet-names",), ("--quiet-names", "--json")])
@pytest.mark.parametrize("kind", ["fine", "failing", "broken", "crashing"])
def test_quiet_names_leaks_nothing_of_a_scenario(suite, run, tool, flags, kind):
    root = suite({
        "secretpath/one.feature": PASSING.replace("plain", "secretname")
        .replace("a rule", "secretrule").replace("Feature: One", "Feature: secretfeature")
        .replace('"csv"', '"csv secretargument"').replace("@R1", "@secrettag"),
    })  # fmt: skip
    if kind == "failing":
        suite({"b.feature": "Feature: F\n Scenario: S secret\n  Then the exit code is 9\n"})
    if kind == "broken":
        suite({"b.feature": "Feature: F\n Scenario: S secret\n  Then: secretstep\n"})
    if kind == "crashing":
        suite({"conftest.py": "print('secretprint')\nraise ValueError('secreterror')\n"})
    ran = run(root, *flags, subject=tool)
    assert ran.code == {"fine": 0, "failing": 1, "broken": 2, "crashing": 2}[kind]
    assert "secret" not in ran.stdout + ran.stderr
    assert ".feature" not in ran.stdout + ran.stderr


def test_configuration_from_outside_changes_nothing(suite, run, tool, tmp_path):
    root = suite({
        "one.feature": PASSING,
        "pytest.ini": "[pytest]\naddopts = --collect-only\n",
        "tox.ini": "[pytest]\naddopts = --collect-only\n",
    })  # fmt: skip
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --collect-only -k nothing\n")
    (tmp_path / "conftest.py").write_text("raise SystemExit(0)\n")
    (tmp_path / "sitecustomize.py").write_text("import os; os._exit(0)\n")
    (tmp_path / "pytest.py").write_text("raise SystemExit(0)\n")
    plugin = tmp_path / "evil" / "evil.py"
    plugin.parent.mkdir()
    plugin.write_text("def pytest_collection_modifyitems(items): items[:] = []\n")
    info = tmp_path / "evil" / "evil-1.dist-info"
    info.mkdir()
    (info / "entry_points.txt").write_text("[pytest11]\nevil = evil\n")
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: evil\nVersion: 1\n")
    env = {
        "PYTEST_ADDOPTS": "--collect-only -p no:python --exitfirst",
        "PYTEST_PLUGINS": "evil",
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "",
    }
    for cwd in (root, tmp_path):
        ran = run(root, subject=tool, cwd=cwd, env=env)
        assert (ran.code, ran.report["inventory"]) == (0, 3)


SLOW = """
Feature: F
  Scenario: first
    When I run it with "csv"
    Then the exit code is 0
  Scenario: slow
    When I run it with "sleep 30"
    Then the exit code is 0
  Scenario: third
    When I run it with "csv"
    Then the exit code is 0
"""


@pytest.mark.parametrize("signal_number", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_exits_130_with_a_report(suite, start, tool, tmp_path, signal_number):
    folder = tmp_path / "report"
    root = suite({"a.feature": SLOW})
    process = start("run", str(root), "--subject", tool, "--report", str(folder))
    _wait_for(folder / "private.jsonl", "first")
    process.send_signal(signal_number)
    assert process.wait(20) == 130
    report = json.loads((folder / "report.json").read_text())
    assert [each["outcome"] for each in report["scenarios"]] == ["passed", "missing", "missing"]
    assert report["verdict"] == "inconclusive"


def test_killed_leaves_an_inconclusive_report(suite, start, tool, tmp_path):
    folder = tmp_path / "report"
    root = suite({"a.feature": SLOW})
    process = start("run", str(root), "--subject", tool, "--report", str(folder))
    _wait_for(folder / "private.jsonl", "first")
    os.killpg(process.pid, signal.SIGKILL)
    process.wait(20)
    report = json.loads((folder / "report.json").read_text())
    assert report["verdict"] == "inconclusive"
    assert report["inventory"] == 3
    deadline = time.monotonic() + 10
    while f"{tmp_path}/tool.py" in _processes():
        assert time.monotonic() < deadline, "the subject outlived the runner"
        time.sleep(0.05)


def _wait_for(path: Path, text: str) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if path.exists() and text in path.read_text():
            return
        time.sleep(0.05)
    raise AssertionError(f"{path} never held {text}")


def _processes() -> str:
    listed = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True)
    # The command that is being tested names the tool as well.
    return "\n".join(line for line in listed.stdout.splitlines() if "scenario_runner" not in line)


def test_an_old_report_is_never_taken_for_this_run(suite, run, cli, tool, tmp_path):
    root = suite({"one.feature": PASSING})
    assert run(root, subject=tool).code == 0
    (root / "one.feature").write_text("broken")
    ran = run(root, subject=tool)
    assert (ran.code, ran.report["verdict"]) == (2, "inconclusive")
    (tmp_path / "file").write_text("x")
    done = cli("run", str(root), "--subject", tool, "--report", str(tmp_path / "file" / "below"))
    assert done.returncode == 2
    assert "--report" in done.stderr


def test_a_seed_makes_generated_values_the_same_again(suite, run, tool):
    root = suite({"one.feature": PASSING})

    def words(*arguments):
        return [each["generated"]["w"] for each in run(root, *arguments, subject=tool).private]

    assert words("--seed", "7") == words("--seed", "7")
    fresh, again = words(), words()
    assert fresh != again
    assert len(set(fresh)) == 3


SUITE_STEPS = """
import pytest
from pytest_bdd import given, when, then, step, parsers

@pytest.fixture
def basket():
    return []

@given(parsers.parse("{count:d} apples"), target_fixture="apples")
def _(count):
    return count

@when(parsers.cfparse("I eat {count:d}"))
def _(apples, basket, count):
    basket.append(apples - count)

@when(parsers.re(r"I add (?P<count>[0-9]+)"), converters={"count": int})
def _(basket, count):
    basket.append(count)

@then(parsers.parse("{left:d} are left"))
def _(basket, left):
    assert basket[-1] == left

@given("the rows:")
def _(datatable, basket):
    basket.extend(row[0] for row in datatable)

@given("the text:", target_fixture="text")
def _(docstring):
    return docstring

@then(parsers.parse('the text is "{wanted}"'))
def _(text, wanted):
    assert text == wanted

@when("the subject is run", target_fixture="ran")
def _(subject):
    return subject.run(["csv"])

@then("it said something")
def _(ran, remembered):
    assert ran.exit_code == 0 and "tea" in ran.output and ran.error_output == ""
    remembered["said"] = ran.output.split()[0]

@step("anything goes")
def _():
    yield
    assert True
"""


def test_suite_steps_in_pytest_bdds_form(suite, run, tool):
    root = suite({
        "features/a.feature": """
        Feature: F
          Background:
            Given 5 apples
          Scenario: eat
            When I eat 2
            And I add 3
            Then 3 are left
          Scenario Outline: blocks <n>
            Given the rows:
              | a<n> |
            And the text:
              \"\"\"
              hi <n>
              \"\"\"
            And anything goes
            Then the text is "hi <n>"
            Examples:
              | n |
              | 1 |
          Scenario: subject
            When the subject is run
            Then it said something
            When I run it with "copy" and input:
              \"\"\"
              ${said}
              \"\"\"
            Then the output contains "name,amount"
          Scenario: wrong
            When I eat 2
            Then 4 are left
        """,
        "steps/fruit.py": SUITE_STEPS,
    })  # fmt: skip
    ran = run(root, subject=tool)
    assert ran.outcomes == {
        "eat": "passed",
        "blocks 1": "passed",
        "subject": "passed",
        "wrong": "failed",
    }, ran.private
    assert "assert 3 == 4" in ran.private[-1]["trace"]


def test_the_nearest_definition_wins_and_the_library_comes_last(suite, run, tool):
    def steps(where):
        return f"""
from pytest_bdd import then
@then("the exit code is 0")
def _(): assert False, "{where}"
"""

    text = 'Feature: F\n Scenario: {}\n  When I run it with "csv"\n  Then the exit code is 0\n'
    root = suite({
        "top.feature": text.format("top"),
        "a/mid.feature": text.format("mid"),
        "a/b/low.feature": text.format("low"),
        "steps/deep/s.py": steps("from the top"),
        "a/conftest.py": steps("from conftest"),
        "a/b/steps/s.py": steps("from below"),
    })  # fmt: skip
    ran = run(root, subject=tool)
    messages = {each["name"]: each["message"] for each in ran.private}
    assert "from the top" in messages["top"]
    assert "from conftest" in messages["mid"]
    assert "from below" in messages["low"]


def test_fixtures_hooks_and_scopes_of_a_suite(suite, run, tool, tmp_path):
    log = tmp_path / "log.txt"
    conftest = f"""
import pytest
def note(text): open({str(log)!r}, "a").write(text + "\\n")
@pytest.fixture(scope="module", autouse=True)
def module_fixture():
    note("module"); yield; note("module end")
@pytest.fixture(scope="session", autouse=True)
def session_fixture(subject):
    note("session"); yield; note("session end")
def pytest_bdd_before_scenario(request, feature, scenario): note("before " + scenario.name)
def pytest_bdd_after_step(request, feature, scenario, step, step_func, step_func_args):
    note("step " + step.keyword + " " + step.name)
def pytest_bdd_step_error(request, feature, scenario, step, step_func, step_func_args, exception):
    note("error " + step.name)
def pytest_runtest_setup(item): note("marks " + ",".join(m.name for m in item.iter_markers()))
"""
    text = 'Feature: F\n @R1\n Scenario: S\n  When I run it with "csv"\n  Then the exit code is 1\n'
    ran = run(suite({"a.feature": text, "conftest.py": conftest}), subject=tool)
    assert ran.code == 1
    assert log.read_text().splitlines() == [
        "marks R1",
        "session",
        "module",
        "before S",
        'step When I run it with "csv"',
        "error the exit code is 1",
        "module end",
        "session end",
    ]


def test_other_languages(suite, run, tool):
    text = """
    # language: de
    Funktionalität: F
      Szenario: S
        Wenn I run it with "csv"
        Dann the exit code is 0
    """
    assert run(suite({"a.feature": text}), subject=tool).outcomes == {"S": "passed"}


def test_a_unix_socket_serves_steps_and_requests(suite, run, tmp_path):
    import http.server
    import socketserver
    import threading
    from urllib.parse import quote

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"ok")

        def address_string(self):
            return "unix"

        def log_message(self, *_):
            pass

    path = str(tmp_path / "s.sock")
    with socketserver.ThreadingUnixStreamServer(path, Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        steps = """
from pytest_bdd import then
import urllib.request
@then("Python reaches it too")
def _(subject):
    assert subject.url.startswith("http://127.0.0.1:")
    assert urllib.request.urlopen(subject.url + "/x", timeout=5).read() == b"ok"
"""
        text = (
            'Feature: F\n Scenario: S\n  When I send GET "/"\n'
            '  Then the response body contains "ok"\n  And Python reaches it too\n'
        )
        root = suite({"a.feature": text, "steps/s.py": steps})
        ran = run(root, subject="http+unix://" + quote(path, safe=""))
        server.shutdown()
    assert ran.code == 0, ran.private


def test_a_service_that_is_not_there_fails(suite, run):
    text = 'Feature: F\n Scenario: S\n  When I send GET "/"\n  Then the response status is 200\n'
    ran = run(suite({"a.feature": text}), subject="http://127.0.0.1:9")
    assert (ran.code, ran.outcomes) == (1, {"S": "failed"})


@pytest.mark.parametrize("package", [False, True])
def test_a_suite_that_imports_its_own_step_modules(suite, run, tool, package):
    """pytest-bdd suites often write `from steps.x import *` in conftest.py."""
    state = """
from pytest_bdd import given, then
seen = []
@given("something is noted")
def _(): seen.append(1)
@then("it was noted")
def _(): assert seen == [1]
"""
    text = "Feature: F\n Scenario: S\n  Given something is noted\n  Then it was noted\n"
    files = {
        "a.feature": text,
        "conftest.py": "from steps.notes import *\n",
        "steps/notes.py": state,
        "build/b.feature": text.replace("S\n", "T\n").replace("  Then", "  And a pause\n  Then"),
        "build/conftest.py": "from pytest_bdd import given\nimport steps.notes as notes\n"
        "@given('a pause')\ndef _(): notes.seen.pop()\n",
    }
    if package:
        files |= {"__init__.py": "", "build/__init__.py": ""}
        files["conftest.py"] = "from .steps.notes import *\n"
        files["build/conftest.py"] = files["build/conftest.py"].replace(
            "import steps.notes as notes", "from ..steps import notes"
        )
    ran = run(suite(files), subject=tool)
    assert ran.outcomes == {"S": "passed", "T": "passed"}, (ran.report, ran.stderr)


def test_names_may_hold_anything(suite, run, tool):
    names = [
        "a::b[c]", "..", "/", "-k x", "%s", "\u202e\x1b[31m", "::error::x", "x" * 9000,
        "@R1", "é", "\U0001f600", "{name}", "${name}", "<a>", '"', "''", "\\", "None", "",
    ]  # fmt: skip
    body = ' When I run it with "csv"\n  Then the exit code is 0\n'
    text = "Feature: F\n" + "".join(f" Scenario: {name}\n {body}" for name in names)
    ran = run(suite({"a.feature": text}), subject=tool)
    assert (ran.code, list(ran.outcomes)) == (0, names)
    assert "\x1b" not in ran.stdout
    assert not any(line.startswith("::") for line in ran.stdout.splitlines())


def test_many_scenarios_in_many_files_are_each_run_once(suite, run, service):
    def text(number):
        return f"Feature: F{number}\n" + "".join(
            f' Scenario: S{each}\n  When I send GET "/health"\n  Then the response status is 200\n'
            for each in range(50)
        )

    root = suite({f"{number}.feature": text(number) for number in range(4)})
    ran = run(root, "--quiet-names", subject=service)
    assert (ran.code, ran.report["inventory"]) == (0, 200)
    assert len({each["id"] for each in ran.report["scenarios"]}) == 200


@pytest.mark.parametrize("tag", ["@skip", "@xfail"])
def test_a_tag_that_pytest_takes_for_a_skip_is_no_pass(suite, run, tool, tag):
    text = (
        f'Feature: F\n {tag}\n Scenario: S\n  When I run it with "csv"\n  Then the exit code is 0\n'
    )
    ran = run(suite({"a.feature": text}), subject=tool)
    assert (ran.code, ran.outcomes) == (5, {"S": "invalid"})


def test_a_reader_that_goes_away_does_not_stop_the_run(suite, start, tool, tmp_path):
    folder = tmp_path / "report"
    root = suite({"one.feature": PASSING})
    process = start("run", str(root), "--subject", tool, "--report", str(folder))
    process.stdout.close()
    process.wait(20)
    assert json.loads((folder / "report.json").read_text())["verdict"] == "pass"
    process.stdout = None
