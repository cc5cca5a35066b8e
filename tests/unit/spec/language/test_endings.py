"""Forms of one word are one; short words stay whole."""

import pytest

from factory.spec.language.endings import without_ending


@pytest.mark.parametrize(
    ("word", "left"),
    [
        *((form, "link") for form in ("link", "links", "linked", "linking")),
        ("closes", "clos"),
        ("uses", "use"),
        ("does", "doe"),
        ("used", "used"),
        ("ring", "ring"),
        ("bus", "bus"),
        ("beds", "bed"),
        ("", ""),
    ],
)
def test_what_is_left_of_a_word(word: str, left: str) -> None:
    assert without_ending(word) == left
