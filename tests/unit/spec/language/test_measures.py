"""Numbers with what they measure."""

import pytest

from factory.spec.language.measures import measures, singular
from factory.spec.language.prose import sentences


def measured(text: str) -> list[tuple[float, str]]:
    return [(one.value, one.dimension) for one in measures(next(sentences(text)))]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("within 200 ms", [(200.0, "time")]),
        ("after 2 minutes", [(120_000.0, "time")]),
        ("at most 5 MB", [(5e6, "bytes")]),
        ("1 to 64 characters", [(1.0, "character"), (64.0, "character")]),
        ("50, 100 or 150 percent", [(50.0, "percent"), (100.0, "percent"), (150.0, "percent")]),
        ("8 or more characters", [(8.0, "character")]),
        ("fewer than 3 or more than 20 letters", [(3.0, "letter"), (20.0, "letter")]),
        ("3 failed sign-in attempts", [(3.0, "attempt")]),
        ("costs €5", [(5.0, "money")]),
        ("two seconds", [(2000.0, "time")]),
        ("2,048 characters", [(2048.0, "character")]),
        ("within 200", [(200.0, "")]),
        ("within 200, and more", [(200.0, "")]),
        ("up to 60 gives codes", [(60.0, "")]),
        ("6 inches", [(6.0, "inch")]),
    ],
)
def test_a_number_is_read_with_its_unit(text: str, wanted: list[tuple[float, str]]) -> None:
    assert measured(text) == wanted


@pytest.mark.parametrize(
    ("many", "one"),
    [
        ("entries", "entry"),
        ("boxes", "box"),
        ("links", "link"),
        ("status", "status"),
        ("bus", "bus"),
    ],
)
def test_the_singular(many: str, one: str) -> None:
    assert singular(many) == one
