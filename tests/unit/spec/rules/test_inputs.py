"""Inputs and edge cases: what says nothing, and what says enough."""

import pytest

from tests.unit.spec.rules.one_sentence import rules_of, severities

VALID = "- Valid: the name of a boat and a day within the next 30 days."
INVALID = "- Invalid: another day: the page says “Another day.”"


@pytest.mark.parametrize(
    "line",
    [
        "Invalid: none.",
        "Invalid: none, the list offers every boat there is.",
        "- Invalid: there is none, since the wheel has eight positions.",
        "There are no invalid inputs.",
        "- Invalid: nothing. Whatever the member types is fine.",
        "Invalid input cannot occur, because the form has a list.",
        "- Invalid: not possible.",
        "- Invalid: we could not think of any.",
        "No input is invalid.",
        "- Wrong requests are turned down by the service.",
        "- Invalid data is rejected.",
        "The form refuses bad input.",
        "- All other requests are declined with an error.",
        "Incorrect values are handled accordingly.",
        "- Invalid: everything else is not accepted.",
        "The gateway checks every request and blocks malformed ones.",
        "Invalid data leads to an error.",
        "The form checks its fields, and wrong ones lead to an error message.",
        "The form knows what is right and what is wrong.",
        "Invalid: all that the calendar does not allow.",
        "Other requests do not need an answer here.",
        "- Invalid: nothing; the page reads no names but those that our own printer writes.",
    ],
)
def test_nothing_is_said_of_invalid_input(line: str) -> None:
    assert rules_of("Inputs", f"{VALID}\n\n{line}") & {"invalid-inputs", "invalid-unanswered"}


@pytest.mark.parametrize(
    "item",
    [
        "Invalid: a day in the past is refused.",
        "Invalid: a boat on land: rejected",
        "Invalid: another boat is not accepted by the service.",
        "Invalid: a day after the season. Declined.",
        "Invalid: a second boat is turned away at once.",
    ],
)
def test_a_refusal_that_nobody_sees_is_no_answer(item: str) -> None:
    assert "invalid-unanswered" in rules_of("Inputs", f"{VALID}\n- {item}")


@pytest.mark.parametrize(
    "item",
    [
        "Invalid: a `day` that is no `date` raises `TypeError` with the message `no date`.",
        "Invalid: a boat with `[` but no `]`. `BoatError::Open` with the byte's position.",
        'Invalid: a boat on land. "This boat is on land."',
        "Invalid: a card of another club. The horn sounds twice and the door stays shut.",
        'Invalid: an open month gives "Close {month} first."',
        "Invalid: another key. The knob vibrates for 200 ms.",
        'Invalid: 13 digits with a wrong last one give the message "No boat".',
        "Invalid: a boat twice makes the horn publish `twice` on `boats/1`.",
        "Invalid: a number outside 1 to 31: 404.",
        "Invalid: a name that nobody has. 404.",
        "Invalid, status 400 and code `TooMany`: more than 50 boats.",
        "Invalid: a day in the past is refused with status 422.",
        "Invalid: a name nobody has is refused, and the field turns red.",
        "Invalid: an empty day yields `None`.",
        "Invalid: a wrong day leads to an error message in red below the field.",
        "Invalid: whatever the calendar does not show: the field turns red.",
        "Invalid: a boat twice throws `Twice`.",
        "Invalid: a day before today leads back to the list of the day.",
    ],
)
def test_what_somebody_sees_is_an_answer(item: str) -> None:
    assert rules_of("Inputs", f"{VALID}\n- {item}") == set()


@pytest.mark.parametrize(
    "item",
    [
        "E1: None.",
        "E1: n/a",
        "E1: There is nothing out of the ordinary to expect here.",
        "E1: No edge cases are known.",
        "E1: We did not find any.",
        "E1: Nobody could think of one.",
        "E1: There are no special cases for this feature.",
        "E1: Nothing special.",
        "E1: All cases are covered by the rules above.",
        "E1: Special cases do not come up with boats of ours, so everything goes as ever.",
        "E1: At the bounds, the page does what R1 leads one to expect.",
        "E1: At the borders and in special situations the page keeps to what is said above.",
        "E1: Out-of-the-ordinary boats get the same treatment as others.",
    ],
)
def test_an_edge_case_that_says_there_is_none(item: str) -> None:
    assert rules_of("Edge cases", f"- {item}") == {"edge-case-none"}


@pytest.mark.parametrize(
    "item",
    [
        "E1: Nothing happens when a member taps a grey boat.",
        "E1: None of two members who tap at once waits longer than 2 seconds.",
        "E1: There is no second page: the list scrolls.",
        "E1: No boat on a day shows “No boat that day.”",
        "E1: Nobody sees a boat of another club.",
        "E1: There is nothing to print on a day without boats: the page says “Empty”.",
        "E1: All boats on land lead to an empty list.",
        "E1: Nothing that a guest types changes the list.",
    ],
)
def test_an_edge_case_about_nothing_is_one(item: str) -> None:
    assert rules_of("Edge cases", f"- {item}") == set()


@pytest.mark.parametrize("said", ["A guest also counts as invalid.", "A guest is wrong as well."])
def test_that_something_is_invalid_too_is_no_answer(said: str) -> None:
    assert rules_of("Inputs", f"{VALID}\n{INVALID}\n\n{said}") == {"invalid-unanswered"}
    told = said.replace(".", ': "Members only."')
    assert rules_of("Inputs", f"{VALID}\n{INVALID}\n\n{told}") == set()


@pytest.mark.parametrize(
    "said",
    [
        "Where several hold, the page says the first in this order.",
        "The first fault in the order of this list wins.",
        "The page looks for them in that order.",
        "Of several faults the topmost in this list decides.",
        "The rows of `crew.csv` with a date are in ascending order.",
        "Lines above the first boat belong to no boat.",
        "OLD and NEW are paths of lists.",
    ],
)
def test_which_answer_goes_first_is_no_invalid_input(said: str) -> None:
    items = [VALID, INVALID, "- Invalid: no boat: the page says “Which boat?”", f"- {said}"]
    assert rules_of("Inputs", "\n".join(items)) == set()


@pytest.mark.parametrize(
    "item",
    [
        "E1: At the bounds, 06:00 and 20:00, the page does what it does between them.",
        'E1: At the borders of the river the page keeps to what is said, "Ashore".',
        "E1: A special boat is grey.",
    ],
)
def test_an_edge_case_that_tells_its_case_may_end_as_ever(item: str) -> None:
    assert "edge-case-none" not in rules_of("Edge cases", f"- {item}")


def test_a_table_below_may_say_what_each_invalid_input_gets() -> None:
    items = "- Invalid: no day.\n- Invalid: no boat."
    table = "| Invalid | The page says |\n| --- | --- |\n| no day | “When?” |\n| no boat | “Who?” |"
    assert rules_of("Inputs", f"{VALID}\n{items}") == {"invalid-unanswered"}
    assert rules_of("Inputs", f"{VALID}\n{items}\n\nThe answers:\n\n{table}") == set()


def test_which_answer_goes_first_may_stand_in_the_list_of_them() -> None:
    items = "- Invalid:\n  - no day: “Which day?”\n  - no boat: “Which boat?”\n"
    order = "  - if two of these fit, the one further up"
    assert rules_of("Inputs", f"{VALID}\n{items}{order}") == set()


def test_an_item_may_lead_to_a_table_of_answers() -> None:
    table = (
        "| Day | Answer |\n| --- | --- |\n| in the past | “Past.” |\n| of a closed month | none |"
    )
    assert rules_of("Inputs", f"{VALID}\n- Invalid, in this order:\n\n{table}") == set()
    lacking = f"{table}\n| a holiday | |"
    found = rules_of("Inputs", f"{VALID}\n- Invalid, in this order:\n\n{lacking}")
    assert found == {"invalid-unanswered"}


def test_what_stands_deeper_in_a_list_is_the_answer_of_what_it_stands_under() -> None:
    deeper = (
        "- Invalid:\n  - a day in the past gets\n    - `No such day`\n    - the list of the day"
    )
    assert rules_of("Inputs", f"{VALID}\n{deeper}") == set()
    lacking = "- Invalid:\n  - a day in the past\n  - a boat ashore gets\n    - `No such boat`"
    assert rules_of("Inputs", f"{VALID}\n{lacking}") == {"invalid-unanswered"}


def test_a_table_within_an_item_says_in_its_cells_what_each_gets() -> None:
    table = "  | key | goes to |\n  | --- | --- |\n  | Left | the day before |\n  | Escape | home |"
    keys = f"- These keys count:\n\n{table}\n- Invalid: no boat: the page says “Which boat?”"
    assert rules_of("Inputs", f"{VALID}\n- Another key: nothing happens.\n{keys}") == set()


def test_the_head_of_a_second_table_is_no_row_of_the_first() -> None:
    first = "| Input | Valid |\n| --- | --- |\n| day | a date |\n| boat | a name |"
    second = "| Invalid | The page says |\n| --- | --- |\n| a day in the past | “Past.” |"
    assert rules_of("Inputs", f"{first}\n\n{second}") == set()
    assert rules_of("Inputs", f"{first}\n\n{second}\n| no boat | |") == {"invalid-unanswered"}


def test_a_list_of_valid_input_needs_no_answers() -> None:
    valid = (
        "Valid:\n\n- `GET /boats?day=...&page=...`\n- `day`: a day, shown as `YYYY-MM-DD`.\n"
        "- `page`: a number from 1 to 50. Without it, 1.\n\n"
        "Invalid:\n\n- another day: status 400."
    )
    assert rules_of("Inputs", valid) == set()


@pytest.mark.parametrize(
    ("label", "severity"),
    [
        ("Invalid: a day before today.", "error"),
        ("Invalid: a day before today joins the day beside it.", "warning"),
        ("A day late.", "warning"),
    ],
)
def test_only_what_is_said_to_be_invalid_surely_lacks_an_answer(label: str, severity: str) -> None:
    """Beside answers another line may say what is valid, or tell of all of them."""
    others = "\n".join(f"- No {one}: the page says “Which?”" for one in ("boat", "key", "day"))
    found = severities(f"{VALID}\n{others}\n- {label}", "invalid-unanswered", "Inputs")
    assert found == {severity}
