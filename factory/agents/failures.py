"""What became of a request that failed: whether another try may help, and what it may have cost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from factory.agents.turn import StreamCut
from factory.errors import AgentError, AuthenticationError, ConfigurationError

LONGEST_WAIT_SECONDS = 120.0
_HTTP_PACKAGES = {"httpx", "httpx2", "httpcore", "httpcore2", "h11", "h2"}


class DeadlineReached(Exception):
    """The attempt's time is up, or would be before the next try."""


class ContextFull(Exception):
    """The conversation no longer fits into the model's context window."""


@dataclass(frozen=True)
class Again:
    """A failure that may pass. `charged`: the request may have been carried out and billed."""

    why: str
    charged: bool
    wait_seconds: float | None = None


def judged(error: Exception, late: bool, redact: Callable[[str], str]) -> Again:
    """Whether another try may help.

    Args:
        error: what a request ended with.
        late: whether the attempt's time is up.
        redact: takes secrets out of what the other side says.

    Raises:
        AuthenticationError, ConfigurationError, ContextFull, AgentError: no try can help.
        Exception: `error` itself, where it is none of a connection's.
    """
    import anthropic

    if late and not isinstance(error, anthropic.APIStatusError):
        return Again("the time is up", charged=True)
    if isinstance(error, anthropic.APIStatusError):
        return _judged_status(error, redact)
    if isinstance(error, anthropic.APIConnectionError):
        cause = type(error.__cause__).__name__
        sent = cause not in ("ConnectError", "ConnectTimeout", "UnsupportedProtocol")
        return Again(f"no connection ({cause})", charged=sent)
    if isinstance(error, (anthropic.APIResponseValidationError, StreamCut)):
        return Again(f"the answer was cut off: {error}", charged=True)
    package = type(error).__module__.partition(".")[0]
    if isinstance(error, (OSError, ValueError)) or package in _HTTP_PACKAGES:
        return Again(f"the answer was cut off ({type(error).__name__})", charged=True)
    raise error


def _judged_status(error: Any, redact: Callable[[str], str]) -> Again:
    kind, message = (redact(text) for text in _told(error.body))
    status = error.status_code
    said = f"{status} {kind}: {message}"[:1000]
    if status == 200:  # An error event in the middle of a stream.
        if kind in ("overloaded_error", "api_error", "rate_limit_error", "timeout_error"):
            return Again(said, charged=True)
        raise AgentError(f"the model's stream ended with an error: {said}")
    if status in (401, 403):
        raise AuthenticationError(
            f"the model's key is refused: {said}",
            mend="set ANTHROPIC_API_KEY to a valid key that may use this model",
        )
    if status in (408, 409, 429) or status >= 500:
        # Of a gateway that gave up waiting nobody knows what became of the request behind it.
        charged = status not in (409, 429, 500, 503, 529)
        return Again(said, charged=charged, wait_seconds=_retry_after(error.response.headers))
    if status == 404:
        raise ConfigurationError(
            f"the model or its address does not exist: {said}",
            mend="check the agent's `model` and ANTHROPIC_BASE_URL",
        )
    if status == 413 or "prompt is too long" in message:
        raise ContextFull(said)
    raise AgentError(f"the model refuses the request: {said}", mend="see its message")


def _told(body: Any) -> tuple[str, str]:
    error = body.get("error") if isinstance(body, dict) else None
    if not isinstance(error, dict):
        return "", str(body)[:500]
    return str(error.get("type", "")), str(error.get("message", ""))


def _retry_after(headers: Any) -> float | None:
    """Seconds to wait, from `retry-after`; its other form, a date, is not used by this API."""
    try:
        seconds = float(headers.get("retry-after", ""))
    except ValueError:
        return None
    return min(max(seconds, 0.0), LONGEST_WAIT_SECONDS) if seconds == seconds else None
