"""The line: drive one run through the stages, with retries, from wherever it was."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path

from factory.errors import AgentError, BaseMoved, FactoryError, ForgeError, ProcessFailed
from factory.pipeline.equipment import Equipment
from factory.pipeline.rebase import rebase, require_base
from factory.pipeline.stages import STAGES, Stage
from factory.pipeline.state import RunState, candidate_to_follow
from factory.plan import Stop, next_order, request_retry
from factory.records import Candidate, PublicVerdict, RetryRequest, WorkOrder, read
from factory.records.base import write_atomically

Announce = Callable[[str, int], None]
Reorder = Callable[[Candidate, RetryRequest], WorkOrder]
FIRST_PAUSE_SECONDS = 1.0
_INFRASTRUCTURE: tuple[type[FactoryError], ...] = (AgentError, ForgeError, ProcessFailed)
"""What may go better the next time. Exactly these: of their kinds, a recording that does not fit
never will, and keys, configuration, input and a sandbox that does not hold wait for people."""


def drive(
    shop: Equipment, run: RunState, *, announce: Announce, reorder: Reorder = next_order
) -> PublicVerdict:
    """Take one run to its end: shipped, out of attempts, or inconclusive.

    A stage whose record is there is not run again, so a killed run goes on where it was. The
    evidence of an inconclusive verdict is set aside first and taken anew. A candidate is judged on
    the base it will land on: where the base branch has moved, before evaluation or before shipping,
    the candidate is brought onto it and judged there, as long as the retry rules allow.

    Args:
        shop: what the stages share.
        run: a run with at least one work order.
        announce: called with the stage's name and the attempt's number as each begins.
        reorder: writes the order of the next attempt; by default for the same agent.

    Returns:
        The last public verdict. A stage's error passes through and leaves the run open.
    """
    number = len(run.attempts())
    _set_inconclusive_aside(run.attempt(number))
    while True:
        folder = run.attempt(number)
        try:
            public = _attempt(shop, folder, number, announce)
        except BaseMoved:
            # Hold too may find a branch moved: the holding branch, before there is a candidate.
            held = (folder / "candidate.json").is_file()
            if not (held and rebase(shop, folder, run.attempt(number + 1))):
                raise
            number += 1
            continue
        if public.verdict == "inconclusive":
            return public
        if public.verdict == "pass":
            run.end("shipped")
            return public
        candidate = candidate_to_follow(folder)
        request = request_retry(candidate, public)
        if isinstance(request, Stop):
            shop.record(candidate.work_order, "parked", reason=request.reason)
            run.end(request.reason)
            return public
        number += 1
        order = reorder(candidate, request)
        order.write(run.attempt(number) / "work-order.json")
        shop.record(order, "planned", agent=order.agent.name)


def durations(folder: Path) -> dict[str, float]:
    """Seconds that each stage of an attempt took, as far as noted."""
    path = folder / "durations.json"
    found: dict[str, float] = json.loads(path.read_text("utf-8")) if path.is_file() else {}
    return found


def _attempt(shop: Equipment, folder: Path, number: int, announce: Announce) -> PublicVerdict:
    for stage in STAGES:
        if stage.name == "ship" and _public(folder).verdict != "pass":
            break
        if stage.run is not None and not (folder / stage.writes).is_file():
            if stage.name == "evaluate":
                require_base(shop, folder)
            announce(stage.name, number)
            began = time.monotonic()
            _run(stage, shop, folder)
            taken = {**durations(folder), stage.name: round(time.monotonic() - began, 3)}
            write_atomically(folder / "durations.json", json.dumps(taken).encode())
        if stage.account is not None:
            stage.account(shop, folder)
    return _public(folder)


def _run(stage: Stage, shop: Equipment, folder: Path) -> None:
    """Run a stage; where the factory itself fails at it, again, at no cost of an attempt.

    What failed tries are known to have spent still counts: build keeps it.
    """
    assert stage.run is not None
    tries = read(WorkOrder, folder / "work-order.json").retries.infrastructure
    for turn in range(tries + 1):
        try:
            stage.run(shop, folder)
            return
        except _INFRASTRUCTURE as error:
            if turn == tries or type(error) not in _INFRASTRUCTURE:
                raise
            shop.note(f"{error.message}; tried again ({turn + 1} of {tries})")
            shop.pause(FIRST_PAUSE_SECONDS * 4**turn)


def _public(folder: Path) -> PublicVerdict:
    return read(PublicVerdict, folder / "public-verdict.json")


def _set_inconclusive_aside(folder: Path) -> None:
    """Keep the evidence of an inconclusive verdict under another name, so that it is redone."""
    if not (folder / "public-verdict.json").is_file():
        return
    if _public(folder).verdict != "inconclusive":
        return
    for name in ("inventory.json", "report.json", "verdict.json", "public-verdict.json"):
        path = folder / name
        if path.is_file():
            path.replace(folder / f"inconclusive-{name}")
