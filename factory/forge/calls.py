"""One call to GitHub, made again while GitHub says that it is busy, within a bound."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from factory.errors import ForgeError

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Patience:
    """How long a busy GitHub is waited for, over all tries of one call.

    `sleep` takes seconds; a test gives one that does not wait.
    """

    tries: int = 6
    seconds: float = 180.0
    sleep: Callable[[float], None] = time.sleep

    def call(self, action: Callable[[], T]) -> T:
        """The answer of `action`, which is called again after 5xx, cut connections and limits.

        `action` must be safe to call again: GitHub may have carried it out and lost the answer.

        Raises:
            github.GithubException: GitHub refused; that will not change by asking again.
            ForgeError: it was still busy at the end, or asks to wait for longer than we do.
        """
        from github import GithubException
        from requests import RequestException

        waited = 0.0
        for turn in range(self.tries):
            try:
                return action()
            except GithubException as error:
                pause = _pause(error, turn)
                if pause is None:
                    raise
                trouble = f"{error.status} {message_of(error)}"
            except RequestException as error:
                pause, trouble = float(2**turn), type(error).__name__
            waited += pause
            if waited > self.seconds or turn == self.tries - 1:
                break
            self.sleep(pause)
        raise ForgeError(
            f"GitHub did not answer after {turn + 1} tries: {trouble}",
            mend="see that the server is well, then run this again",
        )


def message_of(error: Any) -> str:
    """What GitHub said, on one line and not too long."""
    data = error.data
    text = str(data.get("message", "")) if isinstance(data, dict) else str(data or "")
    return " ".join(text.split())[:300]


def _pause(error: Any, turn: int) -> float | None:
    """Seconds until the next try; None where there is no use in one.

    GitHub's rule for limits: wait for Retry-After; else, where none is remaining, until
    X-RateLimit-Reset; else at least a minute, and longer each time.
    """
    headers = {str(name).lower(): value for name, value in (error.headers or {}).items()}
    limited = error.status in (403, 429) and (
        error.status == 429
        or "retry-after" in headers
        or headers.get("x-ratelimit-remaining") == "0"
        or "rate limit" in message_of(error).lower()
    )
    if limited:
        if str(headers.get("retry-after", "")).isdigit():
            return float(headers["retry-after"])
        if headers.get("x-ratelimit-remaining") == "0" and "x-ratelimit-reset" in headers:
            return max(float(headers["x-ratelimit-reset"]) - time.time(), 0.0) + 1.0
        return float(60 * 2**turn)
    return float(2**turn) if error.status >= 500 else None
