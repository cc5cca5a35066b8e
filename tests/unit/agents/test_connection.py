"""The connection: an answer that never comes to its end is ended, whatever part of it drips."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
import time
from collections.abc import Iterator

import pytest

from factory.agents.connection import LINE_LIMIT_BYTES, closed_at, connect
from factory.agents.failures import DeadlineReached
from factory.agents.meter import Meter
from factory.agents.model import Model
from factory.agents.prices import price_of
from factory.errors import AgentError
from factory.records import Budget

HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n"


@contextlib.contextmanager
def serving(pieces: list[bytes], drip: bytes) -> Iterator[str]:
    """A server that sends `pieces`, then `drip` for ever, whatever it is asked."""
    listening = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()

    def one(connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            connection.recv(65536)
            for piece in pieces:
                connection.sendall(piece)
            while not over.wait(0.02 if len(drip) < 100 else 0):
                connection.sendall(drip)

    def accept() -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = listening.accept()
                threading.Thread(target=one, args=[connection], daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        over.set()
        listening.close()


def whole(text: str) -> bytes:
    """An answer of the Messages API from its first event to its last."""
    events = [
        {"type": "message_start", "message": {
            "id": "m", "type": "message", "role": "assistant", "model": "x", "content": [],
            "stop_reason": None, "stop_sequence": None,
            "usage": {"input_tokens": 900, "output_tokens": 1},
        }},
        {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
        {"type": "content_block_delta", "index": 0,
         "delta": {"type": "text_delta", "text": text}},
        {"type": "content_block_stop", "index": 0},
        {"type": "message_delta", "delta": {"stop_reason": "end_turn", "stop_sequence": None},
         "usage": {"output_tokens": 5}},
        {"type": "message_stop"},
    ]  # fmt: skip
    lines = (f"event: {one['type']}\ndata: {json.dumps(one)}\n\n" for one in events)
    return HEAD + b"\r\n" + "".join(lines).encode()


def ask(url: str, seconds: float) -> None:
    meter = Meter(price_of("claude-sonnet-5-5"), Budget(usd=5))
    deadline = time.monotonic() + seconds
    with connect("sk-ant-test", url) as client, closed_at(deadline, client):
        model = Model(
            client, meter, {"model": "claude-sonnet-5-5"}, max_tokens=2000,
            deadline=deadline, backoff_seconds=0, sleep=lambda _: None,
        )  # fmt: skip
        model.ask([{"role": "user", "content": "x"}], 1000)


@pytest.mark.parametrize(
    ("pieces", "drip"),
    [([HEAD], b"x"), ([HEAD, b"\r\n"], b":\n"), ([HEAD, b"\r\n"], b"event: ping\ndata: {}\n\n")],
    ids=["headers", "comments", "pings"],
)
def test_what_drips_for_ever_ends_at_the_deadline(pieces, drip):
    with serving(pieces, drip) as url, pytest.raises(DeadlineReached):
        ask(url, 1.0)


def test_a_line_without_an_end_is_not_kept():
    with (
        serving([HEAD, b"\r\ndata: "], b"x" * (LINE_LIMIT_BYTES // 8)) as url,
        pytest.raises(AgentError, match="does not end"),
    ):
        ask(url, 600.0)


def test_a_compressed_answer_is_not_unpacked():
    head = HEAD + b"content-encoding: gzip\r\n\r\n"
    with serving([head], b"x") as url, pytest.raises(AgentError, match="6 tries"):
        ask(url, 600.0)


@pytest.mark.parametrize("drip", [b"", b"event: ping\ndata: {}\n\n"], ids=["silence", "pings"])
def test_a_body_that_goes_on_behind_its_message_holds_up_no_next_one(drip):
    meter = Meter(price_of("claude-sonnet-5-5"), Budget(usd=5))
    began = time.monotonic()
    with serving([whole("Well.")], drip) as url, connect("sk-ant-test", url) as client:
        model = Model(
            client, meter, {"model": "claude-sonnet-5-5"}, max_tokens=2000, deadline=began + 600
        )
        for _ in range(3):
            assert model.ask([{"role": "user", "content": "x"}], 1000).text == "Well."
    assert time.monotonic() - began < 20
