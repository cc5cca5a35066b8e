"""The connection to the Messages API: the key goes nowhere else, no answer is without an end."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator
from functools import cache
from typing import Any

from factory.agents.turn import StreamCut
from factory.errors import ConfigurationError

RESPONSE_LIMIT_BYTES = 64 * 1024 * 1024
"""No answer is longer, its framing included: 128,000 tokens are about half of it."""
LINE_LIMIT_BYTES = 4 * 1024 * 1024
"""Nor is a line of it: an event is a line, and a reader keeps what has no end yet."""


def connect(key: str, base_url: str | None) -> Any:
    """An SDK client that neither retries nor follows redirects (they would carry the key away).

    It reads no more than RESPONSE_LIMIT_BYTES of an answer, and no compressed one, which could
    become anything.

    Raises:
        ConfigurationError: the SDK does not take the base URL.
    """
    import anthropic

    try:
        return anthropic.Anthropic(
            api_key=key,
            base_url=base_url or "https://api.anthropic.com",
            max_retries=0,
            default_headers={"Accept-Encoding": "identity"},
            http_client=anthropic.DefaultHttpxClient(
                follow_redirects=False, event_hooks={"response": [_bounded]}
            ),
        )
    except Exception as error:
        raise ConfigurationError(
            f"the model's client cannot be made: {error}", mend="check ANTHROPIC_BASE_URL"
        ) from error


@contextlib.contextmanager
def closed_at(deadline: float, client: Any) -> Iterator[None]:
    """Within the context, close `client` at `deadline` (by `time.monotonic()`).

    A drip of headers or of pings outlives any read timeout; this ends it. One thread for all
    requests: one for each would cost a tenth of a step.
    """

    def close() -> None:
        with contextlib.suppress(Exception):
            client.close()

    watch = threading.Timer(max(deadline - time.monotonic(), 0.0), close)
    watch.daemon = True
    watch.start()
    try:
        yield
    finally:
        watch.cancel()


def _bounded(response: Any) -> None:
    """Let a response end with an error where it is longer than any answer is."""
    if response.headers.get("content-encoding", "identity") != "identity":
        raise StreamCut("the answer is compressed, which was not asked for")
    response.stream = _counted(response.stream)


def _counted(whole: Any) -> Any:
    (base,) = (one for one in type(whole).__mro__ if one.__name__ == "SyncByteStream")
    return _counting(base)(whole)


@cache  # To make a class takes longer than to read an answer.
def _counting(base: Any) -> Any:
    class Counted(base):  # type: ignore[misc]
        def __init__(self, whole: Any) -> None:
            self._whole = whole

        def __iter__(self) -> Iterator[bytes]:
            left, line = RESPONSE_LIMIT_BYTES, 0
            for piece in self._whole:
                left -= len(piece)
                tail = len(piece) - 1 - piece.rfind(b"\n")
                line = tail if tail < len(piece) else line + len(piece)
                if left < 0 or line > LINE_LIMIT_BYTES:
                    raise StreamCut("the answer does not end")
                yield piece

        def close(self) -> None:
            self._whole.close()

    return Counted
