"""The estimate lies between the ratios that its docstring names, and below the bound."""

from __future__ import annotations

import pytest

from factory.agents.conversation import most_tokens
from factory.agents.estimate import likely_tokens


@pytest.mark.parametrize(
    ("text", "likely"), [("", (0, 0)), ("a", (1, 1)), ("word " * 7, (10, 14)), ("é" * 35, (10, 14))]
)
def test_from_and_to(text: str, likely: tuple[int, int]) -> None:
    assert likely_tokens(text) == likely
    assert likely[1] <= most_tokens(text)
