"""A model asked from a command, outside of any build: with a key, a price and a limit."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from factory.agents.connection import closed_at, connect
from factory.agents.meter import Meter
from factory.agents.model import BACKOFF_SECONDS, Model
from factory.agents.prices import price_of
from factory.agents.redaction import redactor
from factory.errors import AuthenticationError
from factory.records import Budget

Opened = Callable[[dict[str, Any]], Model]
"""A model that sends these parameters (`system`, `tools`) with every request."""


@contextmanager
def asking(
    model: str,
    *,
    limit_usd: float,
    key: str,
    base_url: str | None,
    max_tokens: int,
    seconds: float,
    instead: str,
    prices: Mapping[str, Any] | None = None,
    backoff_seconds: float = BACKOFF_SECONDS,
) -> Iterator[tuple[Meter, Opened]]:
    """One meter for all that is asked within, and what opens the models that it counts.

    Args:
        model: its name, as the Messages API knows it.
        limit_usd: what may be spent in all, at list prices.
        key: of the Messages API.
        base_url: of the Messages API; None for the provider's own.
        max_tokens: the longest answer to ask for.
        seconds: how long all of it may take.
        instead: what to do without a key, for the error.
        prices: of models that the list lacks.
        backoff_seconds: the first wait before a request is sent again.

    Raises:
        ConfigurationError: the model's price is not known, or the address is none.
        AuthenticationError: there is no key.
    """
    meter = Meter(price_of(model, prices), Budget(usd=limit_usd))
    if not key.strip():
        raise AuthenticationError(
            "there is no key of the Messages API to ask with",
            mend=f"set ANTHROPIC_API_KEY, or {instead}",
        )
    deadline = time.monotonic() + seconds
    with connect(key, base_url) as client, closed_at(deadline, client):

        def opened(parameters: dict[str, Any]) -> Model:
            return Model(
                client,
                meter,
                {"model": model, **parameters},
                max_tokens=max_tokens,
                deadline=deadline,
                backoff_seconds=backoff_seconds,
                redact=redactor([key]),
            )

        yield meter, opened
