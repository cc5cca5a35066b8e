"""What became of each instance, written by the launcher and read by whoever judges.

The runner tells how scenarios went; whether the subject could be started at all, and lived to
the end, is not left to it.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from factory.errors import Inconclusive

Whose = Literal["subject", "ours"]
_SETTLE_SECONDS = 30.0


@dataclass(frozen=True, kw_only=True)
class Failure:
    """Why an instance could not be started; "ours" is nobody's fault who is judged."""

    whose: Whose
    message: str


@dataclass(frozen=True, kw_only=True)
class Account:
    """All instances of a launcher together.

    `ready` counts those that could be used. `alive` is False where one of them ended by itself,
    and None where there was none. `failures` has each start and restart that failed, in order.
    """

    ready: int = 0
    alive: bool | None = None
    failures: tuple[Failure, ...] = ()


class Journal:
    """Lines appended by many threads; the file is locked for as long as the launcher lives."""

    def __init__(self, path: Path) -> None:
        self._descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        fcntl.flock(self._descriptor, fcntl.LOCK_EX)
        self._lock = threading.Lock()

    def close(self) -> None:
        os.close(self._descriptor)

    def ready(self) -> None:
        self._write({"ready": 1})

    def failed(self, failure: Failure) -> None:
        self._write({"whose": failure.whose, "message": failure.message})

    def over(self, *, alive: bool) -> None:
        """An instance that had been ready is no more; `alive`: not by itself."""
        self._write({"alive": alive})

    def _write(self, line: dict[str, object]) -> None:
        with self._lock:
            os.write(self._descriptor, json.dumps(line).encode() + b"\n")


def settled(path: Path) -> Account:
    """The account of a launcher, once it has ended; an empty one where none ever started.

    Raises:
        Inconclusive: it does not end, or was killed before it had told all.
    """
    try:
        with path.open("rb") as file:
            _await_unlocked(file.fileno())
            lines = [json.loads(line) for line in file.read().splitlines()]
    except FileNotFoundError:
        return Account()
    except ValueError as error:
        raise Inconclusive("the launcher was cut off while it told what it did") from error
    ready = sum("ready" in line for line in lines)
    ends = [bool(line["alive"]) for line in lines if "alive" in line]
    if len(ends) != ready:
        raise Inconclusive("the launcher ended before it had stopped every instance")
    return Account(
        ready=ready,
        alive=all(ends) if ends else None,
        failures=tuple(Failure(**line) for line in lines if "whose" in line),
    )


def _await_unlocked(descriptor: int) -> None:
    deadline = time.monotonic() + _SETTLE_SECONDS
    while time.monotonic() < deadline:
        with contextlib.suppress(BlockingIOError):
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
            return
        time.sleep(0.01)
    raise Inconclusive("the launcher of the subject does not end")


@contextlib.contextmanager
def kept(path: Path) -> Iterator[Journal]:
    """A journal that is closed at the end."""
    journal = Journal(path)
    try:
        yield journal
    finally:
        journal.close()
