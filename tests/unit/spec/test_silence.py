"""`<!-- gate: allow RULE: reason -->`: what it allows, and what is said where it allows nothing."""

import pytest

from factory.spec.document import parse_spec
from factory.spec.gate import check_specs
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
    ],
)
def test_what_is_left_beside_a_comment(comments: str, left: set[str]) -> None:
    assert rules(comments) == left
