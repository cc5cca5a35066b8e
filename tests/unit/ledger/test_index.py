"""The index is a copy: made from git, brought up to date, and never believed against its sums."""

from __future__ import annotations

import sqlite3
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from factory import ledger, money
from factory.errors import ProcessFailed, RecordError
from factory.ledger import facts
from factory.ledger.accounts import Accounts, Used
from factory.ledger.index_file import using
from factory.ledger.place import here
from factory.records import LedgerEntry
from tests.unit.ledger.made import ENTRY, bare_repository, commit_files, entry, git, run, unlinked


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    folder = bare_repository(tmp_path / "specs.git")
    append(folder, entry(event="reserved", reserved_usd=2.0), ENTRY)
    append(folder, run(7, event="judged", verdict="fail", spec_id="rate-limits"))
    return folder


def append(repository: Path, *entries: LedgerEntry) -> None:
    ledger.append_if(lambda _: entries, url=str(repository), env={})


def read(repository: Path) -> list[LedgerEntry]:
    return unlinked(ledger.read(url=str(repository), env={}))


def ask(repository: Path, question):
    heads = {"own": git("rev-parse", "factory/ledger", at=repository)}
    return using(here(repository), heads, question)


def index_of(repository: Path) -> Path:
    return repository / "factory" / "index-own.sqlite"


def everything(index) -> list:
    tables = ("entries", "runs", "days", "reserved", "specs", "pauses")
    return [index.connection.execute(f"SELECT * FROM {one}").fetchall() for one in tables]


def test_brought_up_to_date_it_is_as_made_anew(bare: Path) -> None:
    read(bare)
    append(bare, entry(event="released"), entry(event="judged", verdict="pass"))
    append(bare, entry(event="shipped", commit="a" * 40), run(8, event="parked", reason="tried"))
    grown = ask(bare, everything)
    index_of(bare).unlink()
    assert ask(bare, everything) == grown


def test_what_people_say_of_a_spec_is_known_and_is_no_event_of_its_run(bare: Path) -> None:
    about = {"spec_id": "rate-limits", "reason": "paused by @ann"}
    tried = run(7, event="parked", spec_id="rate-limits", reason="3 attempts failed")
    append(bare, tried, run(7, event="paused", at="2026-11-29T00:00:00Z", **about))
    assert ask(bare, facts.paused) == {"rate-limits": "paused by @ann"}
    (found,) = ask(bare, lambda index: facts.runs(index, spec="rate-limits"))
    assert (found.event, found.reason) == ("parked", "3 attempts failed")
    assert found.last_at < "2026-11-29"
    append(bare, run(7, event="resumed", **about))
    assert ask(bare, facts.paused) == {} and ask(bare, parked) == {}
    append(bare, run(7, event="paused", turn=2, **about))
    append(bare, run(8, event="planned", spec_id="rate-limits"))
    assert ask(bare, facts.paused) != {}, "another plan's claim is nobody's word"
    append(bare, run(9, event="planned", spec_id="rate-limits", reason="asked for again"))
    assert ask(bare, facts.paused) == {}


VERSIONS = [("rate-limits", 1), ("link-expiry", 1), ("unknown", 1)]


def parked(index):
    return facts.parked(index, VERSIONS)


def test_what_it_knows_of_money_and_specs(bare: Path) -> None:
    assert ask(bare, facts.set_aside) == (2.0, 1)
    assert ask(bare, lambda index: facts.spent(index, "2026-11-22").usd) == 0.75
    assert ask(bare, lambda index: facts.spent(index, "2026-11-23").usd) == 0
    tried = run(7, event="parked", spec_id="rate-limits", reason="3 attempts failed")
    append(bare, entry(event="released"), tried)
    assert ask(bare, facts.set_aside) == (0, 0)
    assert ask(bare, parked) == {("rate-limits", 1): "3 attempts failed"}
    append(bare, run(9, event="planned", spec_id="rate-limits"))
    assert ask(bare, parked) == {}, "taken up again"
    append(bare, run(9, event="shipped", spec_id="rate-limits", commit="b" * 40))
    assert ask(bare, lambda index: facts.shipped(index, VERSIONS)) == {("rate-limits", 1): "b" * 40}


def test_its_sums_are_those_that_the_budget_is_decided_by(bare: Path) -> None:
    """Days, midnight, turns, crashes: the index says what `Accounts` says."""
    cut_short = {"usd": 0.0, "reserved_usd": 3.0, "reserved_tokens": 90, "reserved_seconds": 1800.0}
    append(
        bare,
        run(1, event="reserved", at="2026-11-22T23:50:00Z", **cut_short),
        run(2, event="reserved", at="2026-11-22T12:00:00Z", **cut_short),
        run(3, event="reserved", at="2026-11-22T23:45:00Z", **cut_short),
        run(3, event="released", at="2026-11-24T08:00:00Z", usd=0.7, tokens=11),
        run(4, event="judged", at="2026-11-23T00:02:00Z", usd=0.1),
    )
    append(
        bare,
        run(1, event="released", at="2026-11-23T09:00:00Z", usd=1.25, tokens=40),
        run(1, event="reserved", at="2026-11-23T09:00:00Z", turn=2, **cut_short),
        run(5, event="released", at="2026-11-24T09:00:00Z", usd=0.0000000011),
    )
    accounts = Accounts(read(bare))
    for day in (date(2026, 11, number) for number in range(21, 26)):
        whole = accounts.day(day)
        spent = ask(bare, lambda index, day=day: facts.spent(index, f"{day}"))
        held, _ = ask(bare, lambda index, day=day: facts.set_aside(index, f"{day}"))
        assert money.charge(spent.usd) + money.charge(held) == whole.nano, day
    held, count = ask(bare, facts.set_aside)
    ever = ask(bare, facts.spent)
    assert (held, count) == (8.0, 3), "that of the fixture, of run 2, and the second turn of run 1"
    assert money.charge(ever.usd) + money.charge(held) == accounts.all.nano


def test_what_is_settled_late_begins_no_run_anew(bare: Path) -> None:
    append(bare, entry(event="parked", reason="tried", usd=0.0), entry(event="released", usd=0.5))
    (found,) = ask(bare, lambda index: facts.runs(index, run_id=ENTRY.run_id))
    assert (found.event, found.reason, found.usd) == ("parked", "tried", 1.0)
    assert ENTRY.run_id not in [one.run_id for one in ask(bare, lambda i: facts.open_runs(i, 9))]


def test_a_decision_may_ask_for_parts(bare: Path) -> None:
    append(bare, run(9, at="2026-11-23T08:00:00Z", usd=4.0, tokens=7))

    def decide(entries: ledger.Entries) -> list[LedgerEntry]:
        assert [one.event for one in entries.of_run(ENTRY.run_id)] == ["reserved", "built"]
        assert [one.run_id for one in entries.of_spec("rate-limits")] == [run(7).run_id]
        told = entries.counting(datetime(2026, 11, 23, 12, tzinfo=UTC))
        assert [one.run_id for one in told.entries] == [ENTRY.run_id, ENTRY.run_id, run(9).run_id]
        assert told.besides == Used(nano=250_000_000)
        assert len(entries) == 4 and entries[-1].usd == 4.0 and entries[:1] == list(entries)[:1]
        return [run(10)]

    assert len(ledger.append_if(decide, url=str(bare), env={})) == 1


def test_what_a_decision_raises_is_not_taken_for_damage(bare: Path) -> None:
    def decide(entries: ledger.Entries) -> list[LedgerEntry]:
        raise ValueError("mine")

    with pytest.raises(ValueError, match="mine"):
        ledger.append_if(decide, url=str(bare), env={})


def test_only_the_newest_run_of_a_spec_is_open(bare: Path) -> None:
    def open_runs() -> set[str]:
        return {one.run_id for one in ask(bare, lambda index: facts.open_runs(index, 9))}

    append(bare, run(9, event="planned"))  # Of the spec of ENTRY, and before it.
    assert open_runs() == {run(7).run_id, ENTRY.run_id}
    later = run(0x0123ABCE, event="planned")
    append(bare, later)
    assert open_runs() == {run(7).run_id, later.run_id}
    append(bare, run(0x0123ABCE, event="shipped", commit="a" * 40))
    assert open_runs() == {run(7).run_id}


def test_lost_or_torn_it_is_made_anew(bare: Path) -> None:
    found = read(bare)
    index = index_of(bare)
    for damage in (index.unlink, lambda: index.write_bytes(b"not a database" * 500), torn(index)):
        damage()
        assert read(bare) == found


def torn(index: Path):
    def damage() -> None:
        data = bytearray(index.read_bytes())
        data[4096 : len(data) // 2] = b"\xaa" * (len(data) // 2 - 4096)
        index.write_bytes(bytes(data))
        for name in ("-wal", "-shm"):
            index.with_name(index.name + name).unlink(missing_ok=True)

    return damage


@pytest.mark.parametrize(
    "words",
    [
        "UPDATE entries SET data = CAST(replace(CAST(data AS TEXT), '0.25', '0.01') AS BLOB)",
        "DELETE FROM entries WHERE seq = 3",
        "UPDATE runs SET nano = 0",
        "UPDATE days SET nano = 0",
        "UPDATE seal SET text = replace(text, '750000000', '1')",
        "DELETE FROM seal",
        "DROP TABLE days",
    ],
)
def test_what_was_written_to_it_by_others_is_not_believed(bare: Path, words: str) -> None:
    found = read(bare)
    connection = sqlite3.connect(index_of(bare))
    connection.execute(words)
    connection.commit()
    connection.close()
    assert read(bare) == found
    assert ask(bare, lambda index: facts.spent(index).usd) == 0.75


def test_of_another_shape_it_is_made_anew(bare: Path, monkeypatch) -> None:
    found = read(bare)
    monkeypatch.setattr("factory.ledger.seal.SHAPE", 99)
    assert read(bare) == found


def test_where_no_file_can_be_kept_it_is_made_in_memory(bare: Path) -> None:
    found = read(bare)
    index_of(bare).unlink()
    index_of(bare).mkdir()
    assert read(bare) == found


def test_one_that_another_process_writes_is_waited_for_and_not_removed(
    bare: Path, monkeypatch
) -> None:
    read(bare)
    monkeypatch.setattr("factory.ledger.index_file._WAIT_SECONDS", 0.1)
    other = sqlite3.connect(index_of(bare), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    ledger.append(run(1), url=str(bare), env={})
    with pytest.raises(ProcessFailed, match="another process"):
        read(bare)
    other.execute("COMMIT")
    other.close()
    assert len(read(bare)) == 4


def test_a_branch_that_was_put_back_is_refused_until_that_is_accepted(bare: Path) -> None:
    read(bare)
    before = git("rev-parse", "factory/ledger", at=bare)
    git("update-ref", "refs/heads/factory/ledger", f"{before}^", at=bare)
    for _ in range(2):  # It is not forgotten by the first look.
        with pytest.raises(RecordError, match="rewritten"):
            read(bare)
    with pytest.raises(RecordError, match="rewritten"):
        append(bare, run(3))
    git("update-ref", "refs/heads/factory/ledger", before, at=bare)
    assert len(read(bare)) == 3


def test_two_branches_of_a_clone_are_counted_once(bare: Path, tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    git("clone", "-q", str(bare), str(clone), at=tmp_path)
    git("branch", "-q", "factory/ledger", "origin/factory/ledger", at=clone)
    append(clone, run(1, usd=1.0))
    commit_files(bare, {"README": b"hello\n"})
    git("fetch", "-q", "origin", at=clone)
    heads = {
        "own": git("rev-parse", "factory/ledger", at=clone),
        "origin": git("rev-parse", "origin/factory/ledger", at=clone),
    }
    assert using(here(clone), heads, lambda index: facts.spent(index).usd) == 1.75
    assert using(here(clone), heads, lambda index: index.faults()) == []
    assert len(ledger.read_clone(clone)) == 4
