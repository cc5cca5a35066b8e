"""Hostile folders: each is refused or harmless, and nothing in them is executed."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from factory.errors import GuardError
from factory.ports.git import command, tree
from factory.ports.git.limits import Limits

SECRET = b"the secret of the host\n"


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    command.git("init", "--bare", "--template=", str(tmp_path / "bare.git"))
    return tmp_path / "bare.git"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An agent's folder with one harmless file, beside a secret that is not the agent's."""
    (tmp_path / "secret").write_bytes(SECRET)
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "secret").write_bytes(SECRET)
    inside = tmp_path / "agent"
    inside.mkdir()
    (inside / "app.py").write_text("print(1)\n")
    return inside


def person(folder: Path, *arguments: str) -> None:
    """git as the agent ran it in its own folder."""
    identity = ["-c", "user.name=a", "-c", "user.email=a@b.invalid"]
    subprocess.run(
        ["git", *identity, *arguments],
        cwd=folder,
        check=True,
        capture_output=True,
        env={"PATH": os.environ["PATH"], "HOME": str(folder)},
    )


def stored(bare: Path) -> bytes:
    """Every object of the repository, one after the other."""
    ids = command.git(
        "cat-file", "--batch-all-objects", "--batch-check=%(objectname)", repository=bare
    )
    return command.git("cat-file", "--batch", repository=bare, stdin=ids)


def _trap(folder: Path, marker: Path) -> None:
    """A repository whose every way to run code writes `marker`."""
    person(folder, "init", "-q", "-b", "main")
    for key in (
        "core.fsmonitor",
        "filter.x.clean",
        "filter.x.smudge",
        "filter.x.process",
        "diff.x.textconv",
        "diff.external",
        "core.sshCommand",
        "core.pager",
        "core.editor",
        "gpg.program",
        "uploadpack.packObjectsHook",
        "alias.status",
        "credential.helper",
    ):
        person(folder, "config", key, f"!touch {marker}; touch {marker}; cat; false")
    hooks = folder / ".git" / "hooks"
    hooks.mkdir(exist_ok=True)
    for name in ("pre-commit", "post-checkout", "post-index-change", "reference-transaction"):
        (hooks / name).write_text(f"#!/bin/sh\ntouch {marker}\n")
        (hooks / name).chmod(0o755)
    (folder / ".gitattributes").write_text("* filter=x diff=x\n")


def test_a_repository_of_the_agent_is_neither_read_nor_run(folder, bare, tmp_path) -> None:
    marker = tmp_path / "marker"
    _trap(folder, marker)
    with pytest.raises(GuardError, match=r"\.git: .*means \.git"):
        tree.import_tree(folder, bare)
    assert not marker.exists()
    with contextlib.suppress(subprocess.CalledProcessError):
        person(folder, "status")
    assert marker.exists(), "the trap does not work, so this test shows nothing"


def test_attributes_without_a_repository_run_nothing(folder, bare, tmp_path) -> None:
    """Filters are looked for in the importing repository, and by no plumbing we use."""
    marker = tmp_path / "marker"
    for key in ("filter.x.clean", "filter.lfs.clean", "core.fsmonitor", "filter.lfs.process"):
        command.git("config", key, f"touch {marker}; cat", repository=bare)
    (folder / ".gitattributes").write_text("* filter=x text eol=crlf ident\n*.bin filter=lfs\n")
    (folder / "a.bin").write_bytes(b"$Id$\r\n")
    identity = tree.import_tree(folder, bare)
    assert not marker.exists()
    assert command.git("cat-file", "blob", f"{identity}:a.bin", repository=bare) == b"$Id$\r\n"


def test_the_settings_of_the_user_and_the_machine_run_nothing(
    folder, bare, tmp_path, monkeypatch
) -> None:
    marker = tmp_path / "marker"
    home = tmp_path / "home"
    home.mkdir()
    (home / ".gitconfig").write_text(
        f"[core]\n\tfsmonitor = touch {marker}\n\thooksPath = {home}\n"
        f'[filter "x"]\n\tclean = touch {marker}\n[alias]\n\tmktree = !touch {marker}\n'
    )
    (home / "reference-transaction").write_text(f"#!/bin/sh\ntouch {marker}\n")
    (home / "reference-transaction").chmod(0o755)
    for name, value in {
        "HOME": str(home),
        "GIT_CONFIG_GLOBAL": str(home / ".gitconfig"),
        "GIT_DIR": str(tmp_path / "elsewhere"),
        "GIT_TEMPLATE_DIR": str(home),
        "GIT_EXEC_PATH": str(home),
        "GIT_ALTERNATE_OBJECT_DIRECTORIES": str(home),
        "GIT_TRACE": str(marker),
    }.items():
        monkeypatch.setenv(name, value)
    identity = tree.import_tree(folder, bare)
    commit = tree.commit_tree(
        bare, identity, None, "x", author_name="A", author_email="a@b.invalid", timestamp=1
    )
    tree.push(bare, str(bare), commit, "refs/heads/x", expected=None, env={})
    tree.materialise(bare, commit, tmp_path / "out")
    assert not marker.exists()
    assert (tmp_path / "out" / "app.py").exists()


def _file(name: str | bytes) -> Callable[[Path], None]:
    def make(folder: Path) -> None:
        path = os.path.join(os.fsencode(folder), os.fsencode(name))
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as stream:
            stream.write(b"x")

    return make


def _folder(name: str) -> Callable[[Path], None]:
    return _file(f"{name}/x")


def _link(target: str, name: str = "sub/link") -> Callable[[Path], None]:
    def make(folder: Path) -> None:
        (folder / name).parent.mkdir(exist_ok=True, parents=True)
        (folder / name).symlink_to(target)

    return make


def _files(*names: str | bytes) -> Callable[[Path], None]:
    def make(folder: Path) -> None:
        for name in names:
            _file(name)(folder)

    return make


def _fifo(folder: Path) -> None:
    os.mkfifo(folder / "pipe")


def _socket(folder: Path) -> None:
    here = os.getcwd()
    os.chdir(folder)
    try:
        with socket.socket(socket.AF_UNIX) as listening:
            listening.bind("sock")
    finally:
        os.chdir(here)


def _deep(folder: Path) -> None:
    (folder / "/".join(["d"] * 65)).mkdir(parents=True)
    (folder / "/".join(["d"] * 65) / "f").write_text("x")


def _gitlink_file(folder: Path) -> None:
    (folder / "sub").mkdir()
    (folder / "sub" / ".git").write_text("gitdir: /etc\n")


def _nested(folder: Path) -> None:
    (folder / "vendor" / "lib").mkdir(parents=True)
    person(folder / "vendor" / "lib", "init", "-q")


def _bare_inside(folder: Path) -> None:
    person(folder, "init", "-q", "--bare", "fixtures")


def _unreadable(folder: Path) -> None:
    (folder / "a").mkdir()
    handle = os.open(folder, os.O_RDONLY)
    try:
        for _ in range(3000):  # A path far longer than PATH_MAX.
            os.mkdir("d", dir_fd=handle)
            inner = os.open("d", os.O_RDONLY, dir_fd=handle)
            os.close(handle)
            handle = inner
    finally:
        os.close(handle)


HOSTILE: dict[str, Callable[[Path], None]] = {
    "gitlink file": _gitlink_file,
    "nested repository": _nested,
    "bare repository": _bare_inside,
    "upper-case .GIT": _folder(".GIT"),
    "mixed-case .gIt": _folder("sub/.gIt"),
    "NTFS short name": _folder("GIT~1"),
    "NTFS stream": _folder(".git::$INDEX_ALLOCATION"),
    "trailing dot": _folder(".git."),
    "trailing space": _folder(".git "),
    "HFS+ ignorable": _folder(".g\u200cit"),
    "full-width dot": _folder("\uff0egit"),
    "backslash": _file("a\\.git\\hooks"),
    "link named .git": _link("app.py", ".git"),
    "link to absolute": _link("/etc/passwd"),
    "link to the secret": _link("../../secret"),
    "link above by detour": _link("../sub/../../secret"),
    "link through a name": _link("x/../../../secret"),
    "link to dot-dot": _link("..", "up"),
    "link into .git": _link("../.git/config"),
    "link as .gitmodules": _link("app.py", ".gitmodules"),
    "link as .gitattributes": _link("../app.py", "sub/.gitattributes"),
    "link target with newline": _link("a\nb"),
    "link target not UTF-8": _link(os.fsdecode(b"\xff")),
    "FIFO": _fifo,
    "socket": _socket,
    "newline": _file("a\nb"),
    "escape sequence": _file("\x1b]0;owned\x07"),
    "bidi": _file("a\u202egnp.exe"),
    "zero-width": _file("a\u200b.py"),
    "not UTF-8": _file(b"\xff\xfe"),
    "overlong UTF-8": _file(b"\xc0\xae\xc0\xae"),
    "case twins": _files("README", "readme"),
    "case twin folders": _files("src/a", "SRC/b"),
    "normalisation twins": _files("\u00e9.py", "e\u0301.py"),
    "sharp s twins": _files("stra\u00dfe", "STRASSE"),
    "Windows device": _file("aux.py"),
    "Windows stream": _file("app.py:evil"),
    "Windows trailing dot": _file("app.py."),
    "too deep": _deep,
    "deeper than a path": _unreadable,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_folder_is_refused(name: str, folder: Path, bare: Path) -> None:
    HOSTILE[name](folder)
    started = time.monotonic()
    with pytest.raises(GuardError) as caught:
        tree.import_tree(folder, bare)
    assert time.monotonic() - started < 20
    assert caught.value.path and caught.value.path.isascii() and caught.value.path.isprintable()
    assert str(caught.value).isascii()
    assert caught.value.exit_code == 1
    assert SECRET not in stored(bare)
    if name == "deeper than a path":
        subprocess.run(["rm", "-rf", str(folder / "d")], check=True)


def test_a_device_is_refused(bare) -> None:
    """Only root can make one, but everybody has one to show."""
    with pytest.raises(GuardError, match="device") as caught:
        tree.import_tree(Path("/dev"), bare, skip=lambda path, _: path != "null")
    assert caught.value.path == "null"


def test_the_folder_itself_may_not_be_a_link(folder, bare, tmp_path) -> None:
    (tmp_path / "link").symlink_to(folder)
    with pytest.raises(GuardError, match="cannot be read"):
        tree.import_tree(tmp_path / "link", bare)


def test_links_that_stay_inside_are_kept_as_links(folder, bare, tmp_path) -> None:
    (folder / "loop").symlink_to("loop")
    (folder / "sub").mkdir()
    (folder / "sub" / "up").symlink_to("../app.py")
    (folder / "dangling").symlink_to("nowhere")
    identity = tree.import_tree(folder, bare)
    assert command.git("cat-file", "blob", f"{identity}:sub/up", repository=bare) == b"../app.py"


def test_a_hard_link_is_plain_content(folder, bare, tmp_path) -> None:
    """In a sandbox it can only name what the agent may read; no link comes out of it."""
    os.link(folder / "app.py", folder / "again.py")
    identity = tree.import_tree(folder, bare)
    again = command.git("rev-parse", f"{identity}:again.py", repository=bare)
    assert again == command.git("rev-parse", f"{identity}:app.py", repository=bare)


def test_a_huge_file_of_holes_costs_no_reading(folder, bare) -> None:
    with open(folder / "huge", "wb") as stream:
        stream.truncate(1 << 40)
    started = time.monotonic()
    with pytest.raises(GuardError, match=r"huge: .*larger than 52428800 bytes"):
        tree.import_tree(folder, bare)
    assert time.monotonic() - started < 5


def test_many_files_of_holes_cost_no_more_than_the_limit(folder, bare) -> None:
    for number in range(100):
        with open(folder / f"{number:03}", "wb") as stream:
            stream.truncate(1 << 20)
    with pytest.raises(GuardError, match="holds more than 4194304 bytes"):
        tree.import_tree(folder, bare, limits=Limits(total_bytes=4 << 20))


def test_many_entries_are_refused_while_they_are_listed(folder, bare) -> None:
    for number in range(300):
        (folder / "many" / f"{number}").mkdir(parents=True)
    with pytest.raises(GuardError, match="more than 100 entries"):
        tree.import_tree(folder, bare, limits=Limits(entries=100))


def test_planted_test_files_are_files(folder, bare, tmp_path) -> None:
    """conftest.py and its like go in as text; whoever judges must not run beside them."""
    marker = tmp_path / "marker"
    for name in ("conftest.py", "sitecustomize.py", "setup.py", "x.pth", "Makefile", "a.pyc"):
        (folder / name).write_text(f"import pathlib; pathlib.Path({str(marker)!r}).touch()\n")
    tree.import_tree(folder, bare)
    assert not marker.exists()


@contextlib.contextmanager
def writing(change: Callable[[], None]) -> Iterator[None]:
    """Do `change` over and over beside the block, as a left-over process would."""
    stop = threading.Event()

    def go() -> None:
        while not stop.is_set():
            with contextlib.suppress(OSError):
                change()

    thread = threading.Thread(target=go)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _swaps(folder: Path, outside: Path) -> dict[str, Callable[[], None]]:
    def exchange(make: Callable[[Path], None]) -> Callable[[], None]:
        def change() -> None:
            spare = folder.parent / "spare"
            make(spare)
            os.replace(spare, folder / "target")
            spare.write_bytes(b"harmless\n")
            os.replace(spare, folder / "target")

        return change

    def folders() -> None:
        os.rename(folder / "inner", folder.parent / "kept")
        (folder / "inner").symlink_to(outside)
        os.unlink(folder / "inner")
        os.rename(folder.parent / "kept", folder / "inner")

    return {
        "link": exchange(lambda path: path.symlink_to(outside / "secret")),
        "fifo": exchange(os.mkfifo),
        "folder": folders,
    }


@pytest.mark.parametrize("kind", ["link", "fifo", "folder"])
def test_a_swap_in_mid_reading_reveals_nothing(kind, folder, bare, tmp_path) -> None:
    (folder / "target").write_bytes(b"harmless\n")
    (folder / "inner").mkdir()
    (folder / "inner" / "secret").write_bytes(b"harmless\n")
    ended = {"whole": 0, "refused": 0}
    with writing(_swaps(folder, tmp_path / "outside")[kind]):
        until = time.monotonic() + 3
        while time.monotonic() < until:
            try:
                tree.import_tree(folder, bare)
                ended["whole"] += 1
            except GuardError:
                ended["refused"] += 1
    assert sum(ended.values()) > 10
    assert SECRET not in stored(bare)
    command.git("fsck", "--strict", repository=bare)


@pytest.mark.parametrize("kind", ["link", "fifo", "folder", "grown", "gone"])
def test_a_swap_at_the_worst_moment(kind, folder, bare, tmp_path, monkeypatch) -> None:
    """Exactly between our look at an entry and our opening of it."""
    entry = folder / "target"
    if kind == "folder":
        entry.mkdir()
        (entry / "secret").write_bytes(b"harmless\n")
    else:
        entry.write_bytes(b"harmless\n")
    real = os.open
    swapped = []

    def swap_then_open(path, *arguments, **more):
        if path == b"target" and not swapped:
            swapped.append(True)
            entry.rename(tmp_path / "moved")
            if kind == "link":
                entry.symlink_to(tmp_path / "secret")
            elif kind == "folder":
                entry.symlink_to(tmp_path / "outside")
            elif kind == "fifo":
                os.mkfifo(entry)
            elif kind == "grown":
                with open(entry, "wb") as stream:
                    stream.truncate(1 << 40)
        return real(path, *arguments, **more)

    monkeypatch.setattr(os, "open", swap_then_open)
    started = time.monotonic()
    with pytest.raises(GuardError, match="target"):
        tree.import_tree(folder, bare)
    assert swapped
    assert time.monotonic() - started < 10
    assert SECRET not in stored(bare)


def test_a_writer_that_never_ends_breaks_nothing(folder, bare, tmp_path) -> None:
    grown = folder / "grown"
    grown.write_bytes(b"")

    def change() -> None:
        with open(grown, "ab") as stream:
            stream.write(b"0123456789abcdef" * 4096)
        if grown.stat().st_size > 3_000_000:
            os.truncate(grown, 10)

    with writing(change):
        trees = [tree.import_tree(folder, bare) for _ in range(10)]
    for identity in set(trees):
        listed = command.git("ls-tree", "-r", "--name-only", identity, repository=bare)
        assert listed.decode().split() == ["app.py", "grown"]
    command.git("fsck", "--strict", repository=bare)
