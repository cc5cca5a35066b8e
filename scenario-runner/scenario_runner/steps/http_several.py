"""Counting the answers to several requests: the last "N times" or "at once"."""

from __future__ import annotations

from collections import Counter

from scenario_runner.engine.context import ScenarioContext
from scenario_runner.engine.phrases import phrase
from scenario_runner.errors import StepFailed
from scenario_runner.steps.http_answers import count_statuses

_KEY = "http_several"


def _told(context: ScenarioContext) -> set[int]:
    """The statuses that steps have spoken of since these answers came."""
    kept = context.kept.get(_KEY)
    if kept is None or kept[0] is not context.responses:
        kept = context.kept[_KEY] = (context.responses, set())
    return kept[1]


_ABOUT = 'Exactly this many of the answers to the last "N times" or "at once".'


@phrase(
    "exactly {count:int} of the answers has status {status:int}",
    keyword="Then",
    about=_ABOUT,
    example="Then exactly 1 of the answers has status 201",
)
@phrase(
    "exactly {count:int} of the answers have status {status:int}",
    keyword="Then",
    about=_ABOUT,
    example="Then exactly 2 of the answers have status 201",
)
def exactly(context: ScenarioContext, count: int, status: int) -> None:
    seen = count_statuses(context)
    if seen[status] != count:
        raise StepFailed(
            f"{seen[status]} of {len(context.responses)} answers have status {status}",
            expected=count,
            seen=dict(seen),
        )
    _told(context).add(status)


@phrase(
    "at most {count:int} of the answers have status {status:int}",
    keyword="Then",
    about='So many of the answers to the last "N times" or "at once", or fewer.',
    example="Then at most 3 of the answers have status 429",
)
def at_most(context: ScenarioContext, count: int, status: int) -> None:
    seen = count_statuses(context)
    if seen[status] > count:
        raise StepFailed(
            f"{seen[status]} answers have status {status}", expected=count, seen=dict(seen)
        )
    _told(context).add(status)


@phrase(
    "the other answers have status {status:int}",
    keyword="Then",
    about="All answers whose status no step before this one has counted; there must be some.",
    example="Then the other answers have status 409",
)
def the_others(context: ScenarioContext, status: int) -> None:
    told = _told(context)
    if not told:
        raise StepFailed('say first which: "exactly 1 of the answers has status 201"')
    others = {key: n for key, n in count_statuses(context).items() if key not in told}
    if set(others) != {status}:
        raise StepFailed("the other answers differ", expected=status, seen=others or "no others")


@phrase(
    "all answers have the same status",
    keyword="Then",
    about='Of all answers to the last "N times" or "at once".',
    example="Then all answers have the same status",
)
def all_alike(context: ScenarioContext) -> None:
    seen = count_statuses(context)
    if len(seen) > 1:
        raise StepFailed("the answers differ in status", expected="one status", seen=dict(seen))


@phrase(
    "all answers have the same body",
    keyword="Then",
    about='Byte for byte, of all answers to the last "N times" or "at once".',
    example="Then all answers have the same body",
)
def all_same_body(context: ScenarioContext) -> None:
    context.answer()
    bodies = Counter(response.text for response in context.responses)
    if len(bodies) > 1:
        raise StepFailed("the answers differ in body", seen=[body[:200] for body in bodies][:5])
