"""The subject: the candidate installed and running in a sandbox, with neither net nor scenarios."""

from __future__ import annotations

import re
import shlex
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from factory.errors import FactoryError
from factory.ports import process
from factory.records import Subject
from factory.records.work_order import SandboxChoice
from factory.sandbox.cellfile import write as write_cell
from factory.sandbox.protocol import MEBIBYTE, Bind, Cell, Sandbox, Service

APP = "/app"
PREFIX = "/opt/subject"
COMMAND_SECONDS = 60.0
# More than the runner takes (1 MiB), so that it sees a flood and fails the step for it.
COMMAND_OUTPUT_BYTES = 2 * MEBIBYTE
_POLL_SECONDS = 0.02
_ANSWER_SECONDS = 2.0
_HEAD_LIMIT_BYTES = 64 * 1024
_HEAD_END = re.compile(rb"\r?\n\r?\n")
_PLAIN = re.compile(r"[\w./+-]+(?: +[\w./+=:,@%-]+)*")
_STATUS_LINE = re.compile(rb"HTTP/1\.[01] ([0-9]{3})[ \r\n]")


class SubjectFailed(FactoryError):
    """The candidate could not be installed or started: its own fault. `phase` says where."""

    exit_code = 1
    code = "subject"

    def __init__(self, phase: str, message: str) -> None:
        super().__init__(message)
        self.phase = phase


@dataclass(frozen=True, kw_only=True)
class Reached:
    """How the runner reaches the subject; `service` is None for a command."""

    address: str
    service: Service | None


def install(subject: Subject, sandbox: Sandbox, app: Path, prefix: Path) -> None:
    """Run the install command, if any, in a sandbox that may write only `app` and `prefix`.

    Raises:
        SubjectFailed: it ended with another code than 0 or ran out of time.
    """
    (prefix / "bin").mkdir(parents=True, exist_ok=True)
    if subject.install is None:
        return
    cell = Cell(
        binds=(
            Bind(source=app, target=APP, writable=True),
            Bind(source=prefix, target=PREFIX, writable=True),
        ),
        env={
            "PREFIX": PREFIX,
            # pip installs offline, into the prefix, from what the interpreter already has.
            "PIP_NO_INDEX": "1",
            "PIP_USER": "1",
            "PIP_BREAK_SYSTEM_PACKAGES": "1",
            "PIP_NO_BUILD_ISOLATION": "0",
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
            "PYTHONUSERBASE": PREFIX,
            "npm_config_prefix": PREFIX,
            "npm_config_offline": "true",
        },
        cwd=APP,
    )
    done = sandbox.run(cell, _shell(subject.install), timeout_seconds=subject.install_seconds)
    if not done.ok:
        tail = (done.stdout + done.stderr).decode("utf-8", "replace")[-2000:]
        how = "ran out of time" if done.timed_out else f"ended with code {done.returncode}"
        raise SubjectFailed("install", f"the install command {how}: {tail}")
    # What is installed runs as another user later: what its owner may read, that one may read.
    process.check(
        ["chmod", "-R", "a+rX", "--", str(app), str(prefix)],
        env={"PATH": "/usr/bin:/bin"},
        timeout_seconds=COMMAND_SECONDS,
    )


@contextmanager
def running(
    subject: Subject,
    sandbox: Sandbox,
    choice: SandboxChoice,
    app: Path,
    prefix: Path,
    scratch: Path,
) -> Iterator[Reached]:
    """Make the subject reachable, until the context is left.

    Raises:
        SubjectFailed: a service did not become ready in its time.
    """
    cell = Cell(
        binds=(Bind(source=app, target=APP), Bind(source=prefix, target=PREFIX)),
        env={"PREFIX": PREFIX, "PYTHONUSERBASE": PREFIX, "PORT": str(subject.port)},
        cwd=APP,
    )
    if subject.command is not None:
        path = scratch / "cell.json"
        write_cell(
            path,
            choice,
            cell,
            [*_shell(f'{_alone(subject.command)} "$@"'), "subject"],
            COMMAND_SECONDS,
            output_limit_bytes=COMMAND_OUTPUT_BYTES,
        )
        # -I: the current folder is the subject's to write; nothing is imported from it.
        words = [sys.executable, "-I", "-m", "factory.sandbox", str(path), "--"]
        yield Reached(address=shlex.join(words), service=None)
        return
    assert subject.start is not None
    with sandbox.service(cell, _shell(subject.start), port=subject.port) as service:
        _await_ready(service, subject)
        address = f"http+unix://{quote(str(service.socket), safe='')}"
        yield Reached(address=address, service=service)


def _alone(command: str) -> str:
    """With `exec` where it is one program with arguments: a signal reaches that, not a shell."""
    return f"exec {command}" if _PLAIN.fullmatch(command) else command


def _shell(command: str) -> list[str]:
    return ["/bin/sh", "-c", f'PATH="$PREFIX/bin:$PATH"; export PATH; {command}']


def _await_ready(service: Service, subject: Subject) -> None:
    deadline = time.monotonic() + subject.start_seconds
    while time.monotonic() < deadline:
        if not service.alive():
            said = service.output().decode("utf-8", "replace")[-2000:]
            raise SubjectFailed("start", f"the subject ended before it was ready: {said}")
        if _answers(service.socket, subject.ready, deadline):
            return
        time.sleep(_POLL_SECONDS)
    raise SubjectFailed(
        "start", f"{subject.ready} gave no good answer in {subject.start_seconds:g} seconds"
    )


def _answers(path: Path, target: str, deadline: float) -> bool:
    """Whether one GET is answered below 400. Only the head of the answer is read.

    One deadline and one limit of bytes for all of it: a head that drips, or never ends, is none.
    """
    deadline = min(deadline, time.monotonic() + _ANSWER_SECONDS)
    head = b""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        try:
            connection.settimeout(_left(deadline))
            connection.connect(str(path))
            request = f"GET {target} HTTP/1.1\r\nHost: subject\r\nConnection: close\r\n\r\n"
            connection.sendall(request.encode("ascii"))
            while not _HEAD_END.search(head):
                connection.settimeout(_left(deadline))
                chunk = connection.recv(4096)
                if not chunk or len(head) > _HEAD_LIMIT_BYTES:
                    return False
                head += chunk
        except (OSError, ValueError):
            return False
    found = _STATUS_LINE.match(head)
    return found is not None and 200 <= int(found[1]) < 400


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left
