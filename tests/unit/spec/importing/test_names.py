"""Ids, titles, headings and numbers: what they are taken for, and what not."""

import re

import pytest

from factory.spec.importing.headings import NOTES, meaning_of
from factory.spec.importing.naming import slug, spec_id, spec_title
from factory.spec.importing.origins import is_origin, mentions, split_origin


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("012-link-expiry", "link-expiry"),
        ("Skip a Week!", "skip-a-week"),
        ("Größenänderung für Straßen", "groszenanderung-fur-strassen".replace("sz", "ss")),
        ("Crème brûlée ☕", "creme-brulee"),
        ("Øl & smørrebrød", "ol-smorrebrod"),
        ("配達", ""),
        ("007", ""),
        ("--upload-pack=x", "upload-pack-x"),
        ("../../etc", "etc"),
        ("x", ""),
    ],
)
def test_ids_from_names(name: str, found: str) -> None:
    assert slug(name) == found


def test_an_id_is_valid_and_unique() -> None:
    long = spec_id(["word " * 40])
    assert re.fullmatch(r"[a-z][a-z0-9-]{1,62}", long)
    assert not long.endswith("-")
    assert spec_id(["", "配達"]) == "todo-id"
    assert spec_id(["a b"], taken={"a-b", "a-b-2"}) == "a-b-3"
    assert len(spec_id(["a" * 80], taken={"a" * 63})) == 63


def test_titles() -> None:
    assert spec_title(["", "ab", "A \\# title"]) == "A # title"
    assert spec_title([""]) == "TODO title"
    assert spec_title(["word " * 40]) == ("word " * 24).strip()


@pytest.mark.parametrize(
    ("title", "section", "says_more"),
    [
        ("Requirements (mandatory)", "Rules", False),
        ("3.2 Functional Requirements", "Rules", False),
        ("🎯 Goals", "What", True),
        ("Edge Cases:", "Edge cases", False),
        ("Non-Functional Requirements", "Constraints", True),
        ("Requirements (not agreed)", "Rules", True),
        ("Anforderungen", "Rules", False),
        ("Won\u2019t have", NOTES, True),
        ("User Scenarios & Testing", "", False),
    ],
)
def test_what_a_heading_means(title: str, section: str, says_more: bool) -> None:
    meaning = meaning_of(title)
    assert meaning is not None
    assert (meaning.section, meaning.says_more) == (section, says_more)


@pytest.mark.parametrize(
    "title", ["Requirements engineering", "Upload", "", "What the user sees", "Who pays?" * 40]
)
def test_what_is_not_plain_means_nothing(title: str) -> None:
    assert meaning_of(title) is None


@pytest.mark.parametrize(
    ("text", "number", "rest"),
    [
        ("FR-001: System MUST greet", "FR-001", "System MUST greet"),
        ("FR-001 - System MUST greet", "FR-001", "System MUST greet"),
        ("REQ-ENV-010: No keys", "REQ-ENV-010", "No keys"),
        ("R3. One", "R3", "One"),
        ("[FR-2] Two", "FR-2", "[FR-2] Two"),
        ("FR-001 (P1): Three", "FR-001", "FR-001 (P1): Three"),
        ("UTF-8: all of it", "", "UTF-8: all of it"),
        ("SHA-256: the digest", "", "SHA-256: the digest"),
        ("Four", "", "Four"),
    ],
)
def test_numbers_of_the_source(text: str, number: str, rest: str) -> None:
    assert split_origin(text) == (number, rest)


def test_numbers_within_a_text() -> None:
    assert list(mentions("see FR-001, SC-2 and FR-001; not XFR-3 or UTF-8")) == [
        "FR-001",
        "SC-2",
        "FR-001",
    ]
    assert is_origin("NFR-003") and not is_origin("NFR-003 and more")
