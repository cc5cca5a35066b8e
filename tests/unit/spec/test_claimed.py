"""What a spec claims of amounts stands where it is written."""

import pytest

from factory.spec.claimed import claimed
from factory.spec.document import parse_spec
from factory.spec.spoken import spoken
from tests.unit.spec.rules.one_sentence import spec_text


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("R1: Each of 1040 pages: the answer arrives within 40 seconds.", "40 seconds"),
        ("R1: Of 300 boats the list shows at most 30 rows.", "30 rows"),
        ("R48: A poster has a width of 48 pixels.", "48 pixels"),
        ("R1: In 1040 halls\n  an answer arrives within 40 seconds.", "40 seconds"),
        ('R1: Hall 12,340 says "A case takes at most 40 files."', "40 files"),
    ],
)
def test_a_claim_stands_at_its_number(said: str, number: str) -> None:
    text = spec_text("feature", {"Rules": f"- {said}"})
    document = parse_spec(text, path="example.md")
    above, _, _ = text.partition(number)
    [told] = [one for one in claimed(spoken(document)) if one.words.startswith("R")]
    assert (told.line, told.column) == (above.count("\n") + 1, len(above.rpartition("\n")[2]) + 1)


def test_a_row_claims_where_it_is_numbered() -> None:
    table = "| of | says |\n| --- | --- |\n| {} | A boat has at most 8 seats. |"
    for number, claims in (("R1", ["8.0"]), ("all", [])):
        text = spec_text("feature", {"Rules": table.format(number)})
        found = claimed(spoken(parse_spec(text, path="example.md")))
        assert [str(one.value) for one in found if one.dimension == "seat"] == claims
