"""Folders of processes that are gone are swept; those of the living are left."""

from __future__ import annotations

import os
import subprocess
import tempfile
from pathlib import Path

import pytest

from factory.sandbox import private


@pytest.fixture
def base(tmp_path: Path, monkeypatch) -> Path:
    folder = Path(tempfile.mkdtemp(prefix="t", dir="/tmp"))
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield folder
    os.system(f"rm -rf {folder}")


def test_a_folder_is_private_and_goes_with_its_context(base: Path) -> None:
    with private.folder() as folder:
        assert folder.parent == base
        assert folder.stat().st_mode & 0o077 == 0
        (folder / "f").write_text("x")
    assert not folder.exists()


def test_only_what_belongs_to_nobody_is_swept(base: Path) -> None:
    ended = subprocess.Popen(["true"])
    dead = private.stamp(ended.pid)
    ended.wait()
    reused = f"{os.getpid()}-1"
    for name in (f"factory-cell-{dead}-0a", f"factory-cell-{reused}-0b", "factory-cell-x", "other"):
        (base / name).mkdir()
    with private.folder() as folder:
        assert private.sweep() == 2
        assert sorted(path.name for path in base.iterdir()) == sorted(
            [folder.name, "factory-cell-x", "other"]
        )


def test_a_long_folder_for_temporary_files_is_not_used(monkeypatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", "/tmp/" + "x" * 90)
    assert private.base() == Path("/tmp")


def test_a_process_lives_only_under_its_own_start_time() -> None:
    own = private.stamp(os.getpid())
    assert private.lives(own)
    assert not private.lives(own + "1")
    assert not private.lives("")
    assert not private.lives("4194999-0")
