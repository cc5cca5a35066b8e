"""The same exchanges over a real sshd."""

from __future__ import annotations

import getpass
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from factory.errors import AuthenticationError, BaseMoved, InputError
from factory.ports.git import tree


@dataclass
class Host:
    folder: Path
    port: int

    def url(self, repository: Path) -> str:
        return f"ssh://{getpass.getuser()}@127.0.0.1:{self.port}{repository}"

    def env(self, key: str = "key", known: str = "known_hosts") -> dict[str, str]:
        return {
            "GIT_SSH_COMMAND": f"ssh -F /dev/null -i {self.folder / key} -o IdentitiesOnly=yes "
            f"-o UserKnownHostsFile={self.folder / known} -o StrictHostKeyChecking=yes "
            "-o BatchMode=yes"
        }


@pytest.fixture
def host(tmp_path: Path, needs) -> Iterator[Host]:
    needs("sshd", "ssh", "ssh-keygen")
    folder = tmp_path / "ssh"
    folder.mkdir(mode=0o700)
    for name in ("host", "key", "stranger"):
        subprocess.run(
            ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / name)], check=True
        )
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (folder / "authorized").write_text((folder / "key.pub").read_text())
    for name, key in (("known_hosts", "host.pub"), ("other_hosts", "stranger.pub")):
        (folder / name).write_text(f"[127.0.0.1]:{port} {(folder / key).read_text()}")
    (folder / "sshd_config").write_text(
        f"ListenAddress 127.0.0.1:{port}\nHostKey {folder}/host\nPidFile none\n"
        f"AuthorizedKeysFile {folder}/authorized\nStrictModes no\nUsePAM no\n"
        "PasswordAuthentication no\nPermitRootLogin prohibit-password\n"
    )
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(exist_ok=True)  # Else sshd as root will not start.
    daemon = shutil.which("sshd")
    assert daemon
    running = subprocess.Popen(
        [daemon, "-D", "-e", "-f", str(folder / "sshd_config")], stderr=subprocess.DEVNULL
    )
    try:
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield Host(folder, port)
    finally:
        running.terminate()
        running.wait()


def test_fetch_and_push_over_ssh(host, bare, commit_files, run_git, tmp_path) -> None:
    first = commit_files(bare, {"a": b"1"})
    second = commit_files(bare, {"a": b"2"})
    url = host.url(bare)
    into = tree.mirror(url, tmp_path / "m.git", refs=[first, "main"], env=host.env(), depth=1)
    assert tree.resolve(into, first) == first
    assert tree.remote_head(url, "main", host.env()) == second
    tree.push(into, url, second, "refs/heads/x", expected=None, env=host.env())
    with pytest.raises(BaseMoved):
        tree.push(into, url, first, "refs/heads/x", expected=first, env=host.env())
    assert run_git(bare, "rev-parse", "x") == second


def test_ssh_failures_are_told_apart(host, bare, commit_files, tmp_path) -> None:
    commit_files(bare, {"a": b"1"})
    into = tmp_path / "m.git"
    for env in (host.env(key="stranger"), host.env(known="other_hosts")):
        with pytest.raises(AuthenticationError):
            tree.mirror(host.url(bare), into, refs=["main"], env=env)
    with pytest.raises(InputError):
        tree.mirror(host.url(tmp_path / "nothing.git"), into, refs=["main"], env=host.env())
    with pytest.raises(InputError):
        tree.mirror(host.url(bare), into, refs=["zip"], env=host.env())
