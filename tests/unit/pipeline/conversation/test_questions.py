"""Questions about requirements that were not met, from the public text and the gate."""

from __future__ import annotations

from factory.pipeline.conversation.questions import MOST, asked, doubts
from factory.records import SpecText, digest_of
from factory.spec.document import parse_spec
from tests.unit.plan.made import FEATURE, order

RULES = FEATURE.index("- R1: "), FEATURE.index("## Edge cases")


def spec(*rules: str) -> SpecText:
    """The template with these rules, each a list item, in place of its own."""
    text = FEATURE[: RULES[0]] + "\n".join(rules) + "\n\n" + FEATURE[RULES[1] :]
    return parse_spec(text, path="specs/a.md").as_record("a" * 40, "specs/a.md")


ALLOWED = """- R1: The list is nice. <!-- gate: allow vague-word: the owner wants it so -->
- R2: The answer
  comes in a friendly tone."""


def test_the_gate_s_doubts_are_of_the_lines_of_a_requirement_also_where_they_are_allowed() -> None:
    found = doubts(spec(*ALLOWED.split("\n")), ["R1", "R2", "E1"])
    assert set(found) == {"R1", "R2"}
    assert found["R1"][0].startswith("'nice'") and "Could you say" in found["R1"][0]
    assert any("'friendly'" in one for one in found["R2"]), "in its second line"


def test_doubts_come_first_then_what_the_words_call_for() -> None:
    one = spec(*ALLOWED.split("\n"))
    doubted = doubts(one, ["R1"])
    told = asked(one, ["R1", "C1"], doubted)
    assert told["R1"][0] == doubted["R1"][0]
    assert told["C1"][0].startswith("Which limit does C1 set")
    assert "outside observe because of C1" in told["C1"][1]
    assert all(1 < len(each) <= MOST for each in told.values())
    assert set(told) == {"R1", "C1"}, "of no other requirement"


def test_a_text_that_cannot_be_read_asks_nothing() -> None:
    assert doubts(order().spec, ["R1"]) == {} == asked(order().spec, ["R1"], {})
    assert order().spec.digest == digest_of("x")
