"""A meter whose every request is in the checkpoint's journal, so that a kill loses none of them."""

from __future__ import annotations

from typing import Any

from factory.agents.checkpoint import Checkpoint, Line
from factory.agents.meter import Meter, Reservation
from factory.agents.prices import Price
from factory.agents.spent import Spent
from factory.records import Budget


class WrittenMeter(Meter):
    """A meter that writes down each request before it is sent, and each that brings no answer.

    What an answer cost stands in the line of the answer, so that both are there or neither.
    """

    def __init__(self, price: Price, limits: Budget, checkpoint: Checkpoint) -> None:
        super().__init__(price, limits)
        self._checkpoint = checkpoint
        self._written = Spent()

    def reserve(self, prompt_tokens: int, max_tokens: int) -> Reservation:
        """See `Meter.reserve`."""
        held = super().reserve(prompt_tokens, max_tokens)
        self._checkpoint.write("asked", **Spent(held.nano, held.tokens).facts())
        return held

    def forfeit(self, reservation: Reservation) -> None:
        """See `Meter.forfeit`."""
        super().forfeit(reservation)
        self._lost()

    def release(self, reservation: Reservation) -> None:
        """See `Meter.release`."""
        super().release(reservation)
        self._lost()

    def unwritten(self) -> dict[str, Any]:
        """Facts for the next line: what was spent since the last, and `shut` where that is set.

        From now on they count as written.
        """
        spent = self.spent - self._written
        self._written = self.spent
        return {**spent.facts(), **({"shut": self.shut} if self.shut else {})}

    def replay(self, line: Line) -> None:
        """Take over what a line says, written by `unwritten`."""
        self.spent_nano += line["nano"]
        self.tokens += line["tokens"]
        self._written = self.spent
        self.shut = self.shut or line.get("shut", "")

    def lose(self, asked: Spent) -> None:
        """Charge in full a request that a kill left without an end, and write that down."""
        self._checkpoint.write("lost", **asked.facts())
        self.replay({"line": "lost", **asked.facts()})

    def _lost(self) -> None:
        self._checkpoint.write("lost", **self.unwritten())
