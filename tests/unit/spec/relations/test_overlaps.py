"""Ready specs that reach for the same thing, by what their requirements name."""

from __future__ import annotations

import pytest

from factory.spec.document import parse_spec
from factory.spec.gate import check_specs
from tests.unit.spec.rules.one_sentence import spec_text


def overlaps(*rules: str) -> list[str]:
    """What is found among ready specs of one product, each with one rule."""
    documents = []
    for number, rule in enumerate(rules):
        text = spec_text("feature", {"Rules": f"- R1: {rule}"}, f"boat-{number}")
        documents.append(parse_spec(text, path=f"{number}.md"))
    return [one.message for one in check_specs(documents) if one.rule == "overlap"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The overdue letter names the fee.", "Each overdue letter has a photo of the oar."),
        ("`club list` prints a row for each hour.", "`club list` prints JSON with `--json`."),
        ("After `/boat mute` it is quiet for 8 hours.", "`/boat mute` answers with a thumb."),
        ('The button "Pay" opens a dialog.', 'The button "Pay" is grey without a name.'),
    ],
)
def test_both_name_the_same(one: str, other: str) -> None:
    assert len(overlaps(one, other)) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The overdue letter names the fee.", "The yearly letter has a photo of the oar."),
        ("The order page shows a photo.", "The order page lists the oars of the day."),
        ("A boat carries two oars.", "A boat turns grey on land."),
        ("`oar list` prints a row for each hour.", "`oar list` prints JSON with `--json`."),
        ("`GET /boats` answers with a list.", "`POST /boats` answers with status 201."),
    ],
)
def test_each_names_something_of_its_own(one: str, other: str) -> None:
    assert overlaps(one, other) == []
