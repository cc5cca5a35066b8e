"""ssh_environment: one key, known hosts only, and a real sshd that holds us to it."""

from __future__ import annotations

import base64
import hashlib
import os
import shlex
import shutil
import socket
import stat
import subprocess
import time
from pathlib import Path

import pytest

from factory.errors import AuthenticationError, ConfigurationError, FactoryError
from factory.forge.ssh import GITHUB_KNOWN_HOSTS, ssh_environment
from factory.ports.git import tree

# https://docs.github.com/authentication/keeping-your-account-and-data-secure
PUBLISHED = {
    "ssh-ed25519": "+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU",
    "ecdsa-sha2-nistp256": "p2QAMXNIC1TJYWeIOttrVc98/R1BUFWu3/LiyKgUfQM",
    "ssh-rsa": "uNiVztksCsDhcc0u9e8BujQXVUpKZIDTMczCvj3tD2s",
}
# Its fingerprint is nThbg6kXUpJWGl7E1IGOCspRomTxdCARLviKw6E5SY8.
LEAKED_RSA = (
    "github.com ssh-rsa "
    "AAAAB3NzaC1yc2EAAAABIwAAAQEAq2A7hRGmdnm9tUDbO9IDSwBK6TbQa+PXYPCPy6rbTrTtw7PHkccKrpp0yVhp5HdE"
    "IcKr6pLlVDBfOLX9QUsyCOV0wzfjIJNlGEYsdlLJizHhbn2mUjvSAHQqZETYP81eFzLQNnPHt4EVVUh7VfDESU84KezmD"
    "5QlWpXLmvU31/yMf+Se8xhHTvKSCZIFImWwoG6mbUoWf9nzpIoaSjB+weqqUUmpaaasXVal72J+UX2B+2RPW3RcT0eOzQ"
    "gqlJL3RKrTJvdsjE3JEAvGq3lGHSZXy28G3skua2SmVi/w4yCE6gbODqnTWlg7+wC604ydGXA8VJiS5ap43JXiUFFAaQ=="
    "\n"
)
KEY = "-----BEGIN OPENSSH PRIVATE KEY-----\nbm9uZQ==\n-----END OPENSSH PRIVATE KEY-----"


def test_githubs_host_keys_have_the_published_fingerprints():
    found = {}
    for line in GITHUB_KNOWN_HOSTS.splitlines():
        host, kind, key = line.split()
        assert host == "github.com"
        digest = hashlib.sha256(base64.b64decode(key)).digest()
        found[kind] = base64.b64encode(digest).decode().rstrip("=")
    assert found == PUBLISHED


def test_the_key_is_private_and_ssh_asks_nobody(tmp_path):
    folder = tmp_path / "a folder"
    env = ssh_environment(KEY.replace("\n", "\r\n") + "\r\n\r\n", "", folder)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "key").stat().st_mode) == 0o600
    assert (folder / "key").read_text() == f"{KEY}\n", "ssh wants unix lines and a final one"
    assert (folder / "known_hosts").read_text() == GITHUB_KNOWN_HOSTS
    words = shlex.split(env["GIT_SSH_COMMAND"])
    assert words[:3] == ["ssh", "-F", "/dev/null"]
    for option in (
        "BatchMode=yes",
        "IdentitiesOnly=yes",
        "IdentityAgent=none",
        f'IdentityFile="{folder}/key"',
        "StrictHostKeyChecking=yes",
        f'UserKnownHostsFile="{folder}/known_hosts"',
        "GlobalKnownHostsFile=/dev/null",
    ):
        assert option in words


@pytest.mark.parametrize("text", ["", "secret", KEY[:40], "ssh-ed25519 AAAA public"])
def test_what_is_no_private_key_is_said_without_showing_it(tmp_path, text):
    with pytest.raises(AuthenticationError, match="not a private key") as caught:
        ssh_environment(text, "", tmp_path)
    assert "bm9" not in str(caught.value) and not (tmp_path / "key").exists()


def test_github_s_leaked_key_is_refused_wherever_it_stands(tmp_path):
    hosts = GITHUB_KNOWN_HOSTS + LEAKED_RSA
    with pytest.raises(ConfigurationError, match=r"line 4 .* before March 2023"):
        ssh_environment(KEY, hosts, tmp_path)
    assert not (tmp_path / "key").exists()
    ssh_environment(KEY, GITHUB_KNOWN_HOSTS + f"@revoked {LEAKED_RSA}", tmp_path)


def test_known_hosts_that_are_none_are_refused(tmp_path):
    with pytest.raises(ConfigurationError, match="line 2"):
        ssh_environment(KEY, "# note\nSHA256:+DiY3wvvV6TuJJhbpZisF", tmp_path)


@pytest.fixture
def server(tmp_path, needs):
    """A real sshd that serves one bare repository to one key, by forced command, read only."""
    needs("sshd", "ssh-keygen", "git")
    for name in ("host", "deploy", "stranger", "other-host"):
        words = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(tmp_path / name)]
        subprocess.run(words, check=True)
    repository = tmp_path / "scenarios.git"
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", str(repository)], check=True)
    who = ["-c", "user.name=a", "-c", "user.email=a@b"]
    words = ["git", "-C", str(repository), *who, "commit-tree", "-m", "first"]
    empty = subprocess.run(
        ["git", "-C", str(repository), "hash-object", "-wt", "tree", "/dev/null"],
        check=True, capture_output=True,
    ).stdout.decode().strip()  # fmt: skip
    made = subprocess.run([*words, empty], check=True, capture_output=True)
    commit = made.stdout.decode().strip()
    subprocess.run(["git", "-C", str(repository), "update-ref", "refs/heads/main", commit])
    serve = f"git -c safe.directory=* upload-pack {repository}"
    public = (tmp_path / "deploy.pub").read_text()
    (tmp_path / "authorized_keys").write_text(f'restrict,command="{serve}" {public}')
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    (tmp_path / "sshd_config").write_text(
        f"Port {port}\nListenAddress 127.0.0.1\nHostKey {tmp_path}/host\nPidFile none\n"
        f"AuthorizedKeysFile {tmp_path}/authorized_keys\nStrictModes no\nUsePAM no\n"
        "PasswordAuthentication no\nKbdInteractiveAuthentication no\n"
    )
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(exist_ok=True)
    sshd = shutil.which("sshd")
    process = subprocess.Popen(
        [sshd, "-D", "-e", "-f", str(tmp_path / "sshd_config")], stderr=subprocess.DEVNULL
    )
    for _ in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.05)
    yield port, commit, tmp_path
    process.terminate()
    process.wait(10)


def known(folder, name, port):
    kind, key, *_ = (folder / f"{name}.pub").read_text().split()
    return f"[127.0.0.1]:{port} {kind} {key}"


def user() -> str:
    import pwd

    return pwd.getpwuid(os.geteuid()).pw_name


def test_the_deploy_key_opens_its_repository(server, tmp_path):
    port, commit, folder = server
    env = ssh_environment(
        (folder / "deploy").read_text(), known(folder, "host", port), tmp_path / "with blank %d"
    )
    url = f"ssh://{user()}@127.0.0.1:{port}/scenarios.git"
    assert tree.remote_head(url, "main", env) == commit


@pytest.mark.parametrize(("key", "host"), [("stranger", "host"), ("deploy", "other-host")])
def test_another_key_or_another_server_is_refused(server, tmp_path, key, host):
    port, _, folder = server
    key_text = (folder / key).read_text()
    env = ssh_environment(key_text, known(folder, host, port), tmp_path / "key")
    url = f"ssh://{user()}@127.0.0.1:{port}/scenarios.git"
    with pytest.raises(FactoryError) as caught:
        tree.remote_head(url, "main", env)
    assert isinstance(caught.value, AuthenticationError), caught.value


def test_an_unknown_server_is_refused_though_the_key_is_right(server, tmp_path):
    port, _, folder = server
    env = ssh_environment((folder / "deploy").read_text(), "", tmp_path / "key")
    with pytest.raises(AuthenticationError):
        tree.remote_head(f"ssh://{user()}@127.0.0.1:{port}/scenarios.git", "main", env)
