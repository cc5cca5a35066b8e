"""Names that a glossary does not know."""

import tempfile
from pathlib import Path

import pytest

from factory.spec.document import parse_spec
from factory.spec.gate import check_specs
from factory.spec.surroundings import Surroundings, read_surroundings

AROUND = Surroundings(terms={"boat": "boat"})


def coined(rules: str) -> set[str]:
    """What nobody explains of a spec with these rules, each of which is tried."""
    body = "\n".join(f"- R{n}: {one}" for n, one in enumerate(rules.split("; "), 1))
    text = (
        f"---\nid: boats\ntitle: Boats\nkind: feature\n---\n\n## Rules\n\n{body}\n\n"
        "## Evaluation\n\n- R1: Given a flotilla tier of 2, when a member looks, then it says 2.\n"
    )
    found = check_specs([parse_spec(text, path="boats.md")], AROUND)
    return {one.message for one in found if one.rule == "undefined-term"}


def test_two_words_for_something_that_nobody_explains() -> None:
    assert coined("The list shows the flotilla tier of each boat") == {
        "the glossary does not know 'flotilla tier'"
    }
    assert coined("The list shows the flotilla tier; A flotilla tier is a row of boats") == set()
    assert coined("The list shows the flotilla of each boat") == set()


def names(sentence: str) -> set[str]:
    text = f"---\nid: boats\ntitle: Boats\nkind: feature\n---\n\n## Rules\n\n- R1: {sentence}\n"
    found = check_specs([parse_spec(text, path="boats.md")], AROUND)
    return {one.message for one in found if one.rule == "undefined-term"}


@pytest.mark.parametrize(
    ("sentence", "name"),
    [
        ("A Backfill-Spot costs half of that.", "Backfill-Spot"),
        ("The list shows the Glasgow-Fido grade.", "Glasgow-Fido"),
        ("A sheet that needs a Solander Pass is bold.", "Solander Pass"),
        ("A boat under a Mallory hold stays on land.", "Mallory hold"),
        ("The boatman writes a Rufzettel for each of them.", "Rufzettel"),
    ],
)
def test_a_name_that_the_glossary_does_not_know(sentence: str, name: str) -> None:
    assert any(name in message for message in names(sentence))


@pytest.mark.parametrize(
    "sentence",
    [
        "An e-mail goes to the boatman.",
        "The list stays open with Ctrl-C.",
        "A well-known boat has a star.",
        "The X-Ray of a boat is a photo.",
        "The list can be had as an Excel file.",
        "A Dutch boat has a blue row.",
        "The list names the Mallory of the day.",
        "The letter goes to Ms Brandt.",
    ],
)
def test_what_needs_no_glossary(sentence: str) -> None:
    assert not names(sentence)


def test_what_the_scene_tells_of_needs_no_glossary() -> None:
    text = "---\nid: boats\ntitle: Boats\nkind: feature\n---\n\n## What\n\n{}\n\n## Rules\n\n{}\n"
    rule = "- R1: A boat under a Mallory hold stays on land."
    for told, count in (("Boats go out.", 1), ("The board lays a Mallory hold on a boat.", 0)):
        found = check_specs([parse_spec(text.format(told, rule), path="boats.md")], AROUND)
        assert sum(one.rule == "undefined-term" for one in found) == count


GLOSSARY = """
terms:
- {term: size, meaning: How big it is., synonyms: [Maß, "end of life time of a boat", "read/write"]}
- {term: club, meaning: Who owns the boats., synonyms: [e.V., Boat  Owners, No.]}
- {term: the quick and easy way of the boatman, meaning: By hand.}
- {term: quick look, meaning: A glance.}
"""


def around(text: str) -> Surroundings:
    """What a repository's glossary makes of the words of its specs."""
    with tempfile.TemporaryDirectory() as name:
        (Path(name) / "context").mkdir()
        (Path(name) / "context" / "glossary.yml").write_text(text)
        read, findings = read_surroundings(Path(name))
    assert findings == []
    return read


def synonyms(sentence: str) -> list[str]:
    text = f"---\nid: boats\ntitle: Boats\nkind: feature\n---\n\n## Rules\n\n- R1: {sentence}\n"
    found = check_specs([parse_spec(text, path="boats.md")], around(GLOSSARY))
    return [one.message.partition(":")[0] for one in found if one.rule == "synonym"]


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("The list shows the Maß of a boat.", "'Maß'"),
        ("The list shows the MASS of a boat.", ""),
        ("The list shows the end of life time of a boat.", "'end of life time of a boat'"),
        ("The list shows the end of life times.", ""),
        ("The list shows a read/write mark.", "'read/write'"),
        ("The list shows read and write.", ""),
        ("The e.V. shows the list.", "'e.V.'"),
        ("The list shows no boat.", ""),
        ("The list shows No. 3 of the boats.", "'No.'"),
        ("The list shows boat owners.", "'boat owners'"),
        ("The list shows the `Maß` of a boat.", ""),
    ],
)
def test_a_synonym_is_found_as_prose_is_read(sentence: str, found: str) -> None:
    assert synonyms(sentence) == ([found] if found else [])


@pytest.mark.parametrize(
    ("sentence", "is_vague"),
    [
        ("A boat goes out the quick and easy way of the boatman.", False),
        ("A boat goes out the quick and easy way.", True),
    ],
)
def test_a_long_term_is_no_vague_word(sentence: str, is_vague: bool) -> None:
    text = f"---\nid: boats\ntitle: Boats\nkind: feature\n---\n\n## Rules\n\n- R1: {sentence}\n"
    found = check_specs([parse_spec(text, path="boats.md")], around(GLOSSARY))
    assert ("vague-word" in {one.rule for one in found}) == is_vague
