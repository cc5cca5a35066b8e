"""The journal of an attempt: read back to its last good line, and never taken for another's."""

from __future__ import annotations

import os
import stat

import pytest

from factory.agents.checkpoint import JOURNAL, left, opened
from factory.agents.spent import Spent
from factory.errors import InputError

TREE = "a" * 40


def write(folder, key="key"):
    with opened(folder, key) as checkpoint:
        checkpoint.begin(TREE, Spent(5, 1))
        checkpoint.write("asked", nano=100, tokens=10)
        checkpoint.write("turn", nano=40, tokens=4, turn={"text": "é\ud800\n"})
        checkpoint.write("asked", nano=200, tokens=20)
        assert checkpoint.spent == Spent(240, 24)


def test_it_is_read_back_and_goes_on(tmp_path):
    write(tmp_path)
    with opened(tmp_path, "key") as checkpoint:
        assert checkpoint.resumed
        assert (checkpoint.base_tree, checkpoint.abandoned) == (TREE, Spent(5, 1))
        assert [line["line"] for line in checkpoint.lines] == ["asked", "turn", "asked"]
        assert checkpoint.lines[1]["turn"] == {"text": "é\ud800\n"}
        assert checkpoint.spent == Spent(240, 24), "a request without an end counts as it was held"
        checkpoint.write("lost", nano=150, tokens=15)
        assert checkpoint.spent == Spent(190, 19)
    with opened(tmp_path, "key") as checkpoint:
        assert checkpoint.spent == Spent(190, 19)
        assert len(checkpoint.lines) == 4


@pytest.mark.parametrize("cut", [1, 10, 40])
def test_a_last_line_that_was_cut_is_left_out_and_written_over(tmp_path, cut):
    write(tmp_path)
    journal = tmp_path / JOURNAL
    journal.write_bytes(journal.read_bytes()[:-cut])
    with opened(tmp_path, "key") as checkpoint:
        assert [line["line"] for line in checkpoint.lines] == ["asked", "turn"]
        checkpoint.write("asked", nano=300, tokens=30)
    with opened(tmp_path, "key") as checkpoint:
        assert checkpoint.resumed
        assert checkpoint.spent == Spent(340, 34)


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data.replace(b'"nano": 40', b'"nano": 41'),
        lambda data: data.replace(b'"asked", "nano": 200', b'"asked", "nano": 300'),
        lambda data: b"\n".join([*data.split(b"\n")[:2], *data.split(b"\n")[3:]]),
        lambda data: data + data.split(b"\n")[1] + b"\n",
        lambda data: data[:60] + b"\n" + data[60:],
        lambda data: data + b"no line at all\n",
        lambda data: b"\n" + data,
        lambda data: b"",
    ],
)
def test_a_damaged_journal_is_no_ground_to_go_on(tmp_path, damage):
    write(tmp_path)
    journal = tmp_path / JOURNAL
    changed = damage(journal.read_bytes())
    assert changed != journal.read_bytes()
    journal.write_bytes(changed)
    with opened(tmp_path, "key") as checkpoint:
        assert not checkpoint.resumed
        assert checkpoint.spent.nano in (0, 100, 40, 240)
    assert left(tmp_path, "key").damaged == bool(changed)


def test_another_attempt_s_journal_is_not_taken_over(tmp_path):
    write(tmp_path)
    with opened(tmp_path, "other") as checkpoint:
        assert not checkpoint.resumed
        assert checkpoint.spent == checkpoint.abandoned == Spent()


def test_one_that_failed_for_good_counts_its_spend_alone(tmp_path):
    write(tmp_path)
    with opened(tmp_path, "key") as checkpoint:
        checkpoint.write("void")
    with opened(tmp_path, "key") as checkpoint:
        assert not checkpoint.resumed
        assert checkpoint.spent == Spent(240, 24)
        checkpoint.begin(TREE, checkpoint.abandoned + checkpoint.spent)
        assert checkpoint.spent == Spent()
    with opened(tmp_path, "key") as checkpoint:
        assert (checkpoint.abandoned, checkpoint.spent) == (Spent(245, 25), Spent())


def test_looked_at_it_is_left_as_it_is(tmp_path):
    assert left(tmp_path, "key") is None
    write(tmp_path)
    journal = tmp_path / JOURNAL
    with journal.open("ab") as stream:
        stream.write(b"the piece of a line")
    before = journal.read_bytes()
    found = left(tmp_path, "key")
    assert (found.abandoned, found.spent, found.damaged) == (Spent(5, 1), Spent(240, 24), False)
    assert journal.read_bytes() == before
    assert left(tmp_path, "other").spent == Spent()


@pytest.mark.parametrize("cut", range(1, 80))
def test_the_piece_of_a_line_never_makes_it_cheaper(tmp_path, cut):
    """What was asked is in the journal before it is sent; what it came to, only afterwards."""
    with opened(tmp_path, "key") as checkpoint:
        checkpoint.begin(TREE)
        checkpoint.write("asked", nano=100, tokens=10)
        checkpoint.write("turn", nano=40, tokens=4, turn={"text": "a long text, " * 5})
    journal = tmp_path / JOURNAL
    journal.write_bytes(journal.read_bytes()[:-cut])
    assert left(tmp_path, "key").spent == Spent(100, 10)


def test_a_line_that_is_not_written_whole_is_an_error(tmp_path, monkeypatch):
    """As on a full disk: the request that it announces must not be sent."""
    with opened(tmp_path, "key") as checkpoint:
        checkpoint.begin(TREE)
        whole = os.write
        monkeypatch.setattr(os, "write", lambda stream, row: whole(stream, row[:7]))
        with pytest.raises(OSError, match="could not be written"):
            checkpoint.write("asked", nano=100, tokens=10)


def test_nobody_else_can_read_it_and_one_process_at_a_time_can_go_on(tmp_path):
    folder = tmp_path / "checkpoint"
    write(folder)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / JOURNAL).stat().st_mode) == 0o600
    with (
        opened(folder, "key"),
        pytest.raises(InputError, match="another process"),
        opened(folder, "key"),
    ):
        pass
