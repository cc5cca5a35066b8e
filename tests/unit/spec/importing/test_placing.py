"""Where statements go, on small documents that each show one thing."""

import pytest

from factory.errors import InputError
from factory.spec.gate import check_specs
from factory.spec.importing import questions
from tests.unit.spec.importing.reading import NOTES, document, draft_of, section


@pytest.mark.parametrize("text", ["", " \n\n", "<!-- words -->\n", "---\n---\n", "#\n\n##\n"])
def test_a_document_that_says_nothing_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="says nothing") as caught:
        draft_of(text)
    assert caught.value.path and caught.value.path.endswith("source.md")


def test_a_title_alone_is_all_questions() -> None:
    draft = draft_of("# Links expire\n")
    assert draft.requirements == 0
    assert draft.open_questions == 9 + 2  # Nine in the sections; the product, the owner.
    assert section(draft, "Rules") == f"- R1: {questions.RULE}"
    assert section(draft, "Inputs").split("\n\n") == [
        questions.VALID_INPUTS,
        questions.INVALID_INPUTS,
    ]


def test_list_items_tables_and_paragraphs_that_oblige_are_rules() -> None:
    draft = draft_of(
        "# A thing\n\n## Requirements\n\nSome words first.\n\n1. one\n2. two\n\n"
        "It must be green.\n\n"
        "| ID | Rule | Priority |\n| --- | --- | --- |\n| FR-7 | seven | P1 |\n"
    )
    assert section(draft, "Rules") == (
        "Some words first.\n\n- R1: one\n- R2: two\n- R3: It must be green.\n"
        "- R4: seven (Priority: P1) <!-- FR-7 -->"
    )


def test_numbered_lists_are_rules_under_any_heading_and_in_any_language() -> None:
    draft = draft_of("# X 規格\n\n## 功能需求\n\n- **FR-001**: 系統必須\n- **FR-002**: 系統可以\n")
    assert section(draft, "Rules") == (
        "### 功能需求\n\n- R1: 系統必須 <!-- FR-001 -->\n- R2: 系統可以 <!-- FR-002 -->"
    )


def test_a_label_of_a_group_is_no_requirement() -> None:
    draft = draft_of("## Requirements\n\n- Upload\n  - FR-1: one\n  - FR-2: two\n")
    assert section(draft, "Rules") == ("Upload\n\n- R1: one <!-- FR-1 -->\n- R2: two <!-- FR-2 -->")


def test_what_is_nice_to_have_or_assumed_is_no_requirement() -> None:
    draft = draft_of(
        "## Requirements\n\n- one\n\n### Nice to have\n\n- two\n\n### Assumptions\n\n- three\n"
    )
    assert section(draft, "Rules") == "- R1: one"
    assert section(draft, NOTES) == "### Nice to have\n\n- two\n\n### Assumptions\n\n- three"


def test_back_from_a_group_the_heading_is_said_again() -> None:
    draft = draft_of(
        "## Requirements\n\n### Upload\n\n- one\n\n## Functional Requirements\n\n- two\n"
    )
    assert section(draft, "Rules") == (
        "### Upload\n\n- R1: one\n\n### Functional Requirements\n\n- R2: two"
    )


def test_edge_cases_without_an_answer_are_open() -> None:
    draft = draft_of(
        "## Edge cases\n\n- What if it rains?\n- What if it snows? It waits.\n\n"
        "| Case | Answer |\n| --- | --- |\n| hail | stop |\n| fog | |\n"
    )
    assert section(draft, "Edge cases").split("\n") == [
        "- E1: Open question: What if it rains?",
        "- E2: What if it snows? It waits.",
        "- E3: hail (Answer: stop)",
        "- E4: fog (Open question: Answer?)",
    ]


def test_open_questions_of_the_source_are_shown_to_the_gate() -> None:
    draft = draft_of("## Open Questions\n\n- [ ] Who pays?\n")
    assert section(draft, NOTES) == "### Open Questions\n\n- Open question: Who pays?"


def test_roles_go_to_who_with_their_heading() -> None:
    draft = draft_of("# T of it\n\n## Upload\n\nAs a clerk, I want to upload files.\n\nMore.\n")
    assert section(draft, "Who") == "### Upload\n\n- As a clerk, I want to upload files."
    assert section(draft, NOTES) == "### Upload\n\nMore."


def test_the_numbers_of_the_source_are_explained_where_they_are_mentioned() -> None:
    draft = draft_of("## Requirements\n\n- FR-1: one\n- FR-2: as FR-1\n- R3: three\n")
    assert section(draft, NOTES) == "### Numbers of the source\n\n- FR-1: R1"
    assert section(draft, "Rules").endswith("- R3: three")
    same = draft_of("## Requirements\n\n- R1: one\n- R2: as R1\n")
    assert NOTES not in same.text and "<!--" not in same.text


def test_criteria_under_a_requirement_cover_it() -> None:
    draft = draft_of(
        "### Requirement: One\nIt SHALL be.\n\n#### Acceptance Criteria\n\n"
        "- Given a, when b, then c\n\n#### Rationale\n\nMoney.\n"
    )
    assert draft.format == "openspec"
    [(_, ids, text)] = document(draft).coverage()
    assert (ids, text) == (("R1",), "Given a, when b, then c")
    assert section(draft, NOTES) == "### One\n\n#### Rationale\n\nMoney."


def test_a_requirement_that_only_its_heading_states() -> None:
    draft = draft_of("### Requirement: Formats\n- CSV\n- XLSX\n### Requirement: Nothing\n")
    assert section(draft, "Rules") == (
        f"### Formats\n\n- R1: Formats\n  - CSV\n  - XLSX\n\n### Nothing\n\n- R2: {questions.RULE}"
    )


def test_the_gate_asks_for_the_given_that_a_scenario_of_openspec_lacks() -> None:
    draft = draft_of(
        "## Purpose\n\nLinks expire.\n\n## Requirements\n\n### Requirement: Expiry\n\n"
        "The service SHALL answer 410 after 30 days.\n\n#### Scenario: Late\n\n"
        "- **WHEN** a link is 31 days old\n- **THEN** the answer is 410\n"
    )
    line = "- R1: Given Open question: what holds before, when a link is 31 days old, then"
    assert section(draft, "Evaluation").startswith(line)
    number = next(n for n, one in enumerate(draft.text.split("\n"), 1) if one.startswith(line))
    [found] = [one for one in check_specs([document(draft)]) if one.line == number]
    assert (found.rule, found.severity) == ("open-question", "error")


@pytest.mark.parametrize("kind", ["ADDED", "MODIFIED", "REMOVED", "RENAMED"])
@pytest.mark.parametrize("below", ["", "### Requirement: One\nIt SHALL be.\n", "- FROM: a\n"])
def test_what_a_heading_of_changes_adds_is_not_lost(kind: str, below: str) -> None:
    draft = draft_of(f"## {kind} Requirements of phase two\n{below}")
    assert "phase two" in draft.text.split("\n## What", 1)[1]


def test_a_forced_format_is_kept_to() -> None:
    text = "### Requirement: One\nIt SHALL be.\n#### Scenario: S\n- WHEN a\n- THEN b\n"
    assert draft_of(text).requirements == 1
    plain = draft_of(text, format="plain")
    assert (plain.format, plain.requirements) == ("plain", 0)
    assert "It SHALL be." in plain.text


def test_front_matter_is_kept_and_its_title_used() -> None:
    draft = draft_of('---\ntitle: "A: b #c"\nowner: me\n---\n\nText that says something.\n')
    assert document(draft).meta["title"] == "A: b #c"
    assert "```yaml\ntitle:" in section(draft, NOTES)


def test_a_rule_at_the_top_is_no_front_matter() -> None:
    draft = draft_of("---\n\nSome words.\n\n---\n\nMore words.\n")
    assert section(draft, "What") == "Some words.\n\nMore words."


def test_a_spec_of_ours_is_refused() -> None:
    ours = "---\nid: a-b\ntitle: T\nkind: feature\nstatus: draft\nstakes: low\n---\n\n## What\n"
    with pytest.raises(InputError, match="in our form already"):
        draft_of(ours)
