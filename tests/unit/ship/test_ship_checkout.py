"""The product's repository is a folder that somebody works in."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from factory.errors import InputError
from factory.hold import hold
from factory.ship import preflight, ship

FILES = {
    "app.py": "print('one')\n",
    "gone.py": "x\n",
    ".gitignore": "*.secret\nbuilt/\nfolder\n",
}


@pytest.fixture
def desk(tmp_path: Path, repositories):
    """A product whose `origin` is the person's own work tree."""
    product = repositories.ProductRepository(tmp_path / "product", files=dict(FILES))
    product.origin = product.desk
    return product


def held(desk, repositories, files=None):
    attempt, folder = desk.attempt()
    repositories.write(folder / "tree", files or {"app.py": "print('two')\n", "n/new.py": "1\n"})
    (folder / "tree" / "gone.py").unlink()
    return hold(
        attempt,
        record_folder=folder,
        out=desk.root / "held",
        clone_url=str(desk.desk),
        git_environment={},
    )


def send(desk, repositories, candidate):
    return ship(
        candidate,
        repositories.passed(candidate),
        out=desk.root / "shipped",
        clone_url=str(desk.desk),
        git_environment={},
        now="2026-11-22T22:00:00Z",
    )


def status(desk, repositories) -> str:
    return repositories.run_git(desk.desk, "status", "--porcelain", "--ignored")


def test_a_clean_work_tree_moves_along(desk, repositories) -> None:
    (desk.desk / "mine.secret").write_text("keep")
    assert preflight(str(desk.desk), "main", {}) == desk.base
    candidate = held(desk, repositories)
    send(desk, repositories, candidate)
    assert desk.head() == candidate.commit
    assert (desk.desk / "app.py").read_text() == "print('two')\n"
    assert (desk.desk / "n" / "new.py").exists()
    assert not (desk.desk / "gone.py").exists()
    assert status(desk, repositories) == "!! mine.secret"
    assert (desk.desk / "mine.secret").read_text() == "keep"


def _modified(desk, git) -> None:
    (desk.desk / "app.py").write_text("my work\n")


def _staged(desk, git) -> None:
    (desk.desk / "app.py").write_text("my work\n")
    git(desk.desk, "add", "app.py")


def _untracked(desk, git) -> None:
    (desk.desk / "idea.txt").write_text("my work\n")


def _deleted(desk, git) -> None:
    (desk.desk / "app.py").unlink()


def _merging(desk, git) -> None:
    git(desk.desk, "branch", "side")
    (desk.desk / ".git" / "MERGE_HEAD").write_text(desk.base + "\n")


@pytest.mark.parametrize("change", [_modified, _staged, _untracked, _deleted, _merging])
def test_a_dirty_work_tree_is_left_alone(desk, repositories, change) -> None:
    candidate = held(desk, repositories)
    change(desk, repositories.run_git)
    before = status(desk, repositories)
    with pytest.raises(InputError, match=r"uncommitted changes|under way") as caught:
        preflight(str(desk.desk), "main", {})
    assert caught.value.exit_code == 2
    with pytest.raises(InputError):
        send(desk, repositories, candidate)
    assert desk.head() == desk.base
    assert status(desk, repositories) == before


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        ("key.secret", "key.secret"),
        ("built/out.bin", "built"),
        ("folder", "folder/new.py"),
    ],
)
def test_an_ignored_file_is_never_overwritten(desk, repositories, mine, theirs) -> None:
    """git itself overwrites ignored files that are in the way."""
    repositories.write(desk.desk, {mine: "only copy"})
    preflight(str(desk.desk), "main", {})
    # A product's own .gitignore would leave it out of a candidate: make one by hand.
    candidate = held(desk, repositories)
    git = repositories.run_git
    blob = git(desk.desk, "rev-parse", f"{candidate.commit}:app.py")
    index = {"GIT_INDEX_FILE": str(desk.root / "index")}
    git(desk.desk, "read-tree", candidate.commit, **index)
    git(desk.desk, "update-index", "--add", "--cacheinfo", f"100644,{blob},{theirs}", **index)
    tree = git(desk.desk, "write-tree", **index)
    text = git(desk.desk, "log", "-1", "--format=%B", candidate.commit)
    commit = git(desk.desk, "commit-tree", tree, "-p", desk.base, "-m", text)
    git(desk.desk, "update-ref", f"refs/heads/{candidate.branch}", commit)
    doctored = msgspec.structs.replace(candidate, commit=commit, tree_id=tree)
    with pytest.raises(InputError, match="would overwrite files that git does not keep"):
        send(desk, repositories, doctored)
    assert desk.head() == desk.base
    assert (desk.desk / mine).read_text() == "only copy"


@pytest.mark.parametrize("mark", ["--assume-unchanged", "--skip-worktree"])
def test_a_change_hidden_from_git_is_never_overwritten(desk, repositories, mark) -> None:
    candidate = held(desk, repositories)
    repositories.run_git(desk.desk, "update-index", mark, "app.py")
    (desk.desk / "app.py").write_text("my own settings\n")
    with pytest.raises(InputError, match=r"overwrite.*app\.py"):
        send(desk, repositories, candidate)
    assert desk.head() == desk.base
    assert (desk.desk / "app.py").read_text() == "my own settings\n"


def test_another_branch_checked_out_is_not_touched(desk, repositories) -> None:
    candidate = held(desk, repositories)
    repositories.run_git(desk.desk, "checkout", "-q", "-b", "mine")
    (desk.desk / "app.py").write_text("my work\n")
    preflight(str(desk.desk), "main", {})
    send(desk, repositories, candidate)
    assert desk.head() == candidate.commit
    assert desk.head("mine") == desk.base
    assert (desk.desk / "app.py").read_text() == "my work\n"


def test_a_linked_work_tree_counts(desk, repositories) -> None:
    candidate = held(desk, repositories)
    git = repositories.run_git
    git(desk.desk, "checkout", "-q", "-b", "mine")
    linked = desk.root / "linked"
    git(desk.desk, "worktree", "add", "-q", str(linked), "main")
    (linked / "app.py").write_text("my work\n")
    with pytest.raises(InputError, match="uncommitted changes"):
        preflight(str(desk.desk), "main", {})
    git(linked, "checkout", "-q", "--", "app.py")
    send(desk, repositories, candidate)
    assert desk.head() == candidate.commit
    assert git(linked, "status", "--porcelain") == ""
    assert (linked / "n" / "new.py").exists()


def test_a_ship_killed_between_files_and_branch_is_finished(desk, repositories) -> None:
    candidate = held(desk, repositories)
    repositories.run_git(desk.desk, "read-tree", "-u", "-m", "HEAD", candidate.commit)
    assert status(desk, repositories) != ""
    assert preflight(str(desk.desk), "main", {}) == desk.base
    send(desk, repositories, candidate)
    assert desk.head() == candidate.commit
    assert status(desk, repositories) == ""


def test_what_only_looks_like_a_killed_ship_is_left_alone(desk, repositories) -> None:
    candidate = held(desk, repositories)
    repositories.run_git(desk.desk, "read-tree", "-u", "-m", "HEAD", candidate.commit)
    (desk.desk / "app.py").write_text("my work\n")
    with pytest.raises(InputError):
        preflight(str(desk.desk), "main", {})
    with pytest.raises(InputError):
        send(desk, repositories, candidate)
    assert (desk.desk / "app.py").read_text() == "my work\n"
    assert desk.head() == desk.base


def test_nothing_nested_in_the_work_tree_is_executed(desk, repositories) -> None:
    """A trusted `git status` once ran a nested repository's fsmonitor."""
    marker = desk.root / "marker"
    nested = desk.desk / "built" / "inner"
    nested.mkdir(parents=True)
    git = repositories.run_git
    git(nested, "init", "-q")
    (nested / "f").write_text("x")
    git(nested, "config", "core.fsmonitor", f"touch {marker}; false")
    git(desk.desk, "config", "core.fsmonitor", f"touch {marker}; false")
    candidate = held(desk, repositories)
    preflight(str(desk.desk), "main", {})
    assert not marker.exists()
    git(desk.desk, "config", "--unset", "core.fsmonitor")
    send(desk, repositories, candidate)
    assert not marker.exists()
    assert (nested / "f").read_text() == "x"


def test_a_submodule_in_the_work_tree_is_not_asked(desk, repositories) -> None:
    marker = desk.root / "marker"
    git = repositories.run_git
    inner = desk.desk / "inner"
    inner.mkdir()
    git(inner, "init", "-q")
    git(inner, "commit", "-q", "--allow-empty", "-m", "inner")
    git(desk.desk, "add", "inner")
    git(desk.desk, "commit", "-q", "-m", "with a submodule")
    git(inner, "config", "core.fsmonitor", f"touch {marker}; false")
    preflight(str(desk.desk), "main", {})
    assert not marker.exists()
    git(desk.desk, "status")
    assert marker.exists(), "the trap does not work, so this test shows nothing"
