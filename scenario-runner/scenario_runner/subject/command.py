"""Run the subject's command once: own process group, minimal environment, hard limits."""

from __future__ import annotations

import os
import selectors
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from scenario_runner import processes
from scenario_runner.errors import StepFailed

MAX_OUTPUT_BYTES = 1024 * 1024
DEFAULT_TIMEOUT_SECONDS = 20.0
GRANDCHILD_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class CommandRun:
    """What one run did. Text is UTF-8 with bad bytes replaced; a signal N gives exit code -N."""

    argv: tuple[str, ...]
    exit_code: int
    output: str
    error_output: str
    elapsed_seconds: float


def environment(work_folder: Path, more: Mapping[str, str]) -> dict[str, str]:
    """PATH, HOME, LANG and what the scenario gives: nothing else of ours reaches a subject."""
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(work_folder),
        "LANG": "C.UTF-8",
        **more,
    }


def run(
    argv: Sequence[str],
    work_folder: Path,
    *,
    stdin: bytes = b"",
    more_environment: Mapping[str, str] = MappingProxyType({}),
    timeout_seconds: float = DEFAULT_TIMEOUT_SECONDS,
) -> CommandRun:
    """Raises StepFailed when it cannot start, outlives its time, or floods a stream."""
    started = time.monotonic()
    deadline = started + timeout_seconds
    try:
        process = subprocess.Popen(
            list(argv),
            cwd=work_folder,
            env=environment(work_folder, more_environment),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
    except (OSError, ValueError) as problem:
        raise StepFailed(f"the command cannot be started: {problem}", seen=list(argv)) from None
    try:
        output, error_output = _exchange(process, stdin, deadline, timeout_seconds)
    finally:
        kill_group(process)
        for stream in (process.stdin, process.stdout, process.stderr):
            if stream is not None:
                try:
                    stream.close()
                except OSError:
                    pass
    return CommandRun(
        tuple(argv),
        process.returncode,
        output.decode("utf-8", "replace"),
        error_output.decode("utf-8", "replace"),
        time.monotonic() - started,
    )


def _exchange(
    process: subprocess.Popen[bytes], stdin: bytes, deadline: float, timeout_seconds: float
) -> tuple[bytes, bytes]:
    assert process.stdin and process.stdout and process.stderr
    buffers = {process.stdout.fileno(): bytearray(), process.stderr.fileno(): bytearray()}
    out, err = process.stdout.fileno(), process.stderr.fileno()
    inp = process.stdin.fileno()
    pending = memoryview(stdin)
    ended = processes.exit_handle(process.pid)
    grace_ends = deadline
    with selectors.DefaultSelector() as selector:
        for handle in buffers:
            os.set_blocking(handle, False)
            selector.register(handle, selectors.EVENT_READ)
        os.set_blocking(inp, False)
        selector.register(inp, selectors.EVENT_WRITE)
        if ended is not None:
            selector.register(ended, selectors.EVENT_READ)
        try:
            while process.poll() is None or _any_open(selector, out, err):
                now = time.monotonic()
                if process.returncode is not None:
                    # A grandchild may hold the pipes open for ever; what it says is not ours.
                    grace_ends = min(grace_ends, now + GRANDCHILD_SECONDS)
                    if now >= grace_ends:
                        break
                elif now >= deadline:
                    raise StepFailed(
                        f"the command did not end within {timeout_seconds:g} s and was killed"
                    )
                wait = grace_ends - now if ended is not None else min(0.01, grace_ends - now)
                for key, _events in selector.select(max(wait, 0)):
                    if key.fd == inp:
                        pending = _feed(selector, process, inp, pending)
                    elif key.fd == ended:
                        selector.unregister(key.fd)
                    else:
                        _drain(selector, key.fd, buffers[key.fd])
        finally:
            if ended is not None:
                os.close(ended)
    return bytes(buffers[out]), bytes(buffers[err])


def _any_open(selector: selectors.BaseSelector, *handles: int) -> bool:
    return any(handle in selector.get_map() for handle in handles)


def _feed(
    selector: selectors.BaseSelector,
    process: subprocess.Popen[bytes],
    inp: int,
    pending: memoryview,
) -> memoryview:
    try:
        written = os.write(inp, pending[:65536]) if pending else 0
    except BlockingIOError:
        return pending
    except OSError:
        written = len(pending)  # it reads no more: not our business
    pending = pending[written:]
    if not pending:
        selector.unregister(inp)
        assert process.stdin
        process.stdin.close()
    return pending


def _drain(selector: selectors.BaseSelector, handle: int, buffer: bytearray) -> None:
    try:
        data = os.read(handle, 65536)
    except BlockingIOError:
        return
    if not data:
        selector.unregister(handle)
        return
    buffer += data
    if len(buffer) > MAX_OUTPUT_BYTES:
        raise StepFailed(f"the command wrote more than {MAX_OUTPUT_BYTES} bytes to one stream")


def kill_group(process: subprocess.Popen[bytes]) -> None:
    """Kill the process, and all in its group, and wait for it."""
    processes.kill_group(process.pid)
    if process.returncode is None:
        try:
            process.kill()
        except ProcessLookupError:
            pass
    process.wait()
