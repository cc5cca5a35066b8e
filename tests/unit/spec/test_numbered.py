"""Numbered lines, however their authors set the numbers off from what the lines say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factory.spec.document import SpecDocument, parse_spec
from factory.spec.gate import check_specs
from factory.spec.gather import with_full_numbers
from factory.spec.language.line_numbers import BEGINS, ids_in
from factory.spec.spoken import spoken
from tests.unit.spec.rules.one_sentence import spec_text

EVALUATION = """- R1: Given a boat off the water, when a member opens it, then its row is grey.
- E1: Given a day without a boat, when a member opens it, then it says "No boat".
- C1: Given 120 boats, when a member opens the list, then it appears within 2 seconds."""
RULE = "A boat off the water has a grey row."
FORMS = [
    "- {R1}\n  - {}", "- {R1}:\n  - {}",
    "- {R1}: {}", "- {R1} – {}", "- {R1} — {}", "- {R1} - {}", "- {R1}. {}", "- {R1}) {}",
    "- {R1}\n  {}", "- **{R1}** {}", "- **{R1}:** {}", "- **{R1}**: {}", "- **{R1}.** {}",
    "- *{R1}* – {}", "- ({R1}) {}", "- [{R1}] {}", "- `{R1}`: {}", "- {R1} {}", "- [ ] {R1}: {}",
    "1. {R1}: {}", "* {R1}: {}", "{R1}: {}", "{R1}. {}", "**{R1}** {}", "**{R1}** – {}",
    "{R1}  \n{}", "{R1}\n: {}", "### {R1}\n\n{}", "### {R1}: In the list\n\n{}",
    "| of | says |\n| --- | --- |\n| {R1} | {} |",
    "| of | says |\n| --- | --- |\n| **{R1}** | {} |", "- {R1} (in the list): {}",
]  # fmt: skip


def written(form: str, numbers: str, says: str) -> str:
    return form.replace("{R1}", numbers).replace("{}", says)


def read(rules: str, evaluation: str = EVALUATION) -> SpecDocument:
    text = spec_text("feature", {"Rules": rules, "Evaluation": evaluation})
    return parse_spec(text, path="boats.md")


@pytest.mark.parametrize("form", FORMS)
def test_a_requirement_may_be_numbered_in_any_of_these_ways(form: str) -> None:
    document = read(written(form, "R1", RULE))
    [rule] = [one for one in document.requirements() if one.id == "R1"]
    assert rule.text.endswith(RULE)
    assert "R1" in document.lines[rule.line - 1]
    [says] = [
        one for one in spoken(document) if one.requirement == "R1" and "grey" in one.sentence.words
    ]
    assert says.binding
    assert check_specs([document]) == []


@pytest.mark.parametrize("form", FORMS)
def test_so_may_the_lines_of_an_evaluation(form: str) -> None:
    line, *others = EVALUATION.split("\n")
    said = line.partition(": ")[2]
    rules = f"- R1: {RULE}\n- R2: A boat on the water has a blue row."
    evaluation = f"{written(form, 'R1, R2', said)}\n\n" + "\n".join(others)
    document = read(rules, evaluation)
    _, ids, says = next(document.coverage())
    assert ids == ("R1", "R2") and says.endswith(said)
    assert check_specs([document]) == []


@pytest.mark.parametrize("form", FORMS)
def test_a_brief_writes_the_full_number_in_each_of_them(form: str) -> None:
    document = read(written(form, "R1", RULE))
    full = with_full_numbers(document)
    assert written(form, f"{document.id}/R1", RULE) in full
    assert full.count(f"{document.id}/R1") == 2


def test_lines_of_one_paragraph_are_lines_of_their_own() -> None:
    document = read(
        f"R1: {RULE}\nR2: A boat on the water\nhas a blue row, C14 or not.\nR3. None is red."
    )
    rules = [one for one in document.requirements() if one.id[0] == "R"]
    assert [(one.id, one.text) for one in rules] == [
        ("R1", RULE),
        ("R2", "A boat on the water has a blue row, C14 or not."),
        ("R3", "None is red."),
    ]
    assert all(document.lines[one.line - 1].startswith(one.id) for one in rules)


@pytest.mark.parametrize(
    "rules",
    [
        "- R1 applies to boats off the water, which have a grey row.",
        "- R1, which holds for boats.",
        "- R1 and R2 hold for boats.",
        "A boat as in R1: it is grey.",
        "- `R1` of the relay is closed.",
        "- Rule 1: a boat is grey.",
    ],
)
def test_what_only_speaks_of_a_number_is_not_numbered(rules: str) -> None:
    assert "R1" not in {one.id for one in read(rules).requirements()}


def test_a_table_may_speak_of_what_is_numbered_elsewhere() -> None:
    table = "| of | colour |\n| --- | --- |\n| R1 | `#ccc` |"
    document = read(f"- R1: {RULE}\n\n{table}")
    assert [one.text for one in document.requirements() if one.id == "R1"] == [RULE]
    assert check_specs([document]) == []


@pytest.mark.parametrize(
    ("numbers", "ids"),
    [
        ("R1", ("R1",)),
        ("R1, R2 and E3", ("R1", "R2", "E3")),
        ("R1/R2", ("R1", "R2")),
        ("R2 to R4", ("R2", "R3", "R4")),
        ("**R1**–**R3**, C1", ("R1", "R2", "R3", "C1")),
        ("R4–R2", ("R4", "R2")),
        ("R1–E3", ("R1", "E3")),
        ("R1 - R999", ("R1", "R999")),
    ],
)
def test_the_ids_of_a_line(numbers: str, ids: tuple[str, ...]) -> None:
    found = BEGINS.match(f"{numbers}: Given")
    assert found and ids_in(found[1]) == ids


marks = st.text(st.sampled_from("R1E2C *_()[]`,.:–-\nandto|"), max_size=60)


@given(marks)
def test_any_beginning_is_read_and_its_ids_stand_in_it(text: str) -> None:
    found = BEGINS.match(text)
    assert found is None or all(one[0] in found[1] for one in ids_in(found[1]))


def test_a_hostile_beginning_takes_no_longer_than_it_is_long() -> None:
    for text in (
        "*" * 200_000,
        "R1," * 70_000,
        "R1, " * 70_000,
        "R1, and " * 30_000,
        "R1" + "*" * 200_000,
        "R1" + "!" * 200_000,
        "R1 to " * 30_000,
        "(" * 200_000,
        "R1 " + "[" * 200_000,
    ):
        BEGINS.match(text)
