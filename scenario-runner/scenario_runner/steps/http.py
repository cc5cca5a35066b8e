"""Requests to a service."""

from __future__ import annotations

import threading
import time
from typing import Any

from scenario_runner.engine.context import ScenarioContext
from scenario_runner.engine.phrases import phrase
from scenario_runner.errors import StepFailed
from scenario_runner.http_client import DEFAULT_TIMEOUT_SECONDS, HttpClient, Response

MAX_TIMES = 5000
MAX_CLIENTS = 200
JSON_TYPE = "application/json"
TEXT_TYPE = "text/plain; charset=utf-8"


@phrase(
    "the request header {name:string} is {value:string}",
    keyword="Given",
    about="All later requests of the scenario carry this header.",
    example='Given the request header "X-API-Key" is "secret-1"',
)
def request_header(context: ScenarioContext, name: str, value: str) -> None:
    kept = [pair for pair in context.request_headers if pair[0].lower() != name.lower()]
    context.request_headers = [*kept, (name, value)]


@phrase(
    "I send {method:method} {path:string}",
    keyword="When",
    about="Sends a request without a body; redirects are not followed.",
    example='When I send GET "/health"',
)
def send(context: ScenarioContext, method: str, path: str) -> None:
    context.request(method, path, None, None)


@phrase(
    "I send {method:method} {path:string} with JSON:",
    keyword="When",
    about="Sends the doc string as a JSON body, exactly as written.",
    example='When I send POST "/links" with JSON:\n  """\n  {"url": "https://a.example/"}\n  """',
    takes="json",
)
def send_json(context: ScenarioContext, method: str, path: str, body: str) -> None:
    context.request(method, path, body.encode(), JSON_TYPE)


@phrase(
    "I send {method:method} {path:string} with body:",
    keyword="When",
    about="Sends the doc string as it is, as text unless a Content-Type header was given.",
    example='When I send POST "/links" with body:\n  """\n  not JSON\n  """',
    takes="text",
)
def send_body(context: ScenarioContext, method: str, path: str, body: str) -> None:
    context.request(method, path, body.encode(), TEXT_TYPE)


@phrase(
    "I send {method:method} {path:string} {count:int} time(s)",
    keyword="When",
    about="Sends the same request again and again; each must get an answer.",
    example='When I send GET "/links" 5 times',
)
def send_times(context: ScenarioContext, method: str, path: str, count: int) -> None:
    _repeat(context, method, path, count, None)


@phrase(
    "I send {method:method} {path:string} {count:int} time(s) with JSON:",
    keyword="When",
    about="Sends the same JSON body again and again; each must get an answer.",
    example='When I send POST "/links" 5 times with JSON:\n  """\n  {"url": "https://a.example/"}\n'
    '  """',
    takes="json",
)
def send_json_times(
    context: ScenarioContext, method: str, path: str, count: int, body: str
) -> None:
    _repeat(context, method, path, count, body.encode())


@phrase(
    "{count:int} client(s) send {method:method} {path:string} at once",
    keyword="When",
    about="Sends the request over that many connections at the same moment.",
    example='When 20 clients send POST "/visits" at once',
)
def send_at_once(context: ScenarioContext, count: int, method: str, path: str) -> None:
    _at_once(context, count, method, path, None)


@phrase(
    "{count:int} client(s) send {method:method} {path:string} at once with JSON:",
    keyword="When",
    about="Sends the JSON body over that many connections at the same moment.",
    example='When 20 clients send POST "/links" at once with JSON:\n  """\n'
    '  {"alias": "sale"}\n  """',
    takes="json",
)
def send_json_at_once(
    context: ScenarioContext, count: int, method: str, path: str, body: str
) -> None:
    _at_once(context, count, method, path, body.encode())


@phrase(
    "I follow the redirect",
    keyword="When",
    about="Sends GET to the path of the last answer's Location header, always at the subject.",
    example="When I follow the redirect",
)
def follow(context: ScenarioContext) -> None:
    location = context.answer().header("Location")
    if location is None:
        raise StepFailed("the last response has no Location header to follow")
    context.request("GET", location, None, None)


@phrase(
    "within {seconds:number} second(s) {method:method} {path:string} answers {status:int}",
    keyword="Then",
    about="Asks again and again until the status is seen or the time is up.",
    example='Then within 2 seconds GET "/links/sale" answers 410',
)
def answers_within(
    context: ScenarioContext, seconds: float, method: str, path: str, status: int
) -> None:
    started = time.monotonic()
    deadline = started + seconds
    pause = 0.02
    seen: int | str | None = None
    while True:
        left = deadline - time.monotonic()
        if left <= 0:
            raise StepFailed(
                f"{method} {path} did not answer {status} within {seconds:g} s",
                expected=status,
                seen=seen,
            )
        headers = context.headers(None)
        try:
            response = context.subject.http.request(
                method, path, headers, None, context.limit(left)
            )
        except StepFailed as problem:
            seen = str(problem)
        else:
            context.response, context.responses = response, [response]
            seen = response.status
            if seen == status:
                context.note_answer(method, path, headers, None, response)
                return
        time.sleep(max(0.0, min(pause, deadline - time.monotonic())))
        pause = min(pause * 1.5, 0.25)


def _limit(count: int, most: int, what: str) -> None:
    if not 1 <= count <= most:
        raise StepFailed(f"{what} must be between 1 and {most}", seen=count)


def _repeat(
    context: ScenarioContext, method: str, path: str, count: int, body: bytes | None
) -> None:
    _limit(count, MAX_TIMES, "the number of times")
    answers: list[Response] = []
    for _ in range(count):
        context.request(method, path, body, JSON_TYPE if body is not None else None)
        answers.append(context.answer())
    context.responses = answers


def _at_once(
    context: ScenarioContext, count: int, method: str, path: str, body: bytes | None
) -> None:
    _limit(count, MAX_CLIENTS, "the number of clients")
    target = context.subject.http.target
    headers = context.headers(JSON_TYPE if body is not None else None)
    timeout_seconds = context.limit(DEFAULT_TIMEOUT_SECONDS)
    barrier = threading.Barrier(count)
    results: list[Response | StepFailed | None] = [None] * count

    def client(index: int) -> None:
        http = HttpClient(target)
        try:
            barrier.wait(timeout_seconds)
            results[index] = http.request(method, path, headers, body, timeout_seconds)
        except StepFailed as problem:
            results[index] = problem
        except threading.BrokenBarrierError:
            results[index] = StepFailed("not every client could start in time")
        finally:
            http.close()

    threads = [threading.Thread(target=client, args=(i,), daemon=True) for i in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(2 * timeout_seconds)
    _collect(context, method, path, headers, body, results)


def _collect(
    context: ScenarioContext,
    method: str,
    path: str,
    headers: list[tuple[str, str]],
    body: bytes | None,
    results: list[Any],
) -> None:
    answers = [each for each in results if isinstance(each, Response)]
    for answer in answers:
        context.note_answer(method, path, headers, body, answer)
    if len(answers) < len(results):
        problem = next((each for each in results if isinstance(each, StepFailed)), None)
        raise StepFailed(
            f"{len(results) - len(answers)} of {len(results)} clients got no answer: "
            f"{problem or 'out of time'}"
        )
    context.responses = answers
    context.response = answers[-1]
