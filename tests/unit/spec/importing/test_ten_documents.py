"""Ten documents as people write them: all that they say is in the draft, and nothing else."""

import re
from pathlib import Path

import pytest

from factory.spec.document import front_matter_problems
from factory.spec.importing import questions
from tests.unit.spec.importing.reading import (
    CASES,
    DOCUMENTS,
    FORM,
    NOTES,
    body,
    document,
    files,
    import_one,
    section,
    statements,
    words,
)

# Headings and labels that say no more than a heading of ours does.
SAID_BY_THE_FORM = {
    "user scenarios testing mandatory",
    "user scenarios testing",
    "acceptance scenarios",
    "acceptance criteria",
    "edge cases",
    "requirements mandatory",
    "requirements",
    "functional requirements",
    "measurable outcomes",
    "success criteria mandatory",
    "key entities include if feature involves data",
    "purpose",
    "overview",
    "constraints",
    "added requirements",
    "3 users",
    "4 requirements",
    "5 edge cases",
    "6 acceptance criteria",
    "case",  # The name of a table's first column, whose cells become the lines.
}
# What a source puts before the name of a thing, or around it.
AROUND = re.compile(
    r"^(feature specification:|requirement:|scenario:|change:|\d+\.|\[[ x]\])\s*"
    r"|\s+specification$",
    re.IGNORECASE,
)
NUMBER = re.compile(r"^((?:FR|SC|NFR|REQ-EXP)-\d+)\b\s*[:-]?\s*")
# "Status: Draft" and the like come one to a line, and so do steps in code.
FACTS = re.compile(
    r" (?=(?:Created|Erstellt|Status|Input|Migration): )|\n\s*(?=Given|When|Then|And)"
)
FORM_WORDS = set(
    words(
        " ".join([*FORM, NOTES])
        + " id title kind feature status draft version 1 product owner stakes normal"
        + " given when then and scenario numbers of the source front matter yaml "
        + " ".join(value for value in vars(questions).values() if isinstance(value, str))
        + " "
        + " ".join(one for asked in questions.MISSING.values() for one in asked)
    )
)


@pytest.fixture(params=DOCUMENTS, ids=lambda path: path.parent.name + "-" + path.name)
def path(request: pytest.FixtureRequest) -> Path:
    return request.param


def source_of(path: Path) -> str:
    texts = [one.read_text("utf-8") for one in files(path)]
    # What no reader of the page sees is left out on purpose.
    return "\n\n".join(re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL) for text in texts)


def test_there_are_ten() -> None:
    assert len(DOCUMENTS) == 10


def test_the_draft_is_a_spec_whose_front_matter_fits(path: Path) -> None:
    draft = import_one(path)
    spec = document(draft)
    assert list(front_matter_problems(spec)) == []
    assert (spec.meta["status"], spec.meta["version"]) == ("draft", 1)
    names = [one.name for one in spec.sections]
    assert names in (FORM, [*FORM, NOTES])
    assert draft.requirements > 0
    numbers = [one.id for one in spec.requirements()]
    assert len(numbers) == len(set(numbers)) >= draft.requirements


def test_every_statement_is_there_word_for_word(path: Path) -> None:
    shown = re.sub(r"\]\([^)]*\)", "]", import_one(path).text)
    said = f" {' '.join(words(shown))} "
    for statement in statements(source_of(path)):
        bare = AROUND.sub("", AROUND.sub("", statement))
        if " ".join(words(statement)) in SAID_BY_THE_FORM:
            continue
        number = NUMBER.match(bare)
        if number:
            assert f" {' '.join(words(number[1]))} " in said, statement
            bare = bare[number.end() :]
        for part in filter(words, FACTS.split(bare)):
            assert f" {' '.join(words(part))} " in said, statement


def test_no_word_is_invented(path: Path) -> None:
    names = " ".join(part for one in files(path) for part in one.parts)
    known = FORM_WORDS | set(words(source_of(path) + names))
    said = re.sub(r"\b[REC]\d+\b", "", import_one(path).text)
    assert [one for one in words(said) if one not in known] == []


def test_the_count_of_open_questions_is_what_stands_in_the_draft(path: Path) -> None:
    draft = import_one(path)
    marks = re.findall(
        r"Open question:|NEEDS CLARIFICATION|\b(?:TODO|TBD)\b|\?\?\?|todo-product", draft.text
    )
    assert draft.open_questions == len(marks) >= 5


@pytest.mark.parametrize("name", ["parcel-tracking", "pause-reminders"])
def test_drafts_that_were_read_by_a_person(name: str) -> None:
    [path] = [one for one in DOCUMENTS if name in str(one)]
    assert import_one(path).text == (CASES / "expected" / f"{name}.md").read_text("utf-8")


def test_a_scenario_covers_what_the_source_says_and_nothing_else() -> None:
    [path] = [one for one in DOCUMENTS if "parcel-tracking" in str(one)]
    lines = [text for _, ids, text in document(import_one(path)).coverage() if ids]
    assert lines == [
        "Given a customer who left a number, when the window moves from 10\u201312 to 14\u201316, "
        "then one text message with the new window is sent (FR-006)"
    ]
    [path] = [one for one in DOCUMENTS if "quiz" in str(one)]
    covered = [ids for _, ids, _ in document(import_one(path)).coverage()]
    assert covered == [("R1", "R2"), (), (), ()]


def test_a_number_that_stands_twice_in_the_source_is_attributed_to_neither() -> None:
    [path] = [one for one in DOCUMENTS if "invoice" in str(one)]
    assert all(not ids for _, ids, _ in document(import_one(path)).coverage())


def test_an_order_in_a_comment_does_not_survive_and_that_is_said() -> None:
    [path] = [one for one in DOCUMENTS if "session-timeout" in str(one)]
    draft = import_one(path)
    assert "environment variables" not in draft.text
    assert [(left.line, left.what) for _, left in draft.left_out] == [(49, "a comment")]


def test_what_nobody_sees_of_links_is_left_out_and_that_is_said() -> None:
    [path] = [one for one in DOCUMENTS if "quiz" in str(one)]
    draft = import_one(path)
    assert "do not share" not in draft.text and "Tom" not in draft.text
    assert "[accessibility](https://example.org/a11y)" in draft.text
    assert {left.what for _, left in draft.left_out} == {
        "the title of a link",
        "a comment",  # A definition that no link uses is one.
    }


def test_what_is_removed_is_no_requirement() -> None:
    [path] = [one for one in DOCUMENTS if "pause-reminders" in str(one)]
    draft = import_one(path)
    assert "Weekend digest" not in section(draft, "Rules")
    assert questions.REMOVED in section(draft, NOTES)
    assert questions.CHANGED in section(draft, "Rules")


def test_code_tables_and_nested_lists_survive() -> None:
    [path] = [one for one in DOCUMENTS if "csv-export" in str(one)]
    text = body(import_one(path))
    assert "  | `text` | `Kaffee \\| Büro` | a pipe is allowed |\n" in text
    assert '  ```csv\n  2026-04-30;-12,50;"Kaffee | Büro"\n  ```\n' in text
    assert "\n  - Windows-1252 MUST be selectable\n    - characters that it lacks" in text
