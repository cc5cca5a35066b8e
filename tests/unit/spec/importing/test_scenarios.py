"""Steps in the shapes in which people write them, made into one line."""

import pytest

from factory.spec.importing.blocks import Block, Code, Listing, Paragraph
from factory.spec.importing.scenarios import as_line, gherkin, is_scenario, with_given


def listing(*items: str) -> Listing:
    return Listing(tuple((Paragraph((one,)),) for one in items))


@pytest.mark.parametrize(
    ("blocks", "line"),
    [
        ([Paragraph(("Given a, When b, Then c",))], "Given a, when b, then c"),
        ([Paragraph(("Given a", "When b", "Then c"))], "Given a, when b, then c"),
        ([Paragraph(("Given a", "and b, when c,", "then d"))], "Given a and b, when c, then d"),
        ([listing("WHEN a", "THEN b", "AND c")], "When a, then b, and c"),
        ([listing("GIVEN: a.", "WHEN b.", "THEN c.")], "Given a. When b. Then c."),
        ([listing("WHEN a", "THEN b", "c as well")], "When a, then b; c as well"),
        ([Paragraph(("When `x, AND y`, Then z",))], "When `x, AND y`, then z"),
        ([Paragraph(("Support sees it",))], "Support sees it"),
    ],
)
def test_one_line(blocks: list[Block], line: str) -> None:
    assert as_line(blocks) == (line, ())


@pytest.mark.parametrize(
    ("line", "asking"),
    [
        ("When a, then b", "Given Open question: what holds before, when a, then b"),
        ("Wenn a, dann b", "Given Open question: what holds before, wenn a, dann b"),
        ("Given a, when b, then c", None),
        ("Angenommen a, wenn b, dann c", None),
        ("When a, given b, then c", None),
        ("When a, the page shows b", None),
        ("Support sees it then", None),
    ],
)
def test_a_scenario_that_begins_with_when_asks_for_its_given(line: str, asking: str | None) -> None:
    assert with_given(line) == (asking or line)


def test_a_list_below_a_step_is_told_in_a_row_and_code_is_kept() -> None:
    code = Code("a;b", "csv")
    step: tuple[Block, ...] = (Paragraph(("THEN it holds:",)), listing("x", "y"), code)
    steps = Listing(((Paragraph(("WHEN a",)),), step))
    assert as_line([steps]) == ("When a, then it holds: x; y", (code,))


def test_a_word_before_the_steps_is_kept_apart() -> None:
    word = Paragraph(("Only on phones.",))
    assert as_line([word, listing("WHEN a", "THEN b")]) == ("When a, then b", (word,))


def test_a_list_of_whole_scenarios_is_not_one_scenario() -> None:
    assert is_scenario(listing("GIVEN a", "GIVEN b", "WHEN c", "THEN d"))
    assert not is_scenario(listing("Given a, when b, then c", "Given d, when e, then f"))
    assert not is_scenario(listing("Given that, we go on", "Something else"))


def test_gherkin() -> None:
    text = "Scenario: One\n  Given <a>\n  When b\n  Then c\nScenario: Two\n  When d\n  Then e"
    assert gherkin(Code(text, "gherkin")) == [
        ("One", ("Given \\<a\\>", "When b", "Then c")),
        ("Two", ("When d", "Then e")),
    ]
    assert gherkin(Code(text + "\n  Examples:\n  | a |", "gherkin")) == []
    assert gherkin(Code(text, "text")) == []
