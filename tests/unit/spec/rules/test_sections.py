"""Answers without substance, by the question they stand under."""

import pytest

from tests.unit.spec.rules.one_sentence import rules_of

THIN = {
    "What": [
        "Our members deserve a better way to deal with boats.",
        "The purpose of this feature is to increase the satisfaction of our members.",
        "Everything around boats, simple and in one place.",
        "Members expect this from a club like ours.",
        "We finally modernise the booking of boats, which has annoyed members for ages.",
        "This project takes the club's booking to the next level.",
        "It solves the problems that members have with boats today.",
        "The goal is to make members happy and save the boatman work.",
        "A big step forward for everyone at the club.",
        "With this we close a gap which the competition closed long ago.",
        "Something that helps members with their everyday club life.",
        "This is the second phase of what we began last year.",
        "A rewrite of the old page.",
        "Boats are a huge opportunity for us, and other clubs know it.",
        "The boat reservation reserves boats.",
        "Reserving of boats by reservations.",
        "This feature is about the reserving of a boat.",
        "A way for users to reserve boats.",
        "Everything to do with boats, as in our talk last week.",
        'This specification describes the feature "Reserve a boat".',
        "The club wants to be part of digitalisation with this project.",
        "Reserve a boat. The title says it all.",
        "As the board has stressed, this project is an important step for our club.",
    ],
    "Who": [
        "Those in the club whom it concerns.",
        "Whoever has a need for it, at the time they need it.",
        "Players.",
        "Our customers and partners.",
        "The public.",
        "Clients of the company.",
        "Our people.",
        "Us.",
        "The user, as always.",
        "Those who need the list.",
        "Whoever wants to use it.",
        "People who use the product.",
        "Different kinds of users.",
        "Anyone with an interest.",
        "Internal and external users.",
        "The target group.",
        "n/a",
        "The target group is described in the concept.",
        "Well, the users.",
        "The persons whom it concerns in the life of the club, each in their capacity.",
        "Those who deal with the boats, in whatever way it may be.",
        "Everyone who has something to do with rowing, as far as it helps them.",
        "All those for whom it may come in handy.",
        "Whoever comes across the need for it, in any of the situations in which it arises.",
        "The people for whom the list is there, each in their role.",
        "n/a, it is a command.",
        "All those concerned.",
    ],
    "Outputs": [
        "The document, or else an answer that fits the case that a member has met.",
        "The outcome of the reservation, in the form that the harbour is used to.",
        "The picture on the whiteboard in room 12 shows it better than words.",
        "What it must show follows from the rules.",
        "Something the member can work with.",
        "A response.",
        "The usual mail.",
        "An appropriate page.",
        "See the mock-up.",
        "As agreed in the workshop.",
        "Like in the old system.",
        "The usual confirmation.",
        "Exactly what is on the slide from last week.",
        "Same format as now.",
        "What you would think.",
        "The layout follows the sketch in the wiki.",
        "Looks like the attachment.",
        "The output is the result of the processing.",
        "- What the member asked for.",
        "The output of the command.",
        "The requested data.",
        "Whatever the boatman needs to see.",
        "The result of the operation in the expected format.",
        "- The corresponding response.",
        "The output results from the input.",
        "Results look in the same way as everywhere else.",
        "Something that Petra can work with on the road.",
        "The boatman gets all the information needed.",
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
        "The parts hand over to each other whatever their neighbours have asked them for.",
    ],
    "Data flow": [
        "Data flows from the input through the components to the output.",
        "The front end sends requests to the back end, which stores the data.",
    ],
    "Never": [
        "- The boats are precious, and the two programs treat them with care.",
        "Nothing bad ever happens.",
        "Errors and crashes.",
        "Things must not go wrong.",
    ],
}
SOLID = {
    "What": [
        "Members reserve a boat for the next morning.",
        "The command prints which boats nobody has used this year.",
        "Our members pay the yearly fee with a card in place of a transfer.",
        "It counts the people who enter the hall and closes the door at 240.",
        "Whoever moves house changes the address once, and all offices know it.",
        "Someone comes home early and wants heat now, for an hour, without touching the program.",
        "Parents ask for the homework of a sick child, and the class sends it.",
        "This page tells how much water a plot used.",
        "The customer asks for an invoice on paper and gets it by post.",
        "The board approves a loan with one click and sees all others.",
        "People who lost a glove look for it here.",
        "The team line-up hangs at the door before each match.",
        "It is a list of birds with the day on which each was seen.",
        "An old photograph gets a caption by whoever knows the people in it.",
        "Pupils with problems in reading hear the text.",
        "Rowers book a boat.",
        "A boat is held for one hour on the reservation page of the club.",
    ],
    "Who": [
        "Photographers.",
        "Operators.",
        "Subscribers.",
        "Night nurses on two wards.",
        "Members with a key.",
        "Players in the online mode, signed in.",
        "Citizens with a dog.",
        "Teachers.",
        "Visitors at the gate, without an account.",
        "People with a wheelchair.",
        "Everyone on board.",
        "Whoever rents a garden.",
        "Those who deal with the boats at the quay, with a key to the boat house.",
        "Anyone with an interest in rowing and a member's card.",
        "Staff at the gate.",
        "The clients' accountants.",
        "People who want a garden plot.",
        "Night nurses.",
        "The boatman.",
        "Users of the test bench.",
        "Parents and teachers.",
    ],
    "Outputs": [
        "The day's boats, their crews, the hours of each, and what the weather is like.",
        "A list of the boats in the order in which they come back.",
        "A text message.",
        "The lid opens.",
        "A receipt with name, day and boat.",
        "What the member typed, in capitals.",
        "Like a boarding pass: name, seat, gate and time.",
        "From the scanner, one line per article.",
        "All seats of the hall, free ones in green.",
        "The design of the tile as an SVG.",
        "The minutes of the meeting as a PDF.",
        "As a file: one line for each bird.",
        "A contract to sign, in two copies.",
        "A receipt on paper, with the sum.",
        "- The table with names and hours.",
        "What the boatman asked for, as a PDF of one page.",
        "- Exit code 0, and nothing on standard output.",
        "A letter.",
        "A card.",
    ],
}
SOLID_IN_AN_ARCHITECTURE = {
    "Components": [
        "- The kiosk, the till and the stock ledger.",
        "- A reader at the door, a clock and the club's web page.",
    ],
    "Seams": [
        "The reader sends the number of a card to the club's web page over HTTP.",
        "The list asks the other part for the names of the day.",
        "The other part gets 12 names at a time.",
    ],
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
