"""Which requirement became which: by word, nearly, and on random sets."""

from __future__ import annotations

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from factory.spec.document import parse_spec
from factory.spec.versions.likeness import meaning
from factory.spec.versions.requirements import PAIR_LIMIT, trace
from factory.spec.versions.rules import Before, ids_stay, versions_rise
from tests.unit.spec.versions.specs_repository import RULES, spec

A = "A link that was created in the last 30 days is listed on the first page."
B = "A link that was deleted in the last 30 days is listed on the first page."


def test_unchanged_reworded_added_and_gone() -> None:
    new = {"R1": RULES["R1"], "R2": RULES["R2"].replace("stored", "original"), "R9": "Cows graze."}
    assert trace(RULES, new) == {"R1": "R1", "R2": "R2"}


def test_neighbours_that_are_nearly_alike_and_change_places() -> None:
    assert trace({"R1": A, "R2": B}, {"R1": B, "R2": A}) == {"R1": "R2", "R2": "R1"}
    assert trace({"R1": A, "R2": B}, {"R1": B + " ", "R2": A[:-1]}) == {"R1": "R2", "R2": "R1"}


def test_equal_texts_stay_where_they_are() -> None:
    twice = {"R1": "It answers 204.", "R2": "It answers 204."}
    assert trace(twice, dict(reversed(twice.items()))) == {"R1": "R1", "R2": "R2"}
    assert trace(twice, {"R3": "It answers 204.", "R2": "It answers 204."}) == {
        "R3": "R1",
        "R2": "R2",
    }


def test_a_new_neighbour_is_not_taken_for_an_old_one() -> None:
    reworded = A.replace("is listed on the first page", "comes first in the list of pages")
    assert trace({"R1": A}, {"R1": reworded, "R2": B}) == {"R1": "R1"}
    assert trace({"R1": A}, {"R2": B}) == {"R2": "R1"}  # Where R1 is gone, it may be.


def test_everything_moves_up_where_one_is_put_in() -> None:
    new = {"R1": "Cows graze.", "R2": RULES["R1"], "R3": RULES["R2"], "R4": RULES["R3"]}
    old = {name: RULES[name] for name in ("R1", "R2", "R3")}
    assert trace(old, new) == {"R2": "R1", "R3": "R2", "R4": "R3"}


def test_too_many_pairs_are_traced_by_word_alone() -> None:
    many = {f"R{n}": f"Cow {n} eats the grass of meadow {n} at noon." for n in range(1, 302)}
    assert len(many) ** 2 > PAIR_LIMIT
    moved = {f"E{name[1:]}": text for name, text in many.items()}
    assert trace(many, moved) == {f"E{name[1:]}": name for name in many}
    assert trace(many, {n: text.replace("noon", "night") for n, text in moved.items()}) == {}


unhurried = settings(suppress_health_check=[HealthCheck.too_slow])
NAMES = st.builds("{}{}".format, st.sampled_from("REC"), st.integers(1, 99))
WORDS = st.sampled_from(
    ["link", "alias", "expires", "answers", "200", "404", "`url`", "`GET /x`", "never", "the"]
)
TEXTS = st.one_of(
    st.lists(WORDS, min_size=1, max_size=8).map(" ".join),
    st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1).filter(
        lambda text: "<!--" not in text
    ),
)
SETS = st.dictionaries(NAMES, TEXTS, min_size=1, max_size=8)


@st.composite
def renamed(draw) -> tuple[dict[str, str], dict[str, str]]:
    """Requirements with different texts, and the same with at least one id changed."""
    old = draw(SETS)
    assume(len({meaning(text) for text in old.values()}) == len(old))
    names = draw(st.lists(NAMES, min_size=len(old), max_size=len(old), unique=True))
    names = draw(st.permutations(list(old))) if draw(st.booleans()) else names
    assume(list(names) != list(old))
    return old, dict(zip(names, old.values(), strict=True))


@unhurried
@given(renamed())
def test_changed_ids_are_always_seen(pair) -> None:
    old, new = pair
    was = {text: name for name, text in old.items()}
    assert trace(old, new) == {name: was[text] for name, text in new.items()}


SPACE = st.text(" \t\n", min_size=1, max_size=3)


@unhurried
@given(SETS, st.data())
def test_white_space_is_never_a_change(old, data) -> None:
    new = {
        name: data.draw(SPACE).join(text.split()) + data.draw(SPACE) for name, text in old.items()
    }
    assert trace(old, new) == {name: name for name in old}


# The same two, through the reader and the rules, on what Markdown leaves as it is.
PLAIN = st.lists(st.sampled_from(["alpha", "beta", "gamma", "42", "`x`", "answers"]), min_size=1)


@unhurried
@given(renamed(), st.lists(PLAIN.map(" ".join), min_size=8, max_size=8, unique=True))
def test_the_gate_reports_every_changed_id(pair, texts) -> None:
    old = dict(zip(pair[0], texts, strict=False))
    new = dict(zip(pair[1], texts, strict=False))
    found = list(ids_stay(document(new, 2), before(old)))
    moved = [name for name, text in new.items() if old.get(name) != text]
    assert moved and [one.rule for one in found] == ["requirement-renumbered"] * len(moved)


@unhurried
@given(SETS.map(lambda names: list(names)), st.lists(PLAIN, min_size=8, max_size=8), st.data())
def test_the_gate_never_reports_white_space(names, texts, data) -> None:
    old = {name: " ".join(words) for name, words in zip(names, texts, strict=False)}
    inner = st.sampled_from([" ", "  ", "   "])
    new = {name: data.draw(inner).join(text.split()) for name, text in old.items()}
    assert list(ids_stay(document(new, 2), before(old))) == []
    assert list(versions_rise(document(new, 2), before(old))) == []


def document(requirements: dict[str, str], version: int):
    ordered = {name: requirements[name] for name in sorted(requirements)}
    return parse_spec(spec(ordered, version=version), path="a.md")


def before(requirements: dict[str, str]) -> Before:
    return Before(base="main", version=1, ready=document(requirements, 1), removed={})
