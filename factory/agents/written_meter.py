"""A meter whose every request is in the checkpoint's journal, so that a kill loses none of them."""

from __future__ import annotations

from factory.agents.checkpoint import Checkpoint, Line
from factory.agents.meter import Meter, Reservation
from factory.agents.prices import Price


class WrittenMeter(Meter):
    """A meter that writes down each request before it is sent, and each that brings no answer.

    What an answer cost stands in the line of the answer, so that both are there or neither.
    """

    def __init__(self, price: Price, limit_usd: float, checkpoint: Checkpoint) -> None:
        super().__init__(price, limit_usd)
        self._checkpoint = checkpoint
        self.written_nano = 0

    def reserve(self, prompt_tokens: int, max_tokens: int) -> Reservation:
        """See `Meter.reserve`."""
        reservation = super().reserve(prompt_tokens, max_tokens)
        self._checkpoint.write("asked", nano=reservation.nano)
        return reservation

    def forfeit(self, reservation: Reservation) -> None:
        """See `Meter.forfeit`."""
        super().forfeit(reservation)
        self._lost()

    def release(self, reservation: Reservation) -> None:
        """See `Meter.release`."""
        super().release(reservation)
        self._lost()

    def unwritten(self) -> int:
        """What was spent since the last line, in nano-dollars; from now on it counts as written."""
        nano = self.spent_nano - self.written_nano
        self.written_nano = self.spent_nano
        return nano

    def replay(self, line: Line, asked: int) -> None:
        """Charge what a line says; `asked` is what its request had reserved."""
        self.spent_nano += line["nano"]
        self.written_nano = self.spent_nano
        self.overrun = self.overrun or line["nano"] > asked > 0

    def _lost(self) -> None:
        self._checkpoint.write("lost", nano=self.unwritten())
