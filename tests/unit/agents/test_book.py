"""The book: what was asked for is in it before it is sent, whatever kills the process."""

from __future__ import annotations

import pytest

from factory.agents.book import Book, Spent, read_book
from factory.errors import AgentError


def test_a_request_without_an_end_counts_in_full(tmp_path):
    path = tmp_path / "spend.jsonl"
    assert read_book(path) is None
    book = Book(path)
    book.asked(100, 10)
    assert read_book(path) == Spent(100, 10)
    book.charged(30, 3)
    assert read_book(path) == Spent(30, 3)
    book.asked(50, 5)  # Killed here.
    again = Book(path)
    again.asked(20, 2)
    again.charged(1, 1)
    assert read_book(path) == Spent(30 + 50 + 1, 3 + 5 + 1)


@pytest.mark.parametrize("cut", range(1, 40))
def test_the_piece_of_a_line_never_makes_it_cheaper(tmp_path, cut):
    path = tmp_path / "spend.jsonl"
    book = Book(path)
    book.asked(100, 10)
    book.charged(30, 3)
    book.close()
    whole = path.read_bytes()
    path.write_bytes(whole[:-cut])
    assert read_book(path) == Spent(100, 10)
    more = Book(path)
    more.asked(7, 7)
    assert read_book(path) == Spent(107, 17)


@pytest.mark.parametrize("line", ["x", "[]", '{"line": "asked", "nano": -1, "tokens": 0}',
                                  '{"line": "asked", "nano": 1.5, "tokens": 0}',
                                  '{"line": "paid", "nano": 1, "tokens": 0}'])  # fmt: skip
def test_a_damaged_book_is_refused(tmp_path, line):
    path = tmp_path / "spend.jsonl"
    path.write_text(line + "\n")
    with pytest.raises(AgentError) as caught:
        read_book(path)
    assert caught.value.line == 1


def test_without_a_path_nothing_is_written():
    Book(None).asked(1, 1)
