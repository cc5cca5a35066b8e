"""The subject: the candidate installed, and how it is run in sandboxes without net or scenarios."""

from __future__ import annotations

import os
import re
import shlex
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from factory.errors import FactoryError, Inconclusive
from factory.ports import process
from factory.records import Subject
from factory.records.work_order import SandboxChoice
from factory.sandbox.cellfile import write as write_cell
from factory.sandbox.launcher import plan
from factory.sandbox.launcher.journal import Account, settled
from factory.sandbox.launcher.ready import NotReady, await_ready
from factory.sandbox.protocol import MEBIBYTE, Bind, Cell, Limits, Sandbox

APP = "/app"
PREFIX = "/opt/subject"
COMMAND_SECONDS = 60.0
# More than the runner takes (1 MiB), so that it sees a flood and fails the step for it.
COMMAND_OUTPUT_BYTES = 2 * MEBIBYTE
# At once, for scenarios side by side and for what is started ahead; 1.5 GiB each is the most that
# one may take, which few do.
LIVE_INSTANCES = 8
LIVE_BYTES = 12 * 1024 * MEBIBYTE
_JOURNAL = "launcher.jsonl"
_PLAIN = re.compile(r"[\w./+-]+(?: +[\w./+=:,@%-]+)*")


class SubjectFailed(FactoryError):
    """The candidate could not be installed or started: its own fault. `phase` says where."""

    exit_code = 1
    code = "subject"

    def __init__(self, phase: str, message: str) -> None:
        super().__init__(message)
        self.phase = phase


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


def reached_by(
    subject: Subject,
    sandbox: Sandbox,
    choice: SandboxChoice,
    app: Path,
    prefix: Path,
    scratch: Path,
) -> str:
    """How the runner reaches the subject: its `--subject`, for one run of it.

    A command is run in a fresh cell each time; a service is started by a launcher, as often as
    the scenarios want a fresh one. What became of a service is told by `account`.

    Args:
        scratch: an empty folder for what the cells are made from; it stays until the run is over.
    """
    cell = _cell(subject, app, prefix)
    # -I: the current folder is the subject's to write; nothing is imported from it.
    python = [sys.executable, "-I", "-m"]
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
        return shlex.join([*python, "factory.sandbox", str(path), "--"])
    assert subject.start is not None
    path = scratch / "launcher.json"
    plan.write(
        path,
        sandbox,
        cell,
        _shell(subject.start),
        port=subject.port,
        ready=subject.ready,
        start_seconds=subject.start_seconds,
        live=LIVE_INSTANCES,
        memory_bytes=LIVE_BYTES,
        journal=scratch / _JOURNAL,
    )
    return "launcher:" + shlex.join([*python, "factory.sandbox.launcher", str(path)])


@contextmanager
def running(
    subject: Subject,
    sandbox: Sandbox,
    choice: SandboxChoice,
    app: Path,
    prefix: Path,
    scratch: Path,
) -> Iterator[str]:
    """The same for a subject that nobody has to restart: a service runs while the context lasts.

    Raises:
        SubjectFailed: the service did not become ready.
    """
    if subject.start is None:
        yield reached_by(subject, sandbox, choice, app, prefix, scratch)
        return
    cell, words = _cell(subject, app, prefix), _shell(subject.start)
    with sandbox.service(cell, words, port=subject.port) as service:
        never, unused = os.pipe()
        try:
            await_ready(service, subject.ready, subject.start_seconds, never)
        except NotReady as error:
            raise SubjectFailed("start", str(error)) from error
        finally:
            os.close(never)
            os.close(unused)
        yield f"http+unix://{quote(str(service.socket), safe='')}"


def _cell(subject: Subject, app: Path, prefix: Path) -> Cell:
    return Cell(
        binds=(Bind(source=app, target=APP), Bind(source=prefix, target=PREFIX)),
        env={"PREFIX": PREFIX, "PYTHONUSERBASE": PREFIX, "PORT": str(subject.port)},
        cwd=APP,
    )


def instances() -> int:
    """How many instances of a service may live at once, for the runner to keep to."""
    return plan.at_once(Limits(), LIVE_INSTANCES, LIVE_BYTES)


def account(scratch: Path) -> Account:
    """What became of the instances of a service, once the run is over.

    Raises:
        SubjectFailed: not one of them could be started, by its own fault.
        Inconclusive: one could not be started by ours, or it is not known what became of them.
    """
    found = settled(scratch / _JOURNAL)
    for failure in found.failures:
        if failure.whose == "ours":
            raise Inconclusive(f"the subject could not be started: {failure.message}")
    if found.failures and not found.ready:
        raise SubjectFailed("start", found.failures[0].message)
    return found


def _alone(command: str) -> str:
    """With `exec` where it is one program with arguments: a signal reaches that, not a shell."""
    return f"exec {command}" if _PLAIN.fullmatch(command) else command


def _shell(command: str) -> list[str]:
    return ["/bin/sh", "-c", f'PATH="$PREFIX/bin:$PATH"; export PATH; {command}']
