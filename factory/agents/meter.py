"""The meter of one attempt: no request is sent whose worst case could pass the limit."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from factory.agents.prices import NANO, Price, Tokens
from factory.errors import BudgetExceeded

SMALLEST_OUTPUT = 1024
"""With room for fewer output tokens a turn brings nothing, so it is not begun."""


@dataclass(frozen=True, kw_only=True)
class Reservation:
    """What one request may cost at most, in nano-dollars, and the `max_tokens` to ask for."""

    nano: int
    max_tokens: int


class Meter:
    """Counts one attempt's spend against its limit, in whole nano-dollars.

    As long as the Messages API reports no more than was reserved, `spent_nano` never passes the
    limit. Where it reports more, that is charged in full and `overrun` tells to stop.
    """

    def __init__(self, price: Price, limit_usd: float) -> None:
        self._price = price
        self._limit = int(Decimal(str(limit_usd)) * NANO)
        self._held = 0
        self.spent_nano = 0
        self.requests = 0
        """How many were let through, those that were refused or cut off included."""
        self.overrun = False

    @property
    def spent_usd(self) -> float:
        """What was spent so far."""
        return self.spent_nano / NANO

    def reserve(self, prompt_tokens: int, max_tokens: int) -> Reservation:
        """Set aside the worst case of a request; asks for less output where only that fits.

        Args:
            prompt_tokens: an upper bound of the prompt.
            max_tokens: the output wished for.

        Raises:
            BudgetExceeded: not even a short answer fits into what is left.
        """
        prompt, output = self._price.worst(prompt_tokens)
        left = self._limit - self.spent_nano - self._held
        granted = min(max_tokens, (left - prompt) // output)
        if self.overrun or granted < min(SMALLEST_OUTPUT, max_tokens):
            raise BudgetExceeded(
                f"the next request could cost ${(prompt + output * SMALLEST_OUTPUT) / NANO:.4f}, "
                f"but of ${self._limit / NANO:.2f} only ${max(left, 0) / NANO:.4f} are left",
                mend="raise `budget`, or make the spec smaller",
            )
        reservation = Reservation(nano=prompt + granted * output, max_tokens=granted)
        self._held += reservation.nano
        self.requests += 1
        return reservation

    def settle(self, reservation: Reservation, tokens: Tokens) -> int:
        """Charge what was used instead of what was reserved; returns it in nano-dollars."""
        cost = self._price.cost(tokens)
        self._held -= reservation.nano
        self.spent_nano += cost
        self.overrun = self.overrun or cost > reservation.nano
        return cost

    def forfeit(self, reservation: Reservation) -> None:
        """Charge all that was reserved: the request may have been carried out, nobody told us."""
        self._held -= reservation.nano
        self.spent_nano += reservation.nano

    def release(self, reservation: Reservation) -> None:
        """Charge nothing: the request was refused before any work."""
        self._held -= reservation.nano
