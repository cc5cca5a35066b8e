"""One request to the model: metered, streamed, tried again where that can help."""

from __future__ import annotations

import contextlib
import random
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from factory.agents.meter import Meter, Reservation
from factory.agents.turn import StreamCut, Turn, gather
from factory.errors import AgentError, AuthenticationError, ConfigurationError

TRIES = 6
BACKOFF_SECONDS = 2.0
LONGEST_WAIT_SECONDS = 120.0
SILENCE_SECONDS = 300.0
"""No byte for so long, not even a ping, and the connection counts as cut."""
END_SECONDS = 0.25
"""How long the end of an answer's body is waited for, once the message is over."""
_HTTP_PACKAGES = {"httpx", "httpx2", "httpcore", "httpcore2", "h11", "h2"}


class DeadlineReached(Exception):
    """The attempt's time is up, or would be before the next try."""


class ContextFull(Exception):
    """The conversation no longer fits into the model's context window."""


@dataclass(frozen=True)
class _Again:
    """A failure that may pass. `charged`: the request may have been carried out and billed."""

    why: str
    charged: bool
    wait_seconds: float | None = None


def connect(key: str, base_url: str | None) -> Any:
    """An SDK client that neither retries nor follows redirects (they would carry the key away).

    Raises:
        ConfigurationError: the SDK does not take the base URL.
    """
    import anthropic

    try:
        return anthropic.Anthropic(
            api_key=key,
            base_url=base_url or "https://api.anthropic.com",
            max_retries=0,
            http_client=anthropic.DefaultHttpxClient(follow_redirects=False),
        )
    except Exception as error:
        raise ConfigurationError(
            f"the model's client cannot be made: {error}", mend="check ANTHROPIC_BASE_URL"
        ) from error


class Model:
    """Sends requests for one attempt.

    Args:
        client: the SDK's client.
        meter: what may be spent.
        parameters: what every request holds besides its messages (`model`, `system`, `tools`).
        max_tokens: the longest answer to ask for.
        deadline: by `time.monotonic()`.
        backoff_seconds: the first wait before another try; each further one is twice as long.
        redact: takes secrets out of what the other side says.
    """

    def __init__(
        self,
        client: Any,
        meter: Meter,
        parameters: dict[str, Any],
        *,
        max_tokens: int,
        deadline: float,
        backoff_seconds: float = BACKOFF_SECONDS,
        redact: Callable[[str], str] = str,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._client = client
        self._meter = meter
        self._parameters = parameters
        self._max_tokens = max_tokens
        self._deadline = deadline
        self._backoff = backoff_seconds
        self._redact = redact
        self._sleep = sleep

    def ask(self, messages: Sequence[dict[str, Any]], prompt_tokens: int) -> Turn:
        """The model's answer. `prompt_tokens` is an upper bound of the whole prompt.

        Raises:
            BudgetExceeded: not even a short answer can be paid for.
            DeadlineReached, ContextFull: as they say.
            AuthenticationError: the key is refused.
            AgentError: refused for another reason, or still failing after several tries.
        """
        again: _Again | None = None
        for number in range(TRIES):
            if again is not None:
                self._wait(again, number)
            if time.monotonic() >= self._deadline:
                raise DeadlineReached
            reservation = self._meter.reserve(prompt_tokens, self._max_tokens)
            answer = self._try(messages, reservation)
            if isinstance(answer, Turn):
                return answer
            again = answer
        assert again is not None
        raise AgentError(
            f"the model is out of reach after {TRIES} tries: {again.why}",
            mend="try again later; look at the provider's status page",
        )

    def _try(self, messages: Sequence[dict[str, Any]], reservation: Reservation) -> Turn | _Again:
        settled = False
        try:
            turn = self._stream(messages, reservation.max_tokens)
            settled = True
            if turn.tokens.prompt and turn.tokens.output:
                self._meter.settle(reservation, turn.tokens)
            else:  # No usage told is not no usage.
                self._meter.forfeit(reservation)
            return turn
        except Exception as error:
            if settled:
                raise
            try:
                again = self._judged(error)
            except BaseException:
                self._meter.release(reservation)
                raise
            (self._meter.forfeit if again.charged else self._meter.release)(reservation)
            return again

    def _stream(self, messages: Sequence[dict[str, Any]], max_tokens: int) -> Turn:
        left = max(self._deadline - time.monotonic(), 0.1)
        stream = self._client.messages.create(
            **self._parameters,
            messages=messages,
            max_tokens=max_tokens,
            stream=True,
            timeout=min(left, SILENCE_SECONDS),
        )
        # Pings keep a silent stream alive past any read timeout; the deadline closes it.
        watch = threading.Timer(max(self._deadline - time.monotonic(), 0), _quietly(stream.close))
        watch.daemon = True
        watch.start()
        try:
            turn = gather(stream)
            _read_out(stream)
            return turn
        finally:
            watch.cancel()
            _quietly(stream.close)()

    def _wait(self, again: _Again, number: int) -> None:
        pause = self._backoff * 2 ** (number - 1) * random.uniform(0.8, 1.2)  # noqa: S311
        pause = min(max(pause, again.wait_seconds or 0.0), LONGEST_WAIT_SECONDS)
        if time.monotonic() + pause >= self._deadline:
            raise DeadlineReached
        self._sleep(pause)

    def _judged(self, error: Exception) -> _Again:
        """Whether another try may help; raises where it cannot."""
        import anthropic

        if time.monotonic() >= self._deadline and not isinstance(error, anthropic.APIStatusError):
            return _Again("the time is up", charged=True)
        if isinstance(error, anthropic.APIStatusError):
            return _judged_status(error, self._redact)
        if isinstance(error, anthropic.APIConnectionError):
            cause = type(error.__cause__).__name__
            sent = cause not in ("ConnectError", "ConnectTimeout", "UnsupportedProtocol")
            return _Again(f"no connection ({cause})", charged=sent)
        package = type(error).__module__.partition(".")[0]
        if isinstance(error, (StreamCut, OSError, ValueError)) or package in _HTTP_PACKAGES:
            return _Again(f"the answer was cut off ({type(error).__name__})", charged=True)
        raise error


def _judged_status(error: Any, redact: Callable[[str], str]) -> _Again:
    kind, message = (redact(text) for text in _told(error.body))
    status = error.status_code
    said = f"{status} {kind}: {message}"[:1000]
    if status == 200:  # An error event in the middle of a stream.
        if kind in ("overloaded_error", "api_error", "rate_limit_error", "timeout_error"):
            return _Again(said, charged=True)
        raise AgentError(f"the model's stream ended with an error: {said}")
    if status in (401, 403):
        raise AuthenticationError(
            f"the model's key is refused: {said}",
            mend="set ANTHROPIC_API_KEY to a valid key that may use this model",
        )
    if status in (408, 409, 429) or status >= 500:
        return _Again(said, charged=False, wait_seconds=_retry_after(error.response.headers))
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


def _read_out(stream: Any) -> None:
    """Read the end of a body whose message is over, so that its connection can be used again.

    From another thread, since a server may keep silent there or ping for ever.
    """
    reader = threading.Thread(target=_quietly(lambda: next(iter(stream), None)), daemon=True)
    reader.start()
    reader.join(END_SECONDS)


def _quietly(close: Callable[[], object]) -> Callable[[], None]:
    def closing() -> None:
        with contextlib.suppress(Exception):
            close()

    return closing
