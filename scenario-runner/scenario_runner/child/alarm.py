"""A scenario's time limit: an alarm that raises ScenarioTimeout in the main thread."""

from __future__ import annotations

import signal
from typing import Any

from scenario_runner.errors import ScenarioTimeout


class Alarm:
    """Raises only between `enter` and `leave`, where an exception ends nothing but the scenario:
    pytest makes a report of it, native.attempt an outcome. An alarm at another moment comes again
    a little later."""

    def __init__(self) -> None:
        self.fired = False
        self._inside = False

    def install(self) -> None:
        signal.signal(signal.SIGALRM, self._ring)

    def start(self, seconds: float) -> None:
        self.fired = False
        signal.setitimer(signal.ITIMER_REAL, max(seconds, 0.001))

    def stop(self) -> None:
        signal.setitimer(signal.ITIMER_REAL, 0)
        self._inside = False

    def enter(self) -> None:
        self._inside = True

    def leave(self) -> None:
        self._inside = False

    def _ring(self, _number: int, _frame: Any) -> None:
        self.fired = True
        if self._inside:
            self._inside = False
            raise ScenarioTimeout("the scenario's time is up")
        signal.setitimer(signal.ITIMER_REAL, 0.05)
