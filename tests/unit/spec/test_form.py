"""Forms: ours without reading a file, a team's own where they have one, and never a guess."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from factory.errors import InputError
from factory.spec.document import parse_spec
from factory.spec.form import (
    FORMS,
    KINDS,
    SECTIONS,
    Form,
    FormSection,
    form_in,
    meaning_of,
    read_template,
    team_templates,
)
from factory.spec.surroundings import read_surroundings

FRONT = "---\nid: a-spec\n---\n"


def team(root: Path, text: str, name: str = "feature.md") -> Path:
    folder = root / "spec-templates"
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return root


def forms_around(root: Path | None) -> Mapping[str, Form]:
    around, findings = read_surroundings(root)
    assert findings == []
    return around.forms


def read_templates(root: Path) -> None:
    for path in team_templates(root):
        form_in(read_template(path))


@pytest.mark.parametrize("with_root", [False, True])
def test_without_templates_of_a_team_the_forms_are_ours(tmp_path: Path, with_root: bool) -> None:
    forms = forms_around(tmp_path if with_root else None)
    assert forms == FORMS
    assert [section.name for section in forms["feature"].sections] == list(SECTIONS["feature"])
    assert all(section.required for form in forms.values() for section in form.sections)


def test_a_team_s_headings_are_what_it_requires_in_their_order(tmp_path: Path) -> None:
    text = (
        f"{FRONT}\n# A feature\n\n## Why\n\n<!-- say why -->\n\n## Notes\n<!-- Optional -->\n\n"
        "## Rollout\n\n<!-- how -->\n\n<!-- optional -->\n\nwords\n\n### Not a section\n\n"
        "```\n## Nor this\n```\n\n> ## Nor this\n\n<!--\n## Nor this\n-->\n\n"
        "Risks (rules)\n-----\n\ntext, then <!-- optional -->\n"
    )
    forms = forms_around(team(tmp_path, text))
    assert forms["feature"] == Form(
        "feature",
        (
            FormSection("Why"),
            FormSection("Notes", required=False),
            FormSection("Rollout", required=False, texts=("words", "Not a section", "## Nor this")),
            FormSection("Rules", heading="Risks (rules)", texts=("text, then",)),
        ),
    )
    assert {kind: forms[kind] for kind in KINDS if kind != "feature"} == {
        kind: FORMS[kind] for kind in KINDS if kind != "feature"
    }


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("## Why\n", 1, "front matter"),
        ("# Our feature\n\n## Why\n", 1, "a template begins with front matter"),
        (f"{FRONT}\n# Only a title\n", 3, "no `##` heading"),
        (f"{FRONT}\n<!--\n## Why\n-->\n", 3, "no `##` heading"),
        (f"{FRONT}\n## Why\n\n## Why\n", 7, "twice"),
        (f"{FRONT}\n## Evaluation\n\n## Acceptance (Evaluation)\n", 7, "'Evaluation' stands twice"),
        (f"{FRONT}\n##\n", 5, "without a name"),
        (f"{FRONT}\n## Why <!-- optional -->\n", 5, "comment stands in a heading"),
        ("---\nkind: constraint\n---\n\n## Why\n", 2, "of the kind 'constraint'"),
        ("---\nid: a\nid: b\n---\n\n## Why\n", 3, "twice"),
    ],
)
def test_a_template_that_asks_for_nothing_clear_is_refused_with_its_line(
    tmp_path: Path, text: str, line: int, words: str
) -> None:
    with pytest.raises(InputError) as caught:
        read_templates(team(tmp_path, text))
    assert words in caught.value.message
    assert caught.value.line == line
    assert caught.value.path == str(tmp_path / "spec-templates" / "feature.md")
    assert caught.value.mend


@pytest.mark.parametrize(
    ("heading", "name"),
    [
        ("Acceptance (Evaluation)", "Evaluation"),
        ("At the bounds (edge cases)", "Edge cases"),
        ("Rules", "Rules"),
        ("Acceptance", "Acceptance"),
        ("Acceptance (Abnahme)", "Acceptance (Abnahme)"),
        ("(Evaluation)", "(Evaluation)"),
        ("Evaluation (of others) today", "Evaluation (of others) today"),
    ],
)
def test_a_heading_says_in_brackets_which_section_of_ours_it_is(heading: str, name: str) -> None:
    assert meaning_of(heading) == name
    document = parse_spec(f"{FRONT}\n## {heading}\n\nwords\n", path="x.md")
    assert [one.name for one in document.sections] == [name]


def test_what_looks_like_a_template_is_never_passed_over(tmp_path: Path) -> None:
    team(tmp_path, "what this folder is for", "README.md")
    team(tmp_path, "an image, say", "picture.svg")
    (tmp_path / "spec-templates" / "skeletons").mkdir()
    assert forms_around(tmp_path) == FORMS
    with pytest.raises(InputError, match="no kind"):
        read_templates(team(tmp_path, f"{FRONT}\n## Why\n", "features.md"))


@pytest.mark.parametrize("target", ["elsewhere.md", "missing.md"])
def test_a_link_is_no_template(tmp_path: Path, target: str) -> None:
    (tmp_path / "elsewhere.md").write_text(f"{FRONT}\n## Why\n", encoding="utf-8")
    (tmp_path / "spec-templates").mkdir()
    (tmp_path / "spec-templates" / "feature.md").symlink_to(tmp_path / target)
    with pytest.raises(InputError, match="no plain file"):
        read_templates(tmp_path)


@pytest.mark.parametrize("kind", ["file", "link", "dangling"])
def test_a_folder_that_is_none_is_refused(tmp_path: Path, kind: str) -> None:
    place = tmp_path / "spec-templates"
    if kind == "file":
        place.write_text("text", encoding="utf-8")
    else:
        (tmp_path / "other").mkdir()
        place.symlink_to(tmp_path / ("other" if kind == "link" else "missing"))
    with pytest.raises(InputError, match="is no folder"):
        read_templates(tmp_path)


def test_bytes_that_are_no_text_are_refused_with_their_line(tmp_path: Path) -> None:
    team(tmp_path, "")
    (tmp_path / "spec-templates" / "feature.md").write_bytes(FRONT.encode() + b"\n## \xff\n")
    with pytest.raises(InputError, match="UTF-8") as caught:
        read_templates(tmp_path)
    assert caught.value.line == 5
