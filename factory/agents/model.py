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
from factory.agents.prices import Tokens
from factory.agents.received import Flood, Received, least_prompt
from factory.agents.turn import StreamCut, Turn, gather
from factory.agents.usage import read_usage
from factory.errors import AgentError, AuthenticationError, BudgetExceeded, ConfigurationError

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


class Model:
    """Sends requests for one attempt.

    Args:
        client: the SDK's client, which `closed_at` closes at the deadline.
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
        received = Received(reservation.max_tokens)
        try:
            turn = self._stream(messages, reservation.max_tokens, received)
        except Flood:
            self._meter.shut = "the model's answer was longer than was asked for, and was cut off"
            self._meter.forfeit(reservation)
            raise BudgetExceeded(self._meter.shut, mend="look at ANTHROPIC_BASE_URL") from None
        except Exception as error:
            try:
                again = self._judged(error)
            except BaseException:
                refused = getattr(error, "status_code", 200) != 200
                (self._meter.release if refused else self._meter.forfeit)(reservation)
                raise
            (self._meter.forfeit if again.charged else self._meter.release)(reservation)
            return again
        except BaseException:  # Interrupted: what was sent may be billed.
            self._meter.forfeit(reservation)
            raise
        self._account(turn, received, messages, reservation)
        return turn

    def _account(
        self,
        turn: Turn,
        received: Received,
        messages: Sequence[dict[str, Any]],
        reservation: Reservation,
    ) -> None:
        """Charge an answer: as told where that can be true, else at its worst."""
        told = read_usage(
            received.usages,
            included=self._meter.price.included,
            least_prompt=least_prompt([self._parameters, messages]),
            least_output=received.least_tokens,
        )
        turn.tokens = told.tokens or Tokens()
        if told.unpriced:
            self._meter.exhaust(
                f"the API reported {self._redact(told.unpriced)}, whose price is not known, so "
                "all that was set aside counts as spent and nothing more is asked"
            )
        elif told.tokens:
            self._meter.settle(reservation, told.tokens)
        else:
            self._meter.forfeit(reservation)

    def _stream(
        self, messages: Sequence[dict[str, Any]], max_tokens: int, received: Received
    ) -> Turn:
        left = max(self._deadline - time.monotonic(), 0.1)
        stream = None
        try:
            stream = self._client.messages.create(
                **self._parameters,
                messages=messages,
                max_tokens=max_tokens,
                stream=True,
                timeout=min(left, SILENCE_SECONDS),
            )
            turn = _gathered(received, stream)
            _read_out(stream)
            return turn
        finally:
            if stream is not None:
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
        if isinstance(error, (anthropic.APIResponseValidationError, StreamCut)):
            return _Again(f"the answer was cut off: {error}", charged=True)
        package = type(error).__module__.partition(".")[0]
        if isinstance(error, (OSError, ValueError)) or package in _HTTP_PACKAGES:
            return _Again(f"the answer was cut off ({type(error).__name__})", charged=True)
        raise error


def _gathered(received: Received, stream: Any) -> Turn:
    try:
        return gather(received.watched(stream))
    except (AttributeError, KeyError, IndexError, TypeError, RecursionError) as error:
        # The SDK does not check that an event has what it should have.
        raise StreamCut(f"an event has another form ({type(error).__name__})") from error


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
        # Of a gateway that gave up waiting nobody knows what became of the request behind it.
        charged = status not in (409, 429, 500, 503, 529)
        return _Again(said, charged=charged, wait_seconds=_retry_after(error.response.headers))
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
