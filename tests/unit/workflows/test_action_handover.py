"""What crosses between jobs comes out as it went in, or not at all."""

from __future__ import annotations

import io
import os
import tarfile

import pytest


def test_short_text_stays_readable_and_long_text_comes_back(script):
    handover = script("handover")
    short, long = '{"a":1}', '{"a":"' + "spec text ä " * 40_000 + '"}'
    assert handover.pack_text(short) == short
    packed = handover.pack_text(long)
    assert len(packed) < 120_000
    assert handover.unpack_text(packed) == long


def test_text_that_no_environment_holds_is_refused(script):
    handover = script("handover")
    with pytest.raises(handover.HandoverError, match="too long"):
        handover.pack_text(os.urandom(200_000).hex())


@pytest.mark.parametrize("value", ["gzip+base64:!!!", "gzip+base64:AAAA", "gzip+base64:"])
def test_broken_text_is_refused(script, value):
    handover = script("handover")
    with pytest.raises(handover.HandoverError):
        handover.unpack_text(value)


def test_a_text_bomb_is_refused(script):
    handover = script("handover")
    bomb = handover.pack_text("0" * (handover.RECORD_LIMIT_BYTES + 1))
    with pytest.raises(handover.HandoverError, match="too long"):
        handover.unpack_text(bomb)


def test_tree_keeps_hidden_files_links_modes_and_odd_names(script, tmp_path):
    handover = script("handover")
    tree = tmp_path / "tree"
    (tree / "pkg" / ".hidden").mkdir(parents=True)
    (tree / ".git").mkdir()
    (tree / ".git" / "config").write_text("evil")
    (tree / "pkg" / ".git").mkdir()
    (tree / "pkg" / ".hidden" / "a\nb").write_text("newline")
    (tree / os.fsdecode(b"caf\xe9")).write_text("latin")
    (tree / "run").write_text("#!/bin/sh\n")
    (tree / "run").chmod(0o755)
    os.link(tree / "run", tree / "run2")
    (tree / "up").symlink_to("../../outside")
    (tree / "self").symlink_to("pkg")
    archive, out = tmp_path / "tree.tar", tmp_path / "out"
    handover.pack_tree(tree, archive)
    handover.unpack_tree(archive, out)
    assert not (out / ".git").exists()
    assert (out / "pkg" / ".git").is_dir()  # What it means is for the guard to say.
    assert (out / "pkg" / ".hidden" / "a\nb").read_text() == "newline"
    assert (out / os.fsdecode(b"caf\xe9")).read_text() == "latin"
    assert (out / "run").stat().st_mode & 0o777 == 0o755
    assert (out / "run2").read_text() == "#!/bin/sh\n"
    assert (out / "up").readlink().as_posix() == "../../outside"
    assert (out / "self").is_symlink()


def archive_of(path, *members):
    with tarfile.open(path, "w") as target:
        for member, content in members:
            target.addfile(member, io.BytesIO(content))
    return path


def member(name, kind=tarfile.REGTYPE, size=0, link=""):
    info = tarfile.TarInfo(name)
    info.type, info.size, info.linkname = kind, size, link
    return info


HOSTILE = {
    "absolute": [(member("/etc/x"), b"")],
    "upwards": [(member("a/../../x"), b"")],
    "hard link": [(member("a", tarfile.LNKTYPE, link="/etc/passwd"), b"")],
    "device": [(member("a", tarfile.CHRTYPE), b"")],
    "fifo": [(member("a", tarfile.FIFOTYPE), b"")],
    "below a link": [
        (member("a", tarfile.SYMTYPE, link="/tmp"), b""),
        (member("a/b", size=1), b"x"),
    ],
    "over a link": [
        (member("a", tarfile.SYMTYPE, link="/tmp/target-of-test"), b""),
        (member("a", size=1), b"x"),
    ],
    "twice": [(member("a", size=1), b"x"), (member("a", size=1), b"y")],
}


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_archive_is_refused_and_writes_nothing_outside(script, tmp_path, case):
    handover = script("handover")
    archive = archive_of(tmp_path / "tree.tar", *HOSTILE[case])
    before = {path for path in tmp_path.rglob("*") if "out" not in path.parts}
    with pytest.raises(handover.HandoverError):
        handover.unpack_tree(archive, tmp_path / "out")
    assert {path for path in tmp_path.rglob("*") if "out" not in path.parts} == before


def test_truncated_archive_is_refused(script, tmp_path):
    handover = script("handover")
    archive = archive_of(tmp_path / "tree.tar", (member("a", size=5000), b"x" * 5000))
    archive.write_bytes(archive.read_bytes()[:3000])
    with pytest.raises(handover.HandoverError):
        handover.unpack_tree(archive, tmp_path / "out")


def test_too_many_or_too_large_is_refused(script, tmp_path, monkeypatch):
    handover = script("handover")
    archive = archive_of(tmp_path / "t.tar", *[(member(f"f{n}", size=1), b"x") for n in range(9)])
    monkeypatch.setattr(handover, "TREE_LIMIT_FILES", 8)
    with pytest.raises(handover.HandoverError, match="too large"):
        handover.unpack_tree(archive, tmp_path / "out")
    monkeypatch.setattr(handover, "TREE_LIMIT_FILES", 100)
    monkeypatch.setattr(handover, "TREE_LIMIT_BYTES", 8)
    with pytest.raises(handover.HandoverError, match="too large"):
        handover.unpack_tree(archive, tmp_path / "out2")


def test_socket_in_the_tree_is_refused(script, tmp_path):
    import socket

    handover = script("handover")
    tree = tmp_path / "t"
    tree.mkdir()
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tree / "s"))
        with pytest.raises(handover.HandoverError, match="socket"):
            handover.pack_tree(tree, tmp_path / "t.tar")
