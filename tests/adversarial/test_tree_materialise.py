"""Hostile commits: objects that no honest git would make are never written out."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from factory.errors import InputError
from factory.ports.git import command, tree
from factory.ports.git.limits import Limits

Row = tuple[str, bytes, str]


class Forge:
    """Writes any object, however wrong."""

    def __init__(self, repository: Path) -> None:
        self.repository = repository

    def put(self, kind: str, raw: bytes) -> str:
        return command.object_id(
            command.git(
                "hash-object",
                "-t",
                kind,
                "-w",
                "--stdin",
                "--literally",
                repository=self.repository,
                stdin=raw,
            )
        )

    def blob(self, content: bytes = b"x") -> str:
        return self.put("blob", content)

    def tree(self, rows: Sequence[Row]) -> str:
        raw = b"".join(
            mode.encode() + b" " + name + b"\0" + bytes.fromhex(identity)
            for mode, name, identity in rows
        )
        return self.put("tree", raw)

    def commit(self, tree_id: str) -> str:
        who = "A <a@b.invalid> 1 +0000"
        return self.put("commit", f"tree {tree_id}\nauthor {who}\ncommitter {who}\n\nx\n".encode())


@pytest.fixture
def forge(tmp_path: Path) -> Forge:
    command.git("init", "--bare", "--template=", str(tmp_path / "bare.git"))
    return Forge(tmp_path / "bare.git")


def refused(forge: Forge, commit: str, tmp_path: Path) -> InputError:
    """Materialise and expect a refusal that has written nothing outside of its folder."""
    before = sorted(os.listdir(tmp_path))
    (tmp_path / "out").mkdir()
    with pytest.raises(InputError) as caught:
        tree.materialise(forge.repository, commit, tmp_path / "out")
    assert sorted(os.listdir(tmp_path)) == sorted([*before, "out"])
    assert str(caught.value).isascii()
    return caught.value


@pytest.mark.parametrize(
    "name",
    [
        b"..",
        b".",
        b"",
        b"../evil",
        b"a/../../evil",
        b"/evil",
        b".git",
        b".GIT",
        b"git~1",
        b".git ",
        ".g\u200cit".encode(),
        b"\xff",
        b"x" * 300,
    ],
)
def test_a_hostile_name(forge, tmp_path, name) -> None:
    for rows in (
        [("100644", name, forge.blob())],
        [("40000", name, forge.tree([("100644", b"config", forge.blob())]))],
        [("40000", b"sub", forge.tree([("100644", name, forge.blob())]))],
    ):
        refused(forge, forge.commit(forge.tree(rows)), tmp_path)
        os.rmdir(tmp_path / "out")


@pytest.mark.parametrize(
    "target",
    [b"/etc", b"../x", b"a/../../x", b".git/hooks", b"", b"a\0b", b"x" * 5000, b"..", b"\xff"],
)
def test_a_link_that_leaves_the_tree(forge, tmp_path, target) -> None:
    rows = [("120000", b"link", forge.blob(target))]
    refused(forge, forge.commit(forge.tree(rows)), tmp_path)


def test_a_file_below_a_link(forge, tmp_path) -> None:
    """A tree that names `a` twice: as a link, and as a folder to write through it."""
    (tmp_path / "outside").mkdir()
    inner = forge.tree([("100644", b"evil", forge.blob())])
    rows: list[Row] = [("120000", b"a", forge.blob(b"b")), ("40000", b"a", inner)]
    refused(forge, forge.commit(forge.tree(rows)), tmp_path)
    assert os.listdir(tmp_path / "outside") == []


def test_a_name_given_twice(forge, tmp_path) -> None:
    rows = [("100644", b"a", forge.blob(b"1")), ("100644", b"a", forge.blob(b"2"))]
    refused(forge, forge.commit(forge.tree(rows)), tmp_path)


def test_a_gitlink(forge, tmp_path) -> None:
    rows = [("160000", b"sub", "1" * 40)]
    error = refused(forge, forge.commit(forge.tree(rows)), tmp_path)
    assert "gitlink" in error.message
    assert error.path == "sub"


@pytest.mark.parametrize("mode", ["100000", "104755", "060000", "020000", "177777", "0"])
def test_an_odd_mode(forge, tmp_path, mode) -> None:
    commit = forge.commit(forge.tree([(mode, b"a", forge.blob())]))
    try:
        tree.materialise(forge.repository, commit, tmp_path / "out")
    except InputError:
        return
    # git itself reads some odd modes as plain ones; then no odd bit may arrive.
    assert (tmp_path / "out" / "a").lstat().st_mode in (0o100644, 0o100755)


def test_a_tree_that_unfolds_without_end(forge, tmp_path) -> None:
    """Ten levels of ten: 1 kB in the repository, ten thousand million files outside of it."""
    identity = forge.tree([("100644", b"f", forge.blob())])
    for _ in range(10):
        identity = forge.tree([("40000", b"%d" % digit, identity) for digit in range(10)])
    commit = forge.commit(identity)
    started = time.monotonic()
    error = refused(forge, commit, tmp_path)
    assert "more than 50000 files" in error.message
    assert time.monotonic() - started < 20
    with pytest.raises(InputError, match="more than 50000 files"):
        tree.list_blobs(forge.repository, commit)


def test_a_blob_that_unpacks_beyond_the_limit(forge, tmp_path) -> None:
    big = forge.blob(bytes(60 * 1024 * 1024))
    started = time.monotonic()
    error = refused(forge, forge.commit(forge.tree([("100644", b"big", big)])), tmp_path)
    assert error.path == "big"
    assert time.monotonic() - started < 10


def test_one_blob_many_times_counts_each_time(forge, tmp_path) -> None:
    blob = forge.blob(bytes(1024))
    commit = forge.commit(forge.tree([("100644", b"%03d" % n, blob) for n in range(100)]))
    with pytest.raises(InputError, match="more than 50000 bytes"):
        tree.materialise(
            forge.repository, commit, tmp_path / "out", limits=Limits(total_bytes=50_000)
        )


def test_a_replaced_object_is_not_written(forge, tmp_path) -> None:
    good, evil = forge.blob(b"good"), forge.blob(b"evil")
    commit = forge.commit(forge.tree([("100644", b"a", good)]))
    other = forge.commit(forge.tree([("100644", b"a", evil)]))
    for one, two in ((good, evil), (commit, other)):
        command.git("update-ref", f"refs/replace/{one}", two, repository=forge.repository)
    tree.materialise(forge.repository, commit, tmp_path / "out")
    assert (tmp_path / "out" / "a").read_bytes() == b"good"


def test_nothing_of_a_repository_runs(forge, tmp_path) -> None:
    """A hostile remote and a hostile store: settings, hooks and attributes do nothing."""
    marker = tmp_path / "marker"
    attributes = b"* filter=x text eol=crlf export-subst ident\nsecret export-ignore\n"
    rows = [
        ("100644", b".gitattributes", forge.blob(attributes)),
        ("100644", b"secret", forge.blob(b"$Format:%H$ $Id$\n")),
    ]
    commit = forge.commit(forge.tree(rows))
    command.git("update-ref", "refs/heads/main", commit, repository=forge.repository)
    hooks = forge.repository / "hooks"
    hooks.mkdir(exist_ok=True)
    for name in ("post-checkout", "reference-transaction", "pre-auto-gc", "post-index-change"):
        (hooks / name).write_text(f"#!/bin/sh\ntouch {marker}\n")
        (hooks / name).chmod(0o755)
    for key in (
        "core.fsmonitor",
        "filter.x.smudge",
        "filter.x.process",
        "uploadpack.packObjectsHook",
        "core.alternateRefsCommand",
        "core.gitProxy",
        "remote.origin.uploadpack",
    ):
        command.git("config", key, f"touch {marker}; cat", repository=forge.repository)
    into = tree.mirror(str(forge.repository), tmp_path / "m.git", refs=["main", commit], env={})
    for number, repository in enumerate((forge.repository, into)):
        out = tmp_path / f"out{number}"
        tree.materialise(repository, commit, out)
        assert sorted(os.listdir(out)) == [".gitattributes", "secret"]
        assert (out / "secret").read_bytes() == b"$Format:%H$ $Id$\n"
    assert not marker.exists()
