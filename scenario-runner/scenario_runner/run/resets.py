"""The hook that gives a subject its first state again, in place of a new instance."""

from __future__ import annotations

import threading

from scenario_runner.http_client import HttpClient, NoAnswer
from scenario_runner.model import Scenario
from scenario_runner.subject.given import GivenSubject
from scenario_runner.subject.managed import StartFailed
from scenario_runner.suite.freshness import Freshness
from scenario_runner.target import Target


class Resets:
    """Whom each subject was reset for last. Scenarios that want it run one after the other."""

    def __init__(self, freshness: Freshness) -> None:
        self._fresh = freshness
        self._lock = threading.Lock()
        self._last: dict[str, str] = {}

    def before(self, scenario: Scenario, given: GivenSubject, address: str) -> None:
        """Reset it for each scenario that is fresh on its own, and for the first of a feature that
        is. Raises StartFailed, ours: what a scenario would see then is not what it asked for."""
        scope = self._fresh.of(scenario)
        if given.reset is None or scope == "suite":
            return
        whom = scenario.id if scope == "scenario" else f"\0{scenario.path}"
        with self._lock:
            if self._last.get(given.name) == whom:
                return
            self._last.pop(given.name, None)
        _request(given.reset, address)
        with self._lock:
            self._last[given.name] = whom


def _request(hook: tuple[str, str], address: str) -> None:
    method, path = hook
    client = HttpClient(Target.parse(address))
    try:
        status = client.request(method, path).status
    except NoAnswer as problem:
        raise StartFailed("ours", f"--reset: {problem}") from None
    finally:
        client.close()
    if not 200 <= status < 300:
        raise StartFailed("ours", f"--reset: {method} {path} answered {status}, not 2xx")
