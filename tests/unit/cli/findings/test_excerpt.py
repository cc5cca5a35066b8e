"""The mark stands under the words, whatever stands before them; the line fits and does nothing."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_findings import HOSTILE
from rich.cells import cell_len

from factory.cli.findings.excerpt import excerpt
from factory.cli.findings.source import extent


@pytest.mark.parametrize(
    ("line", "word", "shown", "blanks", "mark"),
    [
        ("- R1: The page is fast.", "fast", "- R1: The page is fast.", 18, 4),
        ("-\tR1: fast", "fast", "-   R1: fast", 8, 4),
        ("a\t\tfast", "fast", "a       fast", 8, 4),
        ("\tfast", "\t", "    fast", 0, 4),
        ("界界 fast", "fast", "界界 fast", 5, 4),
        ("fast 界界", "界界", "fast 界界", 5, 4),
        ("e\u0301e\u0301 fast", "fast", "e\u0301e\u0301 fast", 3, 4),
        ("👍 fast", "fast", "👍 fast", 3, 4),
        ("👨\u200d👩 fast", "fast", "👨👩 fast", 5, 4),
        ("❤\ufe0f fast", "fast", "❤ fast", 2, 4),
        ("a\u202eb fast", "fast", "a<U+202E>b fast", 11, 4),
        ("a\u202eb fast", "\u202e", "a<U+202E>b fast", 1, 8),
        ("a\u200db", "\u200d", "a<U+200D>b", 1, 8),
        ("a\x1b[31mfast", "fast", "a<U+001B>[31mfast", 13, 4),
        ("##[error] fast", "fast", "## [error] fast", 11, 4),
    ],
)
def test_the_mark_stands_under_the_words(line, word, shown, blanks, mark):
    got = excerpt(line, line.index(word) + 1, len(word), 80)
    assert (got.line, got.blanks, got.mark) == (shown, blanks, mark)


@pytest.mark.parametrize("column", [0, 1, 4, 5, 99])
def test_a_column_beyond_the_line_is_marked_behind_it(column):
    got = excerpt("abc", column, 1, 80)
    assert (got.line, got.mark) == ("abc", 1)
    assert got.blanks == min(max(column - 1, 0), 3)


def test_a_long_line_is_cut_on_both_sides_of_the_words():
    line = "x" * 500 + " fast " + "y" * 500
    got = excerpt(line, 502, 4, 60)
    assert got.line.startswith("...") and got.line.endswith("...")
    assert got.line[got.blanks : got.blanks + got.mark] == "fast"
    assert len(got.line) <= 60


def test_a_long_line_is_cut_behind_the_words_only_where_they_stand_early():
    got = excerpt("a fast " + "y" * 500, 3, 4, 60)
    assert got.line.startswith("a fast y") and got.line.endswith("...")
    assert (got.blanks, got.mark, len(got.line)) == (2, 4, 60)


def test_the_end_of_a_long_line_is_shown_to_its_end():
    got = excerpt("x" * 500 + " fast", 502, 4, 60)
    assert got.line.startswith("...x") and got.line.endswith(" fast")


@given(HOSTILE, st.integers(0, 100), st.integers(-1, 100), st.integers(20, 90))
def test_it_fits_the_room_and_holds_nothing_that_a_terminal_acts_on(line, column, length, room):
    got = excerpt(line * 3, column, length, room)
    assert cell_len(got.line) <= room
    assert got.blanks <= room and got.mark >= 1
    assert got.blanks + got.mark <= room + 1  # One behind the last character.
    assert "##[" not in got.line
    for char in got.line:
        assert unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Zl", "Zp"), hex(ord(char))


@given(
    st.text(st.sampled_from("ab\t界👍e\u0301 "), max_size=30),
    st.text(st.sampled_from("ab\t界👍 "), max_size=10),
)
def test_the_mark_begins_where_the_text_before_it_ends(before, after):
    """What stands before is expanded here in another way: as a terminal with tabs of 4 does it."""
    columns = 0
    for char in before:
        columns += 4 - columns % 4 if char == "\t" else cell_len(char)
    got = excerpt(f"{before}X{after}", len(before) + 1, 1, 1000)
    assert (got.blanks, got.mark) == (columns, 1)


@pytest.mark.parametrize(
    ("line", "column", "message", "length"),
    [
        ("The page is fast.", 13, '"fast" has no measure', 4),
        ("The page is fast.", 13, "no measure", 4),
        ("It is as soon as possible there", 7, "'as soon as possible' is open", 19),
        ("It is As Soon there", 7, "`as soon` is open", 7),
        ("It is as soon there", 1, "'as soon' is open", 2),
        ("within 200", 8, "200 has no unit", 3),
        ("- R1: x", 1, "no evaluation line covers R1", 1),
        ("(fast)", 2, "x", 4),
        ("...", 1, "x", 1),
        ("", 1, "x", 1),
        ("abc", 99, "x", 1),
    ],
)
def test_a_finding_ends_where_its_words_end(line, column, message, length):
    assert extent(line, column, message) == length
