"""Refs read from git's files are those that git says; locks that a killed git left go."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

import pytest

from factory.errors import InputError
from factory.ports.git.refs import (
    clear_stale_locks,
    common_folder,
    is_checked_out,
    read_refs,
    set_ref,
)


def git(*words: str, at: Path) -> str:
    who = ("-c", "user.name=a", "-c", "user.email=a@b.invalid")
    done = subprocess.run(["git", "-C", str(at), *who, *words], check=True, capture_output=True)
    return done.stdout.decode().strip()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    subprocess.run(["git", "init", "-q", "-b", "main", str(tmp_path / "work")], check=True)
    git("commit", "-q", "--allow-empty", "-m", "first", at=tmp_path / "work")
    return tmp_path / "work"


def test_loose_packed_and_symbolic_refs(folder: Path) -> None:
    first = git("rev-parse", "HEAD", at=folder)
    git("branch", "a/b", at=folder)
    git("pack-refs", "--all", at=folder)
    git("commit", "-q", "--allow-empty", "-m", "second", at=folder)
    names = ("refs/heads/main", "refs/heads/a/b", "refs/heads/a", "refs/heads/gone")
    wanted = {"refs/heads/main": git("rev-parse", "HEAD", at=folder), "refs/heads/a/b": first}
    assert read_refs(folder, *names) == wanted
    git("symbolic-ref", "refs/heads/gone", "refs/heads/a/b", at=folder)
    assert read_refs(folder, *names) == {**wanted, "refs/heads/gone": first}
    set_ref(folder, "refs/factory/x", first)
    assert read_refs(folder, "refs/factory/x") == {"refs/factory/x": first}


def test_the_common_folder_of_any_part_of_a_repository(folder: Path, tmp_path: Path) -> None:
    (folder / "inside").mkdir()
    git("worktree", "add", "-q", "--detach", str(tmp_path / "beside"), at=folder)
    git("clone", "-q", "--bare", str(folder), str(tmp_path / "bare.git"), at=tmp_path)
    for part in (folder, folder / "inside", tmp_path / "beside"):
        assert common_folder(part).resolve() == folder / ".git"
    assert common_folder(tmp_path / "bare.git") == tmp_path / "bare.git"
    for part in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(InputError):
            common_folder(part)


def test_a_branch_is_checked_out_in_any_work_tree(folder: Path, tmp_path: Path) -> None:
    common = common_folder(folder)
    assert is_checked_out(common, "refs/heads/main")
    assert not is_checked_out(common, "refs/heads/other")
    git("worktree", "add", "-q", "-b", "other", str(tmp_path / "beside"), at=folder)
    assert is_checked_out(common, "refs/heads/other")
    git("clone", "-q", "--bare", str(folder), str(tmp_path / "bare.git"), at=tmp_path)
    assert not is_checked_out(tmp_path / "bare.git", "refs/heads/main")


def test_only_old_locks_are_cleared(folder: Path) -> None:
    common = common_folder(folder)
    lock = common / "refs" / "heads" / "main.lock"
    lock.touch()
    clear_stale_locks(common, "refs/heads/main", "refs/heads/none")
    assert lock.exists()
    os.utime(lock, (time.time() - 60, time.time() - 60))
    clear_stale_locks(common, "refs/heads/main")
    assert not lock.exists()
