"""Requirements that say no more than the spec, a `then` that shows nothing, and what looks so."""

import pytest

from tests.unit.spec.rules.one_sentence import rules_for, rules_of, severities

NOTHING_NEW = [
    "The draw follows the regulations of our sport.",
    "All the agreed rules apply.",
    "The page works in the way laid down in this document.",
    "The booking behaves as specified.",
    "The page does what it should.",
    "Everything works.",
    "The page fulfils all requirements of this spec.",
    "The system meets the expectations described above.",
    "The function is implemented as described under What.",
    "It must be possible to use the feature as intended.",
    "The requirements of the section What are met.",
    "The page supports the process described above.",
    "The club gets what it ordered.",
    "Exceptional cases are handled separately.",
    "The usual rules for guests apply.",
    "The statutes of the club apply to all members.",
    "The list complies with all applicable rules.",
    "Special situations are handled in the way they require.",
]
SOMETHING = [
    "The printer works without paper for labels.",
    "A card works once.",
    "The code works until midnight.",
    "The lift follows the order of the calls.",
    "The page shows the names as the register spells them.",
    "The command does the same as `boats list`.",
    "The gate meets the ramp at 2 cm.",
    "A member gets what she ordered on the same day.",
]
SHOWS_NOTHING = [
    "Given a boat at the weir, when it is opened, then it behaves just as it does everywhere else.",
    "Given a boat on land, when a member opens the list, then all is as R1 says.",
    "Given a boat on land, when a member opens it, then everything happens as R1 demands it.",
    "Given the rules, when somebody verifies them, then they hold.",
    "Given that all is built as intended, when the club tries it out, then it meets expectations.",
    "Given a crew, when she tries it out, then she is satisfied with what she sees.",
    "Given all of the above, when the club has tested it, then there are no bugs.",
    "Given the code, when the server runs all tests, then they pass.",
    "Given the finished page, when somebody looks at it, then everything is in order.",
    "Given a member, when she uses the page, then it works.",
    "Given a boat, when a member opens the list, then it behaves as described.",
    "Given the system, when a member uses it, then the result is correct.",
    "Given a boat on land, when a member opens the list, then R1 is fulfilled.",
    "Given a member, when she tries it, then there are no problems.",
    "Given the page, when the board sees it, then the board is satisfied.",
    "Given any case, when it happens, then the right thing happens.",
    "Given the list, when a tester checks it, then the requirement is met.",
    "Given a boat, when the member opens it, then it does what it should.",
    "Given the code, when the tests run, then they pass.",
    "Given a boat, when the member opens the list, then no errors occur.",
    "Given a boat, when a member opens it, then the outcome is the desired one.",
    "R1: Given all is set, when a tester looks, then all steps work as described.",
    "R1: Given the list, when a tester looks, then it all works.",
    "R1: Given the list, when the board has seen it, then all parties are satisfied.",
]
SHOWS_SOMETHING = [
    "Given the last two versions of Firefox, when R1 to R3 are checked, then all hold.",
    "Given a machine with each of these systems, when the server runs all tests, then they pass.",
    "Given Python 3.11 and 3.12, when the server runs all tests, then they pass.",
    "Given Debian 12, when a tester runs the suite, then it passes.",
    'Given a red check, when the officer presses "Allow", then it is green.',
    "Given a boat on land, when a member opens the list, then everything but the name is grey.",
    "Given a boat, when a member opens it, then the door works with her card.",
    "Given 3 boats, when a member opens the list, then the order is A, B, C.",
    "Given a boat, when a member opens it, then it is hers.",
    "Given a boat, when a member opens it, then nothing changes.",
    "Given a test of 5 questions, when a pupil answers 5, then she passes.",
    "Given a ticket, when its owner moves it, then it is valid.",
    "Given a file without mistakes, when a clerk checks it, then there are no errors.",
    "Given a row, when a member deletes it, then it goes.",
    "Given an article of last year, when a reader opens it, then it is there.",
    "Given two empty files, when a member compares them, then there is no output.",
]


@pytest.mark.parametrize("sentence", NOTHING_NEW)
def test_it_says_no_more_than_the_spec(sentence: str) -> None:
    assert "requirement-empty" in rules_for(sentence)


@pytest.mark.parametrize("sentence", SOMETHING)
def test_it_says_something(sentence: str) -> None:
    assert "requirement-empty" not in rules_for(sentence)


@pytest.mark.parametrize("line", SHOWS_NOTHING)
def test_nobody_knows_what_to_look_at(line: str) -> None:
    assert "evaluation-form" in rules_of("Evaluation", f"- R1: {line}")


def test_that_tests_pass_may_say_enough() -> None:
    shown = "- R1: Given a machine without a network, when its tests run, then they pass."
    assert severities(shown, "evaluation-form", "Evaluation") == {"warning"}


@pytest.mark.parametrize("line", SHOWS_SOMETHING)
def test_somebody_sees_it(line: str) -> None:
    assert "evaluation-form" not in rules_of("Evaluation", f"- R1: {line}")
