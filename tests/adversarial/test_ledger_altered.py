"""Somebody who may write to the specs repository alters the ledger: nothing is decided by it.

Each attack ends the same way: `read` and `append_if` refuse, `factory ledger verify` names what was
altered and exits with 1, `factory status` says so first. `append` still records what was spent.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from factory import ledger
from factory.errors import FactoryError, RecordError
from factory.ledger import events
from factory.ledger.chain import COUNT, LAST
from tests import forked
from tests.unit.ledger.made import bare_repository, commit_files, entry, git, old_form, run

Attack = Callable[[Path], None]
PATH = events.path(run(2))


@pytest.fixture
def specs(tmp_path: Path) -> Path:
    """A repository whose ledger has five runs, in a commit each; nobody has looked at it yet."""
    folder = bare_repository(tmp_path / "specs.git")
    for number in range(5):
        ledger.append(run(number, usd=1.0), url=str(folder), env={})
    return folder


def content(specs: Path, path: str) -> bytes:
    done = subprocess.run(
        ["git", "-C", str(specs), "cat-file", "blob", f"factory/ledger:{path}"],
        check=True,
        capture_output=True,
    )
    return done.stdout


def tree_of(specs: Path, lines: str) -> str:
    return git("mktree", "-z", at=specs, stdin=lines.encode())


def put_tree(specs: Path, tree: str, message: str = "by hand") -> None:
    commit = git("commit-tree", tree, "-p", "factory/ledger", "-m", message, at=specs)
    git("update-ref", "refs/heads/factory/ledger", commit, at=specs)


def add_to_index(specs: Path, mode: str, value: str, path: str) -> None:
    """Commit one odd entry of a tree on top of the ledger."""
    index = {**os.environ, "GIT_INDEX_FILE": str(specs / "odd-index")}
    for words in (
        ("read-tree", "factory/ledger"),
        ("update-index", "--add", "--cacheinfo", f"{mode},{value},{path}"),
    ):
        subprocess.run(["git", "-C", str(specs), *words], check=True, env=index)
    done = subprocess.run(
        ["git", "-C", str(specs), "write-tree"], check=True, env=index, capture_output=True
    )
    put_tree(specs, done.stdout.decode().strip())


def edits_an_entry(specs: Path) -> None:
    commit_files(specs, {PATH: content(specs, PATH).replace(b'"usd": 1.0', b'"usd": 0.1')})


def drops_an_entry(specs: Path) -> None:
    commit_files(specs, {PATH: None})


def drops_one_and_puts_it_back(specs: Path) -> None:
    before = content(specs, PATH)
    commit_files(specs, {PATH: None})
    commit_files(specs, {PATH: before})


def rewrites_history(specs: Path) -> None:
    """All commits anew, the third entry cheaper; messages and links as they were."""
    exported = subprocess.run(
        ["git", "-C", str(specs), "fast-export", "factory/ledger"], check=True, capture_output=True
    ).stdout
    at = exported.index(run(2).run_id.encode())
    cheaper = exported[:at] + exported[at:].replace(b'"usd": 1.0', b'"usd": 0.1', 1)
    assert cheaper != exported
    git("fast-import", "--quiet", "--force", at=specs, stdin=cheaper)


def rewrites_the_last_entry(specs: Path) -> None:
    before = git("rev-parse", "factory/ledger", at=specs)
    message = git("log", "-1", "--format=%B", before, at=specs)
    path = events.path(run(4))
    cheaper = content(specs, path).replace(b'"usd": 1.0', b'"usd": 0.1')
    git("update-ref", "refs/heads/factory/ledger", f"{before}^", at=specs)
    commit_files(specs, {path: cheaper}, message=message)


def forges_a_key_that_is_there(specs: Path) -> None:
    """The same run, event and attempt once more, at the path of the first ledgers, for nothing."""
    name, data = old_form(run(2, usd=0.0))
    commit_files(specs, {name: data})


def forges_an_entry_without_a_link(specs: Path) -> None:
    commit_files(specs, {events.path(run(9)): events.file_of(run(9))})


def forges_an_entry_that_follows_another(specs: Path) -> None:
    first = events.digest(content(specs, events.path(run(0))))
    forged = run(9, previous=first)
    commit_files(specs, {events.path(forged): events.file_of(forged)})


def names_a_file_oddly(specs: Path) -> None:
    commit_files(specs, {"events/\x1b[2J\n::error::x\u202e.json": b"{}"})


def adds_a_huge_entry(specs: Path) -> None:
    forged = msgspec.structs.replace(run(9), reason="x" * 5_000_000)
    text = (json.dumps(forged.to_data()) + "\n").encode()
    commit_files(specs, {events.path(forged): text})


def adds_a_deep_entry(specs: Path) -> None:
    commit_files(specs, {events.path(run(9)): b"[" * 100_000})


def puts_a_link_among_the_entries(specs: Path) -> None:
    target = git("hash-object", "-w", "--stdin", at=specs, stdin=b"/etc/passwd")
    add_to_index(specs, "120000", target, events.path(run(9)))


def puts_a_submodule_among_the_entries(specs: Path) -> None:
    add_to_index(specs, "160000", "1" * 40, events.path(run(9)))


def makes_the_folder_a_link(specs: Path) -> None:
    target = git("hash-object", "-w", "--stdin", at=specs, stdin=b"/etc")
    put_tree(specs, tree_of(specs, f"120000 blob {target}\tevents\0"))


def unfolds_a_bomb(specs: Path) -> None:
    """Six trees of a hundred names each: 1,000,000,000,000 files."""
    blob = git("hash-object", "-w", "--stdin", at=specs, stdin=b"{}")
    below = tree_of(specs, "".join(f"100644 blob {blob}\tf{n:02}.json\0" for n in range(100)))
    for _ in range(5):
        below = tree_of(specs, "".join(f"040000 tree {below}\td{n:02}\0" for n in range(100)))
    put_tree(specs, tree_of(specs, f"040000 tree {below}\tevents\0"))


def merges_another_history(specs: Path) -> None:
    head = git("rev-parse", "factory/ledger", at=specs)
    other = git("commit-tree", f"{head}^{{tree}}", "-m", "other", at=specs)
    both = git("commit-tree", f"{head}^{{tree}}", "-p", head, "-p", other, "-m", "merge", at=specs)
    git("update-ref", "refs/heads/factory/ledger", both, at=specs)


def says_another_count(specs: Path) -> None:
    last = events.digest(content(specs, events.path(run(4))))
    commit_files(specs, {"README": b"x"}, message=f"x\n\n{COUNT}: 1\n{LAST}: {last}\n")


ATTACKS: list[Attack] = [
    edits_an_entry,
    drops_an_entry,
    drops_one_and_puts_it_back,
    rewrites_history,
    rewrites_the_last_entry,
    forges_a_key_that_is_there,
    forges_an_entry_without_a_link,
    forges_an_entry_that_follows_another,
    names_a_file_oddly,
    adds_a_huge_entry,
    adds_a_deep_entry,
    puts_a_link_among_the_entries,
    puts_a_submodule_among_the_entries,
    makes_the_folder_a_link,
    unfolds_a_bomb,
    merges_another_history,
    says_another_count,
]


def factory(*words: str, at: Path) -> subprocess.CompletedProcess[str]:
    return forked.run(
        [sys.executable, "-m", "factory.cli", *words, "--specs", str(at)],
        capture_output=True,
        text=True,
        timeout=60,
    )


def refuses(specs: Path) -> None:
    def decide(entries):
        raise AssertionError("nothing may be decided by it")

    with pytest.raises(RecordError):
        ledger.read(url=str(specs), env={})
    with pytest.raises(RecordError):
        ledger.append_if(decide, url=str(specs), env={})


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda one: one.__name__)
def test_who_never_looked_before_finds_it(attack: Attack, specs: Path) -> None:
    attack(specs)
    refuses(specs)


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda one: one.__name__)
def test_who_looked_before_finds_it(attack: Attack, specs: Path) -> None:
    assert len(ledger.read(url=str(specs), env={})) == 5
    attack(specs)
    refuses(specs)
    refuses(specs)


@pytest.mark.parametrize(
    "attack", [edits_an_entry, rewrites_history, names_a_file_oddly, unfolds_a_bomb]
)
def test_verify_says_which_and_nothing_acts_on_a_terminal_or_a_runner(
    attack: Attack, specs: Path
) -> None:
    attack(specs)
    done = factory("ledger", "verify", at=specs)
    assert done.returncode in (1, 2), done.stderr
    told = done.stdout + done.stderr
    assert "put the branch back" in told
    assert "\x1b[2J" not in told and "\u202e" not in told
    assert not any(line.startswith("::") for line in told.splitlines())
    if attack in (edits_an_entry, rewrites_history):
        assert PATH in told


@pytest.mark.parametrize("attack", [edits_an_entry, drops_an_entry, rewrites_history])
def test_what_is_spent_is_recorded_all_the_same(attack: Attack, specs: Path) -> None:
    """And what was altered is found afterwards too."""
    attack(specs)
    assert ledger.append(run(7, usd=3.0), url=str(specs), env={}) is True
    refuses(specs)
    assert content(specs, events.path(run(7)))


@pytest.mark.parametrize("where", ["back", "gone", "other"])
def test_a_branch_that_was_moved_is_found_by_who_remembers(where: str, specs: Path) -> None:
    assert len(ledger.read(url=str(specs), env={})) == 5
    if where == "other":  # A ledger that is sound in itself.
        other = bare_repository(specs.with_name("other.git"))
        ledger.append(entry(), url=str(other), env={})
        git("fetch", "-q", str(other), "+factory/ledger:refs/heads/factory/ledger", at=specs)
    elif where == "back":
        git("update-ref", "refs/heads/factory/ledger", "refs/heads/factory/ledger~2", at=specs)
    else:
        git("update-ref", "-d", "refs/heads/factory/ledger", at=specs)
    refuses(specs)


def test_a_head_with_a_last_digest_that_is_none_breaks_no_later_entry(specs: Path) -> None:
    commit_files(specs, {"README": b"x"}, message=f"x\n\n{COUNT}: 99999999999999\n{LAST}: x y\n")
    assert ledger.append(run(7), url=str(specs), env={}) is True
    link = json.loads(content(specs, events.path(run(7))))["previous"]
    assert link == events.digest(content(specs, events.path(run(4))))


def test_put_back_to_the_named_commit_it_is_read_again(specs: Path) -> None:
    good = git("rev-parse", "factory/ledger", at=specs)
    edits_an_entry(specs)
    with pytest.raises(FactoryError) as caught:
        ledger.read(url=str(specs), env={})
    assert good in caught.value.mend
    git("update-ref", "refs/heads/factory/ledger", good, at=specs)
    assert len(ledger.read(url=str(specs), env={})) == 5
