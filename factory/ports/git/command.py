"""Run git with an environment in which no repository, user or system setting can run code."""

from __future__ import annotations

import os
import re
import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from factory.errors import InputError, ProcessFailed
from factory.ports import process

TIMEOUT_SECONDS = 300.0

# Settings a repository could use to have code executed, or to read what we did not ask for.
# Command-line `-c` wins over any file, so a hostile .git/config cannot put them back.
_SAFE_SETTINGS = (
    "core.hooksPath=/dev/null",
    "core.fsmonitor=false",
    "core.attributesFile=/dev/null",
    "core.sshCommand=ssh",
    "core.pager=cat",
    "core.quotePath=true",
    "protocol.allow=never",
    "protocol.file.allow=always",
    "protocol.https.allow=always",
    "protocol.http.allow=always",
    "protocol.ssh.allow=always",
    "credential.helper=",
    "http.followRedirects=false",
    "submodule.recurse=false",
    "fetch.recurseSubmodules=false",
    "gc.auto=0",
    "maintenance.auto=false",
    "advice.detachedHead=false",
    "init.defaultBranch=main",
    "safe.directory=*",
)
_KEPT_ENVIRONMENT = (
    "PATH",
    "HTTPS_PROXY",
    "HTTP_PROXY",
    "NO_PROXY",
    "https_proxy",
    "http_proxy",
    "no_proxy",
    "SSL_CERT_FILE",
    "GIT_SSL_CAINFO",
    "TMPDIR",
)
_OBJECT_ID = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment of every git process: no prompts, no user or system configuration."""
    kept = {name: os.environ[name] for name in _KEPT_ENVIRONMENT if name in os.environ}
    return {
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        **kept,
        "HOME": "/nonexistent",
        "LC_ALL": "C.UTF-8",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": "/dev/null",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_ASKPASS": "/bin/false",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_LFS_SKIP_SMUDGE": "1",
        "GIT_OPTIONAL_LOCKS": "0",
        **(extra or {}),
    }


def git(
    *arguments: str,
    repository: Path | None = None,
    stdin: bytes = b"",
    env: Mapping[str, str] | None = None,
    timeout_seconds: float = TIMEOUT_SECONDS,
    output_limit_bytes: int = 512 * 1024 * 1024,
) -> bytes:
    """Run one git command and return its standard output.

    Args:
        arguments: the subcommand and its arguments.
        repository: the work tree or bare repository to run in (`git -C`).
        stdin: bytes for its standard input.
        env: additions to `environment()`.
        timeout_seconds: the deadline.
        output_limit_bytes: more output than this is an error, never a silent cut.

    Raises:
        ProcessFailed: it ended with another code than 0, ran out of time or wrote too much.
    """
    done = attempt(
        *arguments,
        repository=repository,
        stdin=stdin,
        env=env,
        timeout_seconds=timeout_seconds,
        output_limit_bytes=output_limit_bytes,
    )
    if not done.ok:
        raise ProcessFailed(describe(done, arguments))
    if done.truncated:
        raise ProcessFailed(f"git {arguments[0]} wrote more than {output_limit_bytes} bytes")
    return done.stdout


def attempt(
    *arguments: str,
    repository: Path | None = None,
    stdin: bytes = b"",
    env: Mapping[str, str] | None = None,
    timeout_seconds: float = TIMEOUT_SECONDS,
    output_limit_bytes: int = 512 * 1024 * 1024,
) -> process.Completed:
    """Like `git`, but hand back how it ended, for callers that tell failures apart."""
    return process.run(
        _argv(arguments, repository),
        env=environment(env),
        stdin=stdin,
        timeout_seconds=timeout_seconds,
        output_limit_bytes=output_limit_bytes,
    )


def describe(done: process.Completed, arguments: Sequence[str]) -> str:
    """One sentence on how a git command ended, with its subcommand's name."""
    verb = next((word for word in arguments if not word.startswith("-")), "")
    return process.describe(done).replace("git ", f"git {verb} ", 1)


@contextmanager
def streaming(
    *arguments: str,
    repository: Path,
    stdin: int | IO[bytes] = subprocess.PIPE,
    stdout: int | IO[bytes] = subprocess.PIPE,
    stderr: int | IO[bytes] = subprocess.DEVNULL,
    timeout_seconds: float = TIMEOUT_SECONDS,
) -> Iterator[subprocess.Popen[bytes]]:
    """A git command whose streams the caller reads or writes piece by piece.

    It is killed at the deadline, which the caller sees as an early end of its stream, and at
    the end of the block.
    """
    running = process.start(
        _argv(arguments, repository), env=environment(), stdin=stdin, stdout=stdout, stderr=stderr
    )
    clock = threading.Timer(timeout_seconds, running.kill)
    clock.daemon = True
    clock.start()
    try:
        yield running
    finally:
        clock.cancel()
        process.end(running)


def succeeds(
    *arguments: str, repository: Path | None = None, env: Mapping[str, str] | None = None
) -> bool:
    """Whether a git command ends with code 0; for questions such as `merge-base --is-ancestor`."""
    return attempt(*arguments, repository=repository, env=env, output_limit_bytes=1024 * 1024).ok


def object_id(text: str | bytes) -> str:
    """Check that `text` is one full object id and return it.

    Raises:
        InputError: it is not 40 or 64 lower-case hexadecimal digits.
    """
    cleaned = (text.decode("ascii", "replace") if isinstance(text, bytes) else text).strip()
    if not _OBJECT_ID.fullmatch(cleaned):
        raise InputError(f"not a commit id: {cleaned[:80]!r}")
    return cleaned


def _argv(arguments: Sequence[str], repository: Path | None) -> list[str]:
    settings = [word for setting in _SAFE_SETTINGS for word in ("-c", setting)]
    place = ["-C", str(repository)] if repository is not None else []
    return ["git", "--no-pager", *settings, *place, *arguments]
