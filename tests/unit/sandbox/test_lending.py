"""Folders lent to a cell and given back; two cells may share one."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from factory.errors import SandboxUnavailable
from factory.sandbox import ownership
from factory.sandbox.protocol import Bind


def owners(*paths: Path) -> set[int]:
    return {path.lstat().st_uid for path in paths}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "made"
    made.mkdir(mode=0o700)
    (made / "file").write_text("x")
    return made


def test_a_cell_never_has_the_id_of_root_or_of_an_account() -> None:
    ids = {ownership.fresh().uid for _ in range(50)}
    assert len(ids) > 40
    assert min(ids) > 50_000


def test_two_cells_share_a_folder_and_the_last_gives_it_back(folder: Path) -> None:
    bind = Bind(source=folder, target="/workspace", writable=True)
    with ownership.lent([bind]) as first:
        with ownership.lent([bind]) as second:
            assert first == second
            assert owners(folder, folder / "file") == {first.uid}
        assert owners(folder, folder / "file") == {first.uid}
    assert owners(folder, folder / "file") == {os.geteuid()}


def test_a_folder_left_by_a_killed_run_comes_back_all_the_same(folder: Path) -> None:
    if os.geteuid() == 0:
        os.chown(folder, 1_900_000_007, 1_900_000_000)
    with ownership.lent([Bind(source=folder, target="/workspace", writable=True)]):
        pass
    assert owners(folder, folder / "file") == {os.geteuid()}


def test_two_cells_with_a_folder_each_cannot_be_joined_by_a_third(
    folder: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    one = Bind(source=folder, target="/a", writable=True)
    two = Bind(source=other, target="/b", writable=True)
    with ownership.lent([one]) as first, ownership.lent([two]) as second:
        if first == second:
            return  # A plain user: every cell has the one id.
        with (
            pytest.raises(SandboxUnavailable, match="two different cells"),
            ownership.lent([one, two]),
        ):
            pass


def test_what_everybody_may_read_is_left_alone(folder: Path) -> None:
    folder.chmod(0o755)
    (folder / "file").chmod(0o644)
    before = [(p.stat().st_mode, p.stat().st_gid) for p in (folder, folder / "file")]
    with ownership.lent([Bind(source=folder, target="/app")]):
        assert [(p.stat().st_mode, p.stat().st_gid) for p in (folder, folder / "file")] == before


def test_what_only_we_may_read_is_shown_to_the_cells_and_to_nobody_else(folder: Path) -> None:
    (folder / "file").chmod(0o600)
    with ownership.lent([Bind(source=folder, target="/app")]) as identity:
        for path in (folder, folder / "file"):
            assert path.stat().st_mode & 0o007 == 0
            if os.geteuid() == 0:
                assert path.stat().st_gid == identity.gid
                assert path.stat().st_mode & 0o040
