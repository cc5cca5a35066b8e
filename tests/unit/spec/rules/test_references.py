"""Requirements that the prose names and the spec does not have."""

import pytest

from tests.unit.spec.rules.one_sentence import rules_for, rules_of


@pytest.mark.parametrize(
    "sentence",
    [
        "Once messages come again, the display behaves as R9 says.",
        "A report that R9 turns away is not on the list.",
        "A boat that rule R4 takes off the water is grey.",
        "A guest sees what R1 and R12 show.",
        "Unlike E5, a second tap does nothing.",
        "By C7, the list appears at once in the boat house, too.",
        "What E3 forbids is grey.",
        "In the case of E1 or E2 the row stays.",
        "The bell rings (see R8).",
        "A member deletes an oar, which R4 then leaves out.",
        "The boatman mends all oars, save for those of R9.",
        "A boat goes back to its place by 20:00, except in the case of R6.",
    ],
)
def test_a_requirement_that_is_not_there(sentence: str) -> None:
    assert "requirement-unknown" in rules_for(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "Once messages come again, the list behaves as E1 says.",
        "In place of R7 of `boat-list`, rows are in the order of hours.",
        "As R2 and R3 of `boat-list` say, the row is grey.",
        "The list keeps `boat-list` R4 as it is.",
        "The pump has E10 and E5.",
        "A learner of level C2 sees both.",
        "A letter of size C5 fits.",
        "The code `R9` stands in the log, and R9 is red.",
        "Key E 5 turns the page.",
        "Gate C4 opens first.",
        "Given C14 free, two members ask for it.",
        "The list reads messages of HL7 FHIR R4.",
        "The exhaust of E5 is loud.",
        "The bell of the boat is of colour 2E9E3F, the row is of colour E62B2B.",
    ],
)
def test_a_requirement_of_this_or_another_spec_or_none(sentence: str) -> None:
    assert "requirement-unknown" not in rules_for(sentence)


def test_inputs_name_requirements_too() -> None:
    inputs = "- Valid: a day.\n- Invalid: a day that R6 forbids: the page shows “Another day.”"
    assert rules_of("Inputs", inputs) == {"requirement-unknown"}
