"""Answers without substance, by the question they stand under."""

import pytest

from tests.unit.spec.rules.one_sentence import rules_of

THIN = {
    "What": [
        "The boat reservation reserves boats.",
        "Reserving of boats by reservations.",
        "This feature is about the reserving of a boat.",
        "A way for users to reserve boats.",
    ],
    "Who": [
        "Whoever wants to use it.",
        "People who use the product.",
        "Different kinds of users.",
        "Anyone with an interest.",
        "Internal and external users.",
        "The target group.",
    ],
    "Outputs": [
        "- What the member asked for.",
        "The output of the command.",
        "The requested data.",
        "Whatever the boatman needs to see.",
        "The result of the operation in the expected format.",
        "- The corresponding response.",
    ],
}
THIN_IN_AN_ARCHITECTURE = {
    "Components": [
        "- A front end, a back end and a database.",
        "The usual three layers.",
        "- Client\n- Server\n- Storage",
        "A web application, an API and some services.",
    ],
    "Seams": [
        "The layers talk to each other through well-defined interfaces.",
        "All components communicate over their APIs.",
        "The modules call one another where they need to.",
    ],
    "Data flow": [
        "Data flows from the input through the components to the output.",
        "The front end sends requests to the back end, which stores the data.",
    ],
    "Never": [
        "Nothing bad ever happens.",
        "Errors and crashes.",
        "Things must not go wrong.",
    ],
}
SOLID = {
    "What": [
        "Rowers book a boat.",
        "A boat is held for one hour on the reservation page of the club.",
    ],
    "Who": ["Night nurses.", "The boatman.", "Users of the test bench.", "Parents and teachers."],
    "Outputs": [
        "A receipt on paper, with the sum.",
        "- The table with names and hours.",
        "What the boatman asked for, as a PDF of one page.",
        "- Exit code 0, and nothing on standard output.",
    ],
}
SOLID_IN_AN_ARCHITECTURE = {
    "Components": [
        "- The kiosk, the till and the stock ledger.",
        "- A reader at the door, a clock and the club's web page.",
    ],
    "Seams": ["The reader sends the number of a card to the club's web page over HTTP."],
    "Data flow": ["1. The reader sends the card's number.\n2. The page answers with the name."],
    "Never": ["Nobody opens the boat house at night.", "The list never shows an e-mail address."],
}


def _cases(table: dict[str, list[str]]) -> list[tuple[str, str]]:
    return [(section, text) for section, texts in table.items() for text in texts]


@pytest.mark.parametrize(("section", "text"), _cases(THIN))
def test_a_thin_answer(section: str, text: str) -> None:
    assert "section-thin" in rules_of(section, text)


@pytest.mark.parametrize(("section", "text"), _cases(THIN_IN_AN_ARCHITECTURE))
def test_a_thin_answer_of_an_architecture(section: str, text: str) -> None:
    assert "section-thin" in rules_of(section, text, kind="architecture")


@pytest.mark.parametrize(("section", "text"), _cases(SOLID))
def test_an_answer_with_substance(section: str, text: str) -> None:
    assert "section-thin" not in rules_of(section, text)


@pytest.mark.parametrize(("section", "text"), _cases(SOLID_IN_AN_ARCHITECTURE))
def test_an_answer_with_substance_of_an_architecture(section: str, text: str) -> None:
    assert "section-thin" not in rules_of(section, text, kind="architecture")
