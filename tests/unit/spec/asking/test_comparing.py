"""Two answers: what is the same in other words, and what is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factory.spec.asking.answers import Answer
from factory.spec.asking.comparing import SHARED_OF_SENTENCES, outcome, same

SAME = [
    ("302", "`302`"),
    ("302", "HTTP status 302."),
    ("410 Gone", "410"),
    ("302 with the URL in Location", "Redirect (302), `Location` header holds URL"),
    ("within 1,500 ms", "1.5 seconds"),
    ("1500", "1_500"),
    ("10 000 rows", "10,000 rows"),
    ("1-31536000", "1 to 31536000 inclusive"),
    ("1\u20135", "1 to 5"),
    ("5 MB inclusive", "Inclusive; 5MB"),
    ("at most 24 hours", "1 day at most"),
    ("one hour", "60 min"),
    ("two attempts", "2 attempts"),
    ("50%", "50 percent"),
    ("200", "200 ms"),
    ("422 invalid_expiry; no link is created", "status 422 `invalid_expiry`"),
    ("a, b and c", "c, b, a"),
    ('"gone"', "gone"),
    ("“gone”", '"Gone"'),
    ("The response", "an answer"),
    ("doesn't redirect", "does not redirect"),
    ('201 with `"expires_at": null`', "201, expires_at null"),
    ("links are deleted", "the link is deleted"),
    ("", ""),
]
OTHER = [
    ("302", "301"),
    ("3 attempts in 5 minutes", "3 attempts in 10 minutes"),
    ("200 ms", "200 s"),
    ("5 MB", "5 MiB"),
    ("5 MB inclusive", "5 MB exclusive"),
    ("400", "400 or 422"),
    ("the order is deleted", "the order is not deleted"),
    ("ascending by date", "descending by date"),
    ("oldest first", "newest first"),
    ("`invalid_expiry`", "`invalid_url`"),
    ("`a`", "`a` or `b`"),
    ("true", "false"),
    ("sent by email", "sent by SMS"),
    ("redirects", "deletes the link"),
    ("active", '"inactive"'),
    ("404", "an error page"),
    ("/links/a", "/links/b"),
    ("12:30", "12:45"),
    ("2024-01-01", "2024-01-02"),
    ("1.5", "15"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_other_words_are_the_same(one, other):
    assert same(one, other) and same(other, one)


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_another_number_literal_or_meaning_is_not(one, other):
    assert not same(one, other) and not same(other, one)


def test_a_condition_may_be_told_in_other_words():
    one, other = "POST /links with expires_in_seconds N", "a link is created with a lifetime"
    assert not same(one, other)
    one, other = "POST with `expires_in_seconds` N", "when `expires_in_seconds` is given"
    assert same(one, other, SHARED_OF_SENTENCES)


STATED = Answer(text="302", stated=True)
OPEN = Answer(text="301", stated=False)
NOT_HERE = Answer(text="does not apply", stated=True, applies=False)


@pytest.mark.parametrize(
    ("one", "other", "comes"),
    [
        (STATED, STATED, "same"),
        (STATED, Answer(text="301", stated=True), "differs"),
        (STATED, OPEN, "differs"),
        (OPEN, OPEN, "open"),
        (OPEN, Answer(text="", stated=False), "open"),
        (NOT_HERE, NOT_HERE, "same"),
        (NOT_HERE, OPEN, "same"),
        (NOT_HERE, STATED, "differs"),
    ],
)
def test_what_comes_of_two_answers(one, other, comes):
    assert outcome("outcome", one, other) == outcome("outcome", other, one) == comes


TEXT = st.text(
    st.one_of(st.sampled_from(list("0123456789.,-%$`\"' MBmsor")), st.characters(codec="utf-8")),
    max_size=60,
)


@given(TEXT, TEXT)
def test_it_never_fails_and_does_not_hang_on_the_order(one, other):
    assert same(one, one)
    assert same(one, other) == same(other, one)


@given(st.lists(st.sampled_from(["302", "`url`", "5 MB", "deleted", "never"]), min_size=1))
def test_order_case_and_white_space_make_no_difference(words):
    assert same(", ".join(words), "  ".join(reversed(words)).upper())
