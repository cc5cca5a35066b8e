"""Services that must fail: each does one thing that no product may, and nothing else."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

from factory.scenarios.strength.canned import Answer, Canned
from factory.scenarios.strength.serving import BODY_LIMIT_BYTES, length, serving

_NO_BODY = (204, 304)


@dataclass(frozen=True, kw_only=True)
class Request:
    """`body` is the JSON data that was sent, None where it was none."""

    method: str
    path: str
    body: Any


@dataclass(kw_only=True)
class Memory:
    """What a straw man knows: the spec's own answers, and what it was sent."""

    answers: Sequence[Canned]
    first: dict[str, Answer] = field(default_factory=dict)
    kept: dict[str, Any] = field(default_factory=dict)
    made: int = 0

    def canned(self, request: Request) -> Answer | None:
        """The spec's answer to such a request."""
        method = "GET" if request.method == "HEAD" else request.method
        for one in self.answers:
            if one.method == method and one.path.fullmatch(request.path):
                return one.answer
        return None


Behaviour = Callable[[Request, Memory], Answer]


def always_200(request: Request, memory: Memory) -> Answer:
    """200 and an empty object, whatever was asked."""
    return Answer(body={})


def echo(request: Request, memory: Memory) -> Answer:
    """What was sent."""
    return Answer(body=request.body if request.body is not None else {})


def canned_answers(request: Request, memory: Memory) -> Answer:
    """What the spec says of such a request, word by word."""
    return memory.canned(request) or Answer(status=404, body={})


def first_request_wins(request: Request, memory: Memory) -> Answer:
    """The first answer to a method, with what was sent then, for ever."""
    if request.method not in memory.first:
        memory.first[request.method] = _with_sent(request, memory)
    return memory.first[request.method]


def no_validation(request: Request, memory: Memory) -> Answer:
    """Keeps and shows all that it is sent, right or wrong."""
    name = request.path.rstrip("/").rpartition("/")[2]
    answer = _with_sent(request, memory)
    if request.method in ("POST", "PUT", "PATCH"):
        known = memory.kept.get(name)
        data = {**(known if isinstance(known, dict) else {}), **_object(answer.body)}
        for value in [name, *data.values()]:
            if isinstance(value, str):
                memory.kept[value] = data
        return Answer(status=answer.status, body=data, headers=answer.headers)
    if request.method == "DELETE":
        memory.kept.pop(name, None)
        return answer
    if name in memory.kept:
        return Answer(
            status=answer.status, body=memory.kept[name], headers=answer.headers
        )  # fmt: skip
    return Answer(status=404, body={})


def no_persistence(request: Request, memory: Memory) -> Answer:
    """Answers as if it kept what it is sent, and knows nothing of it afterwards."""
    if request.method in ("GET", "HEAD", "DELETE"):
        return Answer(status=404, body={})
    return _with_sent(request, memory)


STRAWMEN: Mapping[str, Behaviour | None] = {
    "nothing-there": None,
    "always-200": always_200,
    "echo": echo,
    "canned-answers": canned_answers,
    "first-request-wins": first_request_wins,
    "no-validation": no_validation,
    "no-persistence": no_persistence,
}


@contextmanager
def standing(name: str, answers: Sequence[Canned]) -> Iterator[str]:
    """The address of a straw man that runs while the context lasts."""
    behaviour = STRAWMEN[name]
    memory, lock = Memory(answers=answers), threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 30

        def __getattr__(self, called: str) -> Any:
            if called.startswith("do_"):
                return self.respond
            raise AttributeError(called)

        def respond(self) -> None:
            raw = self.rfile.read(min(length(self.headers.get("Content-Length")), BODY_LIMIT_BYTES))
            path = self.path.partition("?")[0]
            request = Request(method=self.command, path=path, body=_json(raw))
            with lock:
                answer = behaviour(request, memory) if behaviour else Answer(status=404)
            self.answer(answer)

        def answer(self, answer: Answer) -> None:
            body = b"" if answer.body is None else json.dumps(answer.body).encode()
            body = b"" if answer.status in _NO_BODY else body
            self.send_response(answer.status)
            for key, value in answer.headers.items():
                self.send_header(key, value.encode("ascii", "replace").decode())
            if body:
                self.send_header("Content-Type", "application/json")
            if answer.status not in _NO_BODY:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    with serving(Handler) as address:
        if behaviour is not None:
            yield address
    if behaviour is None:
        yield address  # The port is free again: nobody listens there.


def _with_sent(request: Request, memory: Memory) -> Answer:
    """The spec's answer with the values that were sent, and made ones where there are none."""
    answer = memory.canned(request) or Answer(
        status=201 if request.method == "POST" else 200, body={}
    )
    memory.made += 1
    data = {**_object(answer.body), **_object(request.body)}
    data = {key: f"made{memory.made}" if one is None else one for key, one in data.items()}
    return Answer(status=answer.status, body=data, headers=answer.headers)


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _json(raw: bytes) -> Any:
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        return None
