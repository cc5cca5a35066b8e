"""Numbers without a unit, constraints without a number, and what only looks like either."""

import pytest

from tests.unit.spec.rules.one_sentence import CLEAR_NUMBERS, rules_for, severities

NO_UNIT = [
    "The page stays below 700 of memory.",
    "Each further pause takes twice as long, and 30 at most.",
    "The page puts the crews in order in at most 45 on one core.",
    "After 20 without a crew the lamp goes off.",
    "The app takes `ttl`, a whole number from 1 to 900.",
    "The two water levels differ by no more than 2.",
    "After an alarm the box sends none for the same boat within the next 45.",
    "The box locks a key for 15 after three wrong codes in a row.",
    "The bell rings when a boat has been more than 8 m away without a break for 10.",
    "A boat that has sent no signal for 15 is grey in the list.",
    "The pump starts every 30 and stops at noon.",
    "The pump starts when the level rises above 30.",
    "The kiosk asks again when nobody has touched the screen for 45.",
    "The heating goes on if the temperature in the hall drops below 16.",
    "A boat that weighs more than 120 stays on land.",
    "The siren sounds once the pressure exceeds 8.",
    "A current above 45 A for 30 raises the alarm.",
    "The lamp goes off after it has been on for 90.",
    "The line stops as soon as the humidity climbs over 80.",
    "The fan runs while the air is warmer than 26.",
    "The session of a member who is idle for 20 ends.",
    "The price is 0.60 a page.",
    "The page answers within 300.",
    "The door stays open for 10, then it closes.",
    "When the water falls under 25, the boat house closes.",
    "A member uploads 1 to 10 photos, together at most 25.",
    "The lamp goes out after 45.",
    "A boat may weigh up to 80.",
    "The page answers in under 300.",
    "The deposit is 40.",
    "The gate opens if the level deviates by 0.3 or more.",
    "The page waits 30 before it tries again.",
    "A member may be up to 10 late.",
    "The page refreshes every 60.",
    "A draft of more than 1.2 keeps the boat out.",
    "A pause of 5 follows each round.",
    "The rope is 15 long.",
    "The loudness of a copy lies between -24 and -22.",
    "Valid names have 1 to 5 letters, together at most 40.",
    "The siren sounds at a swell of 3.",
    "A frame has a margin of 12 around the picture.",
    "Above 900 the basin lets the water out.",
    "At more than 20 the skipper hears a horn.",
    "After 14 the club gives the boat to the next one.",
    "The buoy warns when a boat comes nearer to the weir than 40.",
    "A boat that weighs more than 3 costs 20 EUR.",
    "One horn is louder than the other by more than 6.",
    "The gate opens at most 2 after the ring.",
    "The hook warns at a height above 90 or below 30.",
    "With more than 900 in it the basin rings.",
    "The lamp turns red when the noise stays above the line for another 4.",
    "The index of the boats is never older than 40.",
    "The gull climbs to 80 before it turns.",
    "The horn begins 70 before the race.",
    "The camera keeps the last 3 of video.",
    "A guest pays 9 for each oar.",
    "If a boat comes closer than 6, the horn sounds.",
    "The horn sounds when the strain stays above 850 for 3.",
    "The board turns red below 12.",
    "The keeper never stores more than 200 in total on a boat.",
    "A skipper who does not answer is called again after 15, up to 3 times.",
    'Another sail gets "Cotton only"; a height above 125 is answered "Too tall for the hall".',
]
WITH_UNIT = [
    "A member gets at most 3 passes in a month.",
    "The page takes up to 50 mails at a time.",
    "The list takes up to 500 from the queue.",
    "The 160 characters begin 80 before the place.",
    "The list shows the last 60 of them.",
    "The page multiplies the fee by 1.5.",
    "The rank of a crew is as before, or 1 away from it.",
    "A crew without a cox, that of E5 apart, starts.",
    "The list tries again after 1, 5, 30 and then every 60 minutes.",
    "A crew has 4 rowers, or 8 at most.",
    "The page has a contrast of at least 4.5 to 1, larger letters at least 3 to 1.",
    "The desk takes 20 mails of 100 KiB per second.",
    "The list answers 204 twice. After the last 204 it deletes the crew.",
    "The gate counts one part for each 153 characters of a text of 161 or more.",
    "A title of 201 letters becomes a title of 200.",
    "The app takes `ttl` in seconds, a whole number from 1 to 900.",
    "The app takes `crew`, a whole number from 1 to 9.",
    'The page takes races from 1 to 30. It says "From 1 to 30 races" above 30.',
    "A list has objects nested at most 100 deep.",
    "Invalid: a month 00 or above 12.",
    "After status 204 the desk waits. After 503, or no answer within 10 seconds, it rings.",
    "The page takes an index (no unit) below 4.05.",
    "The page reads the test files 1 to 6 of the club.",
    'The page says "Too long." for names of 41 and of 300 characters.',
    "At most 2 runs of all crews take place at a time.",
    "After 1. e4 the board shows the clock.",
    "The tide table has the water from -1.0 to 28.5 in °C.",
    "The server never answers 201 ahead of the booking.",
    "A member gets at most 60 answers other than 429 within any 60 seconds.",
    "An outing uses at most 15 per cent of the battery.",
    "The list holds crews within crews, as lists in lists, to a depth of at most 8.",
    "Of 1,000 labels, at most 2 fail at the first scan.",
    "A row has the number of the letter from 1, a tab, and its text.",
    "The answer is the same after 71 and after 73 hours.",
    "The page is red within 5 seconds, and the lamps are red within 15.",
    "The page takes photos of at most 20 MB each and at most 15 in total.",
    "Below 0.90, the boatman looks at the photo himself.",
    "A member gets at most 20 answers in 24 hours.",
    "The list shows the last 3 of the boats.",
    "The hotel sells at most 12 late check-outs for 14:00 a day.",
    "Given a delay of 17 minutes and later 18 minutes, the parent gets a message at 18.",
    'A loss below 0.5, above 10.5 or with letters in it gets "Loss in mbar, 0.5 to 10.5."',
    "When the run ends, every 204 has no message left and every 409 has one.",
    "The pump starts when the level rises above 30 cm.",
    "A picture is at least 24 by 24 CSS pixels.",
    "A label is 62 by 29 mm.",
    "The bell rings when the score rises above 30.",
    "A game ends once a player reaches level 10.",
    "A table for 4.",
    "A room for 12 has a star.",
    "When the number of boats falls below 5, the list is yellow.",
    "Page 2 begins after row 50.",
    "The door of boat 7 stays shut.",
    "If `retries` exceeds 5, the command ends.",
    "A grade above 4 counts as passed.",
    "The clock shows 12:30 until somebody taps it.",
    "The queue moves on from 3 to 4.",
    "A member who has booked for 2 sees both names.",
    "In 2024 the list begins on 1 April.",
    "A member uploads 1 to 10 photos, together at most 25 MB.",
    "The grade is between 1 and 6.",
    "The pH is between 6.5 and 8.5.",
    "Version 2.5 of the file has a column more.",
    "Step 3 comes after step 2.",
    "Row 12 is grey.",
    "The dice shows 1 to 6.",
    "Room 12 is shut after 22:00.",
    "The ratio of girls to boys is at least 0.4.",
    "The bus is late when it leaves 3 minutes after its time.",
    "The tea is hot when the lamp shows 80 °C.",
    *CLEAR_NUMBERS,
    "The gate closes slowly: within 8 seconds.",
    "A guest pays 8 EUR, and members pay 5 EUR.",
    "The page may show at most 3 hints.",
    "The rule of R1 holds on holidays, too.",
    "The gate opens for a group of 8.",
    "At a table of 6 nobody waits.",
    "After 99999999 the next receipt is number 1.",
    "The list shows a temperature from -30.0 to +50.0 °C.",
    "With a last digit between 4 and 5 the reading ends in 4.",
    "Above 100 points the member gets a star.",
    "Two crews differ by at most 2.",
    "A name has at most 40 letters before the dot and at most 90 after it.",
    "Valid: the fee in euros, 2.00 to 90.00; a fee below 2.00 stays red.",
    "A tester counts the letters, and no name exceeds 90.",
    "A junior (under 18) rows with a grown-up.",
    "When two crews row 20 rounds, the match ends after 10.",
    "The archive holds maps from between 1650 and 1850.",
    "A member has at most 6 holds.",
    "A fee paid up to 14 May counts.",
    "The lamp is on from 05 to 22.",
]
UNMEASURED = [
    "`boats` gets by with the memory of an old tablet.",
    "The list never slows the page down beyond what its members put up with.",
    "`list2pdf` gets by with the memory that a laptop has to spare.",
    "The boats spread over the night so that no lock has difficulty with it.",
    "While a crew zooms with two fingers, the map follows.",
    "The page loads no slower than the present one.",
    "All four parts together cost no more than the contract they replace.",
    "An answer takes no longer than today.",
    "The app uses less battery than the old version.",
    "Search is at least as quick as in the current system.",
    "No answer takes long.",
    "The service never gets expensive.",
    "The export is faster than before.",
    "Nobody waits much.",
    "The page works with the browsers that people have nowadays.",
    "The memory stays within what is usual for such a tool.",
    "The list takes members of any number.",
    "The page serves any amount of boats.",
    "The page copes with boats of any size.",
]
MEASURED = [
    "A link in a mail works at most once.",
    "A list holds at most the names of the crew of whoever asks for it.",
    "The first press of a key shows `To the list`.",
    "Of a number a log contains at most the part before the dash.",
    "The desk never charges a crew more than the total on the list before the race.",
    "The list rounds a fee to the nearest cent.",
    "The page uses half of the machine's cores.",
    "A list takes at most twice the room of its photos.",
    "The list never leaves the club's own server.",
    "The compressed file is never larger than the original.",
    "No answer arrives later than the deadline that the request names.",
    "The page loads no slower than the present one, that is within 2 seconds.",
    "Every page works without a mouse.",
    "The command runs on one core.",
    "The output is identical to that of the previous version.",
    "No password appears in a log.",
    "All texts conform to WCAG, at both levels.",
    "Only members of the club see names.",
]


@pytest.mark.parametrize("sentence", NO_UNIT)
def test_a_number_without_a_unit(sentence: str) -> None:
    assert "unit-missing" in rules_for(sentence)


@pytest.mark.parametrize("sentence", WITH_UNIT)
def test_a_number_that_needs_no_more(sentence: str) -> None:
    assert "unit-missing" not in rules_for(sentence)


@pytest.mark.parametrize("sentence", UNMEASURED)
def test_a_constraint_without_a_measure(sentence: str) -> None:
    assert "constraint-unmeasured" in rules_for(sentence, "Constraints")


@pytest.mark.parametrize("sentence", MEASURED)
def test_a_constraint_that_can_be_measured(sentence: str) -> None:
    assert "constraint-unmeasured" not in rules_for(sentence, "Constraints")


def test_what_a_constraint_counts_by_its_subject_needs_no_unit() -> None:
    assert "unit-missing" not in rules_for(
        "The tickets of one hour never exceed 60.", "Constraints"
    )
    assert "unit-missing" in rules_for("The motor never exceeds 60.", "Constraints")


def test_a_field_may_have_values_without_a_unit() -> None:
    """What a field holds is often a number of something that has none: in Inputs a warning."""
    said = "- Valid: a boat and a load of at most 90.\n- Invalid: no boat: the page says “Which?”"
    assert severities(said, "unit-missing", "Inputs") == {"warning"}
    assert severities("The page answers within 300.", "unit-missing") == {"error"}


def test_a_number_that_may_stand_by_itself_is_in_doubt() -> None:
    for said in (
        "A crew is overdue by 15.",
        "A photo has a size of 10.",
    ):
        assert severities(said, "unit-missing") == {"warning"}
    assert severities("The page has a timeout of 30.", "unit-missing") == {"error"}


@pytest.mark.parametrize(
    ("then", "found"), [("the deposit is 40", set()), ("the page answers within 300", {"warning"})]
)
def test_of_an_example_only_a_time_needs_a_unit(then: str, found: set[str]) -> None:
    """What its other numbers are of is said by the requirement that it shows."""
    shown = f"- R1: Given a boat off the water, when a member opens the list, then {then}."
    assert severities(shown, "unit-missing", "Evaluation") == found
