"""Who acts, and how many things a requirement asks for."""

import pytest

from tests.unit.spec.rules.one_sentence import rules_for, rules_of

NOBODY_ACTS = [
    "The members with a seat in that boat are informed by e-mail.",
    "The boatman is told of damages by one mail.",
    "A wet oar is hung on the rail by the harbour door.",
    "Within 5 seconds the report given by `--report` gets written.",
    "Photos older than the season are deleted before the first race.",
    "The hull gets inspected before each race.",
    "After 14:00 the list of guests is taken down to the harbour.",
    "After a race from 10:00 to 12:00 a third of the fee is paid back to the crew.",
    "After each race the crew is sent a photo with the boat and the hour.",
    "Once a week the boat is inspected for cracks.",
    "A booking nobody turns up for is cancelled after 10 minutes.",
    "When a card is lost, its remaining visits are moved to a new one.",
    "The boats are washed before the season.",
    "The key is handed over at the door.",
    "After 3 days a reminder is mailed to the member.",
    "For each late boat a letter is written.",
    "The names are ticked off against the list.",
    "The pieces per article are packed before departure.",
    "The bill is stamped and then filed.",
    "Broken oars are replaced within 2 days.",
    "The list is put on the wall each morning.",
    "A guest's name is entered into the book.",
    "The sum is transferred to the club's account.",
    "Old cards are collected at the end of the year.",
    "The hour is swapped with that of the next member.",
    "Each boat is weighed once a year.",
    "A refused card is returned to its owner.",
    "The fee is waived for juniors.",
    "Late members get phoned.",
    "Once the booking has been cleared, the member can pay.",
    "The boat is taken off the water in winter.",
    "Members are to be informed of a storm.",
    "The key has to be returned.",
    "The applicant's account is verified before the first booking.",
    "The damage is written down.",
    "The gate is opened at 06:00.",
    "The bookings of the year are transferred to the archive.",
    "A wrong entry gets corrected.",
    "As soon as the application is accepted, the member gets a key.",
    "It is ensured that every member reads the rule within 2 days.",
    "When a boat is lost, it must be decided whether the club buys another.",
    "Every month the oars are weighed and this by counting them.",
    "A substitute is found for a member who is ill.",
    "Where an oar is damaged, 20 percent of the deposit is withheld.",
    "Before that, the loudness of the horn gets normalised.",
    "The crews are ranked by 20 June.",
    "On Friday the shed is decontaminated.",
    "Unpaid seats are given away on 1 May.",
    "The doctor is informed by telephone within 30 minutes.",
    "In a tie the winner is picked by the next day.",
]
SOMEBODY_ACTS = [
    "A boat that was locked before is still locked.",
    "A wet oar is hung on the rail by the boatman.",
    "The boatman cancels a booking that nobody turns up for.",
    "A boat that is locked is grey.",
    "The list is open from 05:00 to 22:00.",
    "Once the bill is paid, the row is green.",
    "The key is handed over by the boatman.",
    "Every phone on which the member is signed in shows the message.",
    "The rows are sorted by name.",
    "A closed boat house is shown in grey.",
    "No letter is sent on a Sunday.",
    "The name of the boat is set in bold.",
    "If an oar is replaced, its number stays.",
    "The door is closed while it rains.",
    "The day is written as `YYYY-MM-DD`.",
    "A member who was moved to another boat sees a star.",
    "The list is filled from top to bottom.",
    "The hour is based on the time zone of the club.",
    "Once the boat is approved by the boatman, it turns green.",
    "Until the report is confirmed by both, it has a grey frame.",
    "When a booking is cancelled, the boat is free.",
    "The key is found in the box beside the door.",
    "The gate is opened by pressing the bell.",
    "A wrong name is answered with status 404.",
    "The sum is rounded to whole euros.",
    "A row is copied byte for byte.",
    "A seat can be given back within 14 days.",
    "On Mondays the shed is closed.",
]
TWO_THINGS = [
    "The list shows the crew, and once a month the software mails the treasurer.",
    "The lamp goes off, while the boatman's list is printed.",
    "The boat docks by itself; a member may also lend it for 12 hours.",
    "The list shows the new crew, and OarSoft invites the cox to its autumn fair.",
    "The page keeps the crew list and, when the mail bounces, tries it two more times.",
    "95 of 100 lists appear within 2 seconds, and the photo page accepts photos of up to 8 MB.",
    "The page offers the receipt for print and tells the boatman the new hour.",
    "On the third day the page reminds the guest and bars her from the shed.",
    "A boat has a name that no other boat has, and a guest can order a print of it by telephone.",
    "The list ends with a line of sums, and an outing of more than 3 hours has a star beside it.",
    "The key box keeps its code and `--quiet` prints nothing but the number of the boat.",
    "`boats list` prints each boat, and `boats book` refuses a boat on land.",
    "A free boat shows `free`, while a boat that the boatman locked shows `locked`.",
    "A spare key lies 20 m away from the shed, and nobody but the boatman may lend one to a guest.",
    "An empty cart shows a dash, whereas a boat on land turns grey.",
    "The list appears within 2 seconds, and an hour of use drains at most 8 percent of a battery.",
    "The bell rings once, and the lamp turns red.",
    "The row becomes grey, plus the boatman gets a letter.",
    "A second tap frees the boat; apart from that, the row moves to the end.",
    "The page saves the day and, on top of it, mails the boatman.",
    "The page shows the boats of the day, and old photographs leave the server after 7 days.",
    "The door opens for a member while the light in the yard goes on.",
    "Members can cancel until 18:00. Also, the boatman sees the fees of the month.",
    "The boatman can lock a boat or export the list as CSV, and guests see a banner.",
    "The page remembers the last boat, and the export has a column for the hour.",
    "Cancelling frees the boat, plus the member gets her fee back.",
    "After 3 calls the lamp turns red, and at noon the boatman mails the list to the board.",
    "Children under 9 years get a seat for free; the boatman gets his list by post.",
    "No crew has the same boat twice; a member who comes late loses the seat.",
    "The lamp counts the boats from the left, and every Sunday it mails the list to the board.",
    "After noon the page shows the list, and members can get it as a file.",
    "A member pays 2 EUR for an oar, and the shed is locked by the boatman at 21:00.",
    "The list is a PDF, and members in debt cannot order an oar.",
    "Each crew has 4 seats; in addition the boatman receives a letter.",
    "Members receive the list by post; boats older than 90 years move to the museum.",
    "The lamp in the shed is dark in summer; the boatman gets a letter when an oar wears out.",
    "The board ranks crews by weight; the boatman mutes the horn with the red key.",
    "If the pump fails, the horn goes off, and members without a key cannot open the shed.",
    "The list sums the hours of each boat. It also warns the boatman when an oar is lost.",
    "The boatman can lock a boat, must sign the list once a year, and can export it.",
    "A boat under repair keeps its seat, and crews older than a year vanish from the calendar.",
]
ONE_THING = [
    "The boatman gets an oar, and Lady Jane stays in the shed.",
    'A late booking gets "Full.", and the list stays as it was.',
    "A late booking ends with exit code 1 and `boats.csv` stays as it was.",
    'Of two members who take the last boat at once, one gets the boat and the other gets "Taken."',
    'A second booking of the same hour gets "Taken.", and no boat is reserved.',
    "A list ignores the case of names, and spaces at the start and the end of one.",
    'A boat on land gets "On land.", and an answer arrives within 2 seconds.',
    "A page weighs at most 500 kB, and a page with a map at most 900 kB.",
    "A body has at most 64 kB, and the answer to a longer one is status 413.",
    "Nobody but the member who booked, and the boatman, sees the button.",
    "A second booking gets status 409, and the first one stays as it is.",
    "A name has at least 2 and at most 40 characters.",
    "The list appears within 2 seconds, and with 500 rows within 4 seconds.",
    "Even rows are white and odd rows are grey.",
    "The boat and its oars are grey.",
    "A member who books and pays sees a star.",
    "If the door opens and the lamp is off, the bell rings.",
    "The page shows the boat, the hour and the name of the member.",
    "A boat is free when its member has paid and the hour has passed.",
    "With 120 rows the list scrolls, and nothing else moves.",
    "While the list loads, a bar shows how far it is.",
    "The list shows the name, the day and the hour of each boat.",
    "A boat that is broken is grey; a boat that is free is green.",
    "If the boat is gone, the page says so.",
    "A member who cancels before 18:00 pays nothing.",
    "The sum is the fee of the boat and the deposit.",
    "The list is sorted by day, then by hour.",
    "The door opens for 5 seconds when a member holds her card to it.",
    'The page shows "Gone" once the boat and the oars are out.',
    "Members in the first row and guests see the same list.",
    "After the third wrong PIN, the card is invalid.",
    "The fee is 5 EUR for members and 8 EUR for guests.",
    "The bell rings at 06:00; the gate opens one minute later.",
    "The member signs the form; the boatman countersigns it.",
    "The list shows boats, and oars stand below them.",
    "A guest pays 8 EUR, and members pay 5 EUR.",
    "At noon the lamp is white, and at night the lamp turns red.",
    'Two crews can row 4 races a day; the fifth gets "Enough for today!"',
    "A file without rows prints nothing; the exit code is 0.",
    "A boat with missing oars stays on the list; the label shows the smaller number.",
    "The board moves on to the next race with its order kept; newcomers come after.",
]


@pytest.mark.parametrize("sentence", NOBODY_ACTS)
def test_it_is_not_said_who_acts(sentence: str) -> None:
    assert "passive" in rules_for(sentence)


@pytest.mark.parametrize("sentence", SOMEBODY_ACTS)
def test_it_is_said_who_acts_or_nobody_need(sentence: str) -> None:
    assert "passive" not in rules_for(sentence)


def test_a_step_of_a_data_flow_says_who_acts() -> None:
    steps = "1. `door` reads the names.\n2. The next morning, the names are ticked off."
    assert "passive" in rules_of("Data flow", steps, kind="architecture")
    for done in (
        "The names of the day before are merged.",
        "A name with a mark in it is taken out.",
    ):
        steps = f"1. `door` reads the names.\n2. {done}"
        assert "passive" in rules_of("Data flow", steps, kind="architecture")
    steps = "1. `door` reads the names.\n2. The boatman ticks them off, once the door is locked."
    assert "passive" not in rules_of("Data flow", steps, kind="architecture")


@pytest.mark.parametrize("sentence", TWO_THINGS)
def test_two_things(sentence: str) -> None:
    assert "requirement-compound" in rules_for(sentence)


@pytest.mark.parametrize("sentence", ONE_THING)
def test_one_thing(sentence: str) -> None:
    assert "requirement-compound" not in rules_for(sentence)


def test_an_edge_case_may_tell_all_that_its_subject_does() -> None:
    said = "The page offers the receipt for print and tells the boatman the new hour."
    assert "requirement-compound" in rules_for(said)
    assert "requirement-compound" not in rules_for(said, "Edge cases")
    another = "The list keeps the first of two crews, and the boatman sends the second home."
    assert "requirement-compound" in rules_for(another, "Edge cases")
