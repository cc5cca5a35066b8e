"""A real sshd on loopback that serves one bare repository to one read-only deploy key."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_GATE = """#!/bin/sh
# What a read-only deploy key may do on GitHub: fetch from this one repository.
case "$SSH_ORIGINAL_COMMAND" in
  "git-upload-pack '{repository}'") exec git-upload-pack {repository} ;;
  *) echo "ERROR: The key you are authenticating with has been marked as read only." >&2; exit 1 ;;
esac
"""
_CONFIGURATION = """
Port {port}
ListenAddress 127.0.0.1
HostKey {folder}/host_key
PidFile {folder}/sshd.pid
AuthorizedKeysFile {folder}/authorized_keys
PasswordAuthentication no
KbdInteractiveAuthentication no
UsePAM no
StrictModes no
PermitRootLogin prohibit-password
PermitUserEnvironment no
AcceptEnv GIT_PROTOCOL
LogLevel VERBOSE
"""


@dataclass(frozen=True, kw_only=True)
class DeployKey:
    """How to reach the served repository.

    `private_key` opens it, `stranger` is a well-formed key that does not; `known_hosts` is the
    line for the server's host key; `log` is sshd's own.
    """

    url: str
    private_key: str
    stranger: str
    known_hosts: str
    log: Path


@contextlib.contextmanager
def served(repository: Path, folder: Path) -> Iterator[DeployKey]:
    """Serve the bare `repository`; the server's files are in the new `folder`."""
    folder.mkdir(mode=0o700)
    for name in ("host_key", "deploy_key", "stranger"):
        _run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", str(folder / name))
    gate = folder / "gate"
    gate.write_text(_GATE.format(repository=repository))
    gate.chmod(0o755)
    public = (folder / "deploy_key.pub").read_text().strip()
    (folder / "authorized_keys").write_text(f'restrict,command="{gate}" {public}\n')
    port = _free_port()
    (folder / "sshd_config").write_text(_CONFIGURATION.format(port=port, folder=folder))
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)  # sshd as root will not start without.
    log = folder / "sshd.log"
    sshd = shutil.which("sshd") or "/usr/sbin/sshd"
    with log.open("wb") as stream:
        server = subprocess.Popen(
            [sshd, "-D", "-e", "-f", str(folder / "sshd_config")], stderr=stream
        )
    try:
        _wait(port, server, log)
        host_key = " ".join((folder / "host_key.pub").read_text().split()[:2])
        user = pwd.getpwuid(os.geteuid()).pw_name
        yield DeployKey(
            url=f"ssh://{user}@127.0.0.1:{port}{repository}",
            private_key=(folder / "deploy_key").read_text(),
            stranger=(folder / "stranger").read_text(),
            known_hosts=f"[127.0.0.1]:{port} {host_key}",
            log=log,
        )
    finally:
        server.terminate()
        server.wait(10)


def _wait(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and server.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    raise AssertionError(f"sshd did not start: {log.read_text()}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _run(*argv: str) -> None:
    subprocess.run(argv, check=True, capture_output=True, timeout=30)
