"""What every way to run a scenario owes it: its start and end are told, its time is watched, and
threads that fail count against it. Side by side each thread watches its own time."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from scenario_runner.child.alarm import Alarm
from scenario_runner.child.failed_threads import FailedThreads
from scenario_runner.model import Outcome, SuiteError
from scenario_runner.wire import Sender


@dataclass(frozen=True, slots=True)
class Seen:
    """How one scenario went, besides its steps."""

    seconds: float
    timed_out: bool
    thread_failures: tuple[str, ...]


class Witness:
    """One a run. `begin` and `end` are for one scenario after the other, in the main thread."""

    def __init__(self, sender: Sender, timeout_seconds: float) -> None:
        self.timeout_seconds = timeout_seconds
        self.alarm = Alarm()
        self._sender = sender
        self._threads = FailedThreads(self._thread_failed)
        self._running = False
        self._failures: list[str] = []
        self._started_at = 0.0

    def install(self) -> None:
        """Hear of threads and alarms from now on; again when others may have listened since."""
        self._threads.install()
        self.alarm.install()

    def begin(self, identity: str) -> None:
        self._sender.send("start", id=identity)
        self.go_on(0.0)

    def go_on(self, spent_seconds: float) -> None:
        """With one more variant of the scenario; the time limit is for all of them together."""
        self._failures.clear()
        self._running = True
        self._started_at = time.monotonic()
        self.alarm.start(self.timeout_seconds - spent_seconds)

    def end(self) -> Seen:
        self.alarm.stop()
        self._threads.wait_for_new()
        seconds = time.monotonic() - self._started_at
        self._running = False
        return Seen(seconds, self.alarm.fired, tuple(self._failures))

    def started(self, identity: str) -> None:
        """For scenarios that run side by side, which watch their own time."""
        self._sender.send("start", id=identity)

    def letting_go(self, identity: str) -> None:
        """The steps are over; what they hold takes time of its own to be looked at and let go."""
        self._sender.send("letting_go", id=identity)

    def finished(
        self, identity: str, outcome: Outcome, seconds: float, detail: dict[str, Any]
    ) -> None:
        """Goes out with the next scenario's start, or with `flush`."""
        self._sender.hold(
            "finished",
            id=identity,
            outcome=outcome,
            duration_seconds=round(seconds, 6),
            detail=detail,
        )

    def flush(self) -> None:
        self._sender.flush()

    def bound(self, errors: Iterable[SuiteError], apart: int = 0) -> None:
        """Every step is bound, or is not; `apart` will not run side by side with others, of which
        the parent speaks where there are several jobs."""
        told = [error.as_json() for error in dict.fromkeys(errors)]
        self._sender.send("bound", errors=told, apart=apart)

    def problem(self, text: str) -> None:
        """Something that makes the whole run inconclusive."""
        self._sender.send("problem", text=text[:10_000])

    def ask(self, number: int, do: str, scenario: str, name: str) -> None:
        """For a subject that the parent starts; its answer carries the number."""
        self._sender.send("ask", ask=number, do=do, id=scenario, subject=name)

    def wait_for_threads(self) -> None:
        """Let threads started by now end or fail, so that they are not another's."""
        self._threads.wait_for_new()

    def _thread_failed(self, text: str) -> None:
        if self._running:
            self._failures.append(text)
        else:
            self.problem(f"outside any scenario, {text}")
