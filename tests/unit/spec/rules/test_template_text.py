"""What a spec still says in the words of its team's template."""

from pathlib import Path

import pytest

from factory import resources
from factory.spec.document import parse_spec
from factory.spec.form import Form, form_in, read_template
from factory.spec.gate import check_specs
from factory.spec.rules.template_text import OURS
from factory.spec.surroundings import Surroundings
from tests.unit.spec.rules.one_sentence import spec_text

PRIVACY = "Name and day of each booking stay for one year, for the boatman alone.\n"


def form_of(root: Path, sections: dict[str, str]) -> Form:
    path = root / "feature.md"
    below = "".join(f"\n## {name}\n\n{text}\n" for name, text in sections.items())
    path.write_text(f"---\nkind: feature\n---\n{below}", "utf-8")
    return form_in(read_template(path))


def left(form: Form, section: str, text: str) -> list[tuple[str, str]]:
    """(severity, line) of what is found to be the template's in a good spec with this section."""
    whole = spec_text("feature", {section: text})
    document = parse_spec(whole, path="example.md")
    found = check_specs([document], Surroundings(forms={"feature": form}))
    lines = whole.split("\n")
    return [(one.severity, lines[one.line - 1]) for one in found if one.rule == "template-text"]


def test_a_section_that_says_only_what_the_template_says(tmp_path: Path) -> None:
    form = form_of(tmp_path, {"Privacy": f"<!-- asks -->\n\nWhich data   it\nkeeps.\n\n{PRIVACY}"})
    prompt = "Which data it keeps."
    assert left(form, "Privacy", f"{prompt}\n\n{PRIVACY}") == [("error", prompt)]
    remarked = f"{prompt} <!-- mine -->"
    assert left(form, "Privacy", f"{remarked}\n\n{PRIVACY}") == [("error", remarked)]
    assert left(form, "Privacy", prompt) == [("error", prompt)]
    assert left(form, "Privacy", f"{prompt}\n\nNone of anybody.") == [("warning", prompt)]
    assert left(form, "Privacy", "It keeps no data of anybody beyond the day.") == []
    assert left(form, "Outputs", prompt) == []


@pytest.mark.parametrize(
    ("section", "line"),
    [
        ("Rules", "- R2: A boat that is out has a red row in the list."),
        ("Evaluation", "- R1, E1: Given a boat, when a member opens the list, then it has a row."),
    ],
)
def test_a_line_with_a_number_that_is_the_template_s(
    tmp_path: Path, section: str, line: str
) -> None:
    shown = line.replace("R2", "R7").replace("R1, E1", "R3")
    form = form_of(tmp_path, {section: f"{shown}\n- R9: TODO"})
    own = "- R1: Given a boat off the water, when a member opens the list, then its row is grey."
    assert left(form, section, f"{own}\n{line}") == [("error", line)]
    assert left(form, section, own) == []


def test_what_leads_to_more_and_heads_of_tables_are_no_answers(tmp_path: Path) -> None:
    form = form_of(
        tmp_path, {"Outputs": "The list shows, for each day:\n\n| boat | hour |\n| --- | --- |\n"}
    )
    told = "The list shows, for each day:\n\n| boat | hour |\n| --- | --- |\n| Heron | 06:00 |"
    assert left(form, "Outputs", told) == []


def test_what_is_open_is_told_once(tmp_path: Path) -> None:
    form = form_of(tmp_path, {"Privacy": "TODO: which data it keeps", "Rules": "- R1: TODO"})
    assert left(form, "Privacy", "TODO: which data it keeps") == []
    assert left(form, "Rules", "- R1: TODO") == []


def test_words_that_each_spec_keeps_are_allowed_by_a_comment(tmp_path: Path) -> None:
    allowed = "<!-- gate: allow template-text: the same in each of our specs -->"
    form = form_of(tmp_path, {"Privacy": f"{allowed}\n\n{PRIVACY}"})
    assert left(form, "Privacy", f"{allowed}\n\n{PRIVACY}") == []
    assert left(form, "Privacy", PRIVACY) != []


def test_what_our_own_template_says_of_links_is_told_in_a_spec_of_boats() -> None:
    what = (
        "Members reserve a boat.\nThe link fits on a slide and can be read out over the telephone."
    )
    text = spec_text("feature", {"What": what})
    found = check_specs([parse_spec(text, path="example.md")])
    assert [one.rule for one in found] == ["template-text"]
    links = text.replace("title: Reserve a boat", "title: Links that fit on a slide")
    assert check_specs([parse_spec(links, path="example.md")]) == []


def test_what_our_own_template_asks_is_told_where_it_stands_as_an_answer() -> None:
    said = "What comes out, in its exact form: names, types, codes, what an error looks like."
    text = spec_text("feature", {"Outputs": f"A list of boats as JSON.\n\n{said}"})
    found = check_specs([parse_spec(text, path="example.md")])
    assert [one.rule for one in found] == ["template-text"]


def test_our_template_still_says_it() -> None:
    templates = sorted(resources.folder("spec-templates").glob("*.md"))
    bodies = " ".join(" ".join(one.read_text("utf-8").split()) for one in templates)
    assert [one for one in OURS if one not in bodies] == []
