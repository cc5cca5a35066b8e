"""The launcher's plan: what it grants, and who may have written it."""

from __future__ import annotations

from pathlib import Path

import pytest

from factory.errors import InputError
from factory.sandbox.binary import Binary
from factory.sandbox.bubblewrap import Bubblewrap
from factory.sandbox.launcher import plan
from factory.sandbox.protocol import MEBIBYTE, Bind, Cell, Limits

BOX = Bubblewrap(Binary(path=Path("/usr/bin/bwrap"), version="0.8.0"))
CELL = Cell(
    binds=(Bind(source=Path("/srv/app"), target="/app"),),
    env={"PORT": "1"},
    cwd="/app",
    limits=Limits(memory_bytes=600 * MEBIBYTE, scratch_bytes=200 * MEBIBYTE),
)


def written(folder: Path, cell: Cell = CELL, live: int = 8, memory_mebibytes: int = 4096) -> Path:
    plan.write(
        folder / "plan",
        BOX,
        cell,
        ["sh", "-c", "serve"],
        port=1,
        ready="/health",
        start_seconds=2.5,
        live=live,
        memory_bytes=memory_mebibytes * MEBIBYTE,
        journal=folder / "journal",
    )
    return folder / "plan"


def test_it_is_read_as_it_was_written(tmp_path: Path) -> None:
    found = plan.read(written(tmp_path))
    assert found.cell == CELL and found.argv == ("sh", "-c", "serve")
    assert (found.port, found.ready, found.start_seconds) == (1, "/health", 2.5)
    assert found.journal == tmp_path / "journal" and found.sandbox.name == BOX.name


@pytest.mark.parametrize(
    ("live", "mebibytes", "granted"), [(8, 4096, 4), (2, 4096, 2), (8, 900, 1), (8, 10**6, 8)]
)
def test_as_many_may_live_as_the_memory_allows_and_one_always(
    tmp_path: Path, live: int, mebibytes: int, granted: int
) -> None:
    """Each may fill its memory, /tmp and /dev/shm: 1000 MiB here."""
    assert plan.read(written(tmp_path, live=live, memory_mebibytes=mebibytes)).live == granted


def test_instances_share_no_folder_that_they_may_write(tmp_path: Path) -> None:
    bind = Bind(source=tmp_path, target="/data", writable=True)
    with pytest.raises(AssertionError):
        written(tmp_path, Cell(binds=(bind,)))


def test_a_file_that_others_may_write_or_that_is_none_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path)
    path.chmod(0o666)
    with pytest.raises(InputError, match="its user alone"):
        plan.read(path)
    path.chmod(0o600)
    for text in (path.read_text()[:-9], "{}", "[]"):
        path.write_text(text)
        with pytest.raises(InputError):
            plan.read(path)
    with pytest.raises(InputError):
        plan.read(tmp_path / "none")
