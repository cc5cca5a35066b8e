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
    ],
)
def test_what_differs_is_told_apart(one: str, other: str) -> None:
    assert key(one) != key(other)


def test_what_narrows_a_claim_is_kept() -> None:
    [one] = claimed("A session lasts 30 minutes for guests.") or [None]
    assert one is None or one.about == {"guest"}


def test_refusing_more_is_allowing_less() -> None:
    [one] = claimed("Titles longer than 80 characters are refused.")
    assert (one.bound, one.value) == ("most", 80.0)
    [other] = claimed("Passwords shorter than 8 characters are refused.")
    assert (other.bound, other.value) == ("least", 8.0)
