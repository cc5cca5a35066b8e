"""Asking until a service says what is expected, or as long as it must say it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

from scenario_runner import strict_json
from scenario_runner.engine.context import ScenarioContext
from scenario_runner.engine.phrases import phrase
from scenario_runner.errors import StepFailed
from scenario_runner.http_client import DEFAULT_TIMEOUT_SECONDS, Response

_FIRST_PAUSE_SECONDS = 0.02
_LONGEST_PAUSE_SECONDS = 0.25


def _answers(
    context: ScenarioContext,
    seconds: float,
    method: str,
    path: str,
    patience_seconds: float | None = None,
) -> Iterator[Response | StepFailed]:
    """Ask again and again until the time is up, with growing pauses; at least once.

    One answer may take the time that is left, or `patience_seconds`.
    """
    seconds = context.limit(seconds)
    deadline = time.monotonic() + seconds
    pause = _FIRST_PAUSE_SECONDS
    left = max(seconds, _FIRST_PAUSE_SECONDS)
    while left > 0:
        headers = context.headers(None, path)
        try:
            response = context.subject.http.request(
                method, path, headers, None, context.limit(patience_seconds or left)
            )
        except StepFailed as problem:
            yield problem
        else:
            context.took(path, response)
            yield response
        time.sleep(max(0.0, min(pause, deadline - time.monotonic())))
        pause = min(pause * 1.5, _LONGEST_PAUSE_SECONDS)
        left = deadline - time.monotonic()


def _wait(
    context: ScenarioContext,
    seconds: float,
    method: str,
    path: str,
    expected: Any,
    look: Callable[[Response], tuple[bool, Any]],
) -> None:
    """`look` says whether an answer is the one, and what was seen in it."""
    seen: Any = None
    for answer in _answers(context, seconds, method, path):
        if isinstance(answer, StepFailed):
            seen = str(answer)
            continue
        fits, seen = look(answer)
        if fits:
            context.note_answer(method, path, context.headers(None, path), None, answer)
            return
    raise StepFailed(
        f"{method} {path} did not answer {expected} within {seconds:g} s",
        expected=expected,
        seen=seen,
    )


@phrase(
    "within {seconds:number} second(s) {method:method} {path:string} answers {status:int}",
    keyword="Then",
    about="Asks again and again until the status is seen or the time is up.",
    example='Then within 2 seconds GET "/links/sale" answers 410',
)
@phrase(
    "within {seconds:number} second(s) {method:method} {path:string} answers with status "
    "{status:int}",
    keyword="Then",
    about="Asks again and again until the status is seen or the time is up.",
    example='Then within 2 seconds GET "/links/sale" answers with status 410',
)
def answers_within(
    context: ScenarioContext, seconds: float, method: str, path: str, status: int
) -> None:
    def look(answer: Response) -> tuple[bool, Any]:
        return answer.status == status, answer.status

    _wait(context, seconds, method, path, status, look)


@phrase(
    "within {seconds:number} second(s) {method:method} {path:string} answers with status "
    "{status:int} and JSON at {inner:string} is {value:json}",
    keyword="Then",
    about="Asks again and again until status and value are seen in one answer, or time is up.",
    example='Then within 2 seconds GET "/jobs/${id}" answers with status 200 and JSON at "state" '
    'is "done"',
)
def answers_json_within(
    context: ScenarioContext,
    seconds: float,
    method: str,
    path: str,
    status: int,
    inner: str,
    value: Any,
) -> None:
    def look(answer: Response) -> tuple[bool, Any]:
        try:
            there, seen = strict_json.at(strict_json.loads(answer.body), inner)
        except ValueError as problem:
            return False, f"status {answer.status}, not JSON: {problem}"
        fits = answer.status == status and there and strict_json.same(seen, value)
        return fits, {"status": answer.status, inner: seen}

    _wait(context, seconds, method, path, {"status": status, inner: value}, look)


@phrase(
    "within {seconds:number} second(s) {method:method} {path:string} answers with status "
    "{status:int} and a body that contains {text:string}",
    keyword="Then",
    about="Asks again and again until status and text are seen in one answer, or time is up.",
    example='Then within 2 seconds GET "/jobs/${id}" answers with status 200 and a body that '
    'contains "done"',
)
def answers_text_within(
    context: ScenarioContext, seconds: float, method: str, path: str, status: int, text: str
) -> None:
    def look(answer: Response) -> tuple[bool, Any]:
        seen = f"status {answer.status}: {answer.text[:500]}"
        return answer.status == status and text in answer.text, seen

    _wait(context, seconds, method, path, f"{status} with {text}", look)


@phrase(
    "for {seconds:number} second(s) {method:method} {path:string} keeps answering {status:int}",
    keyword="Then",
    about="Asks again and again for so long; every answer must have the status.",
    example='Then for 1 second GET "/links/sale" keeps answering 302',
)
def keeps_answering(
    context: ScenarioContext, seconds: float, method: str, path: str, status: int
) -> None:
    for answer in _answers(context, seconds, method, path, DEFAULT_TIMEOUT_SECONDS):
        if isinstance(answer, StepFailed):
            raise answer
        if answer.status != status:
            raise StepFailed(
                f"{method} {path} stopped answering {status}", expected=status, seen=answer.status
            )
