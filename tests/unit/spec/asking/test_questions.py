"""Questions are made by code from the text: the same for the same spec, and only where they fit."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factory import resources
from factory.errors import InputError
from factory.spec.asking.questions import questions
from factory.spec.document import parse_spec, read_spec

HEAD = "---\nid: some-spec\ntitle: Some spec\n---\n\n"


def asked(body):
    return questions(parse_spec(HEAD + body, path="specs/a.md"))


def ids(body):
    return [one.id for one in asked(body)]


@pytest.mark.parametrize(
    ("rule", "kinds"),
    [
        ("R1: The page shows the name.", "outcome condition"),
        ("R1: An upload of at most 5 MB is taken.", "outcome condition bound repetition"),
        ("R1: The answer arrives within 200 ms.", "outcome condition bound"),
        ("R1: A list of orders is shown.", "outcome condition order"),
        ("R1: `POST /links` creates a link.", "outcome condition repetition"),
        ("R1: The redirect carries `Cache-Control: no-store`.", "outcome condition"),
    ],
)
def test_which_questions_a_requirement_calls_for(rule, kinds):
    assert ids(f"## Rules\n\n- {rule}\n") == [f"R1.{kind}" for kind in kinds.split()]


def test_edge_cases_and_constraints_are_asked_less():
    body = (
        "## Edge cases\n\n- E1: A deleted link answers 404.\n\n"
        "## Constraints\n\n- C1: At most 100 links are created a day.\n"
    )
    assert ids(body) == ["E1.outcome", "E1.condition", "C1.outcome", "C1.bound"]


def test_what_looks_like_a_comment_in_front_matter_hides_no_input():
    head = HEAD.replace("title:", "owner: >-\n  <!-- x\ntitle:")
    [found] = questions(parse_spec(f"{head}## Inputs\n\nInvalid:\n\n- no name: 400\n", path="a.md"))
    assert (found.kind, found.line) == ("invalid", 12)


def test_a_question_knows_its_line_and_column():
    (first, _) = asked("## Rules\n\n  * R7: It is blue.\n")
    assert (first.line, first.column, first.subject) == (8, 5, "R7")
    assert "R7" in first.text


@pytest.mark.parametrize(
    "inputs",
    [
        "Valid:\n\n- a name\n\nInvalid:\n\n- no name: 400\n- a long name: 422\n",
        "Valid:\n- a name\n\n**Invalid**, with the answer each gets:\n\n| input | status |\n"
        "| --- | --- |\n| no name | 400 |\n| a long name | 422 |\n",
        "### Valid\n\n- a name\n\n### Invalid\n\n1. no name: 400\n2. a long name: 422\n\n"
        "### Valid again\n\n- another\n",
        "- Valid: a name\n- Invalid: no name: 400\n- Invalid: a long name: 422\n",
        "- Invalid:\n  - no name: 400\n  - a long name: 422\n- Valid:\n  - a name\n",
        "Not valid:\n\n- no name: 400\n- a long name: 422\n\n<!--\n- guidance\n-->\n",
    ],
)
def test_each_invalid_input_is_asked_about(inputs):
    found = asked(f"## Inputs\n\n{inputs}\n## Outputs\n\n- invalid: this is no input\n")
    assert [one.id for one in found] == ["invalid.1", "invalid.2"]
    assert "no name" in found[0].text and "a long name" in found[1].text
    lines = (HEAD + f"## Inputs\n\n{inputs}").split("\n")
    assert "no name" in lines[found[0].line - 1]


def test_a_requirement_that_stands_twice_or_says_nothing_is_no_trouble():
    body = "## Rules\n\n- R1: It is blue.\n- R1: It is red.\n- R2:\n- nothing\n"
    assert ids(body) == ["R1.outcome", "R1.condition"]


def test_every_id_is_one_that_the_messages_api_takes_for_a_property():
    for name in ("feature.md", "constraint.md", "architecture.md"):
        found = questions(read_spec(resources.folder("spec-templates") / name))
        assert all(re.fullmatch(r"[a-zA-Z0-9_.-]{1,64}", one.id) for one in found)
        assert len({one.id for one in found}) == len(found)


@given(st.text(st.sampled_from("- R1E2:|invald\n#* 0<!>`\u202e界"), max_size=300))
def test_any_text_gives_questions_on_lines_that_exist(body):
    text = f"{HEAD}## Inputs\n\nInvalid:\n{body}\n## Rules\n- R1: x {body}"
    lines = text.split("\n")
    try:
        document = parse_spec(text, path="a.md")
    except InputError:  # What is left open takes in the rules, and is refused as that.
        assert "```" in body or "<!--" in body
        return
    for one in questions(document):
        assert 1 <= one.line <= len(lines)
        assert 1 <= one.column <= len(lines[one.line - 1]) + 1
        assert "\n" not in one.text
