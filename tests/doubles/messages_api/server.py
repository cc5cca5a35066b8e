"""A stand-in for the Messages API on loopback: scripted answers, real refusals and figures.

    python tests/doubles/messages_api/server.py --script FILE [--port 0] [--key KEY]
    python tests/doubles/messages_api/server.py --trajectories examples/PRODUCT/trajectories/SPEC

prints `ANTHROPIC_BASE_URL=http://127.0.0.1:PORT` and serves until it is ended.
"""

from __future__ import annotations

import argparse
import json
import sys
import threading
import time
from collections.abc import Iterable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))

from messages_api import stream
from messages_api.rules import Refused, check, check_count
from messages_api.script import Script, from_trajectories
from messages_api.tokens import Cache, count, prompt_tokens

STATUSES = {429: "rate_limit_error", 500: "api_error", 503: "api_error", 529: "overloaded_error"}
DRIP_SECONDS = 0.1


class MessagesServer:
    """The server, for the length of a `with`; `url` is its ANTHROPIC_BASE_URL.

    `requests` holds every body that was taken, `counted` those of which only the tokens were asked,
    `refusals` what was said to the others.
    """

    def __init__(
        self, script: dict[str, Any] | Script, *, key: str | None = None, port: int = 0
    ) -> None:
        self.script = script if isinstance(script, Script) else Script(script)
        self.key = key
        self.requests: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.refusals: list[str] = []
        self.counted: list[dict[str, Any]] = []
        self.usages: list[dict[str, Any]] = []
        self.cache = Cache()
        self.lock = threading.Lock()
        self.stopping = threading.Event()
        handler = type("Handler", (_Handler,), {"double": self})
        self._http = _Http(("127.0.0.1", port), handler)
        self._http.daemon_threads = True
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    def __enter__(self) -> MessagesServer:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopping.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def serve_forever(self) -> None:
        """In this thread, until interrupted."""
        self._http.serve_forever()


class _Http(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a client that went away: some are killed on purpose."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    double: MessagesServer
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = 60

    def do_POST(self) -> None:
        double = self.double
        try:
            body = self._body()
            self._admit()
            path = self.path.split("?")[0]
            if path not in ("/v1/messages", "/v1/messages/count_tokens"):
                raise Refused(f"no such path: {self.path}", 404, "not_found_error")
            (check if path == "/v1/messages" else check_count)(body)
        except Refused as refusal:
            double.refusals.append(str(refusal))
            self._error(refusal.status, refusal.kind, str(refusal))
            return
        if path != "/v1/messages":
            with double.lock:
                double.counted.append(body)
            self._json(200, {"input_tokens": prompt_tokens(body)})
            return
        with double.lock:
            double.requests.append(body)
            double.headers.append({name.lower(): value for name, value in self.headers.items()})
            turn, fault = double.script.next(body)
            kind = fault["kind"] if fault else None
            number = len(double.requests)
            if kind not in STATUSES and kind != "refused":
                usage = self._usage(body, turn)
                double.usages.append(usage)
        if kind == "refused":
            self._error(401, "authentication_error", "invalid x-api-key")
        elif kind in STATUSES:
            self._error(kind, STATUSES[kind], f"scripted {kind}", fault.get("retry-after"))
        elif body.get("stream"):
            parts = stream.events(f"{number:05}", body["model"], turn, usage, half=kind == "half")
            self._stream(parts, kind)
        else:
            self._json(200, stream.message(f"{number:05}", body["model"], turn, usage))

    def _body(self) -> Any:
        try:
            length = int(self.headers.get("content-length", "0"))
            return json.loads(self.rfile.read(length))
        except ValueError as error:
            raise Refused(f"the body is not JSON: {error}") from error

    def _admit(self) -> None:
        # Newer SDKs send the key as a bearer token; the API takes both.
        bearer = self.headers.get("authorization", "").removeprefix("Bearer ")
        key = self.headers.get("x-api-key") or bearer
        if not key or (self.double.key is not None and key != self.double.key):
            raise Refused("invalid x-api-key", 401, "authentication_error")
        if not self.headers.get("anthropic-version"):
            raise Refused("anthropic-version: header is required")

    def _usage(self, body: dict[str, Any], turn: dict[str, Any]) -> dict[str, Any]:
        figures = self.double.cache.usage(body)
        said = [turn.get("say", ""), turn.get("thinking", ""), turn.get("calls", [])]
        written = figures["cache_creation_input_tokens"]
        return {
            **figures,
            "cache_creation": {
                "ephemeral_5m_input_tokens": written,
                "ephemeral_1h_input_tokens": 0,
            },
            "output_tokens": min(count(said), body["max_tokens"]),
            "service_tier": "standard",
            **turn.get("usage", {}),
        }

    def _stream(self, parts: Iterable[dict[str, Any]], kind: Any) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/event-stream; charset=utf-8")
        self.send_header("transfer-encoding", "chunked")
        self.send_header("request-id", "req_double")
        self.end_headers()
        try:
            for number, event in enumerate(parts):
                if kind == "drip" and number == 2:
                    self._drip()
                    return
                if kind == "overloaded" and number == 3:
                    told = {"type": "overloaded_error", "message": "Overloaded"}
                    self._chunk({"type": "error", "error": told})
                    break
                if kind == "cut" and number == 4:
                    self.close_connection = True
                    self.connection.close()
                    return
                self._chunk(event)
            self.wfile.write(b"0\r\n\r\n")
        except OSError:
            self.close_connection = True  # The other side has had enough.

    def _drip(self) -> None:
        self.close_connection = True
        while not self.double.stopping.is_set():
            self._chunk({"type": "ping"})
            time.sleep(DRIP_SECONDS)

    def _chunk(self, event: dict[str, Any]) -> None:
        data = f"event: {event['type']}\ndata: {json.dumps(event)}\n\n".encode()
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        self.wfile.flush()

    def _error(self, status: int, kind: str, message: str, retry_after: Any = None) -> None:
        body = {"type": "error", "error": {"type": kind, "message": message}}
        extra = {} if retry_after is None else {"retry-after": str(retry_after)}
        self._json(status, {**body, "request_id": "req_double"}, extra)

    def _json(self, status: int, data: Any, extra: dict[str, str] | None = None) -> None:
        body = json.dumps(data).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.send_header("request-id", "req_double")
        for name, value in (extra or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def main() -> None:
    """Serve a script from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--script", type=Path, help="a JSON file, see script.py")
    source.add_argument("--trajectories", type=Path, help="a folder with attempt-<n>.jsonl")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--key", help="take this key only; any by default")
    arguments = parser.parse_args()
    if arguments.script:
        script = Script.load(arguments.script)
    else:
        script = Script(from_trajectories(arguments.trajectories))
    server = MessagesServer(script, key=arguments.key, port=arguments.port)
    print(f"ANTHROPIC_BASE_URL={server.url}", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        server.stopping.set()


if __name__ == "__main__":
    main()
