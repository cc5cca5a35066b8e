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
    ],
)
def test_what_needs_no_glossary(sentence: str) -> None:
    assert not names(sentence)
