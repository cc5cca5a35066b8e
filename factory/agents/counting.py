"""How many tokens texts are, by the provider's own count."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from factory.agents.connection import connect
from factory.agents.redaction import redactor
from factory.errors import AgentError, AuthenticationError, ConfigurationError, FactoryError

TRIES_AGAIN = 3
"""By the SDK, which waits as long as the API asks for."""


def count_tokens(texts: Sequence[str], model: str) -> list[int]:
    """The tokens of each text as a message to `model`; the message itself counts a few.

    The key is ANTHROPIC_API_KEY, the address ANTHROPIC_BASE_URL. Counting is not billed.

    Raises:
        AuthenticationError: the key is missing or refused.
        ConfigurationError: there is no such model or address.
        AgentError: the provider is out of reach, or refuses for another reason.
    """
    key = os.environ.get("ANTHROPIC_API_KEY", "")
    if not key.strip():
        raise AuthenticationError(
            "ANTHROPIC_API_KEY is not set",
            mend="set it to a key of the Messages API, or leave out --count for an estimate",
        )
    import anthropic

    with connect(key, os.environ.get("ANTHROPIC_BASE_URL")) as client:
        counting = client.with_options(max_retries=TRIES_AGAIN).messages
        try:
            return [_count(counting, text, model) for text in texts]
        except anthropic.APIError as error:
            raise _failure(error, key) from error


def _count(counting: Any, text: str, model: str) -> int:
    message = {"role": "user", "content": [{"type": "text", "text": text}]}
    tokens = counting.count_tokens(model=model, messages=[message]).input_tokens
    if type(tokens) is not int or tokens < 1:
        raise AgentError("the provider's count of tokens is no number")
    return tokens


def _failure(error: Any, key: str) -> FactoryError:
    said = redactor([key])(str(error))[:500]
    status = getattr(error, "status_code", None)
    if status in (401, 403):
        return AuthenticationError(
            f"the model's key is refused: {said}",
            mend="set ANTHROPIC_API_KEY to a valid key that may use this model",
        )
    if status == 404:
        return ConfigurationError(
            f"the model or its address does not exist: {said}",
            mend="check --count and ANTHROPIC_BASE_URL",
        )
    return AgentError(f"the tokens cannot be counted: {said}", mend="leave out --count")
