"""Requests to a service."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from urllib.parse import urljoin

from scenario_runner.engine.context import ScenarioContext
from scenario_runner.engine.phrases import phrase
from scenario_runner.errors import StepFailed
from scenario_runner.http_client import DEFAULT_TIMEOUT_SECONDS, HttpClient, Response

MAX_TIMES = 5000
MAX_CLIENTS = 200
MAX_REDIRECTS = 20
JSON_TYPE = "application/json"
TEXT_TYPE = "text/plain; charset=utf-8"


@phrase(
    "the request header {name:string} is {value:string}",
    keyword="Given",
    about="All later requests of the scenario carry this header.",
    example='Given the request header "X-API-Key" is "secret-1"',
)
def request_header(context: ScenarioContext, name: str, value: str) -> None:
    drop_header(context, name)
    context.request_headers.append((name, value))


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
    "these requests are sent at once:",
    keyword="When",
    about="One connection a row, all at the same moment. The body column may be missing or empty; "
    "a body is sent as JSON.",
    example="When these requests are sent at once:\n"
    "  | method | path     | body         |\n"
    '  | POST   | /seats/1 | {"by": "an"} |\n'
    "  | DELETE | /seats/1 |              |",
    takes="table",
)
def send_rows(context: ScenarioContext, rows: tuple[tuple[str, ...], ...]) -> None:
    heading, *lines = rows
    if heading not in (("method", "path"), ("method", "path", "body")):
        raise StepFailed("the columns must be method, path and body", seen=list(heading))
    _limit(len(lines), MAX_CLIENTS, "the number of requests")
    requests = []
    for method, path, *rest in lines:
        body = rest[0].encode() if rest and rest[0] else None
        headers = context.headers(JSON_TYPE if body is not None else None, path)
        requests.append(_Request(method, path, headers, body))
    _all_at_once(context, requests)


@phrase(
    "I follow up to {count:int} redirect(s)",
    keyword="When",
    about="Follows redirects, each at the subject, until an answer is none; at most so many.",
    example="When I follow up to 3 redirects",
)
def follow_all(context: ScenarioContext, count: int) -> None:
    _limit(count, MAX_REDIRECTS, "the number of redirects")
    follow(context)
    for _ in range(count - 1):
        if not 300 <= context.answer().status < 400 or not context.answer().header("Location"):
            break
        follow(context)


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
    context.request("GET", urljoin(context.requested_path, location), None, None)


def drop_header(context: ScenarioContext, name: str) -> None:
    """Later requests lack the header, in whatever letters an earlier step wrote its name."""
    context.request_headers = [
        pair for pair in context.request_headers if pair[0].lower() != name.lower()
    ]


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


@dataclass(frozen=True, slots=True)
class _Request:
    method: str
    path: str
    headers: list[tuple[str, str]]
    body: bytes | None


def _at_once(
    context: ScenarioContext, count: int, method: str, path: str, body: bytes | None
) -> None:
    _limit(count, MAX_CLIENTS, "the number of clients")
    headers = context.headers(JSON_TYPE if body is not None else None, path)
    _all_at_once(context, [_Request(method, path, headers, body)] * count)


def _all_at_once(context: ScenarioContext, requests: list[_Request]) -> None:
    """One connection a request; none is sent before all are ready."""
    count = len(requests)
    target = context.subject.http.target
    timeout_seconds = context.limit(DEFAULT_TIMEOUT_SECONDS)
    barrier = threading.Barrier(count)
    results: list[Response | StepFailed | None] = [None] * count

    def client(index: int) -> None:
        http, one = HttpClient(target), requests[index]
        try:
            barrier.wait(timeout_seconds)
            results[index] = http.request(
                one.method, one.path, one.headers, one.body, timeout_seconds
            )
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
    _collect(context, requests, results)


def _collect(
    context: ScenarioContext, requests: list[_Request], results: list[Response | StepFailed | None]
) -> None:
    answers = []
    for one, result in zip(requests, results, strict=True):
        if isinstance(result, Response):
            context.note_answer(one.method, one.path, one.headers, one.body, result)
            context.took(one.path, result)
            answers.append(result)
    if len(answers) < len(results):
        problem = next((each for each in results if isinstance(each, StepFailed)), None)
        raise StepFailed(
            f"{len(results) - len(answers)} of {len(results)} clients got no answer: "
            f"{problem or 'out of time'}"
        )
    context.responses = answers
