"""Two sentences that claim the same of the same, however they are put."""

import pytest

from factory.spec.language.claims import Claim, claims
from factory.spec.language.prose import sentences


def claimed(text: str) -> list[Claim]:
    return [one for sentence in sentences(text) for one in claims(sentence)]


def key(text: str) -> tuple[str, tuple[str, ...], str]:
    [one] = claimed(text)
    return one.bound, one.subject, one.dimension


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("An alias has at most 32 characters.", "Aliases are no longer than 20 characters."),
        ("A session ends after 30 minutes.", "Idle sessions expire after 60 minutes."),
        ("An upload holds up to 5 MB.", "Uploads larger than 8 MB are refused."),
        ("A password has at least 12 characters.", "Passwords of 8 characters or more work."),
        ("In every class, a pupil sees a grade within 5 s.", "A pupil sees a grade within 60 s."),
        ("A team has at most 5 members.", "Up to eight people can be in one team."),
        ("The export of the night takes up to 45 s.", "The nightly export ends within 3 s."),
        ("`title` is at most 80 characters long.", "`title` has up to 100 characters."),
        ("A name has at least 12 characters.", "The form takes a name with at least 8 characters."),
        ("Valid: a film of at most 5 MB.", "A film of more than 2 MB gets the text \"Too large.\""),
        ("A note of 9 characters or more shows “At most 8.”", "A note has at most 200 characters."),
        ("A guest cancels until 24 hours before it.", "A guest cancels at least 3 days before it."),
        ("A boat goes no later than 2 hours before it.", "A boat goes until 3 hours before it."),
    ],
)  # fmt: skip
def test_the_same_is_known_as_the_same(one: str, other: str) -> None:
    assert key(one) == key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("An image holds up to 5 MB.", "A video holds up to 500 MB."),
        ("A name has at least 3 characters.", "A name has at most 80 characters."),
        ("An answer arrives within 2 seconds.", "An export arrives within 60 seconds."),
        ("A reset link expires after 30 minutes.", "An invitation link expires after 7 days."),
        ("A name has at most 40 characters, and a note has at most 90 characters.", ""),
        (
            "A guest books until 24 hours before the night.",
            "A guest books at most 30 days before the night.",
        ),
        ("A film of more than 2 MB shows a bar.", "A film has at most 5 MB."),
    ],
)
def test_what_differs_is_told_apart(one: str, other: str) -> None:
    keys = [(claim.bound, claim.subject, claim.dimension) for claim in claimed(f"{one} {other}")]
    assert len(set(keys)) == len(keys)


def test_an_adjunct_behind_a_comma_is_no_subject() -> None:
    [one] = claimed("A row begins with a time, off by at most 1 second.")
    assert "row" in one.subject and "off" not in one.subject


def test_what_narrows_a_claim_is_kept() -> None:
    [one] = claimed("A session lasts 30 minutes for guests.") or [None]
    assert one is None or one.about == {"guest"}


def test_refusing_more_is_allowing_less() -> None:
    [one] = claimed("Titles longer than 80 characters are refused.")
    assert (one.bound, one.value) == ("most", 80.0)
    [other] = claimed("Passwords shorter than 8 characters are refused.")
    assert (other.bound, other.value) == ("least", 8.0)
