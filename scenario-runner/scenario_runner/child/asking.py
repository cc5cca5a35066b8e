"""The child's way to the subjects that the parent starts: it asks on the channel, answers come on
the control pipe. Threads may ask at once."""

from __future__ import annotations

import json
import threading
from collections.abc import Collection
from concurrent.futures import Future
from concurrent.futures import TimeoutError as OutOfTime
from typing import Any

from scenario_runner.child.witness import Witness
from scenario_runner.errors import StepFailed


class Asking:
    """`each` holds the ids of scenarios for which the parent does something before they begin;
    `names` the subjects that it starts or resets. Nothing else may read the control pipe once the
    first question is asked."""

    def __init__(
        self, witness: Witness, control: Any, each: Collection[str], names: Collection[str]
    ) -> None:
        self._witness = witness
        self._control = control
        self._each = frozenset(each)
        self._names = frozenset(names)
        self._lock = threading.Lock()
        self._number = 0
        self._waiting: dict[int, Future[dict[str, Any]]] = {}

    def each(self, scenario: str) -> bool:
        return scenario in self._each

    def concerns(self, name: str) -> bool:
        return name in self._names

    def ask(self, do: str, scenario: str, name: str) -> Future[dict[str, Any]]:
        future: Future[dict[str, Any]] = Future()
        with self._lock:
            if not self._number:
                # Named as ours, so that nobody waits for its end.
                threading.Thread(
                    target=self._hear, name="scenario-runner-answers", daemon=True
                ).start()
            self._number += 1
            number = self._number
            self._waiting[number] = future
        self._witness.ask(number, do, scenario, name)
        return future

    def answer(self, asked: Future[dict[str, Any]], seconds: float | None) -> str:
        try:
            found = asked.result(seconds)
        except OutOfTime:
            raise StepFailed("the subject was not ready when the scenario's time was up") from None
        if "failed" in found:
            raise StepFailed(str(found["failed"]))
        return str(found["address"])

    def _hear(self) -> None:
        while line := self._control.readline():
            answer = json.loads(line)
            with self._lock:
                future = self._waiting.pop(answer["number"], None)
            if future is not None:
                future.set_result(answer)
