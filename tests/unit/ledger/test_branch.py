"""The ledger: appended once, in order, by many at a time, and never mistaken."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from factory import ledger
from factory.errors import InputError, RecordError
from factory.ledger import branch, events
from factory.ledger.desk import Desk
from factory.ledger.place import Mirror, at, here
from factory.ledger.verify import verify
from factory.records import LedgerEntry
from tests.unit.ledger.made import (
    ENTRY,
    bare_repository,
    commit_files,
    entry,
    git,
    old_form,
    run,
    unlinked,
)


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    return bare_repository(tmp_path / "specs.git")


@pytest.fixture(params=["here", "elsewhere"])
def ledger_of(request, bare: Path, tmp_path: Path, monkeypatch) -> Path:
    """A repository that is reached as one on this machine, and as one elsewhere."""
    if request.param == "elsewhere":
        mirror = tmp_path / "cache" / "ledger" / "x.git"
        place = Mirror(repository=mirror, folder=mirror / "factory", url=str(bare), env={})
        monkeypatch.setattr(branch, "at", lambda url, env: place)
    return bare


@pytest.fixture(params=["sha1", "sha256"])
def checkout(request, tmp_path: Path) -> Path:
    folder = tmp_path / "specs"
    kind = f"--object-format={request.param}"
    subprocess.run(["git", "init", "-q", "-b", "main", kind, str(folder)], check=True)
    (folder / "file").write_text("x")
    git("add", "-A", at=folder)
    git("commit", "-qm", "first", at=folder)
    return folder


def append(one: LedgerEntry, repository: Path) -> bool:
    return ledger.append(one, url=str(repository), env={})


def read(repository: Path) -> list[LedgerEntry]:
    return ledger.read(url=str(repository), env={})


def append_if(decide: Callable, repository: Path) -> list[LedgerEntry]:
    return ledger.append_if(decide, url=str(repository), env={})


def test_what_is_appended_is_read_in_order(ledger_of: Path) -> None:
    first = entry(event="judged", verdict="fail", leak_bits=9.2)
    later = entry(event="held", at="2026-11-22T21:10:07Z")
    assert read(ledger_of) == []
    assert append(first, ledger_of) is True
    assert append(later, ledger_of) is True
    found = read(ledger_of)
    assert unlinked(found) == [first, later], "as appended, whatever their clocks said"
    assert found[0].previous is None
    assert found[1].previous == events.digest(events.file_of(found[0]))
    names = git("ls-tree", "-r", "--name-only", "factory/ledger", at=ledger_of).splitlines()
    assert names == [
        "events/2026-11/22/01/20261122t211008-0123abcd-held-1.json",
        "events/2026-11/22/01/20261122t211008-0123abcd-judged-1.json",
    ]


def test_a_second_turn_of_an_attempt_is_an_entry_of_its_own(ledger_of: Path) -> None:
    first = entry(event="reserved", reserved_usd=5.0)
    turns = [first, *(entry(event="reserved", reserved_usd=4.0, turn=turn) for turn in (2, 11))]
    for one in turns:
        assert append(one, ledger_of) is True
        assert append(one, ledger_of) is False
    assert unlinked(read(ledger_of)) == turns
    assert not verify(ledger_of, "own", git("rev-parse", "factory/ledger", at=ledger_of)).faults
    names = [events.path(one).rpartition("-")[2] for one in turns]
    assert names == ["1.json", "2.json", "11.json"]


@pytest.mark.parametrize(("end", "good"), [("1-2", True), ("1-10", True), ("1", True),
                                           ("1-1", False), ("1-0", False), ("1-02", False),
                                           ("1-2-3", False), ("1-", False)])  # fmt: skip
def test_a_turn_has_one_name(end: str, good: bool) -> None:
    """A first turn is not told: else one entry would have two paths."""
    run_id = "20261122t211008-0123abcd"
    name = f"events/2026-11/22/01/{run_id}-reserved-{end}.json"
    assert events.key_in(name) == (f"{run_id}-reserved-{end}" if good else None)


def test_the_same_event_again_changes_nothing(ledger_of: Path) -> None:
    assert append(ENTRY, ledger_of) is True
    head = git("rev-parse", "factory/ledger", at=ledger_of)
    assert append(entry(at="2026-11-23T00:00:00Z", usd=9.0), ledger_of) is False
    assert git("rev-parse", "factory/ledger", at=ledger_of) == head
    assert append(entry(attempt=11), ledger_of) is True


def test_what_another_machine_appended_is_found(ledger_of: Path) -> None:
    """A mirror may be behind: then it pushes in vain, and does it again on what is there."""
    assert append(ENTRY, ledger_of) is True
    other = here(ledger_of)
    branch._swap(other, lambda _: [run(1)], fresh=True)
    assert append(run(1), ledger_of) is False
    assert append(run(2), ledger_of) is True
    assert unlinked(read(ledger_of)) == [ENTRY, run(1), run(2)]


def test_a_decision_is_appended_in_one_commit(ledger_of: Path) -> None:
    assert append(ENTRY, ledger_of) is True
    seen = []

    def decide(entries):
        seen.append(unlinked(entries))
        return [run(1), run(2), ENTRY]

    appended = append_if(decide, ledger_of)
    assert seen == [[ENTRY]]
    assert unlinked(appended) == [run(1), run(2)], "what is there already is not appended"
    assert read(ledger_of)[1:] == appended
    assert git("rev-list", "--count", "factory/ledger", at=ledger_of) == "2"
    assert append_if(lambda _: [], ledger_of) == []
    assert git("rev-list", "--count", "factory/ledger", at=ledger_of) == "2"


def test_a_decision_is_taken_anew_where_another_append_came_first(ledger_of: Path) -> None:
    """Two that race for the last place cannot both have it."""
    seen = []

    def decide(entries):
        seen.append(len(entries))
        if not seen[1:]:  # Another machine is faster; here, past our own lock.
            branch._swap(here(ledger_of), lambda _: [run(1)], fresh=True)
        return [run(2)] if not entries else []

    assert append_if(decide, ledger_of) == []
    assert seen == [0, 1]
    assert unlinked(read(ledger_of)) == [run(1)]


def test_what_a_decision_raises_passes_through_and_nothing_is_appended(ledger_of: Path) -> None:
    def decide(entries):
        raise KeyError("no money")

    with pytest.raises(KeyError, match="no money"):
        append_if(decide, ledger_of)
    assert read(ledger_of) == []
    assert append(ENTRY, ledger_of) is True, "the lock is free"


def test_a_checkout_keeps_its_branch_and_its_files(checkout: Path) -> None:
    assert append(ENTRY, checkout) is True
    assert append(entry(event="held"), checkout) is True
    assert git("status", "--porcelain", "--branch", at=checkout) == "## main"
    assert len(read(checkout)) == 2
    git("checkout", "-q", "factory/ledger", at=checkout)
    with pytest.raises(InputError, match="checked out"):
        append(entry(event="shipped"), checkout)


def test_a_work_tree_beside_it_has_the_same_ledger(checkout: Path, tmp_path: Path) -> None:
    git("worktree", "add", "-q", "--detach", str(tmp_path / "beside"), at=checkout)
    assert append(ENTRY, tmp_path / "beside") is True
    assert append(ENTRY, checkout) is False


def test_many_at_once_lose_nothing(ledger_of: Path) -> None:
    entries = [run(number) for number in range(12)]
    with ThreadPoolExecutor(6) as pool:
        added = list(pool.map(lambda one: append(one, ledger_of), entries))
    assert added == [True] * 12
    assert sorted(one.run_id for one in read(ledger_of)) == [one.run_id for one in entries]
    assert git("rev-list", "--merges", "factory/ledger", at=ledger_of) == "", "a straight line"
    head = git("rev-parse", "factory/ledger", at=ledger_of)
    assert verify(ledger_of, "own", head).faults == ()


def test_what_a_killed_process_left_on_the_desk_is_appended_by_the_next(bare: Path) -> None:
    """Its caller heard nothing: it appends again, and finds it there."""
    desk = Desk(at(str(bare), {}).folder)
    left = desk.leave(run(1))
    left.__enter__()  # and never left: as after SIGKILL
    half = desk.folder / "waiting" / ".00000000000000000001-999999999-aaaaaaaa"
    half.write_text("{")
    assert append(run(2), bare) is True
    assert unlinked(read(bare)) == [run(1), run(2)]
    assert append(run(1), bare) is False
    assert not half.exists()
    assert list((desk.folder / "waiting").iterdir()) == []


def test_the_lock_of_a_git_that_was_killed_is_removed_once_it_is_old(bare: Path) -> None:
    assert append(ENTRY, bare) is True
    lock = bare / "refs" / "heads" / "factory" / "ledger.lock"
    lock.touch()
    os.utime(lock, (time.time() - 60, time.time() - 60))
    assert append(run(1), bare) is True
    assert not lock.exists()


def test_a_fresh_lock_is_waited_for(bare: Path) -> None:
    assert append(ENTRY, bare) is True
    lock = bare / "refs" / "heads" / "factory" / "ledger.lock"
    lock.touch()
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(append, run(1), bare)
        time.sleep(0.3)
        assert not waiting.done()
        lock.unlink()
        assert waiting.result() is True


def test_a_mirror_that_was_half_made_is_made_anew(bare: Path, tmp_path: Path, monkeypatch) -> None:
    half = tmp_path / "x.git"
    (half / "factory").mkdir(parents=True)
    (half / "HEAD").write_text("ref: refs/heads/main\n")
    place = Mirror(repository=half, folder=half / "factory", url=str(bare), env={})
    monkeypatch.setattr(branch, "at", lambda url, env: place)
    assert append(ENTRY, bare) is True
    assert unlinked(read(bare)) == [ENTRY]


def test_a_mirror_has_no_more_history_than_it_needs(
    bare: Path, tmp_path: Path, monkeypatch
) -> None:
    """Links alone tell the order of what was there when it was made."""
    for number in (3, 1, 2):
        append(run(number), bare)
    folder = tmp_path / "x.git"
    place = Mirror(repository=folder, folder=folder / "factory", url=str(bare), env={})
    monkeypatch.setattr(branch, "at", lambda url, env: place)
    assert unlinked(read(bare)) == [run(3), run(1), run(2)]
    assert git("rev-list", "--count", "factory/ledger", at=folder) == "1"
    assert append(run(0), bare) is True
    assert unlinked(read(bare)) == [run(3), run(1), run(2), run(0)]
    assert verify(folder, "own", git("rev-parse", "factory/ledger", at=folder)).cut
    place.whole()
    told = verify(folder, "own", git("rev-parse", "factory/ledger", at=folder))
    assert (told.entries, told.cut, told.faults) == (4, False, ())


def test_decisions_and_appends_at_once_lose_nothing(ledger_of: Path) -> None:
    """Each decision counts what is there: with a lost update two would count the same."""

    def count(number: int) -> None:
        append_if(lambda entries: [run(100 + number, usd=float(len(entries)))], ledger_of)

    with ThreadPoolExecutor(6) as pool:
        jobs = [pool.submit(count, number) for number in range(4)]
        jobs += [pool.submit(append, run(number), ledger_of) for number in range(4)]
        for job in jobs:
            job.result()
    found = read(ledger_of)
    assert len(found) == 8
    decided = [(at, one.usd) for at, one in enumerate(found) if int(one.run_id[16:], 16) >= 100]
    assert decided == [(at, float(at)) for at, _ in decided]


def test_a_ledger_from_before_the_chain_is_gone_on_with(bare: Path) -> None:
    old = [ENTRY, entry(event="held", at="2026-11-22T21:11:00Z")]
    for one in old:
        name, data = old_form(one)
        head = commit_files(bare, {name: data}, message=f"{one.event} x")
    assert unlinked(read(bare)) == old
    assert append(ENTRY, bare) is False, "it is there, at its old path"
    assert git("rev-parse", "factory/ledger", at=bare) == head
    assert append(entry(event="judged"), bare) is True
    assert append(entry(event="shipped"), bare) is True
    found = read(bare)
    assert unlinked(found) == [*old, entry(event="judged"), entry(event="shipped")]
    assert found[2].previous == events.digest(old_form(old[1])[1])
    assert append(ENTRY, bare) is False
    told = verify(bare, "own", git("rev-parse", "factory/ledger", at=bare))
    assert (told.entries, told.unchained, told.faults) == (4, 2, ())


def test_a_file_that_is_no_event_is_an_error_and_not_skipped(checkout: Path) -> None:
    git("checkout", "-q", "--orphan", "factory/ledger", at=checkout)
    (checkout / "events").mkdir()
    (checkout / "events" / "x.json").write_text('{"record": "ledger-entry/9"}')
    git("add", "-A", at=checkout)
    git("commit", "-qm", "odd", at=checkout)
    with pytest.raises(RecordError, match=r"factory/ledger:events/x\.json"):
        read(checkout)


@pytest.mark.parametrize("at", ["", "yesterday", "2026-11-22 21:10:08", "../../x"])
def test_a_time_in_another_form_is_refused(bare: Path, at: str) -> None:
    with pytest.raises(InputError, match="time"):
        append(entry(at=at), bare)
    with pytest.raises(InputError, match="time"):
        append_if(lambda _: [entry(at=at)], bare)


@pytest.mark.parametrize(
    "number",
    [
        {"attempt": 10**9}, {"attempt": 2**63}, {"turn": 10**9}, {"tokens": 2**63},
        {"reserved_tokens": 2**63}, {"usd": 1e12}, {"reserved_usd": 1e300}, {"seconds": 1e300},
        {"reserved_seconds": 1e300}, {"leak_bits": 1e300},
    ],
)  # fmt: skip
def test_a_number_that_cannot_be_is_refused_and_the_ledger_stays_readable(bare, number) -> None:
    ledger.append(ENTRY, url=str(bare), env={})
    with pytest.raises(InputError, match="cannot be"):
        ledger.append(run(7, event="released", **number), url=str(bare), env={})
    with pytest.raises(InputError, match="cannot be"):
        ledger.append_if(lambda _: [run(7, **number)], url=str(bare), env={})
    ledger.append(run(8), url=str(bare), env={})
    assert len(ledger.read(url=str(bare), env={})) == 2


def test_an_entry_that_is_too_long_is_refused_and_others_are_not(bare: Path) -> None:
    with pytest.raises(InputError, match="bytes"):
        append(entry(reason="x" * events.LIMIT_BYTES), bare)
    assert append(ENTRY, bare) is True


def test_a_missing_repository_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        read(tmp_path / "nowhere")
    with pytest.raises(InputError):
        append(ENTRY, tmp_path)


def test_a_clone_has_its_own_and_what_it_fetched(bare: Path, tmp_path: Path) -> None:
    append(ENTRY, bare)
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", str(bare), str(clone)], check=True, capture_output=True)
    append(entry(event="held", at="2026-11-22T20:00:00Z"), clone)
    found = ledger.read_clone(clone)
    assert [one.event for one in found] == ["held", "built"], "two ledgers, by time"
    assert ledger.read_clone(bare) == read(bare)
