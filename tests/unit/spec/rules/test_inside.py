"""What nobody sees from outside, how something is built, and what only sounds so."""

import pytest

from factory.spec.document import parse_spec
from factory.spec.gate import check_specs
from tests.unit.spec.rules.one_sentence import rules_for, rules_of, spec_text

INSIDE = [
    "The page stays aware of the boats ashore.",
    "The page holds both names in its working copy.",
    "The lock has the order of the boats worked out inside.",
    "The page takes note of members without a boat.",
    "The key exists nowhere any more.",
    "Before it shows the list, the page has a look at the bookings of the last week.",
    "The page no longer has the name in its mind.",
    "The page looks at each pair of boats a single time.",
    "The names of a lost boat leave no trace in the memory of the page.",
    "The lock is at every moment conscious of the crew.",
    "Before each race the service makes sure within itself that no boat is lost.",
    "The service holds the crew to be faithful.",
    "The page takes a late click as a sign of little interest.",
    "The service never has two copies of a boat in its queue.",
    "The page refreshes its internal copy of the tide table before it shows a boat.",
    "The page bears the weather of the night in mind when it lists the boats.",
    "The service feels a calm day as part of the season.",
    "The page weighs the wishes of both crews against each other for itself.",
    "Deep inside, the game remembers which card it took from the pile.",
    "Behind the curtain, the list notes who came first.",
    "The page takes a lock on both rows before it reads a name.",
    "The list acquires a lock for each boat.",
    "While it sorts, the list walks a tree of names.",
    "The loop visits each boat once.",
    "A variable counts the boats.",
    "The list allocates room for 100 names.",
    "The door marks the record as dirty.",
    "The list is held in an array of boats.",
    "The names are serialised before they leave the list.",
    "The function calls itself for each part.",
    "The list iterates over the boats twice.",
    "Invisibly, the page counts the clicks.",
    "The boatman feels closer to the members.",
    "Members trust the list.",
    "The list sets an internal marker for each guest.",
    "The page has a precise inner picture of which boats are out.",
    "Whoever reads the source understands it within ten minutes.",
    "A new programmer finds her way around within a day.",
    "The system keeps a mental model of the club.",
    "The names of variables follow the style of the house.",
    "The boats are objects of one class.",
    "The software realises that a boat is missing.",
    "The state machine has five states.",
    "The page silently recalculates the index at night.",
    "The page thinks about each boat before it shows it.",
    "The board must have confidence in the list.",
    "Members feel motivated by the list.",
    "The model gains a deep comprehension of boats.",
    "The developers feel confident about the code of the list.",
    "The list must think about the wind in between.",
    "Guests lose their fear of the water.",
]
BUILT = [
    "The page stores the boats as JSON.",
    "A thread of its own for each boat compares the hours.",
    "A cron entry sweeps the list each minute.",
    "The page answers from a prefix tree of the names.",
    "The parser is a recursive descent over a token stream.",
    "The page keeps a half filled booking in `localStorage`.",
    "The `BoatList` class inherits from another one.",
    "Distances come from a PostGIS query.",
    "The names follow the repository pattern.",
    "The answers sit in Redis for an hour.",
    "A Celery task sends the letters at 05:00.",
    "Archiving fills the column `archived_at` of the table `cases`.",
    "The list writes a row into the table `boats`.",
    "The name goes into the `users` table.",
    "The page keeps its state in a Zustand store.",
    "A request handler checks the name.",
    "The middleware refuses guests.",
    "An event listener turns the row grey.",
    "The list uses optimistic locking for two members.",
    "A reducer adds the boat to the list.",
    "The names lie in DuckDB.",
    "The page is a Next.js app.",
    "The service layer checks the day.",
    "The boats of a day come from a materialized view.",
    "A Playwright script opens the door page.",
    "The controller passes the name on to the view model.",
    "The function `next()` loops over the rows of the day.",
    "The class `BoatGate` reads the list of the day.",
]
OUTSIDE = [
    "The list shows the key `crew_list` of each module that a member takes.",
    "The output is one GeoJSON object with the boats.",
    "An answer has status 200 and the boat as JSON object.",
    "The mail has an iCalendar object with the hour.",
    "The boatman holds the gate for a crew to be let out.",
    "The list remembers the day that the member chose last.",
    "A row of the table on the page is grey for a boat on land.",
    'The table "Boats of today" shows one row for each boat.',
    "The column `name` of the CSV holds the member's name.",
    "The door locks after 5 seconds.",
    "The lock of the boat house clicks.",
    "A tree on the photo hides no name.",
    "The handler of the dog signs the list.",
    "The traffic controller sees the boat on the map.",
    "The member feels two short pulses of the watch.",
    "A record of the club's fastest boat stands on top.",
    "The view from the camera appears beside the list.",
    "The store in town opens at 09:00.",
    "A variable rate shows its date.",
    "The screen has a picture of each boat.",
    "The page shows the source of each number as a link.",
    "The list has a note for each boat.",
    "Whoever reads the list aloud hears the boat's number first.",
    "The reader of the card blinks green.",
    "The class of a boat stands in front of its name.",
    "The page shows the state of the boat as a word.",
    "The printer holds 40 sheets.",
    "The trainer's comment stands below the time.",
    "The key opens the door.",
    "The model of the boat stands in the second column.",
    "A pupil of the class sees the mark.",
    "A medicine with side effects has a red dot.",
    "The voucher code is valid until 31 December.",
    "The train waits, so that a traveller keeps the connection.",
    "A boat floats at the jetty until the boatman takes it out.",
    "The photo shows the face and a tree in the background.",
    "The module for beginners comes before the one for masters.",
    "A member runs the command with Python 3.11.",
]


@pytest.mark.parametrize("sentence", INSIDE)
def test_nobody_sees_it(sentence: str) -> None:
    assert rules_for(sentence) & {"unobservable", "implementation-detail"}


@pytest.mark.parametrize("sentence", BUILT)
def test_it_says_how(sentence: str) -> None:
    assert "implementation-detail" in rules_for(sentence)


@pytest.mark.parametrize("sentence", OUTSIDE)
def test_it_says_what(sentence: str) -> None:
    assert not rules_for(sentence) & {"unobservable", "implementation-detail"}


@pytest.mark.parametrize(
    "sentence",
    [
        "The widget is a React component whose state lives in a Zustand store.",
        "The list is written in Go and keeps its names in PostgreSQL.",
        "Members reserve boats. The page uses a Kafka topic for each boat house.",
    ],
)
def test_what_says_how(sentence: str) -> None:
    assert "implementation-detail" in rules_of("What", f"Members reserve boats. {sentence}")


@pytest.mark.parametrize(
    "sentence",
    [
        "The command watches Redis servers and prints which of them answer.",
        "`boats` is a Python library that reads the club's calendar.",
        "The page replaces the sheet in Excel, which three people kept by hand.",
        "It runs beside the club's PostgreSQL server and shows its slow queries.",
        "The page turns the bytes of a boat into one line of JSON.",
    ],
)
def test_what_names_what_the_product_is_about(sentence: str) -> None:
    assert "implementation-detail" not in rules_of("What", f"Members reserve boats. {sentence}")


def test_a_tool_for_databases_speaks_of_their_keys() -> None:
    rule = "- R1: The list has the first 3 rows of each table by primary key."
    assert "implementation-detail" in rules_of("Rules", rule)
    text = spec_text("feature", {"What": "It rehearses a change of a database.", "Rules": rule})
    found = check_specs([parse_spec(text, path="boats.md")])
    assert "implementation-detail" not in {one.rule for one in found}


def test_what_it_works_with_may_be_named_by_its_inputs() -> None:
    rule = "- R1: A value appears in the form that PostgreSQL itself gives it."
    inputs = "- Valid: the address of a PostgreSQL server.\n- Invalid: none: `no server`"
    assert "implementation-detail" in rules_of("Rules", rule)
    text = spec_text("feature", {"Inputs": inputs, "Rules": rule})
    found = check_specs([parse_spec(text, path="boats.md")])
    assert "implementation-detail" not in {one.rule for one in found}


def test_a_scene_may_name_what_it_is_measured_with() -> None:
    line = "- R1: Given a virtual machine, when the tester cuts its power, then the list is whole."
    assert "implementation-detail" not in rules_of("Evaluation", line)
    line = "- C1: The list appears within 150 ms, measured at the load balancer."
    assert "implementation-detail" not in rules_of("Constraints", line)


def test_what_a_spec_speaks_of_on_and_on_is_what_it_is_about() -> None:
    lines = [f"The list shows the buffered {one}." for one in ("names", "boats", "hours")]
    said = "\n".join(f"- R{at}: {one}" for at, one in enumerate(lines, 1))
    assert "unobservable" in rules_of("Rules", said)
    assert "unobservable" not in rules_of("Rules", f"{said}\n- R4: A buffered boat is grey.")


def test_whoever_calls_a_library_does_so_from_a_goroutine() -> None:
    said = "- R1: Of 100 goroutines that reserve one boat, one gets it."
    assert "implementation-detail" in rules_of("Rules", said)
    text = spec_text("feature", {"Rules": said, "What": "A Go package that reserves boats."})
    found = {one.rule for one in check_specs([parse_spec(text, path="a.md")])}
    assert "implementation-detail" not in found
