"""Whatever stands in a file: a draft that can be read, with all that was said in it."""

import re
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from factory.errors import InputError
from factory.spec.document import front_matter_problems
from factory.spec.importing import Answers, Format, Imported, import_documents
from factory.spec.visible import without_comments
from tests.unit.spec.importing.reading import (
    FORM,
    NOTES,
    body,
    document,
    draft_of,
    statements,
    words,
)

FORMATS = st.sampled_from([None, "spec-kit", "openspec", "plain"])
NUMBERED_COMMENT = re.compile(r"<!-- [A-Z]{1,8}[A-Z0-9.-]* -->")

# Each marker with words of its own, so that what is lost has a name.
MARKERS = [
    "# {}\n",
    "## {}\n\n",
    "#### {}\n",
    "{}\n===\n",
    "## Requirements\n\n- {}\n",
    "### Edge Cases\n\n- {}?\n",
    "### Functional Requirements\n\n- **FR-001**: {}\n",
    "### Requirement: {}\n",
    "#### Scenario: {}\n",
    "- **WHEN** {}\n- **THEN** {}\n",
    "1. **Given** {}, **When** {}, **Then** {}\n",
    "### User Story 1 - {}\n\n",
    "As a {}, I want {}\n\n",
    "## Success Criteria\n\n* SC-001: {}\n",
    "## ADDED Requirements\n\n",
    "## REMOVED Requirements\n\n",
    "**Acceptance Scenarios**:\n\n",
    "{} {}\n{}\n\n",
    "- {}\n  - {}\n    1. {}\n",
    "- [ ] {}\n",
    "> {}\n> - {}\n\n",
    "```py\n{}\n```\n",
    "    {}\n\n",
    "| {} | {} |\n| --- | --- |\n| {} | {} |\n\n",
    "**{}** _{}_ `{}` [{}](/{})\n\n",
    "<div>\n{}\n</div>\n\n",
    "<!-- hidden -->\n\n",
    "\n---\n\n",
    "- {}\n\n  {}\n\n  ```\n  {}\n  ```\n",
]


@st.composite
def documents(draw: st.DrawFn) -> tuple[str, list[str]]:
    """Markdown from the markers, and the words in it."""
    said: list[str] = []

    def word() -> str:
        said.append(f"word{len(said)}")
        return said[-1]

    chosen = draw(st.lists(st.sampled_from(MARKERS), max_size=12))
    text = "".join(marker.format(*[word() for _ in range(marker.count("{}"))]) for marker in chosen)
    return text, said


def drafted(text: str, format: Format | None) -> Imported | None:
    """The draft of a text; None where it is refused, since it says nothing."""
    try:
        return draft_of(text, format=format)
    except InputError as error:
        assert error.message == "says nothing"
        return None


def is_in_our_form(draft: Imported) -> None:
    spec = document(draft)
    assert list(front_matter_problems(spec)) == []
    assert [one.name for one in spec.sections] in (FORM, [*FORM, NOTES])
    for token in MarkdownIt("commonmark").enable("table").parse(body(draft)):
        for one in [token, *(token.children or ())]:
            if one.type in ("html_inline", "html_block") and "<!" in one.content:
                assert NUMBERED_COMMENT.fullmatch(one.content), one.content


@given(documents(), FORMATS)
@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow])
@example(("# word0\n# word1\n## ADDED Requirements\n\n", ["word0", "word1"]), "openspec")
def test_no_word_of_a_document_is_lost(made: tuple[str, list[str]], format: Format | None) -> None:
    text, said = made
    draft = drafted(text, format)
    if draft is None:
        assert said == []
        return
    assert "hidden" not in draft.text
    # The heading of a table's first column goes where its cells become requirements.
    columns = set(re.findall(r"\| (word\d+) \| word\d+ \|\n\| ---", text))
    found = set(words(draft.text)) | columns
    assert [one for one in said if one not in found] == []
    is_in_our_form(draft)


@given(
    st.text(
        alphabet=st.sampled_from("ab z#*-_`~<>!|[]()\n\n 1.:&\\\t=/?\"'FR"),
        max_size=120,
    ),
    FORMATS,
)
@settings(max_examples=200)
@example("1\\1`1", None)
@example("1`1 `", None)
def test_any_text_makes_a_draft_that_says_all_of_it(text: str, format: Format | None) -> None:
    draft = drafted(text, format)
    shown = without_comments(text)
    if draft is None:
        assert not re.search(r"[a-z0-9]", "".join(statements(shown)))
        return
    is_in_our_form(draft)
    if re.search(r"^\s*---|\]:|<[!?]|\]\(|\]\[", shown, re.MULTILINE) or "\t" in text:
        return  # Front matter, definitions and declarations: others test them.
    # Escapes and code spans part words here and join them there.
    kept = set(re.findall(r"[a-z0-9]+", re.sub(r"[\\`]", "", draft.text.lower())))
    letters = re.sub(r"[^a-z0-9]", "", draft.text.lower())
    for statement in statements(shown):
        for one in re.findall(r"[a-z0-9]+", re.sub(r"[\\`]", "", statement.lower())):
            assert one in (letters if "`" in text or "\\" in text else kept), statement


@given(st.binary(max_size=200))
@settings(max_examples=100)
def test_any_bytes_are_answered(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.md"
        path.write_bytes(data)
        try:
            [draft], _ = import_documents([path], answers=Answers())
        except InputError as error:
            assert error.path == str(path)
            assert error.line is None or 1 <= error.line <= data.count(b"\n") + 1
        else:
            document(draft)
