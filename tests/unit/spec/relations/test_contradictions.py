"""Two lines of one spec that cannot both hold, and two that can."""

import pytest

from factory.spec.document import parse_spec
from factory.spec.gate import check_specs
from tests.unit.spec.rules.one_sentence import rules_of, spec_text

CONTRADICT = [
    ("A guest tips a crew at most $6.00.", "A guest tips a crew at most $9.00."),
    ("A boat shows up to 5 photos.", 'A fourth photo of a boat gets "That is enough."'),
    ("A member renews a boat at most 3 boats a day.", "The 5th boat of a member gets status 200."),
    ("The service shows a photo for 30 days.", "A photo that is 14 days old gets status 410."),
    ("A crew list has at most 50 rows.", "A crew list of 60 rows gets status 200."),
    ("An outing ends 10 minutes after the horn.", "An outing lasts 15 minutes from the horn."),
    (
        "A member books at most 30 boats per season.",
        "The page answers a member's 26th boat of a season with status 409.",
    ),
    ("A member books at most 3 boats a day.", "A member's fifth boat of a day is refused."),
    ("A trial lasts 30 days from the click.", "A trial lasts 14 days from the click."),
    ("A trial lasts 30 days.", "A trial of one member lasts 14 days, like every trial."),
    ("A booking lasts 48 hours.", "A booking lasts at most 24 hours."),
    ("A case takes at most 5 files.", 'Then it says "A case takes at most 9 files."'),
    ("A boat takes at most 4 guests.", 'The last guest reads "Full: six guests are the limit."'),
    ("The daily limit of a card is 1,000 EUR.", "The daily limit of a card is 1,500 EUR."),
    ("95 of 100 answers arrive within 300 ms.", "95 of 100 answers arrive within 2 seconds."),
    (
        "A yearly card lets in 3 guests per calendar month.",
        "A yearly card lets in 5 guests per calendar month.",
    ),
    ("The club keeps a photo for 14 days.", "A photo is gone after 7 days."),
    ("A poster has a width of 480 pixels.", "A poster has a width of 640 pixels."),
    ("A race lasts 45 minutes.", "No race lasts longer than 30 minutes."),
    ("A race lasts 45 minutes.", "A race without a crew ends, like every race, after 60 minutes."),
    (
        "The club keeps an oar for 7 days.",
        "After 10 days on the shelf the oar goes back to its owner.",
    ),
    ("A photo has at most 5 MB.", "The page refuses a photo larger than 2 MB."),
    (
        "After a race, a crew has 15 minutes to land.",
        "After a race, a crew has 25 minutes to land.",
    ),
    (
        "A member gives 8 weeks' notice to end a seat.",
        "A member gives 4 weeks' notice to end a seat, frozen or not.",
    ),
    ("A letter weighs at most 60 kB.", "A letter may have up to 100 kB."),
    ("The club keeps a photo for 14 days.", "The page deletes a photo 7 days after the race."),
    ("A crew books at most 3 hours per day.", "A crew that has booked 4 hours gets a break."),
    ("A crew borrows at most 10 oars a day.", 'It reads "Your 25 free oars are used up."'),
    (
        "A member has at most 2 boats at a time.",
        "A member who holds 3 boats gets a fourth on Sunday.",
    ),
]
AGREE = [
    ("The app sends at most 60 KiB per race.", "The app keeps at most 2 MiB of photos."),
    (
        "`GET /crew/7` answers with status 200.",
        "From the last race on, `GET /crew/7` answers with status 404.",
    ),
    (
        "A member gets at most 3 mails for one boat.",
        "A member gets at most 5 mails within any 7 days.",
    ),
    ("A guest tips a crew from $1.00 to $6.00.", "A tip of $2.00 reaches a crew."),
    (
        "On a phone and in a storm, the list appears within 2 seconds.",
        "At 120 clicks per minute, the list appears within 4 seconds on a phone.",
    ),
    (
        "With the gate open, the lamp draws at most 4 W.",
        "With a dark sky, the lamp draws at most 9 W.",
    ),
    ("On a touch of 49 ms, the lamp stays off.", "On a touch of 15 seconds, the lamp goes out."),
    ("For `oar`, the sum is at most 20 kg.", "For `boat`, the sum is at most 400 kg."),
    (
        "A tape is gone at most 3 days after the race.",
        "A tape is gone at most 1 day after a guest asked for it.",
    ),
    ("A day has at most 8 races.", 'A ninth time gets "At most 8 times a day."'),
    ("A crew list has at most 50 rows.", "A crew list of 50 rows gets status 200."),
    ("A member books at most 3 boats a day.", "A member's fourth boat of a day is refused."),
    ("A seat that is not free gets status 409.", "A booking of a free seat gets status 201."),
    (
        "The club erases a name within 90 days after the board has refused it.",
        "The club erases a name within 2 days after the member asks for it.",
    ),
    ("A stay of exactly 60 minutes costs 1 EUR.", "A stay of exactly 24 hours costs 9 EUR."),
    ("A trial lasts 30 days.", "A trial of one member lasts 14 days."),
    ("A booking lasts 24 hours.", "A booking lasts at most 48 hours."),
    ("No race lasts longer than 45 minutes.", "A race lasts 30 minutes."),
    ("A term of 10 years costs 280 EUR.", "A term of 5 years costs 155 EUR."),
    ("The fee is 30.00 EUR for 12 months.", "The fee is 55.00 EUR for 24 months."),
    ("Asleep, a buoy draws at most 6 mA.", "Awake, a buoy draws at most 40 mA."),
    (
        "A row begins with a time, off by at most 1 second.",
        "A buoy is off at most 9 seconds later.",
    ),
    ("The exit code is 0 if no row fails.", "The exit code is 1 if a row fails."),
    ("A report, such as a body with status 500, is brief.", "A body with status 400 is brief."),
    ("A year costs 38.00 EUR for a single seat.", "A year costs 64.00 EUR for a double seat."),
    (
        "A log with more than 4 and at most 10 knots per metre is class B.",
        "A log with more than 10 knots per metre is class C.",
    ),
    (
        "The hour of fetching is 20 hours after the start for earthenware.",
        "The hour of fetching is 28 hours after the start for stoneware.",
    ),
    ("A seat costs 0.14 EUR for each minute.", "The price is never below 35.00 EUR."),
    ("The shed is open from 08:00 to 12:00.", "The shed is open from 14:00 to 18:00."),
    (
        "The page deletes the photos 15 minutes after the race.",
        "If no race takes place, the page deletes the photos after 60 minutes.",
    ),
    ("A crew books at most 3 hours per day.", "A crew that has booked 3 hours gets a break."),
    ("A crew books at most 3 hours per day.", "A crew that has booked more than 3 hours pays."),
    ("A case takes at most 5 files.", 'After that it says "A case takes at most 5 files."'),
    ("A boat takes at most 4 guests.", 'The fifth reads "Full: four guests are the limit."'),
    ("95 of 100 answers arrive within 300 ms.", "999 of 1,000 answers arrive within 2 seconds."),
    ("An interval under 6 or over 36 months is refused.", "A boat stays for 3 days."),
    ("The photo is 0 to 1 second later than the click.", "A photo stays for 72 hours."),
    ("A day more than 400 days ahead is grey.", "31 days arrive within 250 ms."),
    ("The curve shows the last 24 months.", "The curve appears within 1 second."),
    ("The upper gate has 3 locks.", "The lower gate has 5 locks."),
    ("A crew of 2 rows pays the small fee.", "A crew of 8 rows pays the small fee."),
    ("A drop of 2.0 K or more colours the row.", "A drop of 5.0 K or more calls the boatman."),
    ("The fee is 1.10 EUR per minute.", "The least fee is 66.00 EUR."),
    (
        "A wash at 30 degrees costs 4.50 EUR, a wash at 60 degrees costs 5.00 EUR.",
        "A boat is grey.",
    ),
    ("90,000 rows take at most 3 s.", "90,000 rows take at most 9 s."),
    (
        "If a cox does not answer within 5 minutes, the next one is asked.",
        "When no cox answers within 10 minutes, a bell rings at the desk.",
    ),
    ("A member has at most 2 boats at a time.", "A member who holds 2 boats gets no third one."),
    ("Women row at most 4 km within 1 hour, men at most 6 km.", "A boat is grey."),
    (
        "The list closes on Friday at 18:00 for the crew.",
        "The list closes on Saturday at 12:00 for the crew.",
    ),
]


def found(pair: tuple[str, str]) -> set[str]:
    return rules_of("Rules", "".join(f"- R{at}: {said}\n" for at, said in enumerate(pair, 1)))


@pytest.mark.parametrize("pair", CONTRADICT)
def test_both_cannot_hold(pair: tuple[str, str]) -> None:
    assert "contradiction" in found(pair)


@pytest.mark.parametrize("pair", AGREE)
def test_both_can_hold(pair: tuple[str, str]) -> None:
    assert "contradiction" not in found(pair)


def test_answers_in_two_cases_may_both_be_right() -> None:
    """Which cases are one only their authors know: a warning."""
    rules = "- R1: `GET /crew` answers with status 200.\n- R2: `GET /crew` answers with status 410."
    text = spec_text("feature", {"Rules": rules})
    found = check_specs([parse_spec(text, path="a.md")])
    assert {one.severity for one in found if one.rule == "contradiction"} == {"warning"}


@pytest.mark.parametrize(
    ("rules", "severity"),
    [
        (("A list has at most 40 boats.", "A list has at most 50 boats."), "error"),
        (
            (
                f"The list keeps a name for 40 minutes{' after all that was said' * 5}.",
                f"The list keeps a name for 30 minutes{' after all that was said' * 5}.",
            ),
            "warning",
        ),
        (
            (
                "The list keeps a name for 40 minutes.",
                "The list keeps a name for 30 minutes in winter.",
            ),
            "warning",
        ),
    ],
)
def test_only_two_lines_in_the_same_words_are_sure_to_contradict_each_other(
    rules: tuple[str, str], severity: str
) -> None:
    """In other words they may hold in different cases: within a spec a warning."""
    text = spec_text(
        "feature", {"Rules": "\n".join(f"- R{n}: {one}" for n, one in enumerate(rules, 1))}
    )
    found = check_specs([parse_spec(text, path="a.md")])
    assert {one.severity for one in found if one.rule == "contradiction"} == {severity}
