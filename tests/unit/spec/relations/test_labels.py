"""Specs that bind by label: what they say of each other, and labels that bind nothing."""

from __future__ import annotations

from factory.spec.document import SpecDocument, parse_spec
from factory.spec.finding import Finding
from factory.spec.gate import check_specs
from tests.unit.spec.rules.one_sentence import spec_text


def constraint(name: str, said: str, applies: str = "") -> SpecDocument:
    text = (
        f"---\nid: {name}\ntitle: How fast it is\nkind: constraint\nstatus: ready\nversion: 1\n"
        f'product: club\nowner: "@club/page"\nstakes: low\n{applies}---\n\n'
        "## What\n\nHow fast the club's pages are.\n\n## Applies to\n\nEvery page of the club.\n\n"
        f"## Constraints\n\n- C1: {said}\n\n"
        "## Evaluation\n\n- C1: Given 100 boats, when a member opens a page, then it is there.\n"
    )
    return parse_spec(text, path=f"{name}.md")


def feature(name: str, more: str = "", **sections: str) -> SpecDocument:
    text = spec_text("feature", sections, name).replace("stakes: low", f"stakes: low{more}")
    return parse_spec(text, path=f"{name}.md")


def labelled(label: str) -> str:
    return f"applies-to: {{labels: [{label}]}}\n"


def found(rule: str, *specs: SpecDocument) -> list[Finding]:
    return [one for one in check_specs(list(specs)) if one.rule == rule]


FAST, SLOW = (f"The list of boats appears within {ms} ms." for ms in (200, 900))


def test_other_bounds_for_other_labels_are_what_labels_are_for() -> None:
    by_label = (
        constraint("fast", FAST, labelled("desk")),
        constraint("slow", SLOW, labelled("night")),
    )
    assert not found("contradiction", *by_label)


def test_other_bounds_for_the_same_features_are_a_contradiction() -> None:
    assert len(found("contradiction", constraint("fast", FAST), constraint("slow", SLOW))) == 1
    one = constraint("fast", FAST, labelled("desk"))
    assert len(found("contradiction", one, constraint("slow", SLOW, labelled("desk")))) == 1
    assert len(found("contradiction", one, constraint("slow", SLOW))) == 1


def architecture(said: str) -> SpecDocument:
    text = spec_text("architecture", {"Targets": f"- {said}"}, "boat-house")
    return parse_spec(text, path="boat-house.md")


def test_a_target_may_be_tighter_than_a_constraint_and_not_looser() -> None:
    assert not found("contradiction", constraint("slow", SLOW), architecture(FAST))
    assert len(found("contradiction", constraint("fast", FAST), architecture(SLOW))) == 1


def test_a_label_that_no_feature_carries_is_told_with_what_is_like_it() -> None:
    binding = constraint("fast", FAST, labelled("terminl"))
    [one] = found("label-unknown", feature("boats", "\nlabels: [terminal]"), binding)
    assert (one.path, one.line, one.severity) == ("fast.md", 10, "warning")
    assert "'terminl'" in one.message
    assert "'terminal'" in one.mend


def test_a_label_like_one_that_binds_is_told() -> None:
    binding = constraint("fast", FAST, labelled("terminal"))
    right = feature("boats", "\nlabels: [terminal]")
    [one] = found("label-unknown", right, feature("crews", "\nlabels: [terminals]"), binding)
    assert one.path == "crews.md"
    assert not found("label-unknown", right, feature("crews", "\nlabels: [night]"), binding)


def test_nothing_is_missing_where_there_are_no_features_yet() -> None:
    assert not found("label-unknown", constraint("fast", FAST, labelled("desk")))


def test_a_binding_spec_may_say_why_nobody_carries_its_label() -> None:
    allowed = labelled("desk").rstrip() + " # gate: allow label-unknown: the desk comes next year\n"
    assert not found("label-unknown", feature("boats"), constraint("fast", FAST, allowed))
    assert found("label-unknown", feature("boats"), constraint("fast", FAST, labelled("desk")))


def test_two_ready_specs_of_one_area_are_told_once() -> None:
    other = {"What": "Members see who won which race.", "Rules": "- R1: A race has one winner."}
    boats, races = feature("boats", "\narea: boats"), feature("races", "\narea: boats", **other)
    [one] = found("overlap", boats, races)
    assert (one.path, "area boats" in one.message) == ("races.md", True)
    third = feature("crews", "\narea: boats", Rules="- R1: A crew has one cox.")
    assert len(found("overlap", boats, races, third)) == len(("races", "crews"))
    after = feature("races", "\narea: boats\ndepends-on: [boats]", **other)
    assert not found("overlap", boats, after)
    assert not found("overlap", boats, feature("races", "\narea: races", **other))
