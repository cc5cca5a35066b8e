"""Checks on what clients send. Each check returns the good value or raises ApiError."""

import json
from typing import Any
from urllib.parse import urlsplit

from shortener.messages import ApiError

MAX_URL_CHARACTERS = 2048


def json_object(body: bytes) -> dict[str, Any]:
    """The body as a JSON object.

    Raises ApiError 400 ``invalid_json`` for anything else.
    """
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise ApiError(400, "invalid_json", "the body must be a JSON object")
    return value


def url(value: Any) -> str:
    """An http or https URL with a host, at most 2,048 ASCII characters, without spaces.

    Raises ApiError 422 ``invalid_url`` for anything else.
    """
    error = ApiError(
        422, "invalid_url", "url must be an http or https URL of at most 2048 ASCII characters"
    )
    if not isinstance(value, str) or len(value) > MAX_URL_CHARACTERS:
        raise error
    if not value.isascii() or any(c.isspace() or not c.isprintable() for c in value):
        raise error
    try:
        parts = urlsplit(value)
        host = parts.hostname
    except ValueError:
        raise error from None
    if parts.scheme not in ("http", "https") or not host:
        raise error
    return value
