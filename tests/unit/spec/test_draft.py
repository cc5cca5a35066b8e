"""A draft asks every question of its kind, and nothing else is open in it."""

import re
from pathlib import Path

import pytest

from factory import resources
from factory.spec.document import parse_spec
from factory.spec.draft import draft
from factory.spec.form import FORMS, KINDS
from factory.spec.gate import check_specs
from factory.spec.visible import without_comments

VALUES = {"id": "pay-a-bill", "title": "Pay: a bill", "product": "till", "owner": "@acme/till"}
every_kind = pytest.mark.parametrize("kind", KINDS)


def todo_lines(text: str) -> set[int]:
    return {n for n, line in enumerate(without_comments(text).split("\n"), 1) if "TODO" in line}


@every_kind
def test_each_section_has_guidance_an_example_and_a_question(tmp_path: Path, kind: str) -> None:
    text = draft(tmp_path, kind, VALUES).text
    template = (resources.folder("spec-templates") / f"{kind}.md").read_text("utf-8")
    sections = re.split(r"^## ", text, flags=re.MULTILINE)[1:]
    assert [one.split("\n")[0] for one in sections] == [one.name for one in FORMS[kind].sections]
    for section in sections:
        comment, answer = re.fullmatch(
            r"[^\n]+\n\n(<!--\n.*?\n-->)\n\n(.*)\n+", section, re.DOTALL
        ).groups()
        guidance, example = comment.split("\n\nExample:\n\n")
        assert guidance in template
        assert example.removesuffix("\n-->") in template
        assert "<!--" not in answer
        assert all("TODO" in line for line in answer.rstrip().split("\n"))


@every_kind
def test_only_what_is_to_be_answered_is_open(tmp_path: Path, kind: str) -> None:
    text = draft(tmp_path, kind, VALUES).text
    document = parse_spec(text, path="x.md")
    findings = check_specs([document])
    assert {one.rule for one in findings} == {"open-question"}
    assert {one.line for one in findings} == todo_lines(text)
    assert len(todo_lines(text)) >= len(FORMS[kind].sections)
    assert (
        document.meta.items() >= {**VALUES, "kind": kind, "status": "draft", "version": 1}.items()
    )


@every_kind
def test_no_name_of_the_example_stands_in_the_front_matter(tmp_path: Path, kind: str) -> None:
    text = draft(tmp_path, kind, VALUES).text
    front = text.split("\n---\n")[0]
    ours = (resources.folder("spec-templates") / f"{kind}.md").read_text("utf-8")
    assert "shortener" in ours.split("\n---\n")[0]
    assert "shortener" not in front and "@acme/till" in front


def test_what_nobody_knows_is_open_too(tmp_path: Path) -> None:
    text = draft(tmp_path, "feature", {"id": "pay-a-bill", "title": "Pay a bill"}).text
    assert "\nproduct: TODO # " in text and "\nowner: TODO # " in text


def team_draft(root: Path, kind: str, text: str, values: dict[str, str] = VALUES) -> str:
    (root / "spec-templates").mkdir(exist_ok=True)
    (root / "spec-templates" / f"{kind}.md").write_text(text, encoding="utf-8")
    made = draft(root, kind, values)
    assert made.template == root / "spec-templates" / f"{kind}.md"
    return made.text


def ours(kind: str) -> str:
    return (resources.folder("spec-templates") / f"{kind}.md").read_text("utf-8")


def test_a_team_s_template_is_taken_as_it_is_and_lacking_keys_are_added(tmp_path: Path) -> None:
    front = "# ours\nid: x # the name\nowner: '@acme/a'\nlabels: [a]\nversion: 7\n"
    body = "\n## Why\n\n<!-- the reason -->\n\nid: stays\n"
    named = {"id": "pay-a-bill", "title": "Pay: a bill"}
    assert team_draft(tmp_path, "feature", f"---\n{front}---\n{body}", named) == (
        "---\n# ours\nid: pay-a-bill # the name\nowner: '@acme/a'\nlabels: [a]\nversion: 1\n"
        'product: TODO\nstakes: normal\ntitle: "Pay: a bill"\nkind: feature\nstatus: draft\n'
        f"---\n{body}"
    )
    assert draft(tmp_path, "constraint", VALUES).template is None


def test_what_a_team_s_template_says_in_the_front_matter_stays(tmp_path: Path) -> None:
    front = "product: kiosk\nowner: '@acme/a'\nstakes: high\n"
    named = {"id": "pay-a-bill", "title": "Pay: a bill"}
    text = team_draft(tmp_path, "feature", f"---\n{front}---\n\n## Why\n", named)
    assert text.startswith(f"---\n{front}id: pay-a-bill\n")
    text = team_draft(tmp_path, "feature", "---\nowner:\nstakes:\n---\n\n## Why\n", named)
    assert text.startswith("---\nowner: TODO\nstakes: normal\n")


@every_kind
def test_a_copy_of_our_template_asks_as_ours_does(tmp_path: Path, kind: str) -> None:
    named = {"id": "pay-a-bill", "title": "Pay a bill"}
    for values in (VALUES, named):
        without_team = draft(tmp_path / "none", kind, values).text
        assert team_draft(tmp_path, kind, ours(kind), values) == without_team
        crlf = ours(kind).replace("\n", "\r\n")
        assert team_draft(tmp_path, kind, crlf, values) == without_team


def test_what_a_team_changed_of_our_template_stays_and_the_rest_is_asked(tmp_path: Path) -> None:
    changed = ours("feature").replace("## Edge cases", "## At the bounds (Edge cases)")
    changed = changed.replace("Anyone who can reach the service, in a browser", "Anyone, anywhere")
    privacy = "## Privacy\n\nWhich personal data it touches.\n"
    text = team_draft(tmp_path, "feature", f"{changed}\n{privacy}")
    expected = draft(tmp_path / "none", "feature", VALUES).text
    who = re.search(r"^## Who\n.*?(?=^## )", changed, re.DOTALL | re.MULTILINE)[0]
    expected = re.sub(r"(?ms)^## Who\n.*?(?=^## )", lambda _: who, expected)
    expected = expected.replace("## Edge cases", "## At the bounds (Edge cases)")
    assert text == f"{expected}\n{privacy}"
