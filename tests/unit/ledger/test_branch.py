"""The ledger: appended once, in order, by many at a time, and never mistaken."""

from __future__ import annotations

import subprocess
from concurrent.futures import ThreadPoolExecutor

import msgspec
import pytest

from factory import ledger
from factory.errors import InputError, RecordError
from factory.records import LedgerEntry

ENTRY = LedgerEntry(
    at="2026-11-22T21:10:08Z",
    event="built",
    run_id="20261122t211008-0123abcd",
    attempt=1,
    spec_id="link-expiry",
    spec_version=1,
    spec_digest="sha256:" + "1" * 64,
    product="shortener",
    usd=0.25,
)


def git(*words, at):
    done = subprocess.run(["git", "-C", str(at), *words], check=True, capture_output=True)
    return done.stdout.decode().strip()


@pytest.fixture
def bare(tmp_path):
    folder = tmp_path / "specs.git"
    subprocess.run(["git", "init", "-q", "--bare", str(folder)], check=True)
    return folder


@pytest.fixture(params=["sha1", "sha256"])
def checkout(request, tmp_path):
    folder = tmp_path / "specs"
    kind = f"--object-format={request.param}"
    subprocess.run(["git", "init", "-q", "-b", "main", kind, str(folder)], check=True)
    (folder / "file").write_text("x")
    git("add", "-A", at=folder)
    git("-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "first", at=folder)
    return folder


def other(**changes):
    return msgspec.structs.replace(ENTRY, **changes)


def unlinked(entries):
    return [msgspec.structs.replace(one, previous=None) for one in entries]


def test_what_is_appended_is_read_in_order(bare):
    later = other(at="2026-12-01T00:00:00Z", event="judged", verdict="fail", leak_bits=9.2)
    assert ledger.read(url=str(bare), env={}) == []
    assert ledger.append(ENTRY, url=str(bare), env={}) is True
    assert ledger.append(later, url=str(bare), env={}) is True
    assert unlinked(ledger.read(url=str(bare), env={})) == [ENTRY, later]
    assert git("ls-tree", "-r", "--name-only", "factory/ledger", at=bare).splitlines() == [
        "events/2026-11/22/01/20261122t211008-0123abcd-built-1.json",
        "events/2026-11/22/01/20261122t211008-0123abcd-judged-1.json",
    ]


def test_the_same_event_again_changes_nothing(bare):
    assert ledger.append(ENTRY, url=f"file://{bare}", env={}) is True
    head = git("rev-parse", "factory/ledger", at=bare)
    again = other(at="2026-11-23T00:00:00Z", usd=9.0)
    assert ledger.append(again, url=f"file://{bare}", env={}) is False
    assert git("rev-parse", "factory/ledger", at=bare) == head
    assert ledger.append(other(attempt=11), url=str(bare), env={}) is True


def test_a_checkout_keeps_its_branch_and_its_files(checkout):
    assert ledger.append(ENTRY, url=str(checkout), env={}) is True
    assert ledger.append(other(event="held"), url=str(checkout), env={}) is True
    assert git("status", "--porcelain", "--branch", at=checkout) == "## main"
    assert len(ledger.read(url=str(checkout), env={})) == 2


def test_many_at_once_lose_nothing(bare):
    entries = [other(attempt=number) for number in range(1, 7)]
    with ThreadPoolExecutor(4) as pool:
        added = list(pool.map(lambda one: ledger.append(one, url=str(bare), env={}), entries))
    assert added == [True] * 6
    assert sorted(one.attempt for one in ledger.read(url=str(bare), env={})) == [1, 2, 3, 4, 5, 6]
    assert git("rev-list", "--merges", "factory/ledger", at=bare) == "", "a straight line"


def test_a_file_that_is_no_event_is_an_error_and_not_skipped(checkout):
    git("checkout", "-q", "--orphan", "factory/ledger", at=checkout)
    (checkout / "events").mkdir()
    (checkout / "events" / "x.json").write_text('{"record": "ledger-entry/9"}')
    git("add", "-A", at=checkout)
    git("-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "odd", at=checkout)
    with pytest.raises(RecordError, match=r"factory/ledger:events/x\.json"):
        ledger.read(url=str(checkout), env={})


@pytest.mark.parametrize("at", ["", "yesterday", "2026-11-22 21:10:08", "../../x"])
def test_a_time_in_another_form_is_refused(bare, at):
    with pytest.raises(InputError, match="time"):
        ledger.append(other(at=at), url=str(bare), env={})


def test_a_missing_repository_is_said(tmp_path):
    with pytest.raises(InputError):
        ledger.read(url=str(tmp_path / "nowhere"), env={})
