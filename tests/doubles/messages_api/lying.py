"""A model's server that cannot be trusted, in this process: honest answers, and everything else.

It takes the place of the network below the real SDK. Each request is answered by the next plan:
a dict with `kind` and what that kind needs, see KINDS.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from factory.agents.connection import connect

KINDS = (
    "honest", "lie", "unknown-field", "long", "endless", "endless-line", "cut", "twice",
    "status", "error-event", "garbage", "refused-connection", "lost-connection", "compressed",
    "plain-json", "disorder",
)  # fmt: skip
STATUSES = (302, 400, 401, 403, 404, 408, 409, 413, 418, 429, 500, 502, 503, 504, 529)
NOT_BILLED = (302, 400, 401, 403, 404, 409, 413, 418, 429, 500, 503, 529)


class LyingServer:
    """`plan` answers the next request. `billed` is told what each answer may rightly cost.

    Args:
        plan: the next request's body → what to do with it.
        billed: (body, prompt tokens, output tokens) of each answer that is rightly billed.
    """

    def __init__(
        self,
        plan: Callable[[dict[str, Any]], dict[str, Any]],
        billed: Callable[[dict[str, Any], int, int], None],
    ) -> None:
        self.plan, self.billed = plan, billed
        self.client = _client()
        network = self.client._client
        self._http = sys.modules[type(network).__mro__[-3].__module__.partition(".")[0]]
        network._transport = self._http.MockTransport(self._answer)

    def _answer(self, request: Any) -> Any:
        body = json.loads(request.read())
        plan = self.plan(body)
        kind = plan["kind"]
        if kind == "refused-connection":
            raise self._http.ConnectError("refused", request=request)
        if kind == "lost-connection":
            self.billed(body, plan["prompt"], plan["output"])
            raise self._http.ReadError("lost", request=request)
        if kind == "status":
            if plan["status"] not in NOT_BILLED:
                self.billed(body, plan["prompt"], plan["output"])
            error = {"type": "error", "error": {"type": "x_error", "message": "no"}}
            return self._http.Response(plan["status"], json=error, headers={"retry-after": "0"})
        self.billed(body, plan["prompt"], plan["output"])
        if kind == "plain-json":
            return self._http.Response(200, json=_message(plan["usage"]))
        headers = {"content-type": "text/event-stream"}
        if kind == "compressed":
            headers["content-encoding"] = "gzip"
        return self._http.Response(200, headers=headers, stream=self._stream(plan, body))

    def _stream(self, plan: dict[str, Any], body: dict[str, Any]) -> Any:
        class Stream(self._http.SyncByteStream):  # type: ignore[misc, name-defined]
            def __iter__(self) -> Iterator[bytes]:
                yield from _bytes(plan, body)

        return Stream()


@cache
def _client() -> Any:
    return connect("sk-ant-test", "http://model.invalid")  # Making one takes longer than a run.


def honest_usage(prompt: int, output: int, cached: int = 0, written: int = 0) -> dict[str, Any]:
    """The `usage` of an answer, of whose prompt some tokens were read from or put into a cache."""
    cached = min(cached, prompt)
    written = min(written, prompt - cached)
    return {
        "input_tokens": prompt - cached - written,
        "cache_read_input_tokens": cached,
        "cache_creation_input_tokens": written,
        "cache_creation": {"ephemeral_5m_input_tokens": written, "ephemeral_1h_input_tokens": 0},
        "output_tokens": output,
        "output_tokens_details": {"thinking_tokens": output // 2},
        "server_tool_use": {"web_search_requests": 0, "web_fetch_requests": 0},
        "service_tier": "standard",
        "inference_geo": "not_available",
    }


def _message(usage: Any) -> dict[str, Any]:
    return {
        "id": "msg_1", "type": "message", "role": "assistant", "model": "m", "content": [],
        "stop_reason": None, "stop_sequence": None, "usage": usage,
    }  # fmt: skip


def _event(data: dict[str, Any]) -> bytes:
    return f"event: {data['type']}\ndata: {json.dumps(data)}\n\n".encode()


def _bytes(plan: dict[str, Any], body: dict[str, Any]) -> Iterator[bytes]:
    kind, usage = plan["kind"], plan["usage"]
    if kind == "garbage":
        yield plan["garbage"]
        return
    if kind == "endless-line":
        yield b"event: message_start\ndata: "
        while True:
            yield b"x" * (1 << 20)
    pieces = list(_events(plan, body))
    if kind == "cut":
        pieces = pieces[: plan["at"] % len(pieces)]
    if kind == "disorder":
        pieces = pieces[plan["at"] % len(pieces) :] + pieces[: plan["at"] % len(pieces)]
    if kind == "error-event":
        pieces = pieces[: 1 + plan["at"] % len(pieces)]
        error = {"type": "error", "error": {"type": plan["error"], "message": "no"}}
        pieces.append(_event(error))
    if kind == "twice":
        pieces.insert(plan["at"] % len(pieces), pieces[0])
    yield from pieces
    if kind == "endless":
        delta = {"type": "text_delta", "text": "" if plan["at"] % 2 else "x" * 500}
        while True:
            yield _event({"type": "content_block_delta", "index": 0, "delta": delta})
    if isinstance(usage, dict) or kind == "lie":
        yield _event({"type": "message_stop"})


def _events(plan: dict[str, Any], body: dict[str, Any]) -> Iterator[bytes]:
    """All of an answer but its last event."""
    usage = plan["usage"]
    yield _event({"type": "message_start", "message": _message(plan.get("first", usage))})
    block = {"type": "text", "text": ""}
    yield _event({"type": "content_block_start", "index": 0, "content_block": block})
    text = "word " * plan["output"] if plan["kind"] != "long" else "word " * 100_000
    for start in range(0, len(text), 20_000):
        delta = {"type": "text_delta", "text": text[start : start + 20_000]}
        yield _event({"type": "content_block_delta", "index": 0, "delta": delta})
    yield _event({"type": "content_block_stop", "index": 0})
    reason = {"stop_reason": "end_turn", "stop_sequence": None}
    yield _event({"type": "message_delta", "delta": reason, "usage": usage})
