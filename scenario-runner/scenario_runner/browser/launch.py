"""Puts up the walls around a browser, then becomes it. A script of its own: started by Playwright
in the browser's place, `python -I launch.py SETTINGS [the browser's arguments]`.

In this order: a network namespace with nothing in it but loopback; a listener there, which is sent
to the runner, whose gate answers on it; another user than root; a view of the file system without
anybody's files, and process ids of its own (bubblewrap); the browser, whose own sandbox stands
inside all of these. A wall that the kernel refuses is left out, and named to the runner.
"""

from __future__ import annotations

import array
import ctypes
import fcntl
import json
import os
import socket
import struct
import subprocess
import sys
from collections.abc import Callable
from typing import Any

_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000
_SIOCGIFFLAGS, _SIOCSIFFLAGS, _IFF_UP = 0x8913, 0x8914, 1


def main() -> None:
    settings: dict[str, Any] = json.loads(sys.argv[1])
    arguments = sys.argv[2:]
    walls: list[str] = []
    # An attempt that fails halfway leaves a process that can do nothing: try in another one first.
    if _works(_own_network):
        _own_network()
        walls.append("network")
    listener = socket.create_server(("127.0.0.1", 0), backlog=128)
    port = listener.getsockname()[1]
    runner = socket.socket(socket.AF_UNIX)
    with_short_path(settings["door"], runner.connect)
    profiles = [one.partition("=")[2] for one in arguments if one.startswith("--user-data-dir=")]
    writable = [*profiles, settings["downloads"]]
    user = settings["user"]
    if user is not None:
        for folder in writable:
            os.chown(folder, user, user)
        os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)
        walls.append("user")
    command = [settings["chromium"]]
    wrapped = _wrapped(settings, writable)
    if wrapped and _answers([*wrapped, "/bin/true"]):
        command = [*wrapped, *command]
        walls.append("files")
    with runner:
        said = json.dumps({"walls": walls, "pid": os.getpid()}).encode()
        descriptors = array.array("i", [listener.fileno()])
        runner.sendmsg([said], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, descriptors)])
    listener.close()
    command += [
        # All that the browser sends goes to the gate, names unresolved, loopback not excepted.
        f"--proxy-server=socks5://127.0.0.1:{port}",
        "--proxy-bypass-list=<-loopback>",
        *arguments,
    ]
    os.execvp(command[0], command)


def with_short_path(path: str | os.PathLike[str], call: Callable[[str], object]) -> None:
    """`call` with another path to the same socket: no folder, however deep, makes it too long."""
    folder, name = os.path.split(os.fspath(path))
    descriptor = os.open(folder, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        call(f"/proc/self/fd/{descriptor}/{name}")
    finally:
        os.close(descriptor)


def _works(attempt: Any) -> bool:
    child = os.fork()
    if child == 0:
        try:
            attempt()
        except BaseException:
            os._exit(1)
        os._exit(0)
    return os.waitpid(child, 0)[1] == 0


def _own_network() -> None:
    """Raises OSError. Root needs no user namespace for it, and keeps the right to give up root."""
    uid, gid = os.getuid(), os.getgid()
    _unshare(_CLONE_NEWNET if uid == 0 else _CLONE_NEWUSER | _CLONE_NEWNET)
    if uid != 0:
        for name, text in (
            ("setgroups", "deny"),
            ("uid_map", f"{uid} {uid} 1"),
            ("gid_map", f"{gid} {gid} 1"),
        ):
            with open(f"/proc/self/{name}", "w", encoding="ascii") as stream:
                stream.write(text)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
        request = bytearray(struct.pack("16sh22x", b"lo", 0))
        fcntl.ioctl(asked, _SIOCGIFFLAGS, request)
        flags = struct.unpack_from("h", request, 16)[0]
        struct.pack_into("h", request, 16, flags | _IFF_UP)
        fcntl.ioctl(asked, _SIOCSIFFLAGS, request)


def _unshare(flags: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(flags) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def _wrapped(settings: dict[str, Any], writable: list[str]) -> list[str]:
    """bubblewrap around the browser; empty where there is none."""
    if not settings["bubblewrap"]:
        return []
    words = [settings["bubblewrap"], "--unshare-user", "--unshare-pid", "--unshare-ipc"]
    words += ["--unshare-uts", "--die-with-parent", "--proc", "/proc", "--dev", "/dev"]
    words += ["--tmpfs", "/tmp", "--ro-bind", "/usr", "/usr"]
    for name in ("/bin", "/sbin", "/lib", "/lib32", "/lib64"):
        if os.path.islink(name):
            words += ["--symlink", os.readlink(name), name]
        else:
            words += ["--ro-bind-try", name, name]
    for name in settings["readable"]:
        words += ["--ro-bind-try", name, name]
    for name in writable:
        words += ["--bind", name, name]
    return [*words, "--chdir", "/", "--"]


def _answers(command: list[str]) -> bool:
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=10)
    except (OSError, subprocess.SubprocessError):
        return False
    return done.returncode == 0


if __name__ == "__main__":
    main()
