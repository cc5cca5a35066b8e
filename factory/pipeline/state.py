"""Where a run's records lie on one machine, so that a killed run goes on where it was.

STATE/lock                                  one `factory run` at a time
STATE/runs/<run-id>/attempt-<n>/*.json      the records, each written whole or not at all
STATE/runs/<run-id>/ended                   why the run is over
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from factory.errors import RecordError, UsageError
from factory.records import Candidate, PublicVerdict, Shipment, WorkOrder, read
from factory.records.base import write_atomically


@dataclass(frozen=True)
class RunState:
    """One run's folder."""

    folder: Path

    def attempt(self, number: int) -> Path:
        """The folder of one attempt, 1-based."""
        return self.folder / f"attempt-{number}"

    def attempts(self) -> list[Path]:
        """The folders of the attempts that have a work order, in order."""
        found = []
        number = 1
        while (self.attempt(number) / "work-order.json").is_file():
            found.append(self.attempt(number))
            number += 1
        return found

    def first_order(self) -> WorkOrder:
        """The work order of the first attempt."""
        return read(WorkOrder, self.attempt(1) / "work-order.json")

    def shipment(self) -> Shipment | None:
        """The shipment, where the run has shipped."""
        for folder in reversed(self.attempts()):
            if (folder / "shipment.json").is_file():
                return read(Shipment, folder / "shipment.json")
        return None

    def verdicts(self) -> list[PublicVerdict]:
        """The public verdicts so far, in order of attempts."""
        paths = [folder / "public-verdict.json" for folder in self.attempts()]
        return [read(PublicVerdict, path) for path in paths if path.is_file()]

    def end(self, reason: str) -> None:
        """Mark the run as over."""
        write_atomically(self.folder / "ended", f"{reason}\n".encode())

    @property
    def ended(self) -> bool:
        """Whether the run is over, whatever came of it."""
        return (self.folder / "ended").is_file()


def prepare(state: Path) -> Path:
    """Make the state folder; git ignores it by its own .gitignore. Returns `state`."""
    (state / "runs").mkdir(parents=True, exist_ok=True)
    ignore = state / ".gitignore"
    if not ignore.exists():
        ignore.write_text("*\n", encoding="utf-8")
    return state


def candidate_to_follow(folder: Path) -> Candidate:
    """The candidate of an attempt, with the budget that was planned.

    Its own order holds what was set aside for this attempt, which is no limit of the next one.
    """
    from msgspec.structs import replace

    candidate = read(Candidate, folder / "candidate.json")
    budget = read(WorkOrder, folder / "work-order.json").budget
    return replace(candidate, work_order=replace(candidate.work_order, budget=budget))


def runs(state: Path) -> list[RunState]:
    """Every run that has a readable work order, oldest first."""
    found = []
    for folder in sorted((state / "runs").glob("*")):
        run = RunState(folder)
        try:
            run.first_order()
        except RecordError:
            continue  # Killed before its order was written: it never began.
        found.append(run)
    return found


@contextmanager
def locked(state: Path) -> Iterator[None]:
    """Hold the state folder; the lock ends with the process, however it ends.

    Raises:
        UsageError: another `factory run` holds it.
    """
    descriptor = os.open(state / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise UsageError(
            "another `factory run` is working here",
            path=str(state),
            mend="wait for it, or use another --state",
        ) from error
    finally:
        os.close(descriptor)
