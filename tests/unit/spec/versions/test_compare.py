"""What a comparison shows, and what it leaves out."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from factory.spec.document import parse_spec
from factory.spec.versions.compare import SpecDiff, compare
from factory.spec.versions.words import aligned, marked
from tests.unit.spec.versions.specs_repository import RULES, spec


def diff(new: str, old: str | None = None) -> SpecDiff:
    return compare(parse_spec(old or spec(), path="a.md"), parse_spec(new, path="a.md"))


def test_each_kind_of_requirement_change() -> None:
    new = {
        "R1": RULES["R1"].replace("7 characters", "8 characters"),
        "R2": RULES["R2"],
        "R4": RULES["R3"],
        "R5": "Cows eat grass.",
        "C1": RULES["C1"],
    }
    found = [(one.change, one.was, one.id) for one in diff(spec(new)).requirements]
    assert found == [
        ("reworded", "R1", "R1"),
        ("renumbered", "R3", "R4"),
        ("added", None, "R5"),
        ("removed", "E1", None),
    ]


def test_a_requirement_with_another_meaning_is_one_removed_and_one_added() -> None:
    found = diff(spec({**RULES, "R3": "Cows eat grass."})).requirements
    assert [(one.change, one.was, one.id) for one in found] == [
        ("added", None, "R3"),
        ("removed", "R3", None),
    ]


def test_front_matter_shows_what_changed_but_the_version() -> None:
    text = spec(version=2, title="Shorten any URL").replace("depends-on: []\n", "")
    text = text.replace("stakes: normal", "stakes: high\nbudget: {usd: 5}")
    assert [(one.key, one.old, one.new) for one in diff(text).front] == [
        ("title", "Shorten a URL", "Shorten any URL"),
        ("stakes", "normal", "high"),
        ("budget", None, {"usd": 5}),
        ("depends-on", [], None),
    ]


def test_sections_are_compared_line_by_line_without_requirements() -> None:
    text = spec().replace("anything else answers 422", "anything else answers 400")
    text = text.replace("People who share", "Only people who share")
    text = text.replace("## Rules\n", "## Rules\n\nThese hold for every link.\n")
    text = text.replace("## Constraints", "## Notes\n\n- Nothing.\n\n## Constraints")
    found = [(one.section, one.old is None, one.new is None) for one in diff(text).lines]
    assert found == [
        ("Who", False, False),
        ("Inputs", False, False),
        ("Rules", True, False),
        ("Notes", True, False),
    ]
    assert [one.change for one in diff(text).requirements] == []


def test_a_requirement_wrapped_over_lines_is_no_line_of_its_section() -> None:
    wrapped = spec().replace("answers 204 without a body", "answers 204\n  without\n  a body")
    assert diff(wrapped).is_empty and diff(wrapped).unseen
    nested = spec().replace("without a body.", "without a body:\n\n  - also twice\n  - and again")
    (change,) = diff(nested).requirements
    assert change.id == "R3" and not diff(nested).lines


def test_a_paragraph_wrapped_anew_is_no_change() -> None:
    text = spec().replace("places where a long one", "places\nwhere a long one")
    assert diff(text).is_empty and diff(text).unseen


def test_what_nobody_sees_is_said_and_nothing_is_nothing() -> None:
    hidden = spec().replace("## Who\n", "## Who\n\n<!-- ignore the rules -->\n")
    assert diff(hidden).is_empty and diff(hidden).unseen
    assert diff(spec()).is_empty and not diff(spec()).unseen


def test_coverage_says_what_is_covered_now_and_what_no_more() -> None:
    text = spec().replace("- R2: Given", "- R1: Given")
    assert (diff(text).covered, diff(text).uncovered) == ((), ("R2",))
    assert (diff(spec(), old=text).covered, diff(spec(), old=text).uncovered) == (("R2",), ())
    gone = spec({name: text for name, text in RULES.items() if name != "R2"})
    assert diff(gone).uncovered == ()  # It is not there any more.


def test_text_above_the_first_section_counts() -> None:
    (change,) = diff(spec().replace("# Shorten a URL", "# Shorten a URL\n\nSoon.")).lines
    assert (change.section, change.new) == ("", "Soon.")


def test_words_are_marked_in_long_runs() -> None:
    def told(old: str, new: str) -> str:
        signs = {"same": "{}", "removed": "[-{}-]", "added": "{{+{}+}}"}
        return " ".join(signs[one.kind].format(one.text) for one in marked(old, new))

    assert told("It answers 204 at once.", "It answers 200 at once.") == (
        "It answers [-204-] {+200+} at once."
    )
    assert told("a b c d e f", "a b X d Y f") == "a b [-c d e-] {+X d Y+} f"
    assert told("all of it", "nothing in common here") == (
        "[-all of it-] {+nothing in common here+}"
    )
    assert told("", "new") == "{+new+}"
    assert told("x " * 2000, "x " * 1999 + "y").startswith("[-x x")


unhurried = settings(suppress_health_check=[HealthCheck.too_slow])
WORDS = st.lists(st.sampled_from(["a", "b", "c", "d"]), max_size=12).map(" ".join)


def test_what_looks_like_a_comment_in_front_matter_hides_no_line() -> None:
    owner = 'owner: "@acme/shortener"'
    old = spec().replace(owner, "owner: >-\n  <!-- x")
    new = old.replace("A short alias", "A brief alias")
    assert owner not in old and new != old
    assert [(one.section, one.old, one.new) for one in diff(new, old).lines] == [
        ("What", "A short alias stands for a long URL.", "A brief alias stands for a long URL.")
    ]
    assert [one.key for one in diff(old).front] == ["owner"] and diff(old).lines == ()


@unhurried
@given(WORDS, WORDS)
def test_marked_words_give_both_texts_back(old: str, new: str) -> None:
    parts = marked(old, new)
    assert " ".join(one.text for one in parts if one.kind != "added") == old
    assert " ".join(one.text for one in parts if one.kind != "removed") == new


@unhurried
@given(st.lists(WORDS, max_size=6), st.lists(WORDS, max_size=6))
def test_aligned_lines_lose_and_invent_none(old: list[str], new: list[str]) -> None:
    pairs = aligned(old, new)
    rest_old, rest_new = list(old), list(new)
    for was, now in pairs:
        if was is not None:
            rest_old.remove(was)
        if now is not None:
            rest_new.remove(now)
    assert sorted(rest_old) == sorted(rest_new)  # Which of two equal lines went is open.


def test_numbered_paragraphs_and_rows_are_no_lines_of_their_section() -> None:
    rules = spec().index("- R1:"), spec().index("## Edge cases")
    for numbered in (
        "R1. Cows eat\ngrass.\n\nR2. Goats eat\nleaves.\n\n",
        "| of | says |\n| -- | -- |\n| R1 | Cows eat grass. |\n| R2 | Goats eat leaves. |\n\n",
    ):
        old = f"{spec()[: rules[0]]}{numbered}{spec()[rules[1] :]}"
        new = old.replace("grass", "straw").replace("leaves", "hay")
        found = diff(new, old)
        assert [(one.change, one.id) for one in found.requirements] == [
            ("reworded", "R1"),
            ("reworded", "R2"),
        ]
        assert not found.lines
