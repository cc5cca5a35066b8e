"""Make an AgentOutcome from what was written down."""

from __future__ import annotations

from typing import Literal

from factory.agents.trajectory import Usage
from factory.records import AgentOutcome

Ended = Literal["finished", "budget", "deadline", "steps"]
MESSAGE_LIMIT = 4000


def outcome(
    ended: Ended,
    message: str,
    *,
    steps: int,
    usage: Usage,
    duration_seconds: float,
    usd: float | None = None,
    usd_known: bool = True,
    replayed: bool = False,
) -> AgentOutcome:
    """The outcome of one attempt; `usd` replaces the usage's own figure where it is given."""
    return AgentOutcome(
        ended=ended,
        message=message[:MESSAGE_LIMIT],
        steps=steps,
        usd=usage.usd if usd is None else usd,
        usd_known=usd_known,
        input_tokens=usage.input_tokens,
        output_tokens=usage.output_tokens,
        cache_read_tokens=usage.cache_read_tokens,
        cache_write_tokens=usage.cache_write_tokens,
        duration_seconds=round(duration_seconds, 3),
        replayed=replayed,
    )
