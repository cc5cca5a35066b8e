"""The one door to other processes: argv lists, an explicit environment, always a deadline."""

from __future__ import annotations

import contextlib
import ctypes
import os
import selectors
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from factory.errors import ProcessFailed

OUTPUT_LIMIT_BYTES = 4 * 1024 * 1024

_PR_SET_PDEATHSIG = 1  # linux/prctl.h
_LIBC = ctypes.CDLL(None)


@dataclass(frozen=True, kw_only=True)
class Completed:
    """How a process ended.

    `returncode` is negative for a signal, as in `subprocess`. `truncated` says that a stream
    was longer than the limit and only its head was kept.
    """

    argv: tuple[str, ...]
    returncode: int
    stdout: bytes
    stderr: bytes
    duration_seconds: float
    timed_out: bool = False
    truncated: bool = False

    @property
    def ok(self) -> bool:
        """Whether it ended by itself with exit code 0."""
        return self.returncode == 0 and not self.timed_out

    @property
    def text(self) -> str:
        """Standard output as text; undecodable bytes become U+FFFD."""
        return self.stdout.decode("utf-8", "replace")


def run(
    argv: Sequence[str],
    *,
    env: Mapping[str, str],
    timeout_seconds: float,
    cwd: Path | None = None,
    stdin: bytes = b"",
    pass_fds: Sequence[int] = (),
    output_limit_bytes: int = OUTPUT_LIMIT_BYTES,
    die_with_us: bool = False,
    told: Callable[[bytes], None] | None = None,
) -> Completed:
    """Run `argv` to its end in a session of its own and return what it wrote.

    The whole process group is killed at the deadline and once the leader has ended, so that
    no background process outlives the call. Past `output_limit_bytes` a stream is still
    drained but not kept. With `die_with_us` the process is killed when the calling thread ends,
    also where that is by a SIGKILL. `told` is given every piece of standard output as it comes,
    also past the limit; an exception from it ends the process and passes through.

    Raises:
        ProcessFailed: the program cannot be started.
    """
    started = time.monotonic()
    process = start(argv, env=env, cwd=cwd, pass_fds=pass_fds, die_with_us=die_with_us)
    try:
        streams, timed_out, truncated = _exchange(
            process, stdin, started + timeout_seconds, output_limit_bytes, told
        )
    finally:
        end(process)
    return Completed(
        argv=tuple(argv),
        returncode=process.returncode,
        stdout=streams[0],
        stderr=streams[1],
        duration_seconds=time.monotonic() - started,
        timed_out=timed_out,
        truncated=truncated,
    )


def check(
    argv: Sequence[str],
    *,
    env: Mapping[str, str],
    timeout_seconds: float,
    cwd: Path | None = None,
    stdin: bytes = b"",
) -> Completed:
    """Like `run`, but anything other than exit code 0 raises.

    Raises:
        ProcessFailed: it could not start, ended with another exit code or ran out of time.
    """
    done = run(argv, env=env, timeout_seconds=timeout_seconds, cwd=cwd, stdin=stdin)
    if not done.ok:
        raise ProcessFailed(describe(done))
    return done


def describe(done: Completed) -> str:
    """One sentence on how a process ended, with the end of its error output."""
    program = Path(done.argv[0]).name
    how = "ran past its deadline" if done.timed_out else f"ended with code {done.returncode}"
    tail = done.stderr.decode("utf-8", "replace").strip()[-2000:]
    return f"{program} {how}" + (f": {tail}" if tail else "")


def start(
    argv: Sequence[str],
    *,
    env: Mapping[str, str],
    cwd: Path | None = None,
    pass_fds: Sequence[int] = (),
    stdin: int | IO[bytes] = subprocess.PIPE,
    stdout: int | IO[bytes] = subprocess.PIPE,
    stderr: int | IO[bytes] = subprocess.PIPE,
    die_with_us: bool = False,
) -> subprocess.Popen[bytes]:
    """Start `argv` in a session of its own; the caller calls `end` when done with it.

    Raises:
        ProcessFailed: the program cannot be started.
    """
    try:
        return subprocess.Popen(
            list(argv),
            env=dict(env),
            cwd=cwd,
            stdin=stdin,
            stdout=stdout,
            stderr=stderr,
            pass_fds=tuple(pass_fds),
            start_new_session=True,
            preexec_fn=_die_with_parent if die_with_us else None,
        )
    except OSError as error:
        raise ProcessFailed(f"{argv[0]} cannot be started: {error.strerror}") from error


def _die_with_parent() -> None:
    """Runs in the child between fork and exec: have the kernel kill it when its parent ends."""
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def outlive_parent() -> None:
    """Undo what `die_with_us` or another starter asked of the kernel for this process."""
    _LIBC.prctl(_PR_SET_PDEATHSIG, 0, 0, 0, 0)


def end(process: subprocess.Popen[bytes]) -> None:
    """Kill what is left of a started process's group and reap its leader."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    for stream in (process.stdin, process.stdout, process.stderr):
        if stream is not None:
            with contextlib.suppress(OSError):
                stream.close()
    process.wait()


def _exchange(
    process: subprocess.Popen[bytes],
    stdin: bytes,
    deadline: float,
    limit: int,
    told: Callable[[bytes], None] | None,
) -> tuple[tuple[bytes, bytes], bool, bool]:
    """Feed `stdin`, read both streams until both close, the leader ends or time is up."""
    assert process.stdin and process.stdout and process.stderr
    kept: dict[object, bytearray] = {process.stdout: bytearray(), process.stderr: bytearray()}
    truncated = False
    pending = memoryview(stdin)
    with selectors.DefaultSelector() as selector:
        for stream in (process.stdout, process.stderr):
            os.set_blocking(stream.fileno(), False)
            selector.register(stream, selectors.EVENT_READ)
        if pending:
            os.set_blocking(process.stdin.fileno(), False)
            selector.register(process.stdin, selectors.EVENT_WRITE)
        else:
            process.stdin.close()
        ended = False
        while selector.get_map():
            left = deadline - time.monotonic()
            if left <= 0:
                return _kept(process, kept), True, truncated
            events = selector.select(0.0 if ended else min(left, 0.05))
            if ended and not events:
                break  # A grandchild still holds the pipe: the leader's word is what counts.
            for key, _ in events:
                if key.fileobj is process.stdin:
                    pending = _feed(selector, process.stdin, pending)
                    continue
                chunk = os.read(key.fd, 65536)
                if not chunk:
                    selector.unregister(key.fileobj)
                    continue
                if told is not None and key.fileobj is process.stdout:
                    told(chunk)
                room = limit - len(kept[key.fileobj])
                kept[key.fileobj] += chunk[: max(room, 0)]
                truncated = truncated or len(chunk) > room
            ended = process.poll() is not None
    try:
        process.wait(max(deadline - time.monotonic(), 0.001))
    except subprocess.TimeoutExpired:
        return _kept(process, kept), True, truncated
    return _kept(process, kept), False, truncated


def _feed(selector: selectors.BaseSelector, stream: IO[bytes], pending: memoryview) -> memoryview:
    """Write what the pipe takes; close it when all is written or nobody reads."""
    try:
        written = os.write(stream.fileno(), pending[:65536])
    except BrokenPipeError:
        written = len(pending)
    pending = pending[written:]
    if not pending:
        selector.unregister(stream)
        with contextlib.suppress(BrokenPipeError):
            stream.close()
    return pending


def _kept(
    process: subprocess.Popen[bytes], kept: Mapping[object, bytearray]
) -> tuple[bytes, bytes]:
    return bytes(kept[process.stdout]), bytes(kept[process.stderr])
