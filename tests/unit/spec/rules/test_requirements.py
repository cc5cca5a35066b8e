"""Requirements and their evaluation: what a finding says of a line, and what is no requirement."""

import pytest

from factory.spec.document import parse_spec
from factory.spec.finding import Finding
from factory.spec.gate import check_specs
from tests.unit.spec.rules.one_sentence import spec_text


def found_in(section: str, text: str) -> list[Finding]:
    document = parse_spec(spec_text("feature", {section: text}), path="example.md")
    lines = text.split("\n")
    first = document.section(section).line + 2
    return [one for one in check_specs([document]) if 0 <= one.line - first < len(lines)]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("When a boat is off the water, then its row is grey", "has no 'given'"),
        ("Given a boat off the water, then its row is grey", "has no 'when'"),
        ("Given a boat, when a member opens the list, its row is grey", "has no 'then'"),
        ("A boat off the water has a grey row", "has no 'given', no 'when' and no 'then'"),
        ("When a member opens the list, then a row is grey, given a boat", "in this order"),
    ],
)
def test_evaluation_form_says_which_step_is_lacking(line: str, said: str) -> None:
    evaluation = (
        f"- R1: {line}.\n"
        '- E1: Given a day without a boat, when a member opens it, then it says "No boat".\n'
        "- C1: Given 120 rows, when a member opens the list, then it appears within 2 seconds."
    )
    [finding] = found_in("Evaluation", evaluation)
    assert finding.rule == "evaluation-form"
    assert finding.message.endswith(said)


@pytest.mark.parametrize(
    ("paragraph", "rules"),
    [
        ("Open question: which spec of ours holds what is changed here?", ["open-question"]),
        ("The list shows each boat once.", ["requirement-number"]),
    ],
)
def test_a_question_between_requirements_is_no_requirement_without_a_number(
    paragraph: str, rules: list[str]
) -> None:
    first, second = (f"- R{n}: The boatman closes boat {n} at 20:00." for n in (1, 2))
    text = f"{first}\n\n{paragraph}\n\n{second}"
    line = spec_text("feature", {"Rules": text}).split("\n").index(paragraph) + 1
    assert [one.rule for one in found_in("Rules", text) if one.line == line] == rules
