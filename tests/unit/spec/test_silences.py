"""`<!-- gate: allow RULE: reason -->`: what it allows, and what is said where it allows nothing."""

import pytest

from factory.spec.document import parse_spec
from factory.spec.finding import Finding
from factory.spec.gate import check_specs
from factory.spec.silences import silences
from tests.unit.spec.rules.one_sentence import spec_text

LINE = "- R1: The list shows a nice picture of very large boats."
BOTH = {"unmeasured", "vague-word"}


def found(comments: str, said: str = LINE) -> set[tuple[str, str]]:
    text = spec_text("feature", {"Rules": f"{said} {comments}"})
    at = text.split("\n").index(f"{said} {comments}".rstrip()) + 1 if comments else 0
    findings = check_specs([parse_spec(text, path="example.md")])
    return {(one.rule, one.message.split(" ")[0]) for one in findings if not at or one.line == at}


def rules(comments: str) -> set[str]:
    return {rule for rule, _ in found(comments)}


def test_the_line_has_two_findings() -> None:
    assert rules("<!-- a note -->") == BOTH


@pytest.mark.parametrize(
    ("comments", "left"),
    [
        ("<!-- gate: allow vague-word: the owner wants it so -->", {"unmeasured"}),
        ("<!-- gate: allow vague-word the owner wants it so -->", {"unmeasured"}),
        ("<!-- Gate: Allow vague-word: the owner wants it so -->", {"unmeasured"}),
        ("<!-- gate: allow unmeasured, vague-word: the owner wants it so -->", set()),
        ("<!-- gate: allow unmeasured vague-word: the owner wants it so -->", set()),
        (
            "<!-- gate: allow unmeasured: the owner wants it so -->"
            "<!-- gate: allow vague-word: the owner wants it so -->",
            set(),
        ),
        # What is wrong with one says nothing of the other.
        (
            "<!-- gate: allow unmeasured: the owner wants it so -->"
            "<!-- gate: allow vague-word: ok -->",
            {"vague-word", "silence-reason"},
        ),
        (
            "<!-- gate: allow vague-word, unit-missing: the owner wants it so -->",
            {"unmeasured", "silence-unused"},
        ),
        (
            "<!-- gate: allow vague-word, no-rule: the owner wants it so -->",
            {"unmeasured", "silence-unknown"},
        ),
        ("<!-- gate: allow vague-word the owner says: so -->", {"unmeasured"}),
        ("<!-- gate: allow vague-word : the owner wants it so -->", {"unmeasured"}),
        ("<!-- gate: allow : the owner wants it so -->", {*BOTH, "silence-unknown"}),
        ("<!-- gate: allow -->", {*BOTH, "silence-unknown"}),
        (
            "<!-- gate: ignore vague-word: the owner wants it so -->",
            {*BOTH, "silence-unknown"},
        ),
        ("<!-- gate: B12 of the station -->", BOTH),
        ("<!-- gate: allow vague-word: . . . -->", {*BOTH, "silence-reason"}),
        ("<!-- gate: allow vague-word: 1 2 3 -->", {*BOTH, "silence-reason"}),
        ("<!-- gate: allow vague-word: der Verein wünscht es -->", {"unmeasured"}),
    ],
)
def test_what_is_left_beside_a_comment(comments: str, left: set[str]) -> None:
    assert rules(comments) == left


WHY = "the owner wants it so"
ALLOW = f"<!-- gate: allow vague-word: {WHY} -->"
NICE = "The list shows a nice picture."


def in_rules(text: str) -> list[Finding]:
    """What is found of vague words and comments where this is the whole of Rules."""
    document = parse_spec(spec_text("feature", {"Rules": text}), path="example.md")
    return [one for one in check_specs([document]) if one.rule in ("vague-word", "silence-unused")]


def found_in_rules(text: str) -> list[tuple[int, str]]:
    """The same with its line in that text, from 1."""
    start = spec_text("feature", {"Rules": text}).split("\n").index("## Rules") + 2
    return [(one.line - start, one.rule) for one in in_rules(text)]


@pytest.mark.parametrize(
    "text",
    [
        f"{ALLOW}\n- R1: {NICE}",
        f"{ALLOW}\n\n- R1: {NICE}",
        f"```\nx\n```\n\n{ALLOW}\n- R1: {NICE}",
        f"- R1: The list\n  shows a nice\n  picture. {ALLOW}",
        f"-\n  R1: {NICE} {ALLOW}",
        f"- {ALLOW}\n  R1: {NICE}",
        f"<!--\ngate: allow vague-word: {WHY}\n-->\n- R1: {NICE}",
        f"<!-- A note.\n\n  gate: allow vague-word: the owner\n  wants it so\n-->\n- R1: {NICE}",
        f"- R1: {NICE} <!-- a note\n  gate: allow unit-missing\n"
        f"  gate: allow vague-word: {WHY} -->",
        f"- R1: The list is:\n  - nice {ALLOW}",
        f"- R1: The list is:\n  {ALLOW}\n  - nice",
        f"- R1: `` ` `` {NICE} ` {ALLOW}",
        f"> <!--\n> gate: allow vague-word: {WHY} -->\n> - R1: {NICE}",
        f"| rule |\n| --- |\n| R1: {NICE} {ALLOW} |",
    ],
)
def test_a_comment_allows_what_it_stands_in_or_above(text: str) -> None:
    assert found_in_rules(text.replace("gate:", "note:")), "it would be found"
    assert found_in_rules(text) == []


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (f"{ALLOW}\n- R1: {NICE}\n- R2: {NICE}", [(3, "vague-word")]),
        # One line above a list is not about all of its lists.
        (
            f"- R1: The list is: {ALLOW}\n  - nice\n  - nice",
            [(1, "silence-unused"), (2, "vague-word"), (3, "vague-word")],
        ),
        (f"- R1: The list is:\n  - nice {ALLOW}\n  - nice", [(3, "vague-word")]),
        (
            f"- R1: It ends.\n\n  {NICE} {ALLOW}\n\n  {NICE}",
            [(5, "vague-word")],
        ),
        (
            f"| {NICE} {ALLOW} |\n| --- |\n| {NICE} |",
            [(3, "vague-word")],
        ),
        # What stands in code is shown to the reader.
        (f"- R1: {NICE} Write `{ALLOW}`.", [(1, "vague-word")]),
        (f"- R1: {NICE} Write ``a ` {ALLOW}``.", [(1, "vague-word")]),
        (f"- R1: {NICE}\n  ```\n  {ALLOW}\n  ```", [(1, "vague-word")]),
        (f"- R1: {NICE}\n\n      {ALLOW}\n", [(1, "vague-word")]),
        (f"- R1: {NICE} \\{ALLOW}", [(1, "vague-word")]),
    ],
)
def test_a_comment_allows_nothing_else(text: str, left: list[tuple[int, str]]) -> None:
    assert found_in_rules(text) == left


def test_each_comment_is_told_of_where_it_stands() -> None:
    text = f"- R1: It\n  ends. {ALLOW} <!-- x\n  gate: allow unmeasured: {WHY} -->"
    document = parse_spec(spec_text("feature", {"Rules": text}), path="example.md")
    start = document.text.split("\n").index("## Rules") + 2
    assert [
        (one.rule, one.line - start, one.column, one.first - start, one.last - start, one.reason)
        for one in silences(document)
    ] == [("vague-word", 2, 9, 1, 2, WHY), ("unmeasured", 3, 3, 1, 2, WHY)]


@pytest.mark.parametrize(
    ("rule", "section", "said"),
    [
        ("section-thin", "Who", "Users."),
        ("section-empty", "Who", ""),
        ("invalid-inputs", "Inputs", "- Valid: the name of a boat.\n- No input is invalid."),
        ("edge-case-none", "Edge cases", "- E1: None."),
    ],
)
def test_above_a_heading_a_comment_is_about_what_the_whole_section_lacks(
    rule: str, section: str, said: str
) -> None:
    text = spec_text("feature", {section: said})
    heading = f"## {section}\n"
    comment = f"<!-- gate: allow {rule}: that is all we know -->\n"
    for allowed in (
        text.replace(heading, comment + heading),
        text.replace(heading, heading + comment),
    ):
        before = {one.rule for one in check_specs([parse_spec(text, path="a.md")])}
        after = {one.rule for one in check_specs([parse_spec(allowed, path="a.md")])}
        assert before - after == {rule} and after <= before


def test_above_a_heading_a_comment_is_not_about_each_line_below() -> None:
    text = spec_text("feature", {"Rules": f"- R1: {NICE}"})
    found = check_specs([parse_spec(text.replace("## Rules", f"{ALLOW}\n## Rules"), path="a.md")])
    assert {one.rule for one in found} == {"vague-word", "silence-unused"}


@pytest.mark.parametrize(
    ("title", "allowed"),
    [
        ("Boats TODO # gate: allow open-question: TODO is a list", True),
        ("'Boats TODO' # gate: allow open-question: TODO is a list", True),
        ('"Boats TODO # gate: x" # gate: allow open-question: TODO is a list', True),
        ('"Boats TODO # gate: allow open-question: TODO is a list"', False),
        ("'Boats TODO # gate: allow open-question: TODO is a list'", False),
        ("Boats TODO# gate:allow open-question TODO is a list", False),
        (">-\n  TODO # gate: allow open-question: TODO is a list", False),
        (">- # gate: allow open-question: TODO is a list\n  TODO", True),
    ],
)
def test_in_front_matter_a_comment_is_one_of_yaml(title: str, allowed: bool) -> None:
    text = spec_text("feature", {}).replace("title: Reserve a boat", f"title: {title}")
    rules = {one.rule for one in check_specs([parse_spec(text, path="example.md")])}
    assert rules == (set() if allowed else {"open-question"})


@pytest.mark.parametrize(
    "item",
    ["-\n  The list ends. {}", "- {}\n  The list ends.", "- <!-- a note -->\n  The list ends. {}"],
)
def test_an_item_begins_with_its_marker(item: str) -> None:
    comment = f"<!-- gate: allow requirement-number: {WHY} -->"
    text = spec_text("feature", {"Rules": f"- R1: It ends.\n{item.format(comment)}"})
    rules = {one.rule for one in check_specs([parse_spec(text, path="example.md")])}
    assert rules.isdisjoint({"requirement-number", "silence-unused"})
    text = text.replace(comment, "")
    rules = {one.rule for one in check_specs([parse_spec(text, path="example.md")])}
    assert "requirement-number" in rules
