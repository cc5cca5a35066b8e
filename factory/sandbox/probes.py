"""Prove that a sandbox holds, from inside one of its own cells, before anything runs in it."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
import socket
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from factory.errors import SandboxBreach, SandboxUnavailable
from factory.ports import process, scratch
from factory.sandbox.protocol import Bind, Cell, Sandbox

PROBES = ("network", "processes", "mounts", "environment", "files", "descriptors")

_SECONDS = 30.0
_PROGRAM = "probe_inside.py"
# The address of every large cloud's metadata service, and sockets that hand out the host.
_METADATA = ("169.254.169.254", 80)
_DOORS = (
    "/var/run/docker.sock",
    "/run/docker.sock",
    "/run/containerd/containerd.sock",
    "/run/podman/podman.sock",
    "/run/dbus/system_bus_socket",
    "/run/systemd/private",
)


def check(sandbox: Sandbox, *, interpreter: str, environment: Mapping[str, str]) -> None:
    """Run every probe in one cell of `sandbox`.

    Args:
        interpreter: the Python inside.
        environment: what the cell must add by itself to the cell's own variables.

    Raises:
        SandboxUnavailable: no cell can be made, or the probes could not run in it.
        SandboxBreach: a probe found something open; the message names probe and finding.
    """
    canary = secrets.token_hex(16)
    with _planted(canary) as (shown, secret, port):
        cell = Cell(
            binds=(Bind(source=shown, target="/probe"),),
            env={"PROBE": "1"},
            cwd="/probe",
        )
        plan = {
            "targets": [("127.0.0.1", port), *((host, port) for host in _addresses()), _METADATA],
            "caller_pid": os.getpid(),
            "caller_start": scratch.stamp(os.getpid()).partition("-")[2],
            "canary": canary,
            "read_only": ["/probe"],
            "doors": _DOORS,
            "environment": {**environment, **cell.env},
            "file": str(secret),
        }
        done = sandbox.run(
            cell,
            [interpreter, "-I", "-S", f"/probe/{_PROGRAM}"],
            stdin=json.dumps(plan).encode(),
            timeout_seconds=_SECONDS,
        )
    if not done.ok:
        raise SandboxUnavailable(
            f"the probes could not run in {sandbox.name}: {process.describe(done)}",
            mend=f"the sandbox needs a Python inside that runs as {interpreter}",
        )
    _judge(sandbox.name, done.stdout)


def _judge(name: str, answer: bytes) -> None:
    found: dict[str, Any] = {}
    with contextlib.suppress(ValueError):
        found = json.loads(answer)
    for probe in PROBES:
        findings = found.get(probe) if isinstance(found, dict) else None
        if findings == []:
            continue
        said = "; ".join(str(one) for one in findings) if findings else "gave no answer"
        raise SandboxBreach(
            f"{name} does not hold: probe {probe}: {said}",
            mend="nothing was run in it; use another kind of sandbox, and report this",
        )


@contextlib.contextmanager
def _planted(canary: str) -> Iterator[tuple[Path, Path, int]]:
    """What must not be reached: a file beside the bind, a variable of ours, a port of the host."""
    variable = f"FACTORY_CANARY_{canary[:8].upper()}"
    with scratch.scratch("cell") as folder, socket.socket() as listener:
        folder.chmod(0o755)  # So that only the sandbox, not the mode, keeps a reader out.
        shown = folder / "shown"
        shown.mkdir(mode=0o755)
        shutil.copyfile(Path(__file__).with_name(_PROGRAM), shown / _PROGRAM)
        secret = folder / "secret"
        secret.write_text(canary)
        secret.chmod(0o644)
        listener.bind(("0.0.0.0", 0))  # noqa: S104
        listener.listen()
        os.environ[variable] = canary
        try:
            yield shown, secret, listener.getsockname()[1]
        finally:
            del os.environ[variable]


def _addresses() -> list[str]:
    """The addresses of this host and of its gateways, as far as the kernel's tables tell."""
    found: set[str] = set()
    with contextlib.suppress(OSError):
        for line in Path("/proc/net/route").read_text().splitlines()[1:]:
            gateway = bytes.fromhex(line.split()[2])[::-1]
            if any(gateway):
                found.add(socket.inet_ntoa(gateway))
    with contextlib.suppress(OSError):
        for line in Path("/proc/net/fib_trie").read_text().splitlines():
            word = line.split()[-1]
            if line.lstrip().startswith("|-- ") and not word.endswith((".0", ".255")):
                found.add(word)
    return sorted(found)[:16]
