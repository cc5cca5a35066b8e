"""The meter of one attempt: no request is sent whose worst case could pass what was set aside."""

from __future__ import annotations

from dataclasses import dataclass

from factory import money
from factory.agents.prices import Price, Tokens
from factory.agents.spent import Spent
from factory.errors import BudgetExceeded
from factory.records import Budget

SMALLEST_OUTPUT = 1024
"""With room for fewer output tokens a turn brings nothing, so it is not begun."""
_WHOSE = {
    "attempt": "for this attempt",
    "spec": "for the spec, all its attempts together,",
    "day": "for today",
    "factory": "for the whole factory",
}


@dataclass(frozen=True, kw_only=True)
class Reservation:
    """What one request may use at most, and the `max_tokens` to ask for.

    `prompt` and `max_tokens` together are the tokens that are held.
    """

    nano: int
    prompt: int
    max_tokens: int

    @property
    def tokens(self) -> int:
        """All tokens that the request can come to."""
        return self.prompt + self.max_tokens


class Meter:
    """Counts one attempt's money and tokens against what was set aside for it.

    Money is in whole nano-dollars. Neither `spent_nano` nor `tokens` ever passes its limit,
    whatever is reported. A report that no honest answer can have ends the asking: see `shut`.

    Args:
        price: of the model.
        limits: an order's budget; of it `usd` and `tokens`, and whose limits they are.
    """

    def __init__(self, price: Price, limits: Budget) -> None:
        self.price = price
        self._limits = limits
        self._nano = money.limit(limits.usd)
        self._held = Reservation(nano=0, prompt=0, max_tokens=0)
        self.spent_nano = 0
        self.tokens = 0
        self.requests = 0
        """How many were let through, those that were refused or cut off included."""
        self.shut = ""
        """Why nothing more may be asked, or an empty string."""

    @property
    def spent(self) -> Spent:
        """What was spent so far."""
        return Spent(self.spent_nano, self.tokens)

    @property
    def spent_usd(self) -> float:
        """What was spent so far."""
        return money.dollars(self.spent_nano)

    def reserve(self, prompt_tokens: int, max_tokens: int) -> Reservation:
        """Set aside the worst case of a request; asks for less output where only that fits.

        One request at a time: the one before is settled, forfeited or released first.

        Args:
            prompt_tokens: an upper bound of the prompt.
            max_tokens: the output wished for.

        Raises:
            BudgetExceeded: not even a short answer fits into what is left.
        """
        assert not self._held.max_tokens, "a request is still open"
        if self.shut:
            raise BudgetExceeded(self.shut, mend="see docs/budgets.md, “When a report is wrong”")
        prompt, output = self.price.worst(prompt_tokens)
        least = min(SMALLEST_OUTPUT, max_tokens)
        left = self._nano - self.spent_nano
        granted = min(max_tokens, (left - prompt) // output)
        if granted < least:
            raise self._refusal(
                money.said(prompt + output * least),
                money.said(self._nano),
                money.said(max(left, 0)),
                self._limits.usd_level,
            )
        if self._limits.tokens is not None:
            room = self._limits.tokens - self.tokens
            granted = min(granted, room - prompt_tokens)
            if granted < least:
                raise self._refusal(
                    f"{prompt_tokens + least:,} tokens",
                    f"{self._limits.tokens:,} tokens",
                    f"{room:,}",
                    self._limits.tokens_level,
                )
        held = Reservation(nano=prompt + granted * output, prompt=prompt_tokens, max_tokens=granted)
        self._held = held
        self.requests += 1
        return held

    def settle(self, reservation: Reservation, used: Tokens) -> int:
        """Charge what was used instead of what was reserved; returns it in nano-dollars.

        More than was reserved is charged too, as far as what was set aside for the attempt goes,
        and ends the asking.
        """
        cost = self.price.cost(used)
        if cost > reservation.nano or used.total > reservation.tokens:
            self.shut = self.shut or (
                "the API reported more than the request could use, so nothing more is asked"
            )
        return self._close(cost, used.total)

    def forfeit(self, reservation: Reservation) -> None:
        """Charge all that was reserved: the request may have been carried out, nobody told us."""
        self._close(reservation.nano, reservation.tokens)

    def release(self, reservation: Reservation) -> None:
        """Charge nothing: the request was refused before any work."""
        self._close(0, 0)

    def exhaust(self, reason: str) -> None:
        """Charge all that was set aside for the attempt: what was used has no known price."""
        self.shut = reason
        tokens = self._limits.tokens
        self._close(self._nano, tokens if tokens is not None else self._held.tokens)

    def _close(self, nano: int, tokens: int) -> int:
        nano = min(nano, self._nano - self.spent_nano)
        if self._limits.tokens is not None:
            tokens = min(tokens, self._limits.tokens - self.tokens)
        self.spent_nano += nano
        self.tokens += tokens
        self._held = Reservation(nano=0, prompt=0, max_tokens=0)
        return nano

    def _refusal(self, next_one: str, limit: str, left: str, level: str) -> BudgetExceeded:
        return BudgetExceeded(
            f"the next request could take {next_one}, but of {limit} that were left "
            f"{_WHOSE[level]} only {left} are left",
            mend=f"raise `budget: {{{level}: …}}` in factory.yml, or make the spec smaller",
        )
