"""The line that tells what an agent does."""

from __future__ import annotations

import pytest

from factory.agents.narration import LINE_LIMIT, narrated


@pytest.mark.parametrize(
    ("say", "tools", "line"),
    [
        ("I look.", ["bash"], "step 3: I look. (1 call)"),
        ("", ["bash", "bash"], "step 3 (2 calls)"),
        ("one\n::error::two\r\n", [], "step 3: one ::error::two (0 calls)"),
        ("\x1b[2J##[error]x\u202e", [], "step 3: [2J## [error]x (0 calls)"),
    ],
)
def test_it_is_one_printable_line(say, tools, line):
    assert narrated(3, say, tools) == line


def test_it_is_short():
    assert len(narrated(3, "word " * 1000, [])) < LINE_LIMIT + 40
