"""How long requests take that come at a steady pace, answered or not (open loop).

A time is counted from the moment a request was due, so that a service that stalls cannot hide it by
holding up the next request. What our own machine adds can only make a time longer: a pass is a pass
on any machine, but a failure is believed only where this process itself kept its times.
"""

from __future__ import annotations

import math
import threading
import time
from dataclasses import dataclass

from scenario_runner.engine.context import ScenarioContext
from scenario_runner.engine.phrases import phrase
from scenario_runner.errors import StepFailed
from scenario_runner.http_client import HttpClient, Response
from scenario_runner.target import Target

MAX_REQUESTS = 5000
MAX_PER_SECOND = 500
DEFAULT_PER_SECOND = 50
WARM_UP_REQUESTS = 10
_WORKERS = 32
_TIMEOUT_SECONDS = 10.0
# Of the limit, this much may be our own lateness before a failure is not believed.
_OWN_SHARE = 0.1


@dataclass(frozen=True, slots=True)
class Sample:
    """Seconds from due to the last byte, and how much of it was this process coming late."""

    seconds: float
    late: float
    status: int | None


@phrase(
    "the {percent:int}th percentile of {count:int} requests {method:method} {path:string} is under "
    "{milliseconds:number} ms",
    keyword="Then",
    about="Warms up with 10 requests, then sends 50 a second without waiting for answers. Errors "
    "count against it. A limit missed on a machine too busy to tell makes the scenario invalid.",
    example='Then the 95th percentile of 100 requests GET "/health" is under 50 ms',
)
def percentile_under(
    context: ScenarioContext,
    percent: int,
    count: int,
    method: str,
    path: str,
    milliseconds: float,
) -> None:
    paced_percentile_under(context, percent, count, method, path, DEFAULT_PER_SECOND, milliseconds)


@phrase(
    "the {percent:int}th percentile of {count:int} requests {method:method} {path:string} at "
    "{rate:int} a second is under {milliseconds:number} ms",
    keyword="Then",
    about="As without a pace, sent at this one.",
    example='Then the 95th percentile of 100 requests GET "/health" at 20 a second is under 50 ms',
)
def paced_percentile_under(
    context: ScenarioContext,
    percent: int,
    count: int,
    method: str,
    path: str,
    rate: int,
    milliseconds: float,
) -> None:
    if not 1 <= percent <= 99 or not 1 <= rate <= MAX_PER_SECOND:
        raise StepFailed(
            f"a percentile is 1 to 99, a pace 1 to {MAX_PER_SECOND}", seen=[percent, rate]
        )
    needed = math.ceil(100 / (100 - percent))
    if not needed <= count <= MAX_REQUESTS:
        raise StepFailed(f"this percentile takes {needed} to {MAX_REQUESTS} requests", seen=count)
    target, headers = context.subject.http.target, context.headers(None, path)
    for _ in range(WARM_UP_REQUESTS):
        context.request(method, path, None, None)
    samples = measure(target, method, path, headers, count, rate)
    _judge(context, samples, percent, milliseconds / 1000)


def _judge(context: ScenarioContext, samples: list[Sample], percent: int, limit: float) -> None:
    errors = [each.status for each in samples if each.status is None or each.status >= 400]
    seen, late = (
        _percentile([getattr(each, name) for each in samples], percent)
        for name in ("seconds", "late")
    )
    context.note(
        {
            "measured": {
                "requests": len(samples),
                "errors": len(errors),
                "percentile": percent,
                "milliseconds": round(seen * 1000, 2),
                "own_milliseconds": round(late * 1000, 2),
            }
        }
    )
    if errors:
        raise StepFailed(
            f"{len(errors)} of {len(samples)} requests got an error or no answer",
            expected="answers below 400",
            seen=errors[:20],
        )
    if seen < limit:
        return
    if late > _OWN_SHARE * limit:
        _cannot_tell(
            f"percentile {percent} is {seen * 1000:.1f} ms, but this machine is too busy to tell: "
            f"{late * 1000:.1f} ms of it may be the runner's own"
        )
    raise StepFailed(
        f"percentile {percent} of {len(samples)} requests is {seen * 1000:.1f} ms",
        expected=f"under {limit * 1000:g} ms",
        seen=round(seen * 1000, 2),
    )


def _cannot_tell(message: str) -> None:
    """End the scenario as invalid, which makes the verdict inconclusive: never a pass."""
    import pytest

    pytest.skip(message)


def _percentile(values: list[float], percent: int) -> float:
    """Nearest rank: the smallest value that so many percent do not exceed."""
    return sorted(values)[math.ceil(len(values) * percent / 100) - 1]


def measure(
    target: Target,
    method: str,
    path: str,
    headers: list[tuple[str, str]],
    count: int,
    rate: float,
) -> list[Sample]:
    """Send `count` requests at `rate` a second over up to 32 connections.

    Were all connections waiting for answers, requests go out late, and their time counts from when
    they were due; that lateness is the service's, not ours.
    """
    start = time.monotonic() + 0.05
    samples: list[Sample] = []
    lock = threading.Lock()
    over = threading.Event()
    taken = 0

    def worker() -> None:
        nonlocal taken
        client = HttpClient(target)
        while True:
            with lock:
                number, taken = taken, taken + 1
            if number >= count or over.is_set():
                break
            due = start + number / rate
            free = time.monotonic()
            time.sleep(max(0.0, due - free))
            began = time.monotonic()
            late = max(0.0, began - max(due, free))
            status: int | None = None
            try:
                answer: Response = client.request(method, path, headers, None, _TIMEOUT_SECONDS)
                status = answer.status
            except StepFailed:
                pass
            sample = Sample(time.monotonic() - due, late, status)
            with lock:
                samples.append(sample)
        client.close()

    threads = [threading.Thread(target=worker, daemon=True) for _ in range(min(_WORKERS, count))]
    for thread in threads:
        thread.start()
    try:
        for thread in threads:
            thread.join(count / rate + 2 * _TIMEOUT_SECONDS + count * _TIMEOUT_SECONDS / _WORKERS)
    finally:
        # The scenario's time may be up: nothing is sent into the next one.
        over.set()
    if len(samples) < count:
        raise StepFailed(f"{count - len(samples)} of {count} requests did not end in time")
    return samples
