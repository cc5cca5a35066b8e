"""What goes in comes out: import, then materialise, on trees of every allowed shape."""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import subprocess
import tempfile
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factory.errors import InputError, ProcessFailed
from factory.ports.git import command, names, tree
from factory.ports.git.limits import Limits

WHO = {"author_name": "A", "author_email": "a@b.invalid", "timestamp": 1}

letters = st.characters(
    codec="utf-8", exclude_categories=("Cc", "Cf", "Cs", "Zl", "Zp", "Cn"), exclude_characters="/"
)
good_names = st.text(letters, min_size=1, max_size=8).filter(
    lambda name: len(name.encode()) < 200 and names.trouble(name.encode()) is None
)
files = st.tuples(st.just("file"), st.binary(max_size=300), st.booleans())
links = st.tuples(st.just("link"), st.lists(good_names, min_size=1, max_size=3).map("/".join))
folders = st.recursive(
    st.dictionaries(good_names, st.one_of(files, links), max_size=4),
    lambda inner: st.dictionaries(good_names, st.one_of(files, inner), max_size=4),
    max_leaves=12,
)


def plant(folder: Path, content: dict) -> None:
    folder.mkdir(exist_ok=True)
    seen = set()
    for name, entry in content.items():
        if names.twin_key(name) in seen:
            continue
        seen.add(names.twin_key(name))
        path = folder / name
        if isinstance(entry, dict):
            plant(path, entry)
        elif entry[0] == "link":
            if names.link_trouble(0, name, entry[1].encode()) is None:
                path.symlink_to(entry[1])
        else:
            path.write_bytes(entry[1])
            path.chmod(0o755 if entry[2] else 0o644)


def snapshot(folder: Path) -> dict[str, object]:
    """Every file and link below `folder`, with its mode and content."""
    found: dict[str, object] = {}
    for place, _, _ in os.walk(folder):
        for name in os.listdir(place):
            path = Path(place) / name
            mode = path.lstat().st_mode
            if stat.S_ISLNK(mode):
                found[str(path.relative_to(folder))] = os.readlink(path)
            elif stat.S_ISREG(mode):
                found[str(path.relative_to(folder))] = (mode & 0o777, path.read_bytes())
    return found


@settings(max_examples=60)
@given(content=folders, kind=st.sampled_from(["sha1", "sha256"]))
def test_import_then_materialise_is_the_identity(content: dict, kind: str) -> None:
    root = Path(tempfile.mkdtemp())
    try:
        plant(root / "in", content)
        command.git("init", "--bare", "--template=", f"--object-format={kind}", str(root / "r"))
        identity = tree.import_tree(root / "in", root / "r")
        commit = tree.commit_tree(root / "r", identity, None, "x", **WHO)
        tree.materialise(root / "r", commit, root / "out")
        assert snapshot(root / "out") == snapshot(root / "in")
        command.git("fsck", "--strict", repository=root / "r")
        assert tree.import_tree(root / "out", root / "r") == identity
    finally:
        shutil.rmtree(root)


def test_an_import_is_what_git_itself_makes(tmp_path, bare, run_git) -> None:
    """The same files added by git give the same tree id."""
    work = tmp_path / "w"
    plant(
        work,
        {
            "a": ("file", b"1", True),
            "a.b": ("file", b"", False),
            "a-b": {"c": ("file", b"\r\n\0", False)},
            "a0": {"l": ("link", "c")},
            "empty": {},
            "back\u00e9": ("file", b"x", False),
            'quo"te'.replace('"', "'"): ("file", b"x", False),
        },
    )
    identity = tree.import_tree(work, bare)
    run_git(work, "init", "-q")
    run_git(work, "add", "-A")
    assert identity == run_git(work, "write-tree")


def test_an_empty_folder_is_the_empty_tree(tmp_path, bare, run_git) -> None:
    (tmp_path / "w" / "inner").mkdir(parents=True)
    empty = tree.import_tree(tmp_path / "w", bare)
    assert empty == run_git(bare, "hash-object", "-t", "tree", "/dev/null")
    commit = tree.commit_tree(bare, empty, None, "x", **WHO)
    tree.materialise(bare, commit, tmp_path / "out")
    assert os.listdir(tmp_path / "out") == []


ATTRIBUTES = b"* text eol=crlf export-subst ident filter=lfs working-tree-encoding=UTF-16\n\
secret.txt export-ignore\n"


def test_attributes_have_no_effect_in_either_direction(tmp_path, bare) -> None:
    content = {
        ".gitattributes": ATTRIBUTES,
        "secret.txt": b"$Format:%H$ $Id$\n",
        "crlf.txt": b"a\r\nb\n\r",
        "sub/.gitattributes": ATTRIBUTES,
    }
    for name, text in content.items():
        (tmp_path / "in" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "in" / name).write_bytes(text)
    commit = tree.commit_tree(bare, tree.import_tree(tmp_path / "in", bare), None, "x", **WHO)
    tree.materialise(bare, commit, tmp_path / "out")
    assert snapshot(tmp_path / "out") == {name: (0o644, text) for name, text in content.items()}


def test_modes_do_not_depend_on_the_umask(tmp_path, bare, commit_files) -> None:
    commit = commit_files(bare, {"d/a": b"1"})
    before = os.umask(0o077)
    try:
        tree.materialise(bare, commit, tmp_path / "out")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "out" / "d").stat().st_mode) == 0o755
    assert stat.S_IMODE((tmp_path / "out" / "d" / "a").stat().st_mode) == 0o644


def test_a_full_folder_is_not_written_to(tmp_path, bare, commit_files) -> None:
    commit = commit_files(bare, {"a": b"1"})
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine").write_text("x")
    with pytest.raises(InputError, match="not empty"):
        tree.materialise(bare, commit, tmp_path / "out")
    assert os.listdir(tmp_path / "out") == ["mine"]
    with pytest.raises(InputError):
        tree.materialise(bare, "a" * 40, tmp_path / "other")


def test_a_damaged_object_is_noticed(tmp_path, bare, commit_files, run_git) -> None:
    commit = commit_files(bare, {"a": b"good", "b": b"evil"})
    for one, other in (("b", "a"), ("a", None)):
        blob = run_git(bare, "rev-parse", f"{commit}:{one}")
        place = bare / "objects" / blob[:2] / blob[2:]
        place.chmod(0o644)
        if other is None:
            place.unlink()
        else:
            twin = run_git(bare, "rev-parse", f"{commit}:{other}")
            shutil.copy(bare / "objects" / twin[:2] / twin[2:], place)
        with pytest.raises(InputError, match="missing or damaged"):
            tree.materialise(bare, commit, tmp_path / f"out-{one}")


def test_limits_on_the_way_out(tmp_path, bare, commit_files) -> None:
    commit = commit_files(bare, {"a": b"12345", "d/e/f": b"1"})
    for number, limits in enumerate(
        (
            Limits(file_bytes=4),
            Limits(total_bytes=5),
            Limits(entries=1),
            Limits(depth=2),
        )
    ):
        with pytest.raises(InputError):
            tree.materialise(bare, commit, tmp_path / str(number), limits=limits)
        assert not (tmp_path / str(number)).exists()
    tree.materialise(
        bare,
        commit,
        tmp_path / "ok",
        limits=Limits(file_bytes=5, total_bytes=6, entries=2, depth=3),
    )


def test_skipped_things_are_not_read(tmp_path, bare) -> None:
    (tmp_path / "in" / "skipped" / ".git").mkdir(parents=True)
    os.mkfifo(tmp_path / "in" / "skipped" / "fifo")
    (tmp_path / "in" / "a").write_text("1")
    asked = []

    def skip(path: str, is_folder: bool) -> bool:
        asked.append((path, is_folder))
        return path == "skipped"

    identity = tree.import_tree(tmp_path / "in", bare, skip=skip)
    assert asked == [("a", False), ("skipped", True)]
    shutil.rmtree(tmp_path / "in" / "skipped")
    assert tree.import_tree(tmp_path / "in", bare) == identity


def test_five_thousand_files_take_no_process_each(tmp_path, bare, monkeypatch) -> None:
    for number in range(5000):
        folder = tmp_path / "in" / f"{number % 70}"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{number}").write_text(f"{number}\n" * 20)
    begun: list[object] = []
    popen = subprocess.Popen

    def start(*words, **more):
        begun.append(words)
        return popen(*words, **more)

    monkeypatch.setattr(subprocess, "Popen", start)
    commit = tree.commit_tree(bare, tree.import_tree(tmp_path / "in", bare), None, "x", **WHO)
    tree.materialise(bare, commit, tmp_path / "out")
    assert 2 <= len(begun) < 20
    assert len(snapshot(tmp_path / "out")) == 5000


@pytest.mark.parametrize(
    ("name", "odd"),
    [
        (".git", True),
        (".GIT", True),
        (".gIt ", True),
        (".git.", True),
        (".git. .", True),
        ("git~1", True),
        ("GIT~2", True),
        (".git::$INDEX_ALLOCATION", True),
        (".git:x", True),
        (".g\u200cit", True),
        ("\ufeff.git", True),
        (".gi\u2060t", False),
        ("\uff0egit", True),
        ("a\\.git", True),
        (".\u0261it", False),
        (".github", False),
        (".gitignore", False),
        ("git", False),
        ("x.git", False),
        ("git~x", False),
    ],
)
def test_names_that_mean_git(name: str, odd: bool) -> None:
    assert names.is_git_like(name) is odd


@pytest.mark.parametrize(
    "name",
    [
        b"a\nb",
        b"a\rb",
        b"\x1b[31m",
        b"\x7f",
        b"\xff\xfe",
        b"\xc0\xae",
        b"\xed\xa0\x80",
        "a\u202eb".encode(),
        "a\u200bb".encode(),
        "a\u2028b".encode(),
        "\u0085".encode(),
        "a\u00adb".encode(),
        b"",
        b".",
        b"..",
        b"a/b",
        b"a.",
        b"a ",
        b"a:b",
        b"a*",
        b"a?",
        b"a|b",
        b'a"',
        b"a\\b",
        b"<a",
        b"CON",
        b"con.txt",
        b"NUL",
        b"aux .c",
        b"com1",
        b"LPT9.x.y",
        "COM\u00b9".encode(),
        b"conin$",
    ],
)
def test_names_that_are_refused(name: bytes) -> None:
    assert names.trouble(name)


@pytest.mark.parametrize(
    "name", ["console.py", "a b", "com10", "ünï", "日本", "-x", "a'b", "$(x)", "#", ".x", "~", "🎉"]
)
def test_names_that_are_allowed(name: str) -> None:
    assert names.trouble(name.encode()) is None


def test_twins_share_a_key() -> None:
    for one, other in (
        ("a", "A"),
        ("straße", "STRASSE"),
        ("\u00e9", "e\u0301"),
        ("\u212b", "\u00e5"),
        ("\ufb01", "fi"),
        ("\u03c3", "\u03c2"),
        ("a\u200db", "ab"),
    ):
        assert names.twin_key(one) == names.twin_key(other)
    assert names.twin_key("a") != names.twin_key("b")
    assert unicodedata.unidata_version


@pytest.mark.parametrize(
    ("depth", "target", "good"),
    [
        (0, b"a", True),
        (0, b"a/b", True),
        (0, b"./a", True),
        (1, b"../a", True),
        (1, b"..", True),
        (0, b"..", False),
        (1, b"../../a", False),
        (3, b"a/../b", False),
        (0, b"/etc/passwd", False),
        (0, b"//x", False),
        (2, b".././../../a", False),
        (0, b".git/config", False),
        (1, b"../.GIT/hooks", False),
        (0, b"", False),
        (0, b"a\nb", False),
        (0, b"\xff", False),
        (0, b"C:\\x", False),
        (0, b"a\\..\\..", False),
        (0, b"a" * 5000, False),
    ],
)
def test_where_links_may_point(depth: int, target: bytes, good: bool) -> None:
    assert (names.link_trouble(depth, "x", target) is None) is good


@pytest.mark.parametrize("name", [".gitmodules", ".gitattributes", ".GITIGNORE", ".mailmap"])
def test_what_git_reads_may_not_be_a_link(name: str) -> None:
    assert names.link_trouble(0, name, b"a")


def test_a_message_shows_one_line_of_ascii() -> None:
    assert names.shown(b"a\n\x1b[31m\xff") == "a\\n\\x1b[31m\\udcff"
    assert len(names.shown("x" * 5000)) == 200
    assert names.shown("é::x\u202e").isascii()


def test_git_that_dies_is_no_tree(tmp_path, bare, monkeypatch) -> None:
    """Killed in the middle of the stream: an error of ours, never a half-filled tree."""
    (tmp_path / "in").mkdir()
    for name in "abc":
        (tmp_path / "in" / name).write_bytes(os.urandom(2_000_000))
    real = command.streaming

    @contextlib.contextmanager
    def dying(*arguments, **more):
        with real(*arguments, **more) as running:
            running.kill()
            yield running

    monkeypatch.setattr(command, "streaming", dying)
    with pytest.raises(ProcessFailed):
        tree.import_tree(tmp_path / "in", bare)
