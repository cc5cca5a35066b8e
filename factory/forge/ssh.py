"""git over SSH with one deploy key, to a server whose host key is known beforehand."""

from __future__ import annotations

import os
import shlex
from pathlib import Path

from factory.errors import AuthenticationError, ConfigurationError
from factory.forge.host_keys import LEAKED_FINGERPRINT, fingerprint

# The host keys that GitHub publishes for github.com; tests hold them against the fingerprints
# at https://docs.github.com/authentication/keeping-your-account-and-data-secure.
GITHUB_KNOWN_HOSTS = """\
github.com ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl
github.com ecdsa-sha2-nistp256 \
AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBEmKSENjQEezOmxkZMy7opKgwFB9nkt5YRrYMjNu\
G5N87uRgg6CLrbo5wAdT/y6v0mKV0U2w0WZ2YB/++Tpockg=
github.com ssh-rsa \
AAAAB3NzaC1yc2EAAAADAQABAAABgQCj7ndNxQowgcQnjshcLrqPEiiphnt+VTTvDP6mHBL9j1aNUkY4Ue1gvwnGLVlO\
hGeYrnZaMgRK6+PKCUXaDbC7qtbW8gIkhL7aGCsOr/C56SJMy/BCZfxd1nWzAOxSDPgVsmerOBYfNqltV9/hWCqBywIN\
IR+5dIg6JTJ72pcEpEjcYgXkE2YEFXV1JHnsKgbLWNlhScqb2UmyRkQyytRLtL+38TGxkxCflmO+5Z8CSSNY7GidjMIZ\
7Q4zMjA2n1nGrlTDkzwDCsw+wqFPGQA179cnfGWOWRVruj16z6XyvxvjJwbz0wQZ75XK5tKSb7FNyeIEs4TT4jk+S4dh\
PeAUC5y+bDYirYgM4GC7uEnztnZyaVWQ7B381AK4Qdrwt51ZqExKbQpTUNn+EjqoTwvqNj4kqx5QUCI0ThS/YkOxJCXm\
PUWZbhjpCg56i+2aB6CmK2JGhn57K5mj0MNdBXA4/WnwH6XoPWJzK5Nyu2zB3nAZp+S5hpQs+p1vN1/wsjk=
"""
CONNECT_TIMEOUT_SECONDS = 30
_MEND = (
    "store the whole private key file, from its BEGIN to its END line, without a passphrase, "
    "as FACTORY_SCENARIOS_KEY"
)


def ssh_environment(private_key_text: str, known_hosts_text: str, folder: Path) -> dict[str, str]:
    """Additions to git's environment that make it use this key, and nothing else, over SSH.

    Args:
        private_key_text: an unencrypted private key in OpenSSH or PEM form.
        known_hosts_text: known_hosts lines of the server; empty for GitHub's published keys.
        folder: a folder of the caller's own, made private here; the caller removes it, and the
            key with it.

    Raises:
        AuthenticationError: the text is no private key.
        ConfigurationError: a known_hosts line is not one, or trusts a key that was leaked.
    """
    key = private_key_text.replace("\r\n", "\n").strip() + "\n"
    lines = key.splitlines()
    if not (lines[0].startswith("-----BEGIN ") and "PRIVATE KEY" in lines[0]) or not lines[
        -1
    ].startswith("-----END "):
        raise AuthenticationError("the deploy key is not a private key", mend=_MEND)
    hosts = known_hosts_text.strip() or GITHUB_KNOWN_HOSTS.strip()
    _check_known_hosts(hosts)
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    options = {
        "BatchMode": "yes",
        "ConnectTimeout": str(CONNECT_TIMEOUT_SECONDS),
        "ForwardAgent": "no",
        "ForwardX11": "no",
        "GlobalKnownHostsFile": "/dev/null",
        "IdentitiesOnly": "yes",
        "IdentityAgent": "none",
        "IdentityFile": _quoted(_private_file(folder / "key", key)),
        "PasswordAuthentication": "no",
        "KbdInteractiveAuthentication": "no",
        "PermitLocalCommand": "no",
        "StrictHostKeyChecking": "yes",
        "UpdateHostKeys": "no",
        "UserKnownHostsFile": _quoted(_private_file(folder / "known_hosts", f"{hosts}\n")),
    }
    words = ["ssh", "-F", "/dev/null"]
    words += [word for name, value in options.items() for word in ("-o", f"{name}={value}")]
    # git hands this to a shell.
    return {"GIT_SSH_COMMAND": shlex.join(words), "GIT_SSH_VARIANT": "ssh"}


def _check_known_hosts(text: str) -> None:
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        words = line.split()
        if line.startswith("@"):
            words = words[1:]
        if len(words) < 3 or not words[2].startswith("AAAA"):
            raise ConfigurationError(
                f"line {number} of the known hosts is not a host, a key type and a key",
                mend="store the output of `ssh-keyscan HOST`, compared with the server's own word",
            )
        if not line.startswith("@revoked") and fingerprint(" ".join(words[1:3])) == (
            LEAKED_FINGERPRINT
        ):
            raise ConfigurationError(
                f"line {number} of the known hosts is github.com's RSA key of before March 2023, "
                "whose private half was public",
                mend="take that line out; leave FACTORY_SCENARIOS_KNOWN_HOSTS empty for github.com",
            )


def _private_file(path: Path, text: str) -> Path:
    """Write a file that is private from its first moment on."""
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write(text)
    return path


def _quoted(path: Path) -> str:
    """As an option of ssh takes it, which splits at blanks and expands %."""
    return '"' + str(path).replace("%", "%%").replace('"', '\\"') + '"'
