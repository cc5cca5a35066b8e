"""Words that mean two things: in many wordings, and good sentences that look like them."""

import pytest

from tests.unit.spec.rules.one_sentence import rules_for

UNCLEAR = {"vague-word", "weak-word", "unmeasured"}

# A condition that nobody can check, in a clause of its own.
LOOPHOLES = [
    "The program carries fonts over wherever that is feasible.",
    "If practicable, the kiosk prints both sides.",
    "The parser keeps comments as far as this is possible.",
    "The mail names the boat where it makes sense to the boatman.",
    "Photos keep their colours whenever it seems sensible.",
    "The importer merges rows when that is useful.",
    "The lamp goes off as circumstances permit.",
    "The list repeats the header if it proves helpful.",
    "The bell rings longer as the situation demands.",
    "The scanner tries a second pass insofar as the paper allows it.",
    "A member sees the old list, time permitting.",
    "Unless there are good reasons, the boat stays on land.",
    "The crane moves at night if absolutely necessary.",
]
# Degrees of something, without a bound.
DEGREES = [
    "A headline that is very long ends with `…`.",
    "A rather old boat is grey in the list.",
    "Extremely heavy boats stay on land.",
    "After several wrong codes the door stays shut.",
    "After a few failed payments the card is grey.",
    "The page asks again after many attempts.",
    "The lamp blinks for a little while.",
    "A brief pause stands between two tones.",
    "Within a few days the member gets a letter.",
    "The pump rests for a good while between two runs.",
    "A pretty large photo gets a border.",
    "A comparatively small boat goes first.",
    "The horn sounds every few minutes.",
    "Overly long names end in dots.",
    "The letters on the sign are big enough to read.",
    "The list appears before long.",
    "A boat that is hardly used moves down.",
    "The film bears the date in large letters.",
    "A valve closes after a high flow for a while.",
    "The list shows the last few days.",
    "A boat unused for too long turns grey.",
    "The map shows nearby boats.",
]
VAGUE = [
    "The page is tidy and uncluttered.",
    "The voice sounds pleasant and warm.",
    "A good-looking cover stands on the first page.",
    "The colours are bright enough.",
    "The box tells the driver in an obvious way.",
    "The report gives an extensive overview of the day.",
    "The most important boats come first.",
    "The list holds the usual suspects and such things.",
    "The printer wastes little paper.",
    "The import copes with odd names.",
    "A member gets enough time to pay.",
    "The page looks the way members expect.",
]
CLEAR = [
    "The member pays 27.50 EUR with iDEAL.",
    # Conditions of the matter itself.
    "When it is possible to vote, the button is green.",
    "If a password is necessary, the page asks for it.",
    "Where that page is empty, the list shows a dash.",
    "If it is needed by two members, the boat goes to the first of them.",
    "While this is open, the door beeps once per second.",
    # Degrees with a bound, or that are none.
    "A name of more than 40 characters is very long: it ends with `…`.",
    "The very first boat of the day has a star.",
    "A member pays by card rather than by invoice.",
    "One vote is enough to open the round.",
    "If several boats are free, the list shows them by name.",
    "A row that several members see at once is yellow.",
    "After several wrong codes, 3 or more, the door stays shut.",
    "One payment for several boats makes one receipt.",
    "A boat of at least 12 kg is heavy enough for the crane.",
    "With `--dry-run`, the output is the same as it would be without that option.",
    "The total is what the boats would cost one by one.",
    "A boat leaves one minute earlier than it would on a Sunday.",
    "Blank lines and whatever follows a `#` count for nothing.",
    "A rate has 6 significant digits.",
    "The bell rings at the given time.",
    "Given 7 old files and `--keep 7`, the eighth one goes.",
    "A member in several teams sees each of them.",
    "The friendly match counts for nothing.",
    "A tone of 440 Hz plays at the given hour.",
    "The last few characters of a card, 4 of them, stay visible.",
]


@pytest.mark.parametrize("sentence", [*LOOPHOLES, *DEGREES, *VAGUE])
def test_an_unclear_sentence(sentence: str) -> None:
    assert rules_for(sentence) & UNCLEAR


@pytest.mark.parametrize("sentence", CLEAR)
def test_a_clear_sentence(sentence: str) -> None:
    assert not rules_for(sentence) & UNCLEAR
