"""`launcher:COMMAND`: a program that starts subjects for us, told what to do in JSON lines."""

from __future__ import annotations

import json
import os
import subprocess
import threading
from concurrent.futures import Future, wait
from concurrent.futures import TimeoutError as OutOfTime
from pathlib import Path
from typing import Any

from scenario_runner import processes
from scenario_runner.errors import UsageFault
from scenario_runner.subject.given import GivenSubject
from scenario_runner.subject.managed import StartFailed, Write
from scenario_runner.target import Target

MAX_LINE_BYTES = 64 * 1024
MAX_NOISE_BYTES = 1024 * 1024
STOP_SECONDS = 15.0
# The launcher has its own limit of time for a subject; ours comes after it.
GRACE_SECONDS = 10.0


class Launcher:
    """A `Managed`. One process a run, begun with the first instance. After the first answer that
    breaks the protocol it is ended, and all that is asked fails as ours."""

    def __init__(
        self, given: GivenSubject, start_seconds: float, write: Write, folder: Path
    ) -> None:
        self._given = given
        self._seconds = start_seconds + GRACE_SECONDS
        self._write_log = write
        self._folder = folder
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._asked: dict[str, tuple[str, Future[dict[str, Any]]]] = {}
        self._addresses: dict[str, str] = {}
        self._broken: str | None = None
        self._closing = False

    def start(self, identity: str) -> str:
        return self._ready(identity, self._ask("start", identity, self._seconds))

    def kill(self, identity: str) -> None:
        self._ask("kill", identity, STOP_SECONDS)

    def restart(self, identity: str) -> str:
        return self._ready(identity, self._ask("restart", identity, self._seconds))

    def stop(self, identity: str) -> bool:
        with self._lock:
            _, before = self._asked.get(identity, ("", None))
        if before is not None:
            # What was asked of it before comes first, whoever waits for that, or gave up.
            wait([before], self._seconds)
        if identity not in self._addresses:
            return False  # it was never ready: the launcher has ended it itself
        answer = self._ask("stop", identity, STOP_SECONDS)
        with self._lock:
            self._addresses.pop(identity, None)
        if not answer["alive"]:
            self._write_log(self._given.name, f"instance {identity}", b"[it did not run any more]")
        return bool(answer["alive"])

    def close(self) -> None:
        """The end of its input asks it to stop everything. Raises StartFailed where it does not
        say by exit code 0 that it did."""
        with self._lock:
            self._closing = True
            process, broken = self._process, self._broken
        if process is None:
            return
        self._close_input(process)
        in_time = processes.wait_for_end(process.pid, 5.0 if broken else STOP_SECONDS)
        processes.kill_tree(process.pid)
        code = process.wait()
        self._fail("the run is over")
        if broken is None and not (in_time and code == 0):
            how = f"ended with exit code {code}" if in_time else "did not end"
            raise StartFailed("ours", f"the launcher {how} when it was asked to stop everything")

    def _ready(self, identity: str, answer: dict[str, Any]) -> str:
        address = str(answer["address"])
        with self._lock:
            twice = any(
                other != identity and given == address for other, given in self._addresses.items()
            )
            self._addresses[identity] = address
        if twice:
            raise self._break("it gave two instances one address")
        return address

    def _ask(self, do: str, identity: str, seconds: float) -> dict[str, Any]:
        """The answer, which is none of failure. Raises StartFailed."""
        future: Future[dict[str, Any]] = Future()
        with self._lock:
            if self._closing:
                raise StartFailed("ours", "the run is over")
            if self._broken is not None:
                raise StartFailed("ours", self._broken)
            self._asked[identity] = (do, future)
            process = self._begun()
            line = json.dumps({"do": do, "id": identity}).encode() + b"\n"
            try:
                assert process.stdin is not None
                process.stdin.write(line)
                process.stdin.flush()
            except (OSError, ValueError):
                pass  # it ended: the reader says so to all who wait
        try:
            answer = future.result(seconds)
        except OutOfTime:
            raise self._break(f'it did not answer "{do}" within {seconds:g} s') from None
        if answer["state"] == "failed":
            raise StartFailed(answer["whose"], answer["message"])
        return answer

    def _begun(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            try:
                self._process = subprocess.Popen(
                    self._given.argv,
                    cwd=self._folder,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                    start_new_session=True,
                    preexec_fn=processes.adopt_orphans,
                )
            except (OSError, ValueError, subprocess.SubprocessError) as problem:
                raise StartFailed("ours", f"the launcher cannot be started: {problem}") from None
            for work in (self._read_answers, self._read_noise):
                threading.Thread(
                    target=work, args=(self._process,), name="subject-launcher", daemon=True
                ).start()
        return self._process

    def _read_answers(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdout is not None
        with process.stdout as stream:
            while line := stream.readline(MAX_LINE_BYTES):
                problem = self._take(line)
                if problem is not None:
                    self._break(problem)
                    while stream.read(1 << 16):
                        pass  # so that it can still see the end of its input, and stop all
        if not self._closing:
            self._break("it ended before its time")

    def _take(self, line: bytes) -> str | None:
        """What is wrong with the line, or None."""
        shown = line[:200].decode("utf-8", "replace").rstrip()
        try:
            answer = json.loads(line) if line.endswith(b"\n") else None
        except (ValueError, RecursionError):
            answer = None
        if not isinstance(answer, dict) or not isinstance(answer.get("id"), str):
            return f"it wrote a line that is no answer: {shown}"
        with self._lock:
            do, future = self._asked.get(answer["id"], ("", None))
            if future is None:
                return f"it answered what nobody asked: {shown}"
            if not _fits(do, answer):
                return f'it answered "{do}" with what is no answer to it: {shown}'
            del self._asked[answer["id"]]
        future.set_result(answer)
        return None

    def _read_noise(self, process: subprocess.Popen[bytes]) -> None:
        left = MAX_NOISE_BYTES
        assert process.stderr is not None
        with process.stderr as stream:
            while data := os.read(stream.fileno(), 1 << 16):
                if left > 0:
                    self._write_log(self._given.name, "the launcher", data[:left])
                    left -= len(data)

    def _break(self, problem: str) -> StartFailed:
        """From now on nothing it says counts."""
        message = f"the launcher cannot be used: {problem}"
        with self._lock:
            message = self._broken = self._broken or message
            process = self._process
        if process is not None:
            self._close_input(process)
        self._fail(message)
        return StartFailed("ours", message)

    def _close_input(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdin is not None
        try:
            process.stdin.close()
        except OSError:
            pass

    def _fail(self, message: str) -> None:
        with self._lock:
            waiting, self._asked = list(self._asked.values()), {}
        for _, future in waiting:
            future.set_result({"state": "failed", "whose": "ours", "message": message})


def _fits(do: str, answer: dict[str, Any]) -> bool:
    state = answer.get("state")
    if state == "failed":
        return answer.get("whose") in ("subject", "ours") and isinstance(answer.get("message"), str)
    if do == "kill":
        return state == "killed"
    if do == "stop":
        return state == "stopped" and isinstance(answer.get("alive"), bool)
    return state == "ready" and _is_address(answer.get("address"))


def _is_address(text: Any) -> bool:
    if not isinstance(text, str):
        return False
    try:
        Target.parse(text)
    except UsageFault:
        return False
    return True
