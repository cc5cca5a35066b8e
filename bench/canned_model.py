"""A Messages API that answers at once what it was started with, and notes when it was asked.

    python bench/canned_model.py STEPS COMMAND LAST_TOOL LAST_INPUT

Every answer but the last calls `bash` with COMMAND. It thinks about nothing, so that the time from
one request to the next is the client's own. GET /times gives the seconds of each, as JSON.
"""

from __future__ import annotations

import json
import socket
import sys
import threading
import time
from typing import Any

USAGE = {
    "input_tokens": 10,
    "cache_creation_input_tokens": 1800,
    "cache_read_input_tokens": 4000,
    "output_tokens": 300,
}
SAID = "I look at what is there, then I change it and run the tests once more. " * 12


def answer(number: int, tool: str, values: dict[str, Any]) -> tuple[bytes, bytes]:
    """One answer, as a stream and as a whole."""
    identity = f"toolu_{number:06}"
    head = {"id": f"msg_{number}", "type": "message", "role": "assistant",
            "model": "claude-sonnet-4-5", "stop_sequence": None}  # fmt: skip
    call = {"type": "tool_use", "id": identity, "name": tool, "input": {}}
    start = {**head, "content": [], "stop_reason": None, "usage": {**USAGE, "output_tokens": 1}}
    text = {"type": "text", "text": ""}
    pieces = [SAID[at : at + 80] for at in range(0, len(SAID), 80)]
    events = [
        {"type": "message_start", "message": start},
        {"type": "content_block_start", "index": 0, "content_block": text},
        *({"type": "content_block_delta", "index": 0,
           "delta": {"type": "text_delta", "text": piece}} for piece in pieces),
        {"type": "content_block_stop", "index": 0},
        {"type": "content_block_start", "index": 1, "content_block": call},
        {"type": "content_block_delta", "index": 1,
         "delta": {"type": "input_json_delta", "partial_json": json.dumps(values)}},
        {"type": "content_block_stop", "index": 1},
        {"type": "message_delta", "delta": {"stop_reason": "tool_use", "stop_sequence": None},
         "usage": {"output_tokens": USAGE["output_tokens"]}},
        {"type": "message_stop"},
    ]  # fmt: skip
    stream = b"".join(f"event: {e['type']}\ndata: {json.dumps(e)}\n\n".encode() for e in events)
    content = [{**text, "text": SAID}, {**call, "input": values}]
    whole = {**head, "content": content, "stop_reason": "tool_use", "usage": USAGE}
    return _http(stream, "text/event-stream; charset=utf-8"), _json(whole)


def _json(value: Any) -> bytes:
    return _http(json.dumps(value).encode(), "application/json")


def _http(body: bytes, kind: str) -> bytes:
    head = f"HTTP/1.1 200 OK\r\ncontent-type: {kind}\r\ncontent-length: {len(body)}\r\n\r\n"
    return head.encode() + body


def main() -> None:
    steps, command, last_tool, last_input = sys.argv[1:]
    answers = [answer(n, "bash", {"command": command}) for n in range(int(steps) - 1)]
    answers.append(answer(int(steps), last_tool, json.loads(last_input)))
    times: list[float] = []

    def serve(connection: socket.socket) -> None:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        data = b""
        while True:
            while b"\r\n\r\n" not in data:
                piece = connection.recv(1 << 20)
                if not piece:
                    return
                data += piece
            head, _, data = data.partition(b"\r\n\r\n")
            if head.startswith(b"GET /times"):
                connection.sendall(_json(times))
                continue
            fields = [line.partition(b":") for line in head.lower().split(b"\r\n")]
            length = next(int(value) for name, _, value in fields if name == b"content-length")
            while len(data) < length:
                data += connection.recv(1 << 20)
            body, data = data[:length], data[length:]
            streamed = b'"stream":true' in body or b'"stream": true' in body
            reply = answers[min(len(times), len(answers) - 1)][0 if streamed else 1]
            times.append(time.monotonic())
            connection.sendall(reply)

    with socket.create_server(("127.0.0.1", 0)) as server:
        print(f"http://127.0.0.1:{server.getsockname()[1]}", flush=True)
        while True:
            threading.Thread(target=serve, args=(server.accept()[0],), daemon=True).start()


if __name__ == "__main__":
    main()
