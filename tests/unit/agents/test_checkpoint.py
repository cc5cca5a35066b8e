"""The journal of an attempt: read back to its last good line, and never taken for another's."""

from __future__ import annotations

import stat

import pytest

from factory.agents.checkpoint import JOURNAL, opened
from factory.errors import InputError

TREE = "a" * 40


def write(folder, key="key"):
    with opened(folder, key) as checkpoint:
        checkpoint.begin(TREE, abandoned_nano=5)
        checkpoint.write("asked", nano=100)
        checkpoint.write("turn", nano=40, turn={"text": "é\ud800\n"})
        checkpoint.write("asked", nano=200)


def test_it_is_read_back_and_goes_on(tmp_path):
    write(tmp_path)
    with opened(tmp_path, "key") as checkpoint:
        assert checkpoint.resumed
        assert (checkpoint.base_tree, checkpoint.abandoned_nano) == (TREE, 5)
        assert [line["line"] for line in checkpoint.lines] == ["asked", "turn", "asked"]
        assert checkpoint.lines[1]["turn"] == {"text": "é\ud800\n"}
        assert checkpoint.spent_nano == 240, "a request under way counts as it was reserved"
        checkpoint.write("lost", nano=200)
    with opened(tmp_path, "key") as checkpoint:
        assert checkpoint.spent_nano == 240
        assert len(checkpoint.lines) == 4


@pytest.mark.parametrize("cut", [1, 10, 40])
def test_a_last_line_that_was_cut_is_left_out_and_written_over(tmp_path, cut):
    write(tmp_path)
    journal = tmp_path / JOURNAL
    journal.write_bytes(journal.read_bytes()[:-cut])
    with opened(tmp_path, "key") as checkpoint:
        assert [line["line"] for line in checkpoint.lines] == ["asked", "turn"]
        checkpoint.write("asked", nano=300)
    with opened(tmp_path, "key") as checkpoint:
        assert checkpoint.resumed
        assert checkpoint.spent_nano == 340


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
        assert checkpoint.spent_nano in (0, 100, 40, 240)


def test_another_attempt_s_journal_is_not_taken_over(tmp_path):
    write(tmp_path)
    with opened(tmp_path, "other") as checkpoint:
        assert not checkpoint.resumed
        assert checkpoint.spent_nano == checkpoint.abandoned_nano == 0


def test_one_that_failed_for_good_counts_its_spend_alone(tmp_path):
    write(tmp_path)
    with opened(tmp_path, "key") as checkpoint:
        checkpoint.write("void")
    with opened(tmp_path, "key") as checkpoint:
        assert not checkpoint.resumed
        assert checkpoint.spent_nano == 240
        checkpoint.begin(TREE, checkpoint.abandoned_nano + checkpoint.spent_nano)
    with opened(tmp_path, "key") as checkpoint:
        assert (checkpoint.abandoned_nano, checkpoint.spent_nano) == (245, 0)


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
