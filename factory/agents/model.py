"""One request to the model: metered, streamed, tried again where that can help."""

from __future__ import annotations

import _thread
import contextlib
import random
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

from factory.agents.failures import LONGEST_WAIT_SECONDS, Again, DeadlineReached, judged
from factory.agents.meter import Meter, Reservation
from factory.agents.prices import Tokens
from factory.agents.received import Flood, Received, least_prompt
from factory.agents.turn import StreamCut, Turn, gather
from factory.agents.usage import read_usage
from factory.errors import AgentError, BudgetExceeded

TRIES = 6
BACKOFF_SECONDS = 2.0
SILENCE_SECONDS = 300.0
"""No byte for so long, not even a ping, and the connection counts as cut."""
END_SECONDS = 0.25
"""How long the end of an answer's body is waited for, once the message is over."""


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
        self._read_out: _ReadOut | None = None

    def ask(self, messages: Sequence[dict[str, Any]], prompt_tokens: int) -> Turn:
        """The model's answer. `prompt_tokens` is an upper bound of the whole prompt.

        Raises:
            BudgetExceeded: not even a short answer can be paid for.
            DeadlineReached, ContextFull: as they say.
            AuthenticationError: the key is refused.
            AgentError: refused for another reason, or still failing after several tries.
        """
        again: Again | None = None
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

    def _try(self, messages: Sequence[dict[str, Any]], reservation: Reservation) -> Turn | Again:
        received = Received(reservation.max_tokens)
        try:
            turn = self._stream(messages, reservation.max_tokens, received)
        except Flood:
            self._meter.shut = "the model's answer was longer than was asked for, and was cut off"
            self._meter.forfeit(reservation)
            raise BudgetExceeded(self._meter.shut, mend="look at ANTHROPIC_BASE_URL") from None
        except Exception as error:
            try:
                again = judged(error, time.monotonic() >= self._deadline, self._redact)
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
        if self._read_out is not None:
            self._read_out.finish()
            self._read_out = None
        stream = self._client.messages.create(
            **self._parameters,
            messages=messages,
            max_tokens=max_tokens,
            stream=True,
            timeout=min(left, SILENCE_SECONDS),
        )
        try:
            turn = _gathered(received, stream)
        except BaseException:
            _close(stream)
            raise
        self._read_out = _ReadOut(stream)
        return turn

    def _wait(self, again: Again, number: int) -> None:
        pause = self._backoff * 2 ** (number - 1) * random.uniform(0.8, 1.2)  # noqa: S311
        pause = min(max(pause, again.wait_seconds or 0.0), LONGEST_WAIT_SECONDS)
        if time.monotonic() + pause >= self._deadline:
            raise DeadlineReached
        self._sleep(pause)


def _gathered(received: Received, stream: Any) -> Turn:
    try:
        return gather(received.watched(stream))
    except (AttributeError, KeyError, IndexError, TypeError, RecursionError) as error:
        # The SDK does not check that an event has what it should have.
        raise StreamCut(f"an event has another form ({type(error).__name__})") from error


class _ReadOut:
    """Reads the end of a body whose message is over, so that its connection can be used again.

    In another thread, since a server may keep silent there or ping for ever; and while what was
    answered is carried out.
    """

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self._over = threading.Event()
        # A Thread would be waited for until it runs, which takes longer than the reading.
        _thread.start_new_thread(self._read, ())

    def _read(self) -> None:
        with contextlib.suppress(Exception):
            next(iter(self._stream), None)
        self._over.set()

    def finish(self) -> None:
        """Wait for the end, though not for long, and let go of the connection."""
        self._over.wait(END_SECONDS)
        _close(self._stream)


def _close(stream: Any) -> None:
    with contextlib.suppress(Exception):
        stream.close()
