"""Numbers with nothing behind them, in the many ways in which people write nothing."""

import pytest

from tests.unit.spec.rules.one_sentence import rules_for

NOTHING = [
    "", ".", "..", "…", "-", "--", "—", "–", "?", "*", "_", "()", "[ ]", '""', "`-`", "&nbsp;",
    "<br>", "n/a", "N/A.", "None", "None.", "**None**", "(none)", "nil", "Nothing.", "no", "x",
    "Yes.", "ok", "Not applicable.", "Does not apply.", "See above.", "As above.", "Same as above.",
    "Same as R1.", "See R1.", "Ditto.", "As before.", "Reserved.", "(removed)", "Offline.", "200",
    "None so far.", "None known.", "Nothing else.", "There are none.", "No rules.",
    "No further rules.", "There are no further requirements.", "No constraints apply.", "To come.",
]  # fmt: skip
SOMETHING = [
    "The list is empty.",
    "Nobody sees any name of another member.",
    "Nothing else is deleted.",
    "None of the rows changes.",
    "No member reserves two boats for one hour.",
    "No rule of the club is shown to a guest.",
    "It never happens twice in 24 hours that a boat moves.",
    "See-through boats show a star in the list.",
    "As the last row, the list shows the sum.",
    "`GET /boats` answers with `[]`.",
    "Guests see nothing.",
    "ผู้ใช้เห็นรายการเรือทั้งหมดในหน้าเดียว",
    "会员看到所有船只的列表。",
]


@pytest.mark.parametrize("text", NOTHING)
def test_a_rule_that_says_nothing_is_told_once(text: str) -> None:
    assert rules_for(text) == {"requirement-empty"}


@pytest.mark.parametrize("text", ["...", "???", "TBD", "To follow."])
def test_one_that_is_open_is_told_as_that(text: str) -> None:
    assert rules_for(text) == {"open-question"}


@pytest.mark.parametrize("text", NOTHING)
def test_an_edge_case_that_says_nothing_is_told_once(text: str) -> None:
    found = rules_for(text, "Edge cases")
    assert found in ({"requirement-empty"}, {"edge-case-none"})


@pytest.mark.parametrize(
    "text", [one for one in NOTHING if len(one.split()) != 1 or one == "None."]
)
def test_a_constraint_that_says_nothing_is_told_once(text: str) -> None:
    found = rules_for(text, "Constraints")
    assert found in ({"requirement-empty"}, {"constraint-unmeasured"})


@pytest.mark.parametrize("text", SOMETHING)
def test_one_that_says_something_is_not(text: str) -> None:
    assert "requirement-empty" not in rules_for(text)
    assert "requirement-empty" not in rules_for(text, "Edge cases")


@pytest.mark.parametrize("text", ["Offline.", "200 ms", "Zero.", "WCAG 2.1 AA"])
def test_a_constraint_may_be_a_word_that_measures(text: str) -> None:
    assert rules_for(text, "Constraints") <= {"undefined-term"}
