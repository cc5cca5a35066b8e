"""Facts come back as they were added, from memory and from disk."""

import io

from factory import resources
from factory.spec import relations
from factory.spec.alone import check_alone
from factory.spec.document import parse_spec
from factory.spec.facts import Facts
from factory.spec.relations import FactStore, related
from factory.spec.relations.keys import Keys
from factory.spec.surroundings import Surroundings

FEATURE = (resources.folder("spec-templates") / "feature.md").read_text("utf-8")


def facts(number: int, **changed: str) -> Facts:
    text = FEATURE.replace("id: shorten-url", f"id: spec-{number}")
    for old, new in changed.items():
        text = text.replace(f"{old}: ", f"{old}: {new} # ", 1)
    return check_alone(parse_spec(text, path=f"{number}.md"), Surroundings())[1]


def test_many_facts_lie_on_disk_and_come_back_in_order() -> None:
    made = [facts(number) for number in range(5)]
    store = FactStore()
    for round_ in range(200):
        for one in made:
            store.add(one)
        assert len(store) == (round_ + 1) * len(made)
    assert not isinstance(store._file, io.BytesIO), "they never left the memory"
    assert list(store)[:5] == made and store[999] == made[4] and store[1] == made[1]


def test_what_is_kept_beside_them_is_what_they_say() -> None:
    store = FactStore([facts(1), facts(2, status="retired"), facts(3, status="ready")])
    assert store.known({"spec-1", "spec-3", "spec-4"}) == {"spec-1", "spec-3"}
    assert store.retired == {"spec-2"}
    assert len(store.claims) == sum(len(one.claims) for one in (store[0], store[2])) > 0
    assert len(store.touches) == len(store[2].touches) > 0


def keys(*specs: tuple[object, ...]) -> Keys:
    found = Keys()
    for one in specs:
        found.add(one)
    return found


def test_keys_that_occur_twice_and_the_specs_that_have_them() -> None:
    found = keys((3, 1), (), (3,), (2, 2), (4,))
    assert found.repeated() == {2, 3}
    assert found.places(found.repeated()) == [0, 2, 3]
    assert keys().repeated() == frozenset() and found.places(frozenset()) == []


def test_of_many_keys_too() -> None:
    found = keys(*((number, number + 30_000) for number in range(30_000)), (7,), (59_999, 7))
    assert found.repeated() == {7, 59_999}
    assert found.places(found.repeated()) == [7, 29_999, 30_000, 30_001]


def test_specs_whose_keys_are_alike_by_chance_have_nothing_in_common(monkeypatch) -> None:
    """Every key the same: the facts decide."""
    ready = [facts(number, status="ready", product=f"shop-{number} # ") for number in range(4)]
    assert not list(related(FactStore(ready)))
    monkeypatch.setattr(relations.keys, "_BITS", 0)
    assert not list(related(FactStore(ready)))
    same = [facts(number, status="ready") for number in (1, 1, 2)]
    rules = [one.rule for one in related(FactStore(same))]
    assert "id-twice" in rules and "overlap" in rules


def test_ten_constraints_with_one_word_are_all_looked_at() -> None:
    """Each is compared, wherever it stands among others of the same word."""
    constraint = (resources.folder("spec-templates") / "constraint.md").read_text("utf-8")

    def binding(number: int) -> Facts:
        text = constraint.replace("id: answer-times", f"id: bound-{number}")
        line = f"- C1: An export of kind{chr(97 + number)} has at most 5 pages."
        text = text.replace(
            text[text.index("- C1: 95") : text.index("## Evaluation")], f"{line}\n\n"
        )
        return check_alone(parse_spec(text, path=f"b{number}.md"), Surroundings())[1]

    rule = "- R1: An export of kindj has at most 9 pages."
    start = FEATURE.index("- R1: `POST")
    text = FEATURE[:start] + rule + FEATURE[FEATURE.index("\n", start) :]
    feature = check_alone(parse_spec(text, path="f.md"), Surroundings())[1]
    found = list(related(FactStore([*map(binding, range(10)), feature])))
    assert [(one.rule, one.path) for one in found] == [("contradiction", "f.md")]
    assert "b9.md" in found[0].message
