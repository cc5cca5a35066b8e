"""Two specs that name another day of the week for the same thing; a timetable names many."""

from __future__ import annotations

from factory.spec.document import parse_spec
from factory.spec.gate import check_specs
from tests.unit.spec.rules.one_sentence import spec_text

CLOSES = "Bookings for a regatta close on {} of the week before."


def contradictions(*specs: list[str]) -> int:
    """How many are found among specs with these rules."""
    documents = []
    for number, rules in enumerate(specs):
        said = "\n".join(f"- R{at}: {rule}" for at, rule in enumerate(rules, 1))
        text = spec_text("feature", {"Rules": said}, f"boat-{number}")
        documents.append(parse_spec(text, path=f"{number}.md"))
    return sum(one.rule == "contradiction" for one in check_specs(documents))


def test_another_day_is_a_contradiction() -> None:
    assert contradictions([CLOSES.format("Thursday")], [CLOSES.format("Friday")]) == 1


def test_another_hour_of_the_day_is_one() -> None:
    early = "The mower runs between 06:00 and 22:00."
    late = "The mower runs between 08:00 and 19:00."
    assert contradictions([early], [late]) == 1 + 1, "both ends"
    assert contradictions([early], [early]) == 0
    assert contradictions([early], [late.replace("runs", "runs on Sundays")]) == 0


def test_nobody_has_more_than_may_be_entered() -> None:
    held = "A race of the full 45 minutes has a bell."
    for most, expected in (("15 minutes", 1), ("60 minutes", 0)):
        inputs = (
            f"- Valid: a boat and a race from 1 minute to {most}.\n"
            '- Invalid: another race: "1 minute to the end, please."'
        )
        text = spec_text("feature", {"Inputs": inputs, "Rules": f"- R1: {held}"})
        found = check_specs([parse_spec(text, path="a.md")])
        assert sum(one.rule == "contradiction" for one in found) == expected


def test_a_timetable_in_one_spec_is_none() -> None:
    assert contradictions([CLOSES.format("Thursday"), CLOSES.format("Friday")]) == 0


def test_other_words_are_about_something_else() -> None:
    other = "Bookings for a holiday close on Friday of the week before."
    assert contradictions([CLOSES.format("Thursday")], [other]) == 0
