"""Many objects from one process, the first-parent line, and what is refused on the way."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from factory.errors import InputError, ProcessFailed
from factory.ports.git import tree
from factory.ports.git.commits import NOBODY, parse_commit
from factory.ports.git.line import first_parent_line, is_shallow
from factory.ports.git.objects import in_work_tree, near_a_repository, objects


@pytest.fixture
def work(tmp_path: Path, run_git) -> Path:
    """A work tree with one commit of a/b.md, a/link, a/run and top."""
    folder = tmp_path / "work"
    (folder / "a").mkdir(parents=True)
    run_git(folder, "init", "-q", "-b", "main")
    (folder / "a" / "b.md").write_text("one")
    (folder / "a" / "link").symlink_to("b.md")
    (folder / "a" / "run").write_text("run")
    (folder / "a" / "run").chmod(0o755)
    (folder / "top").write_text("top")
    run_git(folder, "add", "-A")
    run_git(folder, "commit", "-qm", "one")
    return folder


def test_names_and_ids_of_every_kind(work: Path, run_git) -> None:
    head = run_git(work, "rev-parse", "HEAD")
    with objects(work / "a") as store:
        commit = store.read("HEAD^{commit}")
        assert commit and (commit.id, commit.kind) == (head, "commit")
        blob = store.read("HEAD:./b.md")
        assert blob and (blob.kind, blob.size, blob.data) == ("blob", 3, b"one")
        assert store.read("HEAD:./nothing") is None and store.read("0" * 40) is None
        assert store.read("HEAD:./b.md", limit_bytes=2).data is None
        assert store.read("HEAD:./b.md").data == b"one"  # What was too long did not shift answers.


def test_many_more_than_a_pipe_holds(bare: Path, run_git) -> None:
    blobs = [run_git(bare, "hash-object", "-w", "--stdin", stdin=b"%d" % n) for n in range(3)]
    big = run_git(bare, "hash-object", "-w", "--stdin", stdin=b"x" * 3_000_000)
    with objects(bare) as store:
        found = list(store.many([*blobs, "missing"] * 900 + [big, *blobs, big]))
        sizes = [1, 1, 1, None] * 900 + [3_000_000, 1, 1, 1, 3_000_000]
        assert [one and one.size for one in found] == sizes
        assert list(store.blobs([blobs[0], big], 10)) == [b"0", None]
        with pytest.raises(ProcessFailed, match="lacks"):
            list(store.blobs([blobs[0], "f" * 40], 10))


@pytest.mark.parametrize("name", ["", "a b", "a\nHEAD", "a\0", "x" * 301, "\x7f"])
def test_a_name_is_one_line(bare: Path, name: str) -> None:
    with objects(bare) as store, pytest.raises(InputError, match="not a name"):
        store.read(name)


def test_files_are_regular_and_relative(work: Path) -> None:
    with objects(work) as store:
        assert sorted(store.files("HEAD^{tree}")) == ["a/b.md", "a/run", "top"]
    with objects(work / "a") as store:
        assert sorted(store.files("HEAD:./")) == ["b.md", "run"]
        assert store.files("HEAD:./nowhere") == {}


def test_a_folder_that_is_lost_is_not_an_empty_one(work: Path, run_git) -> None:
    lost = run_git(work, "rev-parse", "HEAD:a")
    (work / ".git" / "objects" / lost[:2] / lost[2:]).unlink()
    with objects(work) as store, pytest.raises(ProcessFailed, match="lacks"):
        store.files("HEAD^{tree}")


def test_a_tree_that_unfolds_without_end_is_stopped(bare: Path, run_git) -> None:
    blob = run_git(bare, "hash-object", "-w", "--stdin", stdin=b"x")
    entry, kind = blob, "100644 blob"
    for _ in range(9):
        rows = "".join(f"{kind} {entry}\t{n}\n" for n in range(10)).encode()
        entry, kind = run_git(bare, "mktree", stdin=rows), "040000 tree"
    with objects(bare) as store, pytest.raises(InputError, match="more than"):
        store.files(entry)


def test_what_is_no_repository(tmp_path: Path, work: Path) -> None:
    assert not near_a_repository(tmp_path) and not in_work_tree(tmp_path)
    assert near_a_repository(work / "a") and in_work_tree(work / "a")
    assert not in_work_tree(work / ".git")
    with pytest.raises(ProcessFailed, match="ended"), objects(tmp_path) as store:
        store.read("HEAD")


def test_the_line_shows_a_merge_as_one_step(work: Path, run_git) -> None:
    first = run_git(work, "rev-parse", "HEAD")
    run_git(work, "checkout", "-q", "-b", "side")
    for text in ("two", "three"):
        (work / "a" / "b.md").write_text(text)
        run_git(work, "commit", "-qam", text)
    run_git(work, "mv", "a/b.md", "a/c\nd.md")
    run_git(work, "commit", "-qm", "moved")
    run_git(work, "checkout", "-q", "main")
    (work / "top").write_text("more")
    run_git(work, "commit", "-qam", "outside")
    run_git(work, "merge", "-q", "--no-ff", "-m", "merge", "side")
    head = run_git(work, "rev-parse", "HEAD")
    newest, oldest = first_parent_line(work / "a", head, 100)
    assert (newest.commit, oldest.commit) == (head, first)
    assert {(one.path, bool(one.old), bool(one.new)) for one in newest.changes} == {
        ("b.md", True, False),
        ("c\nd.md", False, True),
    }
    links = [one for one in oldest.changes if one.path == "link"]
    assert (links[0].old, links[0].new) == (None, None)
    assert [one.commit for one in first_parent_line(work / "a", head, 1)] == [head]
    with pytest.raises(ProcessFailed):
        list(first_parent_line(work, "f" * 40, 1))


def test_a_cut_history_says_so(work: Path, run_git, tmp_path: Path) -> None:
    assert not is_shallow(work)
    run_git(work, "commit", "-q", "--allow-empty", "-m", "two")
    run_git(tmp_path, "clone", "-q", "--depth=1", f"file://{work}", "cut")
    assert is_shallow(tmp_path / "cut")


def test_an_author_as_the_commit_says(work: Path, run_git) -> None:
    run_git(
        work, "commit", "-q", "--allow-empty", "-m", "A subject\nof two lines\n\nBody",
        GIT_AUTHOR_NAME="Zoë <x", GIT_AUTHOR_EMAIL="zoe@example.invalid",
        GIT_AUTHOR_DATE="2026-03-20T16:45:00-0330",
    )  # fmt: skip
    found = tree.read_commit(work, run_git(work, "rev-parse", "HEAD"))
    assert (found.author.name, found.author.email) == ("Zoë x", "zoe@example.invalid")
    assert found.author.at.isoformat() == "2026-03-20T16:45:00-03:30"
    assert found.author.at.utcoffset() == -timedelta(hours=3, minutes=30)
    assert found.subject == "A subject of two lines"


@pytest.mark.parametrize(
    "line",
    [b"author", b"author A <a> x +0000", b"author A <a> 1 +9999", b"author A 1 +0000",
     b"author A <a> 999999999999 +0000", b"committer A <a> 1 +0000"],
)  # fmt: skip
def test_an_author_in_another_form_is_nobody_or_out_of_time(line: bytes) -> None:
    found = parse_commit(b"tree " + b"0" * 40 + b"\n" + line + b"\n\nmessage")
    assert found.author.at == NOBODY.at and found.message == "message"
