"""Wait until a service that was just started answers."""

from __future__ import annotations

import time
from collections.abc import Callable

from scenario_runner.http_client import HttpClient, NoAnswer
from scenario_runner.subject.managed import StartFailed
from scenario_runner.target import Target

# A service that says 500 or more is there, and not well: a database behind it may still start.
_NOT_YET = 500
_FIRST_SECONDS, _LATER_SECONDS = 0.01, 0.05
_ONE_REQUEST_SECONDS = 5.0
_NOTHING = "no answer"
_WHERE = "; what it wrote is in private-subjects.log"


def wait_until_ready(
    address: str, path: str, seconds: float, ended: Callable[[], str | None]
) -> None:
    """Return with the first answer below 500. `ended` says why nothing more is to come, or None.

    Raises StartFailed, the subject's own fault.
    """
    started, last = time.monotonic(), _NOTHING
    client = HttpClient(Target.parse(address))
    try:
        while True:
            why = ended()
            if why is not None:
                raise StartFailed("subject", f"the service {why} before it was ready{_WHERE}")
            passed = time.monotonic() - started
            if passed >= seconds:
                raise StartFailed(
                    "subject", f"the service was not ready within {seconds:g} s: {last}{_WHERE}"
                )
            left = min(seconds - passed, _ONE_REQUEST_SECONDS)
            try:
                answer = client.request("GET", path, timeout_seconds=left)
                if answer.status < _NOT_YET:
                    # Whoever answered, it must not be what is left of one that ended.
                    if (why := ended()) is None:
                        return
                last = f"GET {path} answered {answer.status}"
            except NoAnswer as problem:
                # One that our own time cut short says less than the answer before it.
                if last == _NOTHING or time.monotonic() - started < seconds:
                    last = str(problem)
            time.sleep(_FIRST_SECONDS if passed < 1 else _LATER_SECONDS)
    finally:
        client.close()
