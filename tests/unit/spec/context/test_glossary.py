"""The glossary: read into terms and synonyms; what is wrong in it, with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from factory.errors import InputError
from factory.spec.context import check_context, read_glossary
from factory.spec.context.glossary import faults, parse_glossary, parse_source, spelling

TEXT = """terms:
  - term: link
    meaning: An alias with a URL
    synonyms: [short  link, URL]
  - {term: Alias, meaning: "The part\\nof a path."}
"""


def write(root: Path, text: str) -> Path:
    (root / "context").mkdir()
    (root / "context/glossary.yml").write_text(text, "utf-8")
    return root


def test_terms_and_synonyms_are_found_in_any_spelling(tmp_path: Path) -> None:
    glossary = read_glossary(write(tmp_path, TEXT))
    assert glossary is not None
    link = glossary.terms[spelling("LINK")]
    assert (link.term, link.meaning, link.synonyms) == (
        "link",
        "An alias with a URL",
        ("short  link", "URL"),
    )
    assert (link.line, link.column) == (2, 11)
    assert glossary.synonyms[spelling("Short\nLink")] == link == glossary.synonyms["url"]
    assert spelling("url") not in glossary.terms and spelling("alias") not in glossary.synonyms
    assert list(glossary.terms) == ["link", "alias"]
    assert spelling("read / Write") == spelling("read/write") != spelling("read write")
    assert spelling("e.V.") == spelling("E.v.") and spelling("Maß") != spelling("MASS")
    assert spelling("`a`") != spelling("`b`") and spelling("…") == "…"
    assert glossary.shown() == (
        "- link: An alias with a URL. Not called: short  link, URL.\n- Alias: The part of a path."
    )


def test_no_glossary_is_none_and_an_empty_one_has_no_terms(tmp_path: Path) -> None:
    assert read_glossary(tmp_path) is None
    glossary = read_glossary(write(tmp_path, "# nothing yet\n"))
    assert glossary is not None and glossary.terms == {} and glossary.shown() == ""


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("terms: link\n", (1, 8), "a list"),
        ("- link\n", (1, 1), "a mapping"),
        ("terms:\n  - link\n", (2, 5), "a mapping"),
        ("terms:\n  - term: link\n", (2, 5), "'meaning'"),
        ("terms:\n  - term: on\n    meaning: x\n", (2, 11), "a text"),
        ("terms:\n  - term: ' '\n    meaning: x\n", (2, 11), "the word"),
        ("terms:\n  - term: a\n    meaning: x\n    synonym: [b]\n", (4, 5), "`synonyms`"),
        ("terms:\n  - term: a\n    meaning: x\n    synonyms: b\n", (4, 15), "a list"),
        ("terms:\n  - {term: a, meaning: x}\n  - {term: A, meaning: y}\n", (3, 12), "line 2"),
        ("terms:\n- {term: a, meaning: x, synonyms: [b]}\n- {term: b, meaning: y}\n", (2, 36),
         "a term itself"),
        ("terms:\n- {term: a, meaning: x, synonyms: [c]}\n- {term: b, meaning: y, synonyms: [C]}\n",
         (3, 36), "for 'a'"),
        ("terms:\n  - {term: a, meaning: x, synonyms: [c, c]}\n", (2, 41), "already"),
        ("terms:\n  - {term: a, meaning: x, synonyms: [a]}\n", (2, 38), "a term itself"),
    ],
)  # fmt: skip
def test_faults_have_their_place(
    tmp_path: Path, text: str, place: tuple[int, int], words: str
) -> None:
    (one,) = check_context(write(tmp_path, text))
    assert (one.rule, one.severity) == ("context-glossary", "error")
    assert (one.line, one.column) == place
    assert words in one.message + one.mend
    with pytest.raises(InputError) as caught:
        read_glossary(tmp_path)
    assert (caught.value.line, caught.value.column) == place


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("terms: [\n", 1),
        ("terms: [", 1),
        ("terms: &a []\nmore: *a\n", 1),
        ("terms: []\nterms: []\n", 2),
        ("terms:\n\t- a\n", 2),
        ("[" * 1000, 1),
    ],
)
def test_what_is_no_yaml(tmp_path: Path, text: str, line: int) -> None:
    (one,) = check_context(write(tmp_path, text))
    assert (one.rule, one.line) == ("context-unreadable", line)


@pytest.mark.parametrize(
    ("entry", "column"),
    [
        ('{term: "a\\u202e", meaning: x}', 12),
        ('{term: "a\\nb", meaning: x}', 12),
        ('{term: a, meaning: "x\\e[31m"}', 24),
        ('{term: a, meaning: x, synonyms: ["b\\u200b"]}', 38),
    ],
)
def test_an_escape_does_not_hide_a_character(tmp_path: Path, entry: str, column: int) -> None:
    (one,) = check_context(write(tmp_path, f"terms:\n  - {entry}\n"))
    assert (one.rule, one.line, one.column) == ("hidden-character", 2, column)
    with pytest.raises(InputError, match="nobody sees"):
        read_glossary(tmp_path)


def test_a_meaning_may_have_several_lines() -> None:
    glossary = parse_glossary("terms:\n- term: a\n  meaning: |\n    one\n    two\n", path="x")
    assert glossary.shown() == "- a: one two."


def test_what_breaks_the_schema_hides_no_word_that_means_two_things() -> None:
    text = (
        "terms:\n- {term: a, meaning: x, synonyms: [b, c]}\n- {term: A}\n"
        "- {synonyms: [C, '', 4]}\n- {term: '', meaning: y, synonyms: d}\n- {term: ''}\n- e\n"
    )
    found = [(one.line, one.message) for one in faults(parse_source(text, path="x"))]
    assert {(3, "the term 'A' stands in line 2 already"),
            (4, "the synonym 'C' stands in line 2 already, for 'a'")} <= set(found)  # fmt: skip
    assert any(line == 3 and "'meaning'" in message for line, message in found)
    assert sum("stands in line" in message for _, message in found) == 2
    for odd in ("terms: 1\n", "- a\n", "terms: {a: b}\n", "a\n", "terms: [[a]]\n"):
        assert len(list(faults(parse_source(odd, path="x")))) >= 1
