"""--messages: valid by Cucumber's own schemas, whole, and green only for a pass."""

from __future__ import annotations

import json
import os
import subprocess
from collections import Counter
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, ValidationError
from scenario_runner.model import OUTCOMES
from scenario_runner.reports import messages

from tests.conftest import require
from tests.scenario_runner.evidence_made import made
from tests.scenario_runner.npm_package import npm_package
from tests.scenario_runner.test_runner_junit import MIXED, SKIP

SUITE = {
    "a.feature": MIXED,
    "conftest.py": SKIP,
    "b.feature": '''
        @f
        Feature: Steps of the suite <b>
          Background:
            Given 3 things
              | a |
              | b |
          @s
          Scenario: own
            When I run it with "csv"
            Then the output says name
              """text/plain
              x
              """
        ''',
    "steps/own.py": """
        from pytest_bdd import given, then, parsers
        @given(parsers.parse("{n:d} things"))
        def things(n, datatable): pass
        @then(parsers.re(r"the output says (?P<word>\\w+)"))
        def says(word, docstring): pass
        """,
}


@cache
def _validator() -> Draft202012Validator:
    schema = (npm_package("@cucumber/messages") / "messages.schema.json").read_text()
    return Draft202012Validator(json.loads(schema))


def check(lines: str) -> list[dict[str, Any]]:
    """Each message is valid; each id is there once; each reference has its target before it."""
    stream = [json.loads(line) for line in lines.splitlines()]
    known: set[str] = set()
    for message in stream:
        _validator().validate(message)
        (kind,) = message
        for identity in _ids(message):
            assert identity not in known, message
            known.add(identity)
        if kind != "gherkinDocument":
            assert set(_references(message)) <= known, message
    kinds = Counter(kind for message in stream for kind in message)
    assert kinds["meta"] == kinds["testRunStarted"] == kinds["testRunFinished"] == 1
    attempts = [each["attempt"] for each in only(stream, "testCaseStarted")]
    assert kinds["testCase"] == attempts.count(0)
    assert kinds["testCaseStarted"] == kinds["testCaseFinished"]
    assert kinds["testStepStarted"] == kinds["testStepFinished"]
    assert next(iter(stream[0])) == "meta"
    assert next(iter(stream[-1])) == "testRunFinished"
    return stream


def _ids(node: Any) -> list[str]:
    if isinstance(node, list):
        return [each for part in node for each in _ids(part)]
    if not isinstance(node, dict):
        return []
    own = [node["id"]] if "id" in node else []
    return own + [each for part in node.values() for each in _ids(part)]


def _references(node: Any) -> list[str]:
    if isinstance(node, list):
        return [each for part in node for each in _references(part)]
    if not isinstance(node, dict):
        return []
    found = []
    for key, value in node.items():
        if key.endswith("Ids"):
            found += value
        elif key.endswith("Id"):
            found.append(value)
        else:
            found += _references(value)
    return found


def only(stream: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    return [message[kind] for message in stream if kind in message]


def worst(stream: list[dict[str, Any]]) -> dict[str, set[str]]:
    """Every status of each scenario, by name."""
    pickles = {pickle["id"]: pickle["name"] for pickle in only(stream, "pickle")}
    cases = {case["id"]: pickles[case["pickleId"]] for case in only(stream, "testCase")}
    attempts = {one["id"]: cases[one["testCaseId"]] for one in only(stream, "testCaseStarted")}
    found: dict[str, set[str]] = {name: set() for name in attempts.values()}
    for step in only(stream, "testStepFinished"):
        found[attempts[step["testCaseStartedId"]]].add(step["testStepResult"]["status"])
    return found


def test_a_mixed_run(suite, run, tool, tmp_path):
    file = tmp_path / "m.ndjson"
    ran = run(suite(SUITE), "--messages", str(file), "--scenario-timeout", "0.5", subject=tool)
    assert ran.report["verdict"] == "inconclusive"
    assert file.stat().st_mode & 0o777 == 0o600
    stream = check(file.read_text())
    statuses = worst(stream)
    assert statuses["fine"] == statuses["own"] == {"PASSED"}
    assert statuses["wrong 7"] == {"PASSED", "FAILED"}
    assert statuses["slow"] == {"FAILED", "SKIPPED"}
    assert "FAILED" in statuses["skipped"]
    assert only(stream, "testRunFinished")[0]["success"] is False
    sources = {source["uri"]: source["data"] for source in only(stream, "source")}
    assert sources["b.feature"] == (tmp_path / "suite/b.feature").read_text()
    bodies = [each["body"] for each in only(stream, "attachment")]
    assert any("name,amount" in body for body in bodies)
    assert all(each["testStepId"] for each in only(stream, "attachment"))
    steps = only(stream, "testStepFinished")
    took = [step["testStepResult"]["duration"] for step in steps]
    assert any(one["nanos"] > 0 for one in took)
    definitions = {each["pattern"]["source"]: each for each in only(stream, "stepDefinition")}
    assert definitions["I run it with {string}"]["pattern"]["type"] == "CUCUMBER_EXPRESSION"
    own = definitions[r"the output says (?P<word>\w+)"]
    assert own["sourceReference"] == {"uri": "steps/own.py", "location": {"line": 4}}


def test_a_pass_is_a_success_and_nothing_else_is(suite, run, tool, tmp_path):
    file = tmp_path / "m.ndjson"
    only_b = {
        name: text for name, text in SUITE.items() if name not in ("a.feature", "conftest.py")
    }
    ran = run(suite(only_b), "--messages", str(file), subject=tool)
    assert ran.code == 0
    stream = check(file.read_text())
    assert worst(stream) == {"own": {"PASSED"}}
    assert only(stream, "testRunFinished")[0]["success"] is True


@pytest.mark.parametrize("tags", ["@parallel", "@parallel @serial"])
def test_steps_of_a_suite_are_defined_there_also_where_they_run_side_by_side(
    suite, run, tool, tmp_path, tags
):
    file = tmp_path / "m.ndjson"
    feature = SUITE["b.feature"].replace("@f", tags)
    root = suite({"b.feature": feature, "steps/own.py": SUITE["steps/own.py"]})
    ran = run(root, "--messages", str(file), "--jobs", "4", subject=tool)
    assert ran.code == 0, ran.private
    assert f"{1 - tags.count('serial')} side by side" in ran.stdout
    stream = check(file.read_text())
    assert worst(stream) == {"own": {"PASSED"}}
    places = [each["sourceReference"] for each in only(stream, "stepDefinition")]
    assert {"uri": "steps/own.py", "location": {"line": 2}} in places
    assert {"uri": "steps/own.py", "location": {"line": 4}} in places


def test_a_refused_run_names_what_is_wrong(suite, run, tmp_path):
    files = {
        "a.feature": "Feature: F\n Scenario: S\n  When I sned\n  Then the exit code is 0\n"
        " Scenario: T\n  When I run it with no arguments\n  Then the exit code is 0\n",
        "b.feature": "Fature: broken\n",
        "c.feature": b"\xef\xbb\xbfFeature: F\n Scenario: S\n  Then the exit code is 0\n",
    }
    file = tmp_path / "m.ndjson"
    assert run(suite(files), "--messages", str(file)).code == 2
    stream = check(file.read_text())
    assert worst(stream) == {"S": {"UNDEFINED", "SKIPPED"}, "T": {"UNKNOWN"}}
    wrong = {error["source"]["uri"] for error in only(stream, "parseError")}
    assert wrong == {"b.feature", "c.feature"}
    assert "undefined step" in only(stream, "testRunFinished")[0]["message"]


@pytest.mark.parametrize("bad", [{"meta": {}}, {"source": {"uri": "a"}}, {"other": {}}])
def test_the_schema_is_really_applied(bad):
    with pytest.raises(ValidationError):
        check(json.dumps(bad))


@settings(max_examples=40, suppress_health_check=list(HealthCheck))
@given(
    outcomes=st.lists(st.sampled_from(OUTCOMES), min_size=1, max_size=3),
    said=st.sampled_from(["passed", "failed", "not run", "made up", 3, None]),
    times=st.tuples(st.floats(), st.floats(), st.floats()),
    detail=st.dictionaries(
        st.sampled_from(["message", "trace", "expected", "seen", "exchanges", "threads"]),
        st.none()
        | st.text()
        | st.lists(st.dictionaries(st.sampled_from(["sent", "at"]), st.text())),
    ),
)
def test_no_detail_makes_green_what_is_not(tmp_path, outcomes, said, times, detail):
    source = "Feature: x\n" + " Scenario: x\n  Then a\n\n" * len(outcomes)
    # The detail comes from where step code runs: it may say anything.
    began, ended, stopped = times
    steps = {"steps": [{"outcome": said}], "ended": [ended], "definitions": [said]}
    evidence = made(
        tmp_path / "r",
        outcomes,
        "pass" if set(outcomes) == {"passed"} else "inconclusive",
        detail={**detail, **steps, "began_at": began, "stopped_at": stopped},
        source=source,
    )
    stream = check("".join(messages.render(evidence)))
    assert len(only(stream, "testCase")) == len(outcomes)
    attempts = {one["id"]: set() for one in only(stream, "testCaseStarted")}
    for step in only(stream, "testStepFinished"):
        attempts[step["testCaseStartedId"]].add(step["testStepResult"]["status"])
    for outcome, found in zip(outcomes, attempts.values(), strict=True):
        assert (found <= {"PASSED"}) is (outcome == "passed")


_FORMAT = """
const fs = require("fs");
const { CucumberHtmlStream } = require("@cucumber/html-formatter");
const out = new CucumberHtmlStream();
out.pipe(fs.createWriteStream(process.argv[2]));
for (const line of fs.readFileSync(process.argv[1], "utf8").split("\\n").filter(Boolean))
  out.write(JSON.parse(line));
out.end();
"""


def test_cucumbers_own_formatter_renders_it(suite, run, tool, tmp_path):
    """Its page is looked at in a real browser: every scenario, step, attachment is there."""
    require("node", "chromium")
    file, page = tmp_path / "m.ndjson", tmp_path / "page.html"
    run(suite(SUITE), "--messages", str(file), "--scenario-timeout", "0.5", subject=tool)
    npm_package("@cucumber/messages")
    modules = npm_package("@cucumber/html-formatter").parents[1]
    subprocess.run(
        ["node", "-e", _FORMAT, str(file), str(page)],
        check=True,
        timeout=60,
        env={**os.environ, "NODE_PATH": str(modules)},
    )
    shown = subprocess.run(
        ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=10000",
         f"--user-data-dir={tmp_path / 'chromium'}", "--dump-dom", page.as_uri()],
        check=True,
        capture_output=True,
        text=True,
        timeout=120,
    ).stdout  # fmt: skip
    seen = shown[shown.index('id="report"') :]
    seen = seen[: seen.index("<script")]
    # A file whose scenarios all passed is folded away: its name alone is there.
    for text in ("b.feature", "a rule", "wrong &lt;code&gt;", "expected: 7", "sent.txt"):
        assert text in seen
    assert "2 / 5" in seen
