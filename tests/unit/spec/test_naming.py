"""Ids, titles and owners: what is taken, and what is suggested instead."""

import pytest

from factory.errors import UsageError
from factory.spec.naming import (
    known_ids,
    require_code_owner,
    require_id,
    require_line,
    suggested_id,
    title_of,
)


@pytest.mark.parametrize("text", ["ab", "shorten-url", "x1", "a" * 63])
def test_an_id_is_taken(text: str) -> None:
    assert require_id(text) == text


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        ("Shorten URL", "shorten-url"),
        ("../../.github/x", "github-x"),
        ("2 factor log-in!", "factor-log-in"),
        ("Zahlung prüfen", "zahlung-prufen"),
        ("x" * 70, "x" * 63),
        ("a\nb", "a-b"),
        ("", "shorten-url"),
        ("日本", "shorten-url"),
        ("-x", "shorten-url"),
    ],
)
def test_another_is_answered_with_one_made_of_its_words(text: str, suggestion: str) -> None:
    assert suggested_id(text) == suggestion
    assert require_id(suggestion)
    with pytest.raises(UsageError) as caught:
        require_id(text)
    assert suggestion in caught.value.mend


@pytest.mark.parametrize(
    "text", ["Pay", 'it\'s: a "bill" #1', "${{ x }} $(id) `id`", "می‌خواهم 👩‍💻"]
)
def test_a_title_is_taken(text: str) -> None:
    assert require_line("title", f" {text} ") == text


HIDING = ["a\nb c", "a\rb c", "a\x1b[2Jb", "a\u202eb c", "a\u2028b c", "a\0bc"]


@pytest.mark.parametrize("text", [*HIDING, "ab", "x" * 121, " "])
def test_a_title_that_hides_something_or_has_no_length_is_not(text: str) -> None:
    with pytest.raises(UsageError):
        require_line("title", text)


def test_the_words_of_an_id_are_a_title_that_is_taken() -> None:
    assert title_of("shorten-url") == "Shorten url"
    for text in ("ab", "a-", "a--", "a-b-c"):
        assert require_line("title", title_of(text))


@pytest.mark.parametrize("text", ["@acme/owners", "@jane", "@acme/a_team.x", "jane+x@acme.example"])
def test_a_code_owner_is_taken(text: str) -> None:
    assert require_code_owner(text) == text


@pytest.mark.parametrize(
    "text", ["Jane", "@", "@a @b", "@a\n* @b", "@a # b", "acme/owners", "@acme/", "a@b", "*", ""]
)
def test_what_could_own_more_or_nothing_is_not(text: str) -> None:
    with pytest.raises(UsageError):
        require_code_owner(text)


def test_an_id_that_no_spec_has_is_answered_with_those_there_are() -> None:
    ids = ["count-words", "shorten-url", "count-lines"]
    known = "known: count-lines, count-words, shorten-url"
    assert known_ids("nope", ids) == known
    assert known_ids("count-word", ids) == f"did you mean count-words? {known}"
    assert known_ids("nope", []) == "known: none"
    assert known_ids("nope", [f"a{n:02}" for n in range(23)]).endswith(", a18, a19 and 3 more")
