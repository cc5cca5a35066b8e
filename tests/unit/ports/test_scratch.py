"""Scratch folders: private, gone afterwards, swept after a kill, never anybody else's."""

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from factory.ports.scratch import scratch, sweep


@pytest.fixture(autouse=True)
def own_tmp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


def test_private_and_gone_afterwards() -> None:
    with scratch("private") as folder:
        assert folder.stat().st_mode & 0o777 == 0o700
        (folder / "sealed").mkdir(mode=0)
        assert sweep() == 0 and folder.is_dir()
    assert not folder.exists()


def test_what_a_killed_process_left_is_swept(tmp_path: Path) -> None:
    code = (
        "from factory.ports.scratch import scratch\n"
        "with scratch('private') as folder:\n"
        "    (folder / 'holdout').write_text('x'); print(folder, flush=True); input()\n"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", code],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "TMPDIR": str(tmp_path)},
        text=True,
    )
    assert child.stdout and child.stdin
    folder = Path(child.stdout.readline().strip())
    assert sweep() == 0 and folder.is_dir()
    child.send_signal(signal.SIGKILL)
    child.wait()
    child.stdout.close()
    child.stdin.close()
    assert sweep() == 1 and not folder.exists()


def test_other_folders_and_links_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "factory-other").mkdir()
    target = tmp_path / "target"
    target.mkdir()
    (tmp_path / "factory-key-999999999-1-x").symlink_to(target)
    assert sweep() == 0
    assert target.is_dir() and (tmp_path / "factory-other").is_dir()
