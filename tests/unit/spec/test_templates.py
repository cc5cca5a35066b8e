"""The templates are models of their kind: guidance under every heading, and nothing to find."""

import re
from pathlib import Path

import msgspec
import pytest

from factory import resources
from factory.spec.context import read_glossary
from factory.spec.document import parse_spec, read_spec
from factory.spec.form import FORMS, KINDS, form_in, read_template
from factory.spec.gate import check_specs
from factory.spec.visible import without_comments

every_kind = pytest.mark.parametrize("kind", KINDS)


def template(kind: str) -> Path:
    return resources.folder("spec-templates") / f"{kind}.md"


@every_kind
def test_a_template_passes_the_gate(kind: str) -> None:
    assert check_specs([read_spec(template(kind))]) == []


@every_kind
def test_a_template_without_its_comments_passes_the_gate(kind: str) -> None:
    bare = without_comments(template(kind).read_text("utf-8"))
    assert "<!--" not in bare
    document = parse_spec(bare, path=f"{kind}.md")
    assert check_specs([document]) == []
    assert all(section.has_text for section in document.sections)


@every_kind
def test_the_form_that_is_written_out_is_the_template_s(kind: str) -> None:
    form = form_in(read_template(template(kind)))
    assert [msgspec.structs.replace(one, texts=()) for one in form.sections] == list(
        FORMS[kind].sections
    )


@every_kind
def test_under_every_heading_stands_what_belongs_there_and_what_the_gate_asks_for(
    kind: str,
) -> None:
    sections = re.split(r"^## ", template(kind).read_text("utf-8"), flags=re.MULTILINE)[1:]
    assert len(sections) == len(FORMS[kind].sections)
    for section in sections:
        comment = re.match(r"[^\n]+\n\n<!--\n(.*?)\n-->\n\n", section, re.DOTALL)
        assert comment, section
        lines = comment[1].split("\n")
        assert any(line.startswith("The gate asks for ") for line in lines), section
        assert sum(line.startswith("Bad:  ") for line in lines) == 1, section
        assert sum(line.startswith("Good: ") for line in lines) == 1, section
        assert not lines[0].startswith(("The gate", "Bad", "Good")), section


LIBRARIES = [
    resources.folder("spec-templates"),
    *(
        path.parents[1]
        for path in resources.folder("examples").glob("*/specs/context/glossary.yml")
    ),
]


@pytest.mark.parametrize("root", LIBRARIES, ids=lambda root: "-".join(root.parts[-2:]))
def test_a_library_keeps_to_its_own_glossary(root: Path) -> None:
    glossary = read_glossary(root)
    assert glossary is not None and glossary.synonyms
    texts = {str(path): path.read_text("utf-8") for path in (root / "context").rglob("*.md")}
    texts |= {one.term: one.meaning for one in glossary.terms.values()}
    for name, text in texts.items():
        words = " ".join(without_comments(text).casefold().split())
        for synonym in glossary.synonyms:
            assert not re.search(rf"\b{re.escape(synonym)}\b", words), (name, synonym)
