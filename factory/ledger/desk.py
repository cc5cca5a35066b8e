"""What processes on one machine share to append to one ledger: a lock, and entries that wait.

Whoever holds the lock appends what all have left on the desk in one commit, tells each of them, and
hands the lock on to the one that waits longest. So a hundred processes cost a few pushes, not a
hundred, and nobody is passed over. A process that is killed holds no lock (flock(2)); what it left
on the desk is appended by the next one, and who waited for it looks for itself.

FOLDER/lock           held with flock(2)
FOLDER/waiting/<id>   an entry to append, whole
FOLDER/told/<id>      the FIFO on which its owner waits for an answer
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import select
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from factory.errors import InputError, RecordError
from factory.ledger.events import file_of
from factory.records import LedgerEntry, decode

MOST = 500
"""So many entries at most go into one commit."""
ADDED, THERE, NEXT = b"+", b"=", b"!"


@dataclass(frozen=True)
class Ticket:
    """An entry on the desk, and the FIFO for its answer."""

    name: str
    answers: int

    def wait(self, seconds: float) -> bool | None:
        """Whether the entry was added, as soon as that is told.

        Returns:
            None where it is this one's turn to append, or nothing was told in time.
        """
        poll = select.poll()
        poll.register(self.answers, select.POLLIN)
        if not poll.poll(seconds * 1000):
            return None
        return self.told()

    def told(self) -> bool | None:
        """Whether the entry was added, where that has been told."""
        try:
            said = os.read(self.answers, 64)
        except BlockingIOError:
            return None
        return True if ADDED in said else False if THERE in said else None


@dataclass(frozen=True)
class Desk:
    """The desk in a folder, which is made where it is missing."""

    folder: Path

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the lock, after whoever holds it now; it ends with the process, however it ends."""
        with self._lock() as descriptor:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield

    @contextmanager
    def locked_if_free(self) -> Iterator[bool]:
        """Hold the lock if nobody does; whether it is held."""
        with self._lock() as descriptor:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                held = True
            except BlockingIOError:
                held = False
            yield held

    @contextmanager
    def leave(self, entry: LedgerEntry) -> Iterator[Ticket]:
        """Put an entry on the desk, whole or not at all; it is taken off at the end of the block.

        Raises:
            InputError: it cannot be an entry, or the folder cannot be written.
        """
        data = file_of(entry)
        # By time, so that they are appended in the order they came.
        name = f"{time.time_ns():020}-{os.getpid()}-{os.urandom(4).hex()}"
        waiting, told = _made(self.folder / "waiting"), _made(self.folder / "told")
        try:
            os.mkfifo(told / name, 0o600)
            answers = os.open(told / name, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
            (waiting / f".{name}").write_bytes(data)
            (waiting / f".{name}").rename(waiting / name)
        except OSError as error:
            raise _unwritable(self.folder, error) from error
        try:
            yield Ticket(name, answers)
        finally:
            self.take_off(name)
            (told / name).unlink(missing_ok=True)
            os.close(answers)

    def waiting(self) -> dict[str, LedgerEntry]:
        """The entries on the desk, oldest first, as many as go into one commit."""
        found: dict[str, LedgerEntry] = {}
        for name in self._names("waiting")[:MOST]:
            path = self.folder / "waiting" / name
            try:
                found[name] = decode(LedgerEntry, path.read_bytes(), source=str(path))
            except RecordError:
                path.unlink(missing_ok=True)  # Not ours: `leave` writes whole files.
            except FileNotFoundError:
                continue
        return found

    def take_off(self, name: str) -> None:
        """Take an entry off the desk."""
        (self.folder / "waiting" / name).unlink(missing_ok=True)

    def tell(self, name: str, message: bytes) -> bool:
        """Tell the owner of an entry; whether it is there to hear it."""
        try:
            answers = os.open(
                self.folder / "told" / name, os.O_WRONLY | os.O_NONBLOCK | os.O_CLOEXEC
            )
        except OSError:
            return False
        with contextlib.suppress(OSError):
            os.write(answers, message)
        os.close(answers)
        return True

    def hand_on(self) -> None:
        """Tell the one that has waited longest that it is its turn."""
        for name in self._names("waiting"):
            if self.tell(name, NEXT):
                return

    def sweep(self) -> None:
        """Remove what processes left that are gone; entries that wait stay."""
        for folder in ("waiting", "told"):
            for name in self._names(folder, hidden=True):
                is_entry = folder == "waiting" and not name.startswith(".")
                if not is_entry and not Path(f"/proc/{name.split('-')[1]}").exists():
                    (self.folder / folder / name).unlink(missing_ok=True)

    @contextmanager
    def _lock(self) -> Iterator[int]:
        _made(self.folder)
        try:
            flags = os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC
            descriptor = os.open(self.folder / "lock", flags, 0o666)
        except OSError as error:
            raise _unwritable(self.folder, error) from error
        try:
            yield descriptor
        finally:
            os.close(descriptor)

    def _names(self, folder: str, *, hidden: bool = False) -> list[str]:
        try:
            names = [one.name for one in (self.folder / folder).iterdir()]
        except FileNotFoundError:
            return []
        known = [name for name in names if name.count("-") == 2]
        return sorted(name for name in known if hidden or not name.startswith("."))


def _made(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unwritable(folder, error) from error
    return folder


def _unwritable(folder: Path, error: OSError) -> InputError:
    return InputError(
        f"cannot be written: {error.strerror}",
        path=str(folder),
        mend="let the user that runs the factory write there",
    )
