"""Scratch folders: private, gone afterwards, swept after a kill, never anybody else's."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from factory.ports import scratch


@pytest.fixture
def base(tmp_path: Path, monkeypatch) -> Path:
    folder = Path(tempfile.mkdtemp(prefix="t", dir="/tmp"))
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield folder
    os.system(f"rm -rf {folder}")


def test_a_folder_is_private_and_goes_with_its_context(base: Path) -> None:
    with scratch.scratch("cell") as folder:
        assert folder.parent == base
        assert folder.stat().st_mode & 0o077 == 0
        (folder / "f").write_text("x")
        (folder / "sealed").mkdir(mode=0)
    assert not folder.exists()


def test_only_what_belongs_to_nobody_is_swept(base: Path) -> None:
    ended = subprocess.Popen(["true"])
    dead = scratch.stamp(ended.pid)
    ended.wait()
    reused = f"{os.getpid()}-1"
    for name in (f"factory-cell-{dead}-0a", f"factory-cell-{reused}-0b", "factory-cell-x", "other"):
        (base / name).mkdir()
    with scratch.scratch("cell") as folder:
        assert scratch.sweep() == 2
        assert sorted(path.name for path in base.iterdir()) == sorted(
            [folder.name, "factory-cell-x", "other"]
        )


def test_a_long_folder_for_temporary_files_is_not_used(monkeypatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", "/tmp/" + "x" * 90)
    assert scratch.base() == Path("/tmp")


def test_a_process_lives_only_under_its_own_start_time() -> None:
    own = scratch.stamp(os.getpid())
    assert scratch.lives(own)
    assert not scratch.lives(own + "1")
    assert not scratch.lives("")
    assert not scratch.lives("4194999-0")


def test_what_a_killed_process_left_is_swept(base: Path) -> None:
    code = (
        "from factory.ports.scratch import scratch\n"
        "with scratch('private') as folder:\n"
        "    (folder / 'holdout').write_text('x'); print(folder, flush=True); input()\n"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", code],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "TMPDIR": str(base)},
        text=True,
    )
    assert child.stdout and child.stdin
    folder = Path(child.stdout.readline().strip())
    assert scratch.sweep() == 0 and folder.is_dir()
    child.send_signal(signal.SIGKILL)
    child.wait()
    child.stdout.close()
    child.stdin.close()
    assert scratch.sweep() == 1 and not folder.exists()


def test_other_folders_and_links_are_left_alone(base: Path) -> None:
    (base / "factory-other").mkdir()
    target = base / "target"
    target.mkdir()
    (base / "factory-key-999999999-1-0a").symlink_to(target)
    assert scratch.sweep() == 0
    assert target.is_dir() and (base / "factory-other").is_dir()
