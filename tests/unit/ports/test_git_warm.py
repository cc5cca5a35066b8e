"""What is kept of a large repository: right or not used, never shared, and lost without harm."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from factory.errors import InputError
from factory.ports.git import command, remote, spares, tree, warm

WHO = {"author_name": "a", "author_email": "a@b.invalid", "timestamp": 1}
FILES = {
    "a.py": b"1\n",
    "b.py": b"2\n",
    "d/inner/c.py": b"3\n",
    "d/inner/e.py": b"4\n",
    "f": b"5\n",
    ".gitattributes": b"* text eol=crlf\n",
}


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch) -> Path:
    monkeypatch.setattr(spares, "SMALLEST", 3)
    monkeypatch.setenv("FACTORY_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def lay_out(tmp_path, bare):
    """Lay out a commit, and what is done beside the agent; the folder."""
    numbers = iter(range(100))

    def laid(commit: str, *, tended: bool = True) -> Path:
        out = tmp_path / f"out-{next(numbers)}"
        tend = warm.lay_out(
            str(bare), commit, repository=out / "product.git", folder=out / "tree", env={}
        )
        if tended:
            tend()
        assert seen(out / "tree") == written(bare, commit, out / "expected")
        assert tree.tree_id(out / "product.git", commit) == tree.tree_id(bare, commit)
        return out / "tree"

    return laid


def seen(folder: Path) -> dict[str, object]:
    """All below a folder: kind, mode, links, content."""
    found: dict[str, object] = {}
    for place, folders, files in os.walk(folder):
        for name in (*folders, *files):
            path = Path(place, name)
            status = path.lstat()
            content = os.readlink(path) if path.is_symlink() else b""
            if stat.S_ISREG(status.st_mode):
                content = (status.st_nlink, path.read_bytes())
            found[str(path.relative_to(folder))] = (status.st_mode, content)
    return found


def written(bare: Path, commit: str, folder: Path) -> dict[str, object]:
    tree.materialise(bare, commit, folder)
    return seen(folder)


def spare_of(cache: Path) -> list[Path]:
    return sorted(cache.glob("products/*/spare/*"))


def test_the_third_workspace_is_one_that_was_laid_aside(lay_out, bare, commit_files, cache) -> None:
    commit = commit_files(bare, FILES)
    lay_out(commit)
    assert len(list(cache.glob("products/*/mirror.git"))) == 1 and spare_of(cache) == []
    lay_out(commit)
    (spare,) = spare_of(cache)
    inode = spare.stat().st_ino
    assert lay_out(commit).stat().st_ino == inode
    (other,) = spare_of(cache)
    assert other != spare, "what was handed out does not come back"
    assert stat.S_IMODE(next(cache.glob("products/*")).stat().st_mode) == 0o700


def moved(run_git, bare: Path, tmp_path: Path, commit: str) -> str:
    """A commit on top in which each kind of change was made."""
    work = tmp_path / "work"
    run_git(tmp_path, "clone", "-q", str(bare), str(work))
    (work / "a.py").write_text("changed\n")
    (work / "b.py").unlink()
    (work / "b.py").mkdir()
    (work / "b.py" / "in-a-folder-that-was-a-file").write_text("x")
    run_git(work, "rm", "-rq", "d")
    (work / "d").symlink_to("b.py")
    (work / "f").unlink()
    (work / "f").symlink_to("a.py")
    (work / "run").write_text("#!/bin/sh\n")
    (work / "run").chmod(0o755)
    (work / ".gitattributes").chmod(0o755)
    run_git(work, "add", "-A")
    run_git(work, "commit", "-qm", "moved")
    run_git(work, "push", "-q", "origin", "HEAD:main")
    return run_git(bare, "rev-parse", "main")


def test_one_of_another_commit_is_brought_to_the_one_that_is_wanted(
    lay_out, bare, commit_files, run_git, tmp_path, cache
) -> None:
    before = commit_files(bare, FILES)
    after = moved(run_git, bare, tmp_path, before)
    lay_out(before)
    lay_out(before)
    for commit in (
        after,
        before,
    ):  # There and back: what is a link in one is a folder in the other.
        (spare,) = spare_of(cache)
        inode = spare.stat().st_ino
        assert lay_out(commit).stat().st_ino == inode


def test_what_must_not_be_written_out_is_refused_as_without_a_spare(
    lay_out, bare, commit_files, cache, tmp_path
) -> None:
    commit = commit_files(bare, FILES)
    lay_out(commit)
    lay_out(commit)
    blob = command.git("rev-parse", f"{commit}:a.py", repository=bare).decode().strip()
    rows = command.git("ls-tree", commit, repository=bare).decode()
    link = command.git("hash-object", "-w", "--stdin", repository=bare, stdin=b"../../outside")
    for more in (
        f"120000 blob {link.decode().strip()}\tleaves\n",
        f"160000 commit {commit}\tsubmodule\n",
        f"100644 blob {blob}\tgit~1\n",
        f"100644 blob {link.decode().strip()}\ta.py\n",
    ):
        made = command.git("mktree", "--missing", repository=bare, stdin=(rows + more).encode())
        hostile = tree.commit_tree(bare, made.decode().strip(), commit, "x", **WHO)
        command.git("update-ref", "refs/heads/hostile", hostile, repository=bare)
        with pytest.raises(InputError, match="cannot be written out safely"):
            lay_out(hostile)
    assert not list(tmp_path.rglob("outside"))


def test_two_at_once_get_different_trees(lay_out, bare, commit_files) -> None:
    commit = commit_files(bare, FILES)
    lay_out(commit)
    lay_out(commit)
    with ThreadPoolExecutor(4) as pool:
        folders = list(pool.map(lambda _: lay_out(commit), range(4)))
    files = {(folder / "a.py").stat().st_ino for folder in folders}
    assert len(files) == 4


KILLED = """
import os, signal, sys
from pathlib import Path
from factory.ports.git import materialise, spares, warm
spares.SMALLEST = 3
def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)
spares.write = die
url, commit, out = sys.argv[1:]
places = {"repository": Path(out, "product.git"), "folder": Path(out, "tree")}
warm.lay_out(url, commit, **places, env={})
"""


def test_a_tree_that_a_killed_process_was_changing_is_thrown_away(
    lay_out, bare, commit_files, run_git, tmp_path, cache
) -> None:
    before = commit_files(bare, FILES)
    after = moved(run_git, bare, tmp_path, before)
    lay_out(before)
    lay_out(before)
    root = Path(__file__).parents[3]
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(bare), after, str(tmp_path / "killed")],
        env={**os.environ, "PYTHONPATH": str(root)},
    )
    assert done.returncode == -signal.SIGKILL
    assert spare_of(cache) == [], "it was taken"
    (left,) = cache.glob("products/*/making/*/tree")
    assert not (left / "a.py").exists(), "and is neither of both"
    lay_out(after)
    assert not list(cache.glob("products/*/making/*")) and len(spare_of(cache)) == 1


@pytest.mark.parametrize("damage", ["pack", "objects", "lock", "config"])
def test_a_damaged_mirror_costs_time_and_nothing_else(
    lay_out, bare, commit_files, cache, damage
) -> None:
    lay_out(commit_files(bare, FILES))
    (mirror,) = cache.glob("products/*/mirror.git")
    if damage == "lock":
        (mirror / "shallow.lock").touch()
    elif damage == "config":
        (mirror / "config").write_text("[core\n")
    else:
        for path in (path for path in mirror.glob("objects/*/*") if path.is_file()):
            path.chmod(0o600)
            path.write_bytes(path.read_bytes()[: 40 if damage == "pack" else 0])
    commit = commit_files(bare, {**FILES, "new.py": b"new\n"})
    lay_out(commit)
    lay_out(commit)
    lay_out(commit)
    assert len(spare_of(cache)) == 1


def test_a_folder_that_others_may_write_to_is_not_used(lay_out, bare, commit_files, cache) -> None:
    commit = commit_files(bare, FILES)
    lay_out(commit)
    lay_out(commit)
    (spare,) = spare_of(cache)
    (spare / "a.py").write_text("of somebody else\n")
    spare.parents[1].chmod(0o777)
    lay_out(commit)
    assert spare_of(cache) == [spare]


def test_a_cache_that_cannot_be_looked_into_is_not_used(lay_out, bare, commit_files, cache) -> None:
    commit = commit_files(bare, FILES)
    cache.mkdir()
    (cache / "products").symlink_to("products")
    lay_out(commit, tended=False)
    (cache / "products").unlink()
    (cache / "products").write_text("a file")
    lay_out(commit, tended=False)


def test_a_spare_from_before_the_machine_started_is_not_used(
    lay_out, bare, commit_files, cache
) -> None:
    commit = commit_files(bare, FILES)
    lay_out(commit)
    lay_out(commit)
    (spare,) = spare_of(cache)
    (spare / "a.py").write_text("")  # What a disk may have lost.
    head, _, dice = spare.name.rpartition("-")
    spare.rename(spare.with_name(f"{head}-{'0' * 8}{dice[8:]}"))
    lay_out(commit)
    (other,) = spare_of(cache)
    assert (other / "a.py").read_bytes() == b"1\n"


def test_of_a_small_repository_nothing_is_kept(lay_out, bare, commit_files, cache) -> None:
    commit = commit_files(bare, {"a.py": b"1\n"})
    lay_out(commit)
    lay_out(commit)
    assert not cache.exists()


def test_what_is_written_to_a_borrower_does_not_reach_the_mirror(
    lay_out, bare, commit_files, cache, tmp_path
) -> None:
    commit = commit_files(bare, FILES)
    lay_out(commit)
    moved_on = commit_files(bare, {**FILES, "later.py": b"later\n"})
    assert warm.borrow(str(bare), commit, tmp_path / "held.git", {})
    (tmp_path / "agent").mkdir()
    (tmp_path / "agent" / "new.py").write_text("of an agent\n")
    new = tree.import_tree(tmp_path / "agent", tmp_path / "held.git")
    made = tree.commit_tree(tmp_path / "held.git", new, commit, "held", **WHO)
    ref = "refs/heads/factory/hold/x"
    tree.push(tmp_path / "held.git", str(bare), made, ref, expected=None, env={})
    assert remote.remote_head(str(bare), "factory/hold/x", {}) == made
    (mirror,) = cache.glob("products/*/mirror.git")
    assert not command.succeeds("cat-file", "-e", made, repository=mirror)
    assert moved_on != commit


def test_the_packs_of_a_mirror_are_put_together(
    lay_out, bare, commit_files, cache, monkeypatch
) -> None:
    monkeypatch.setattr(warm, "_LOOSE", 2)
    lay_out(commit_files(bare, FILES))
    lay_out(commit_files(bare, {**FILES, "new.py": b"new\n"}))
    (mirror,) = cache.glob("products/*/mirror.git")
    told = command.git("count-objects", "-v", repository=mirror).decode()
    assert "count: 0\n" in told and "packs: 1\n" in told


def test_what_nobody_builds_on_any_more_is_removed(lay_out, bare, commit_files, cache) -> None:
    commit = commit_files(bare, FILES)
    lay_out(commit)
    (place,) = cache.glob("products/*")
    old = place.with_name("0" * 24)
    old.mkdir(mode=0o700)
    (old / "lock").touch()
    os.utime(old / "lock", (0, 0))
    lay_out(commit)
    assert list(cache.glob("products/*")) == [place]
