"""The gate's rules, one broken at a time."""

import pytest

from factory import resources
from factory.spec.document import parse_spec
from factory.spec.gate import check_specs

FEATURE = (resources.folder("spec-templates") / "feature.md").read_text("utf-8")


def rules(text: str, *others: str) -> list[tuple[str, int]]:
    documents = [parse_spec(one, path=f"{n}.md") for n, one in enumerate((text, *others))]
    return [(one.rule, one.line) for one in check_specs(documents) if one.path == "0.md"]


def line_of(text: str, start: str) -> int:
    return next(n for n, line in enumerate(text.split("\n"), 1) if line.startswith(start))


def swapped(old: str, new: str) -> str:
    assert old in FEATURE
    return FEATURE.replace(old, new, 1)


@pytest.mark.parametrize(
    ("old", "new", "rule", "at"),
    [
        ("stakes: normal", "stakes: huge", "front-matter", "stakes:"),
        ("owner: ", "ownr: ", "front-matter", "ownr:"),
        ("version: 1", "version: one", "front-matter", "version:"),
        ("## Outputs", "## Output", "section-missing", "## Inputs"),
        ("- R2: `GET", "- `GET", "requirement-number", "- `GET"),
        ("- R2: `GET", "- R1: `GET", "requirement-twice", "- R1: `GET"),
        ("- E1: Given", "- E9: Given", "evaluation-unknown", "- E9: Given"),
        ("- E1: Given", "- Given", "evaluation-unnamed", "- Given"),
        ("- E1: `GET", "- E1:\n- E3: `GET", "requirement-empty", "- E1:"),
        ("depends-on: []", "depends-on: [nowhere]", "dependency", "depends-on"),
    ],
)
def test_a_broken_rule_is_found_on_its_line(old: str, new: str, rule: str, at: str) -> None:
    text = swapped(old, new)
    assert (rule, line_of(text, at)) in rules(text)


def test_a_section_that_says_nothing() -> None:
    start, end = FEATURE.index("## Who"), FEATURE.index("## Inputs")
    text = FEATURE[:start] + "## Who\n\n<!-- to do -->\n\n" + FEATURE[end:]
    assert ("section-empty", line_of(text, "## Who")) in rules(text)


def test_a_spec_that_depends_on_itself_is_told_so() -> None:
    text = swapped("depends-on: []", "depends-on: [shorten-url]")
    (one,) = check_specs([parse_spec(text, path="x.md")])
    assert (one.rule, one.line) == ("dependency", line_of(text, "depends-on"))
    assert one.message == "depends on 'shorten-url', which is this spec"
    assert one.mend == "take it out"


def test_circles_and_duplicate_ids() -> None:
    one = swapped("depends-on: []", "depends-on: [other-spec]")
    other = swapped("depends-on: []", "depends-on: [shorten-url]").replace(
        "id: shorten-url", "id: other-spec"
    )
    assert ("dependency", line_of(one, "depends-on")) in rules(one, other)
    documents = [parse_spec(FEATURE, path=f"{n}.md") for n in range(2)]
    assert [found.path for found in check_specs(documents)] == ["1.md"]


@pytest.mark.parametrize("rule", ["requirement-reused", "requirement-renumbered"])
def test_what_allows_a_change_of_versions_is_not_said_to_be_unused(rule: str) -> None:
    comment = f"<!-- gate: allow {rule}: the same rule in plainer words -->"
    start = "- R2: "
    assert start in FEATURE
    assert rules(FEATURE) == rules(FEATURE.replace(start, f"{comment}\n{start}", 1)) == []
