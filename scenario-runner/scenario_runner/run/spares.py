"""Instances of one subject that nobody used, started before somebody wants them."""

from __future__ import annotations

import itertools
from concurrent.futures import Future, ThreadPoolExecutor

from scenario_runner.subject.managed import Managed, StartFailed

# After so many starts in a row that failed, the rest of the run is not kept waiting for more.
MAX_FAILURES = 3
_ids = itertools.count(1)


class Instance:
    """`down`: a step killed it."""

    def __init__(self, identity: str, starting: Future[str]) -> None:
        self.id = identity
        self.down = False
        self._starting = starting

    def address(self) -> str:
        """Waits for its start. Raises StartFailed."""
        return self._starting.result()

    def set_address(self, address: str) -> None:
        self.down = False
        self._starting = Future()
        self._starting.set_result(address)

    def never_began(self) -> bool:
        """Whether its start could be called off."""
        return self._starting.cancel()


class Spares:
    """Whoever calls holds a lock. `needed` instances are wanted in all; up to `ahead` of them are
    started, or starting, while nobody has them. They are drawn in the order of their start, so
    that one that fails is not passed over."""

    def __init__(
        self, name: str, host: Managed, workers: ThreadPoolExecutor, *, ahead: int, needed: int
    ) -> None:
        self._name = name
        self._host = host
        self._workers = workers
        self._ahead = ahead
        self._needed = needed
        self._spares: list[Instance] = []
        self._failures = 0
        self._last = ""

    def fill(self) -> None:
        while len(self._spares) < min(self._ahead, self._needed):
            self._spares.append(self._begin())

    def draw(self) -> Instance:
        instance = self._spares.pop(0) if self._spares else self._begin()
        self._needed -= 1
        self.fill()
        return instance

    def _begin(self) -> Instance:
        identity = str(next(_ids))
        if self._failures >= MAX_FAILURES:
            given_up: Future[str] = Future()
            message = f"not started again after {self._failures} starts that failed: {self._last}"
            given_up.set_exception(StartFailed("subject", message))
            return Instance(identity, given_up)
        return Instance(identity, self._workers.submit(self._start, identity))

    def _start(self, identity: str) -> str:
        try:
            address = self._host.start(identity)
        except StartFailed as problem:
            if problem.whose == "subject":
                self._failures, self._last = self._failures + 1, problem.message
            raise
        self._failures = 0
        return address
