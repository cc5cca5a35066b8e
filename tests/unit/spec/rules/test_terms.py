"""Names that a glossary does not know."""

import pytest

from factory.spec.document import parse_spec
from factory.spec.gate import check_specs
from factory.spec.surroundings import Surroundings

AROUND = Surroundings(terms={"boat": "boat"})


def names(sentence: str) -> set[str]:
    text = f"---\nid: boats\ntitle: Boats\nkind: feature\n---\n\n## Rules\n\n- R1: {sentence}\n"
    found = check_specs([parse_spec(text, path="boats.md")], AROUND)
    return {one.message for one in found if one.rule == "undefined-term"}


@pytest.mark.parametrize(
    ("sentence", "name"),
    [
        ("A Backfill-Spot costs half of that.", "Backfill-Spot"),
        ("The list shows the Glasgow-Fido grade.", "Glasgow-Fido"),
        ("A sheet that needs a Solander Pass is bold.", "Solander Pass"),
        ("A boat under a Mallory hold stays on land.", "Mallory hold"),
        ("The boatman writes a Rufzettel for each of them.", "Rufzettel"),
    ],
)
def test_a_name_that_the_glossary_does_not_know(sentence: str, name: str) -> None:
    assert any(name in message for message in names(sentence))


@pytest.mark.parametrize(
    "sentence",
    [
        "An e-mail goes to the boatman.",
        "The list stays open with Ctrl-C.",
        "A well-known boat has a star.",
        "The X-Ray of a boat is a photo.",
        "The list can be had as an Excel file.",
        "A Dutch boat has a blue row.",
        "The list names the Mallory of the day.",
        "The letter goes to Ms Brandt.",
    ],
)
def test_what_needs_no_glossary(sentence: str) -> None:
    assert not names(sentence)


def test_what_the_scene_tells_of_needs_no_glossary() -> None:
    text = "---\nid: boats\ntitle: Boats\nkind: feature\n---\n\n## What\n\n{}\n\n## Rules\n\n{}\n"
    rule = "- R1: A boat under a Mallory hold stays on land."
    for told, count in (("Boats go out.", 1), ("The board lays a Mallory hold on a boat.", 0)):
        found = check_specs([parse_spec(text.format(told, rule), path="boats.md")], AROUND)
        assert sum(one.rule == "undefined-term" for one in found) == count
