"""What is left open, in many wordings, and what only sounds so."""

import pytest

from factory.spec.document import parse_spec
from factory.spec.rules.questions import open_in_front_matter
from factory.spec.surroundings import Surroundings
from tests.unit.spec.rules.one_sentence import rules_for, rules_of, severities

OPEN = [
    "[Picture of the list goes here; say what it shows.]",
    "The list has 20 rows (the boatman still wants to have a look at this number).",
    "The fee is 5 EUR, or what the board fixes before we go live.",
    "The list is in two languages, if the trial in the autumn turns out well.",
    "A hold lasts 2 days, unless the boatman comes back with another number.",
    "A boat stays for 30 days; the insurer wants it so, which we will hear in the autumn.",
    "We write it in Rust or in C, depending on whom we win for it.",
    "The wording of this mail is still with Anna.",
    "A race costs a sum that the clubs let us know by Easter.",
    "The page answers 400 or 404, whichever the harbour finds handier.",
    "The hour is 8, or 9: the meeting on Thursday picks one of the two.",
    "The team picks one after the load test.",
    "It runs ashore or afloat, depending on which of the two offers comes out cheaper.",
    "The store is a file or a table, which comes out once Ines has measured the two.",
    "One sentence on the people who use it.",
    "The bell rings twice or not at all, depending on what the trial at the lock shows.",
    "The hour is 8, and that depends on how the trial goes.",
    "A boat stays or goes; the board comes back to us on that.",
    "The page shows 20 rows, or whatever we decide upon.",
    "A race costs 40 EUR, unless the assembly in May\n  settles on another sum.",
    "The fee is 5 EUR for\n  now.",
    "A race costs 40 EUR, unless the assembly in May settles on another sum.",
    "The fee is the one that the board will have agreed by the first race.",
    "The list shows a dash or nothing, depending on what the harbour people tell us.",
    "Invalid: <an input that is wrong, and the answer that it gets>",
    "Whether a crew of guests counts as one crew is with the board of the club.",
    "A crew rows for 3 hours; whether a bank holiday counts is with the board.",
    "In which of the two colours a boat appears, red or blue, depends on the painter.",
    "Which lock it is, ours or the harbour's, we make up our minds about in May.",
    "A late boat: we are still weighing up whether the list keeps it.",
    "The list is in English, and in Welsh as soon as we have an answer.",
    "The list shows the fee which the treasurer will name.",
    "The list follows whichever tide table the harbour settles on before May.",
    "The list shows 40 boats; a limit for guests we set when the new shed stands.",
    "The clubs split the fee in whichever way the two boards agree on.",
    "The fee is 5 EUR; the board meets in May and will say more.",
    "The door sends a mail or rings, whichever suits the boatman.",
    "The list shows what the two clubs want; not settled between them.",
    "The page says `<message in the style of our club>`.",
    "The colours are described elsewhere.",
    "The fee is 5 EUR, subject to what the assembly votes for.",
    "The photos lie in a second boat house (which one: see the harbour office).",
    "The hour is one that Anna and Ben still disagree about.",
    "The page shows the reasons; we await\n  the harbour office.",
    "The rows stand by name or by number, whichever the juniors prefer.",
    "A lesson with two trainers (Wiebke tells us after the holidays) costs 20 EUR.",
    "The board shows a dash or the last race, depending on what the referees prefer.",
    "A booking counts until Friday 18:00, unless we end up choosing another hour.",
    "Whether a race takes place again is for the jury to settle before we build this.",
    "The error output is `<a message in the tone of the club>`.",
    "A crew has at most 5 oars. (Birte wants 6; Jost to ask whether the rack holds them.)",
    "The lamp is on for as long as the people in our safety group recommend.",
    "A key costs 20 EUR, or 15 EUR (Henning is talking to the locksmith).",
    "The horn sounds the way that Silke and the harbour master agree on.",
    "The fee is the one that the treasurer and the boatman will still settle.",
    "A guest has at most two oars, or three for juniors, as the board still has to say.",
    "Who locks the shed is a question for the next meeting of the club.",
    "The race lasts 20 minutes, or 25, see the discussion with the referees.",
    "The list treats a boat under repair in whatever way we settle on with the yard.",
    "[Describe what the list shows, and to whom.]",
    "A litre costs <price> EUR.",
    "Ulrike still has to find out whether the boatman wants a switch of his own.",
    "`mast` to `room`: radio or cable, the contractors will propose something.",
    "The colour of the lamp (Tobias and the others are still discussing this).",
    "The limit is still with the ministry.",
    "The tone (Frau Petersen clears this up with the legal department) is short.",
    "The order of the boards depends on what the sponsor says.",
    "Who pays is still an open question.",
    "At most 30 days ahead, a number that can still change.",
    "One minute of speech costs at most X.XX EUR.",
    "The fee for a late boat is NN EUR.",
    "The door closes after N seconds.",
    "At least XX % of the boats are free at noon.",
    "The lamp is on for ?? seconds.",
    "The rate is 0.xx EUR.",
    "The list holds at most N% of the boats.",
    "The sentence beside the box is the one Legal is going to send us.",
    "The number of boats follows once the boatman has told us.",
    "The colour is the one that marketing will pick.",
    "The club's board will give us the opening hours.",
    "We are waiting for the harbour office to name the berths.",
    "The limit is up to the product owner.",
    "The text comes from Legal later.",
    "The fee may still change.",
    "The price is subject to change.",
    "The list of berths is missing here.",
    "The maximum is 40 boats, I think.",
    "We assume that 40 boats are enough.",
    "The number below is a placeholder.",
    "The wording is a first draft.",
    "The bound is left open.",
    "The format has yet to be found.",
    "The number of boats is not known yet.",
    "Texts to follow.",
    "The colour is not fixed yet.",
    "The rule for guests is an open point.",
    "The exact number: ask Petra.",
    "The number of boats: see mail from Eva.",
    "The fee is ___ EUR.",
    "The fee is whatever the board decides.",
    "A point we have not settled yet is the fee.",
    "The board will let us know the fee.",
    "The list has ??? rows.",
    "Details in a later version.",
    "Whether guests see names is still open.",
    "Fee: xx EUR.",
    "Anna knows the details.",
    "The rest is to come.",
    "Here we wait for the offer of the supplier.",
    "Awaiting word from the board on the fee.",
    "We assume that guests pay 8 EUR.",
    "The exact hours we will fill in.",
    "Limit: to be found out.",
    "Exact number still missing.",
    "How long a boat stays out: no idea yet.",
    "The opening hours are still being negotiated.",
    "The number of boats (about 40?) is the bound.",
    "The row is blue or green (Nora decides).",
    "The fee (still waiting for Petra's answer) stands in the list.",
    "The club sends one letter or two, Nora to decide.",
    "A member books <N> boats a day.",
]
SETTLED = [
    "A late shop has to cancel it and ask the customer to pay again.",
    "A lost boat comes back, and nobody has to ask the support for it.",
    "A sentence on the page has at most 20 words.",
    "Whatever goes beyond that looks to a member like a lost boat.",
    "A member who cannot row comes back to us, and pays nothing.",
    "A boat that we may use is on the list, and whatever we hold is on it.",
    "The colour depends on how many crews are on the water.",
    "A boat stays free, unless a crew takes it.",
    "The list prints a name unchanged, whatever it looks like.",
    "Whether it rains or not, the list opens at 06:00.",
    "The list tells whether a boat is on land.",
    "A key that we did not give out opens nothing.",
    "The list answers one question: which boat is free?",
    "No crew rows while the book holds an unresolved accident.",
    'A wrong day gets `{"error": "field", "field": "<name of the field>"}`.',
    "It saves a race from being decided by a gust of wind.",
    "The door has no idea of names.",
    "The Harbour Master decides which berth a boat gets.",
    "A member who wants a boat at night sees the night list.",
    "A boat [see the picture](boat.png) has a mast.",
    "The member decides on a berth and confirms it.",
    "The oven never heats above 38 °C, whatever the list says.",
    "With 200 open questions the list appears within 1 second.",
    "The bell rings because guests don't know when the race ends.",
    "Given an open question, the lead's page shows a card.",
    "The open questions of a job stand above its files.",
    "After that the member can still change the hour twice.",
    "The boatman will still change the lock of a boat on land.",
    "A place whose member is not known yet shows a dash.",
    "A booking that the boatman has not confirmed yet is grey.",
    "If the hour is not known yet, the row shows `--:--`.",
    "The bookings of a year have numbers that have to follow one another without a gap.",
    "A member taps a boat to follow it on the map.",
    "With `--wait N` the command ends after N seconds.",
    "A page of N rows has N marks at its edge.",
    "The clock shows X for a member who did not come.",
    "The member asks Anna in the office for a key.",
    "The boatman will send the member a letter within 2 days.",
    "The page shows what the member still has to do.",
    "A draft of a booking stays on the phone for 24 hours.",
    "A change of the hour sends a letter.",
    "The list shows bookings that wait for the boatman's answer.",
    "A member may change the hour until 24 hours before it.",
    "Open bookings are above closed ones.",
    "A later version of a file replaces the earlier one.",
    "The window of the placeholder `{name}` shows the member's name.",
    "A missing name leaves its row empty.",
    "The command lists each `TODO` with its line.",
    "A letter tells us members' names in order.",
    "Only the boatman and the office see the note.",
    "The member sees whatever the boatman typed.",
    'The page asks "Are you sure?"',
    "The boat is open to guests.",
    "The board decides about the application within 3 days.",
    "The status `TBD` is grey.",
    "A boat that nobody has fixed yet is grey.",
    'A draft has the name "Draft".',
    'The member decides later with the button "Decide later".',
    "A booking that waits for a decision of the board is yellow.",
    "If the form still lacks a name, the page shows the field in red.",
    "What remains to be paid stands below the sum.",
    "A field that may change has a pencil.",
    "The text is aligned to the left.",
    "The bus is late when it leaves 3 minutes after its time.",
    "Delayed by R1, the boat waits.",
    "Each row needs a number.",
    "If a guest types `yes` or something else, the page asks once more.",
    "The member chooses whether the gate is open.",
    "The list has columns for days, hours and minutes.",
    "When one more comes, the list answers within 2 s.",
    "The row stays red, whatever E1 says.",
    "The list holds photos on which the number is to be seen.",
]


@pytest.mark.parametrize("sentence", OPEN)
def test_something_is_left_open(sentence: str) -> None:
    assert "open-question" in rules_for(sentence)


@pytest.mark.parametrize("sentence", SETTLED)
def test_nothing_is_left_open(sentence: str) -> None:
    assert "open-question" not in rules_for(sentence)


@pytest.mark.parametrize(
    ("said", "severity"),
    [
        ("The list shows the oldest undecided race at its top.", "warning"),
        ("The clerk sets the state `free` for now.", "warning"),
        ("A boat is free until 18:00, unless we choose another hour.", "warning"),
        ("The colour of the list is TBD.", "error"),
        ("Open question: which colour the list has.", "error"),
        ("The colour of the list is to be decided.", "error"),
    ],
)
def test_what_a_product_may_be_about_is_in_doubt(said: str, severity: str) -> None:
    assert severities(said, "open-question") == {severity}


def test_a_question_is_open_in_any_section() -> None:
    assert "open-question" in rules_of("Who", "Members of the club. Guests: to be decided.")
    assert "open-question" in rules_of("Outputs", "- The list, in a format that ??? decides.")


def test_what_somebody_is_shown_in_a_quotation_is_nobodys_judgement() -> None:
    shown = "- The page:\n\n> Your boat is really fast, and simple to steer."
    assert rules_of("Outputs", shown) == set()
    assert rules_of("Outputs", shown.replace("> ", "")) != set()


def test_a_question_that_the_scene_answers_is_not_open() -> None:
    asked = "Members call at night. Why a call? Half of them have no other phone."
    assert "open-question" not in rules_of("What", asked)


@pytest.mark.parametrize(("products", "found"), [({"todo"}, []), ({"shop"}, [7]), (None, [7])])
def test_a_product_may_be_called_todo_where_factory_yml_has_it(products, found):
    front = 'id: a\ntitle: A\nkind: feature\nstatus: draft\nversion: 1\nproduct: todo\nowner: "@a"'
    document = parse_spec(f"---\n{front}\nstakes: low\n---\n", path="a.md")
    around = Surroundings(products=None if products is None else frozenset(products))
    assert [one.line for one in open_in_front_matter(document, around)] == found


def test_what_is_undecided_again_and_again_is_what_the_spec_is_about() -> None:
    rules = [f"The list shows undecided {one} at its top." for one in ("heats", "races", "cups")]
    found = rules_of("Rules", "\n".join(f"- R{at}: {said}" for at, said in enumerate(rules, 1)))
    assert "open-question" in found
    rules += ["The list shows undecided boats in grey."]
    found = rules_of("Rules", "\n".join(f"- R{at}: {said}" for at, said in enumerate(rules, 1)))
    assert "open-question" not in found
