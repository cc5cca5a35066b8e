"""What the inside of a bubblewrap cell looks like, as bwrap's own arguments."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from factory.sandbox.ownership import Identity
from factory.sandbox.protocol import Bind, Cell

_ROOT_LINKS = ("bin", "sbin", "lib", "lib32", "lib64", "libx32")
# Read by the dynamic linker, by Debian's symlinks in /usr/bin and by the C library's clock.
_ETC = ("ld.so.cache", "ld.so.conf", "ld.so.conf.d", "alternatives", "localtime")
_ROOT_BYTES = 4 * 1024 * 1024


def runtime() -> tuple[Path, ...]:
    """The folders beside /usr that the running interpreter needs; usually none or one."""
    prefix = Path(sys.base_prefix)
    return () if prefix.is_relative_to("/usr") or prefix == Path("/") else (prefix,)


def environment(cell: Cell) -> dict[str, str]:
    """The exact environment inside: the cell's own plus PATH, HOME and LANG where it has none."""
    path = [str(folder / "bin") for folder in runtime()]
    path += ["/usr/local/bin", "/usr/bin", "/bin"]
    return {"PATH": ":".join(path), "HOME": "/tmp", "LANG": "C.UTF-8", **cell.env}  # noqa: S108


def files(identity: Identity) -> dict[str, bytes]:
    """The files of /etc that are made for the cell rather than shown from the host."""
    uid, gid = identity.uid, identity.gid
    return {
        "/etc/passwd": (
            f"root:x:0:0:root:/:/usr/sbin/nologin\nsandbox:x:{uid}:{gid}:sandbox:/tmp:/bin/sh\n"
        ).encode(),
        "/etc/group": f"root:x:0:\nsandbox:x:{gid}:\n".encode(),
        "/etc/hosts": b"127.0.0.1 localhost sandbox\n::1 localhost\n",
        "/etc/nsswitch.conf": b"passwd: files\ngroup: files\nhosts: files\n",
    }


def arguments(
    cell: Cell,
    *,
    root: bool,
    file_descriptors: Mapping[str, int],
    loosened: frozenset[str] = frozenset(),
) -> list[str]:
    """bwrap's arguments up to, not including, the command.

    Args:
        root: bwrap runs as root and the command drops to a plain id by itself.
        file_descriptors: path inside → descriptor to read its content from.
        loosened: names of probes whose wall is left out. Only tests give any.
    """
    return [
        *_namespaces(root, loosened),
        *_system(loosened),
        *_etc(file_descriptors),
        *_scratch(cell),
        *_binds(cell),
        *_environment(cell, loosened),
        *("--chdir", "/"),
        *([] if "mounts" in loosened else ["--remount-ro", "/"]),
    ]


def _namespaces(root: bool, loosened: frozenset[str]) -> list[str]:
    words = ["--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try", "--hostname", "sandbox"]
    if "network" not in loosened:
        words.append("--unshare-net")
    if "processes" not in loosened:
        words.append("--unshare-pid")
    words += ["--die-with-parent", "--new-session", "--clearenv", "--cap-drop", "ALL"]
    if root:
        # What the inner setpriv needs to change its id and to empty the bounding set.
        for capability in ("CAP_SETUID", "CAP_SETGID", "CAP_SETPCAP"):
            words += ["--cap-add", capability]
        return words
    words.append("--unshare-user")
    return words if "mounts" in loosened else [*words, "--disable-userns"]


def _system(loosened: frozenset[str]) -> list[str]:
    show = "--bind" if "mounts" in loosened else "--ro-bind"
    words = ["--size", str(_ROOT_BYTES), "--tmpfs", "/", show, "/usr", "/usr"]
    for name in _ROOT_LINKS:
        path = Path("/", name)
        if path.is_symlink():
            words += ["--symlink", str(path.readlink()), str(path)]
        elif path.is_dir():
            words += ["--ro-bind", str(path), str(path)]
    for folder in runtime():
        words += [*_parents(str(folder)), "--ro-bind", str(folder), str(folder)]
    words += ["--proc", "/proc", "--dev", "/dev"]
    return words if "mounts" in loosened else [*words, "--remount-ro", "/dev"]


def _etc(file_descriptors: Mapping[str, int]) -> list[str]:
    words = _parents("/etc/passwd")
    for name in _ETC:
        if Path("/etc", name).exists():
            words += ["--ro-bind", f"/etc/{name}", f"/etc/{name}"]
    for target, descriptor in file_descriptors.items():
        words += ["--perms", "0444", "--file", str(descriptor), target]
    return words


def _scratch(cell: Cell) -> list[str]:
    size = str(cell.limits.scratch_bytes)
    words: list[str] = []
    for target in ("/dev/shm", "/tmp"):  # noqa: S108
        words += ["--perms", "1777", "--size", size, "--tmpfs", target]
    return [*words, "--dir", "/run", *_parents(f"{cell.cwd}/x")]


def _binds(cell: Cell) -> list[str]:
    words: list[str] = []
    for bind in cell.binds:
        words += [*_parents(bind.target), _option(bind), str(bind.source), bind.target]
    return words


def _parents(target: str) -> list[str]:
    """Make the folders above `target` open to everybody: bwrap, as root, makes them 0700."""
    words: list[str] = []
    for folder in reversed(PurePosixPath(target).parents):
        if folder != PurePosixPath("/"):
            words += ["--perms", "0755", "--dir", str(folder)]
    return words


def _option(bind: Bind) -> str:
    return "--bind" if bind.writable else "--ro-bind"


def _environment(cell: Cell, loosened: frozenset[str]) -> list[str]:
    words: list[str] = []
    for name, value in environment(cell).items():
        words += ["--setenv", name, value]
    return [*words, "--setenv", "LEAK", "1"] if "environment" in loosened else words
