"""The inventory on arbitrary input: it never crashes, and its errors carry an existing line."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scenario_runner import strict_json
from scenario_runner.engine import patterns
from scenario_runner.errors import UsageFault
from scenario_runner.suite import tag_expression
from scenario_runner.suite.feature_file import parse_bytes

LINES = st.sampled_from(
    [
        "Feature: F", "Rule: R", "Background:", "Scenario: S", "Scenario: T", "Scenario Outline: O",
        "Examples:", "Scenarios: x", "  | a | b |", "  | <a> | \\| |", "| broken", "@tag @id:x",
        "@ bad tag", "@", "Given a <a>", "When b", "Then c", "And d", "* e", "Then: f", "then g",
        "But", '"""', "```", "# language: fr", "# language: xx", "# comment", "", "   ", "prose",
        "Fonctionnalité: F", "Soit x", "\u2028", "\x0b\x0c", "\ufeff", "\r", "Given (a+)+ [",
    ]
)  # fmt: skip
TEXTS = st.one_of(
    st.text(max_size=300),
    st.lists(st.one_of(LINES, st.text(max_size=20)), max_size=30).map("\n".join),
    st.lists(LINES, max_size=40).map("\r\n".join),
)


def check(data: bytes) -> None:
    parsed = parse_bytes(data, "a.feature")
    lines = data.replace(b"\r\n", b"\n").count(b"\n") + 1
    for error in parsed.errors:
        assert error.path == "a.feature"
        assert 1 <= error.line <= lines, error
        assert error.message
    for index, scenario in enumerate(parsed.scenarios):
        assert 1 <= scenario.line <= lines
        assert all(1 <= step.line <= lines for step in scenario.steps)
        if index not in parsed.refused:
            assert scenario.steps
            assert any(step.type == "then" for step in scenario.steps)
    # Nothing is dropped without a word.
    assert parsed.scenarios or parsed.errors


@settings(max_examples=300, suppress_health_check=list(HealthCheck))
@given(TEXTS)
def test_any_text(text):
    check(text.encode("utf-8", "surrogatepass"))


@settings(max_examples=150)
@given(st.binary(max_size=300))
def test_any_bytes(data):
    check(data)


@settings(max_examples=200)
@given(st.text(alphabet="@ab()\\ notrd", max_size=40))
def test_any_tag_expression(expression):
    try:
        predicate = tag_expression.parse(expression)
    except UsageFault as problem:
        assert "--tags" in str(problem)
    else:
        assert predicate({"@a"}) in (True, False)


@pytest.mark.parametrize(
    ("expression", "tags", "expected"),
    [
        ("@a or @b and @c", {"@a"}, True),
        ("(@a or @b) and @c", {"@a"}, False),
        ("not @a and @b", {"@b"}, True),
        ("not (@a and @b)", {"@a"}, True),
        ("not not @a", {"@a"}, True),
        ("@a\\(1\\)", {"@a(1)"}, True),
        ("", set(), True),
    ],
)
def test_tag_expressions(expression, tags, expected):
    assert tag_expression.parse(expression)(tags) is expected


@pytest.mark.parametrize("expression", ["@a @b", "(@a", "@a)", "and", "not", "a", "@", "@a or"])
def test_bad_tag_expressions(expression):
    with pytest.raises(UsageFault):
        tag_expression.parse(expression)


@pytest.mark.parametrize(
    "pattern", ["(a+)+$", "(a*)*", "((a|b)+c)*", "(?:a+){2,}", r"(a)\1", "(a|aa)+b+(x*)*", "("]
)
def test_patterns_that_can_run_away_are_refused(pattern):
    with pytest.raises(ValueError, match=r"for ever|not a regular"):
        patterns.compile_safe(pattern)


@pytest.mark.parametrize("pattern", ["^[a-z]{8}$", r"\d{4}-\d\d", "a+b*c?", "(?m)^x$", "(a|b)+"])
def test_ordinary_patterns_are_taken(pattern):
    assert patterns.compile_safe(pattern)


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        (1, 1.0, True),
        (True, 1, False),
        (None, False, False),
        ({"a": [1]}, {"a": [1.0]}, True),
        ({"a": True}, {"a": 1}, False),
        ([1, 2], [2, 1], False),
        ("1", 1, False),
    ],
)
def test_json_equality(left, right, expected):
    assert strict_json.same(left, right) is expected
