"""Snapshots of a workspace: what changed and nothing else is copied, and all of it comes back."""

from __future__ import annotations

import os
import shutil
import stat
from pathlib import Path

import pytest

from factory.agents.snapshot import Entry, NotKept, Snapshots
from factory.errors import InputError
from factory.ports.git import command
from factory.ports.git.tree import import_tree, materialise

WHO = {f"GIT_{kind}_{what}": "a@example.com" for kind in ("AUTHOR", "COMMITTER")
       for what in ("NAME", "EMAIL")}  # fmt: skip


@pytest.fixture
def base(tmp_path):
    """A repository with one commit, whose files are in tmp_path/work."""
    folder, repository = tmp_path / "source", tmp_path / "base.git"
    for name, text in {
        "keep": "keep",
        "src/a.py": "a = 1\n",
        "src/deep/b": "b",
        "run": "x",
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    (folder / "run").chmod(0o755)
    (folder / "link").symlink_to("src/a.py")
    command.git("init", "--quiet", "--bare", "--template=", str(repository))
    tree = import_tree(folder, repository)
    made = command.git("commit-tree", tree, "-m", "one", repository=repository, env=WHO)
    materialise(repository, made.decode().strip(), tmp_path / "work")
    return repository, made.decode().strip()


@pytest.fixture
def work(tmp_path, base):
    return tmp_path / "work"


@pytest.fixture
def snapshots(tmp_path, work):
    taken = Snapshots(work, tmp_path / "store")
    taken.begin()
    return taken


def seen(folder: Path) -> dict[str, tuple[object, ...]]:
    """All that a snapshot is to bring back."""
    found = {}
    for path in sorted(folder.rglob("*")):
        mode = stat.S_IMODE(path.lstat().st_mode)
        if path.is_symlink():
            found[str(path.relative_to(folder))] = ("link", str(path.readlink()))
        elif path.is_dir():
            found[str(path.relative_to(folder))] = ("folder", mode)
        else:
            found[str(path.relative_to(folder))] = ("file", mode, path.read_bytes())
    return found


def change(work: Path) -> None:
    """Every kind of change there is."""
    (work / "src/a.py").write_text("a = 2\n")  # As long as before.
    (work / "keep").unlink()
    (work / "keep").mkdir()
    (work / "keep/inner").write_text("was a file")
    shutil.rmtree(work / "src/deep")
    (work / "link").unlink()
    (work / "link").write_text("was a link")
    (work / "run").chmod(0o640)
    (work / "new").symlink_to("nowhere")
    (work / "empty").mkdir(mode=0o750)
    (work / ".git").mkdir()
    (work / ".git/config").write_text("[core]\n\tfsmonitor = touch /tmp/pwned\n")
    Path(os.fsdecode(bytes(work) + b"/odd\xff\nname")).write_bytes(b"\0\xff")


def test_nothing_changed_is_nothing_and_nothing_is_copied(snapshots, tmp_path):
    assert snapshots.take() == {}
    assert list((tmp_path / "store").iterdir()) == []


def test_each_change_is_told_once(snapshots, work, tmp_path):
    (work / "keep").write_text("KEEP")
    (work / "more").mkdir()
    (work / "run").unlink()
    told = snapshots.take()
    assert set(told) == {"keep", "more", "run"}
    assert told["run"] is None
    assert told["more"] == Entry("folder", 0o755)
    assert (tmp_path / "store" / told["keep"].identity).read_text() == "KEEP"
    assert len(list((tmp_path / "store").iterdir())) == 1
    snapshots.begin()  # Waits for the kernel's clock: a file just written may be told twice.
    assert snapshots.take() == {}


def test_a_change_that_hides_behind_the_old_size_and_time_is_seen(snapshots, work):
    before = (work / "keep").stat()
    (work / "keep").write_text("KEEP")
    os.utime(work / "keep", ns=(before.st_atime_ns, before.st_mtime_ns))
    assert set(snapshots.take()) == {"keep"}


def test_the_tree_of_any_step_comes_back_whatever_was_done_since(base, work, tmp_path):
    snapshots = Snapshots(work, tmp_path / "store")
    snapshots.begin()
    difference, trees = {}, [seen(work)]
    told = [dict(difference)]
    for step in (change, lambda work: (work / "src/a.py").unlink(), lambda work: change_back(work)):
        step(work)
        difference |= snapshots.take()
        trees.append(seen(work))
        told.append(dict(difference))
    for number in (1, 3, 0, 2):
        (work / "stray").mkdir(exist_ok=True)
        (work / "stray/file").write_text("half done")
        os.mkfifo(work / "stray/pipe")
        Snapshots(work, tmp_path / "store").put_back(*base, told[number])
        assert seen(work) == trees[number]


def change_back(work: Path) -> None:
    shutil.rmtree(work / "keep")
    (work / "keep").symlink_to("src")
    (work / "src/a.py").mkdir()
    (work / "src/a.py/b").write_text("deep")


def test_what_is_as_it_was_is_not_written_again(base, work, snapshots):
    before = (work / "src/a.py").stat().st_ino
    (work / "keep").write_text("other")
    snapshots.put_back(*base, {})
    assert (work / "keep").read_text() == "keep"
    assert (work / "src/a.py").stat().st_ino == before


def test_a_link_put_in_the_way_is_never_followed(base, work, snapshots, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret").write_text("secret")
    shutil.rmtree(work / "src")
    (work / "src").symlink_to(outside)
    told = snapshots.take()
    assert told["src"].kind == "link"
    assert not any("secret" in path for path in told)
    snapshots.put_back(*base, {})
    assert (outside / "secret").read_text() == "secret"
    assert [path.name for path in outside.iterdir()] == ["secret"]
    assert (work / "src/a.py").read_text() == "a = 1\n"


@pytest.mark.parametrize("bad", ["fifo", "large", "deep"])
def test_what_cannot_be_kept_is_said_and_the_snapshot_before_stays(bad, work, snapshots):
    (work / "good").write_text("good")
    if bad == "fifo":
        os.mkfifo(work / "bad")
    elif bad == "large":
        with (work / "bad").open("wb") as stream:
            stream.truncate(51 * 1024 * 1024)
    else:
        (work / "/".join(["bad"] * 70)).mkdir(parents=True)
    with pytest.raises(NotKept):
        snapshots.take()
    shutil.rmtree(work / "bad") if bad == "deep" else (work / "bad").unlink()
    assert "good" in snapshots.take()


def test_without_a_beginning_there_is_no_difference(work, tmp_path):
    with pytest.raises(NotKept):
        Snapshots(work, tmp_path / "store").take()


def test_a_damaged_copy_is_refused(base, work, snapshots, tmp_path):
    (work / "keep").write_text("KEEP")
    told = snapshots.take()
    (tmp_path / "store" / told["keep"].identity).write_text("KEPT")
    (work / "keep").unlink()
    with pytest.raises(InputError, match="damaged"):
        snapshots.put_back(*base, told)
