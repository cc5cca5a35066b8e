"""The inner half of the probes: runs inside a cell and tells what it found open.

Standard library only, never imported by us. Reads a JSON plan on stdin, writes a JSON object
{probe: [finding, ...]} on stdout; an empty list is a wall that holds. Anything that cannot be
checked is a finding.
"""
# pathlib would double the time that this program takes to start.
# ruff: noqa: PTH108, PTH109, PTH110, PTH115, PTH118, PTH123, PTH208

from __future__ import annotations

import errno
import json
import os
import socket
import struct
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

MOUNT_REMOUNT_BIND = 0x20 | 0x1000
CLONE_NEWUSER = 0x10000000
SIOCGIFFLAGS = 0x8913
FEW_PROCESSES = 6


def network(plan: dict[str, Any]) -> Iterator[str]:
    import fcntl

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asker:
        for _, name in socket.if_nameindex():
            request = struct.pack("16sH14s", name.encode(), 0, b"")
            flags = struct.unpack("16sH14s", fcntl.ioctl(asker, SIOCGIFFLAGS, request))[1]
            if name != "lo" and flags & 1:
                yield f"interface {name} is up"
                return
    for host, port in plan["targets"]:
        try:
            socket.create_connection((host, port), timeout=0.3).close()
            yield f"{host}:{port} answers"
        except OSError:
            pass
    for name in ("example.com", "dns.invalid"):
        try:
            socket.getaddrinfo(name, 80)
            yield f"the name {name} is resolved"
        except OSError:
            pass


def processes(plan: dict[str, Any]) -> Iterator[str]:
    pids = [name for name in os.listdir("/proc") if name.isdigit()]
    if len(pids) > FEW_PROCESSES:
        yield f"{len(pids)} processes can be seen"
    if caller_start(plan["caller_pid"]) == plan["caller_start"]:
        yield "the process that started the sandbox can be seen"
    secret = plan["canary"].encode()
    for pid in pids:
        if secret in content(f"/proc/{pid}/environ"):
            yield f"process {pid} shows the environment of the factory"


def caller_start(pid: int) -> str | None:
    text = content(f"/proc/{pid}/stat").decode("utf-8", "replace")
    return text.rpartition(")")[2].split()[19] if text else None


def mounts(plan: dict[str, Any]) -> Iterator[str]:
    for folder in ["/", "/usr", "/etc", "/dev", *plan["read_only"]]:
        # /dev has files that must be written to; it is enough that none can be added.
        if folder != "/dev" and not os.statvfs(folder).f_flag & os.ST_RDONLY:
            yield f"{folder} is writable"
        try:
            path = os.path.join(folder, ".factory-probe")
            with open(path, "w"):
                pass
            os.unlink(path)
            yield f"a file can be made in {folder}"
        except OSError:
            pass
    for path in plan["doors"]:
        if os.path.exists(path):
            yield f"{path} is there"
    with open("/proc/self/status") as file:
        status = dict(line.split(":", 1) for line in file if ":" in line)
    for name in ("CapEff", "CapPrm", "CapInh", "CapBnd", "CapAmb"):
        if int(status[name], 16):
            yield f"capabilities are left: {name} {status[name].strip()}"
    if status["NoNewPrivs"].strip() != "1":
        yield "new privileges can be had"
    if os.geteuid() == 0:
        yield "the user is root"
    yield from system_calls()


def system_calls() -> Iterator[str]:
    import ctypes

    libc = ctypes.CDLL(None, use_errno=True)
    if libc.mount(None, b"/usr", None, MOUNT_REMOUNT_BIND, None) == 0:
        yield "/usr can be mounted anew"
    if libc.unshare(CLONE_NEWUSER) == 0:
        yield "a user namespace can be made"


def environment(plan: dict[str, Any]) -> Iterator[str]:
    pairs = content("/proc/self/environ").split(b"\0")
    found = sorted(pair.decode("utf-8", "replace") for pair in pairs if pair)
    wanted = sorted(f"{name}={value}" for name, value in plan["environment"].items())
    for pair in found:
        if pair not in wanted:
            yield f"{pair.partition('=')[0]} is set and was not given"
    for pair in wanted:
        if pair not in found:
            yield f"{pair.partition('=')[0]} was given and is not set"


def files(plan: dict[str, Any]) -> Iterator[str]:
    path = plan["file"]
    places = ["", os.getcwd() + "/../../.."]
    for pid in [*(name for name in os.listdir("/proc") if name.isdigit()), "self"]:
        places += [f"/proc/{pid}/root", f"/proc/{pid}/cwd", f"/proc/{pid}/cwd/../../../.."]
    for place in places:
        if plan["canary"].encode() in content(place + path):
            yield f"a file outside can be read at {place}{path}"


def descriptors(_plan: dict[str, Any]) -> Iterator[str]:
    for name in sorted(os.listdir("/proc/self/fd"), key=int):
        try:
            target = os.readlink(f"/proc/self/fd/{name}")
        except OSError as error:
            if error.errno != errno.ENOENT:
                yield f"descriptor {name} cannot be examined"
            continue
        if int(name) > 2:
            yield f"descriptor {name} is open: {target}"
        elif os.isatty(int(name)):
            yield f"descriptor {name} is a terminal"


def content(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read(1 << 16)
    except OSError:
        return b""


def main() -> None:
    # The descriptors first, before this program opens any of its own.
    plan = json.load(sys.stdin)
    found = {}
    for probe in (descriptors, environment, processes, files, mounts, network):
        try:
            found[probe.__name__] = list(probe(plan))
        except Exception as error:
            found[probe.__name__] = [f"could not be checked: {type(error).__name__}: {error}"]
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
