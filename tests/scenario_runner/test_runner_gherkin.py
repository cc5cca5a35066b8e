"""Gherkin as written by people: each language's keywords, and every form the language has."""

from __future__ import annotations

import json
import re
from itertools import zip_longest
from pathlib import Path

import gherkin
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scenario_runner.engine import phrases
from scenario_runner.engine.table import BindError, StepTable
from scenario_runner.model import Step
from scenario_runner.suite import tag_expression
from scenario_runner.suite.feature_file import parse_bytes

from tests.conftest import give_up

LANGUAGES = json.loads(
    (Path(gherkin.__file__).parent / "gherkin-languages.json").read_text(encoding="utf-8")
)
TITLES = ("feature", "background", "rule", "scenario", "scenarioOutline", "examples")
STEPS = ("given", "when", "then", "and", "but")


def written(language: str, words: dict[str, str]) -> str:
    return f"""# language: {language}
@f
{words["feature"]}: F
  {words["background"]}:
    {words["given"]}b
  {words["scenario"]}: S
    {words["given"]}g
    {words["and"]}a
    {words["when"]}w
    {words["but"]}u
    {words["then"]}t
      | c |
  {words["rule"]}: R
    {words["scenarioOutline"]}: O <n>
      {words["when"]}w <n>
      {words["then"]}t <n>
        ```json
        [<n>]
        ```
      {words["examples"]}: E
        | n |
        | 1 |
        | 2 |
"""


def choices(dialect: dict[str, list[str]]):
    """Word sets that use every keyword of the language at least once."""
    kinds = (*TITLES, *STEPS)
    own = {kind: [w for w in dialect[kind] if w != "* "] or ["* "] for kind in kinds}
    for row in zip_longest(*(own[kind] for kind in kinds)):
        yield {kind: word or own[kind][0] for kind, word in zip(kinds, row, strict=True)}


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_every_keyword_of_every_language(language):
    for words in choices(LANGUAGES[language]):
        parsed = parse_bytes(written(language, words).encode(), "a.feature")
        assert parsed.errors == [], words
        assert [each.name for each in parsed.scenarios] == ["S", "O 1", "O 2"]
        first, outline = parsed.scenarios[0], parsed.scenarios[2]
        assert [step.text for step in first.steps] == ["b", "g", "a", "w", "u", "t"]
        assert first.steps[-1].table == (("c",),)
        assert [step.text for step in outline.steps] == ["b", "w 2", "t 2"]
        assert outline.steps[-1].docstring == "[2]"
        assert (outline.rule, outline.tags) == ("R", ("@f",))


def test_there_are_many_languages():
    assert len(LANGUAGES) >= 70


FORMS = r'''
# a comment
@feature
Feature: every form
  Prose that goes
  over lines.

  Background: of the feature
    Given note "fb"

  @one @two # not a tag
  Scenario: stars and blocks
    * note "star"
    Given note "table" with
      | plain | pipe \| bar | slash \\ | line \n end |
      |       |  padded     | #1       | ""          |
    # between steps
    And note "doc" with text
      """
      indented:
        kept
      \"\"\"
      """
    But note "ticks" with text
      ```markdown
      """ | not a table
      ```
    Then noted

  Rule: with its own background
    Background:
      Given note "rb"

    Example: in a rule
      When note "w"
      Then noted

  @rule
  Rule: outlines
    Scenario Template: <a> and <b>
      When note "<a>" with
        | <b> | <unknown> |
      And note "x" with text
        """
        <a><b>
        """
      Then noted
      @first
      Examples: small
        | a | b   |
        | 1 | <a> |
      @second
      Scenarios: more
        | b | a |
        | 4 | 3 |
'''
OWN = """
import json, pathlib
import pytest
from pytest_bdd import parsers, step, then
LOG = pathlib.Path(__file__).parents[2] / "noted.jsonl"
@pytest.fixture
def notes(request):
    return []
@step(parsers.parse('note "{what}"'))
def note(notes, what): notes.append([what])
@step(parsers.parse('note "{what}" with'))
def table(notes, what, datatable): notes.append([what, datatable])
@step(parsers.parse('note "{what}" with text'))
def text(notes, what, docstring): notes.append([what, docstring])
@then("noted")
def noted(notes, request):
    with LOG.open("a") as log:
        log.write(json.dumps([request.node.name, notes]) + "\\n")
"""


def test_every_form_reaches_the_steps_as_written(suite, run, tmp_path):
    ran = run(suite({"a.feature": FORMS, "steps/own.py": OWN}))
    assert ran.code == 0, ran.stdout + ran.stderr
    notes = dict(json.loads(line) for line in (tmp_path / "noted.jsonl").read_text().splitlines())
    assert notes == {
        "stars and blocks": [
            ["fb"],
            ["star"],
            [
                "table",
                [["plain", "pipe | bar", "slash \\", "line \n end"], ["", "padded", "#1", '""']],
            ],
            ["doc", 'indented:\n  kept\n"""'],
            ["ticks", '""" | not a table'],
        ],
        "in a rule": [["fb"], ["rb"], ["w"]],
        "1 and <a>": [["fb"], ["1", [["<a>", "<unknown>"]]], ["x", "1<a>"]],
        "3 and 4": [["fb"], ["3", [["4", "<unknown>"]]], ["x", "34"]],
    }
    assert {each["name"]: each["tags"] for each in ran.report["scenarios"]} == {
        "stars and blocks": ["@feature", "@one", "@two"],
        "in a rule": ["@feature"],
        "1 and <a>": ["@feature", "@rule", "@first"],
        "3 and 4": ["@feature", "@rule", "@second"],
    }


_TAGS = st.sampled_from(["@a", "@b", "@c(1)", "@d e"])
_EXPRESSIONS = st.recursive(
    _TAGS.map(lambda tag: re.sub(r"([() ])", r"\\\1", tag)),
    lambda inner: st.one_of(
        inner.map(lambda each: f"not {each}"),
        inner.map(lambda each: f"( {each} )"),
        st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(" ".join),
    ),
    max_leaves=6,
)


@settings(max_examples=300)
@given(_EXPRESSIONS, st.sets(_TAGS))
def test_tag_expressions_mean_what_cucumbers_own_parser_says(expression, tags):
    try:
        from cucumber_tag_expressions import parse
    except ImportError:
        give_up("needs the package cucumber-tag-expressions")
    theirs = parse(expression).evaluate(sorted(tags))
    assert tag_expression.parse(expression)(tags) is bool(theirs)


def _misspelt(example: str) -> str:
    """The step with a letter gone from its longest word outside quotes."""
    text = example.splitlines()[0].split(" ", 1)[1]
    word = max(re.findall(r"[a-z]+", re.sub(r'"[^"]*"', "", text)), key=len)
    middle = len(word) // 2
    return text.replace(word, word[:middle] + word[middle + 1 :], 1)


def test_a_misspelt_step_is_told_its_nearest():
    right = []
    for phrase in phrases.library()[::4]:
        text = _misspelt(phrase.example)
        if phrases.matches(text):
            continue
        with pytest.raises(BindError, match="nearest known step") as told:
            StepTable([]).bind(Step("Given", "given", text, 1))
        right.append(f'"{phrase.phrase}"' in str(told.value))
    assert len(right) > 40
    assert sum(right) >= 0.9 * len(right)
