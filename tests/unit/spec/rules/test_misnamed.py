"""A section that nearly stands there: the line that is meant is shown, and what to write."""

import pytest

from factory.spec.alone import check_text
from factory.spec.document import parse_spec
from factory.spec.rules.misnamed import near_misses
from factory.spec.surroundings import Surroundings
from tests.unit.spec.rules.one_sentence import spec_text

SPEC = spec_text("feature", {})


def missing(text: str) -> dict[str, str]:
    """The mend for each section that is missing."""
    found = check_text(text.encode(), "x.md", Surroundings()).findings
    return {
        one.message.split("'")[1]: one.mend for one in found if one.rule == "section-missing"
    }  # fmt: skip


def line_of(text: str, words: str) -> int:
    return text[: text.index(words)].count("\n") + 1


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Rules", "## rules"),
        ("Rules", "## RULES"),
        ("Rules", "## Rule"),
        ("Rules", "## Rules:"),
        ("Rules", "## **Rules**"),
        ("Rules", "## 5. Rules"),
        ("Rules", "## 5 Rules"),
        ("Rules", "### Rules"),
        ("Rules", "# Rules"),
        ("Rules", "##Rules"),
        ("Rules", "**Rules**"),
        ("Rules", "**Rules:**"),
        ("Rules", "Rules:"),
        ("Edge cases", "## Edge Cases:"),
        ("Edge cases", "## Edge-cases"),
        ("Edge cases", "### Edge case"),
        ("Outputs", "## Output"),
        ("Constraints", "## Contraints"),
        ("Evaluation", "## Evaluations"),
        ("What", "# What"),
    ],
)
def test_the_line_that_is_meant_is_shown(name: str, written: str) -> None:
    text = SPEC.replace(f"## {name}\n", f"{written}\n")
    line = line_of(text, f"\n{written}\n") + 1
    assert missing(text) == {name: f"line {line} has `{written}`: write `## {name}`"}


def test_one_that_is_underlined_is_shown() -> None:
    text = SPEC.replace("## Rules\n", "Rules\n=====\n")
    line = line_of(text, "Rules\n=")
    assert missing(text) == {"Rules": f"line {line} has `Rules`: write `## Rules`"}


@pytest.mark.parametrize(("opens", "closes"), [("```", "```"), ("<!--", "-->")])
def test_one_within_code_or_a_comment_is_shown(opens: str, closes: str) -> None:
    text = SPEC.replace("## Rules\n", f"{opens}\n## Rules\n{closes}\n")
    line = line_of(text, "## Rules")
    assert missing(text) == {
        "Rules": f"line {line} has `## Rules` within the code block or comment that begins in line "
        f"{line - 1}: end that before it"
    }


@pytest.mark.parametrize(
    "written", ["## Regeln", "## Roles of the club", "The rules:", "## Outputs of the rules", ""]
)
def test_what_is_another_thing_is_not_shown(written: str) -> None:
    text = SPEC.replace("## Rules\n", f"{written}\n")
    assert missing(text) == {"Rules": "add a heading `## Rules` and answer it"}


def test_each_is_meant_once_and_what_is_there_is_not_meant() -> None:
    text = SPEC.replace("## Inputs\n", "## Input\n").replace("## Outputs\n", "## Output\n")
    assert {name: mend.partition(":")[0] for name, mend in missing(text).items()} == {
        "Inputs": f"line {line_of(text, '## Input')} has `## Input`",
        "Outputs": f"line {line_of(text, '## Output')} has `## Output`",
    }
    without = SPEC.replace("## Inputs\n", "")  # `## Outputs` is as like, and is one of the form.
    assert missing(without)["Inputs"].startswith("add a heading")


def test_of_two_that_are_alike_the_nearer_one_is_meant() -> None:
    document = parse_spec(SPEC.replace("## Rules\n", "## target\n"), path="x.md")
    found = near_misses(document, {"Targets": "Targets", "Target": "Target"}, [])
    assert list(found) == ["Target"]
