"""Which changes of a file are no change of its text."""

from __future__ import annotations

import pytest

from factory.spec.versions.texts import same_text
from tests.unit.plan.made import spec


@pytest.mark.parametrize(
    "keys",
    [{"priority": "urgent"}, {"area": "links"},
     {"priority": '"low"', "area": "'links'"}],
)  # fmt: skip
def test_when_it_is_built_is_no_part_of_a_text(keys) -> None:
    assert same_text(spec("aa"), spec("aa", **keys))
    assert same_text(spec("aa", **keys), spec("aa", **keys))


@pytest.mark.parametrize(
    "keys", [{"stakes": "high"}, {"labels": "[links]"}, {"priority": "urgent # for R3"}]
)
def test_all_else_is(keys) -> None:
    assert not same_text(spec("aa"), spec("aa", **keys))
