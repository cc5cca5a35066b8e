"""The words that server and app share: requests, responses, errors."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Request:
    """One request. Header names are lower case; ``path`` carries no query."""

    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True)
class Response:
    """One answer. The server adds Content-Length and drops the body for HEAD."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


class ApiError(Exception):
    """An answer that is an error: a status, a code for programs, a sentence for people."""

    def __init__(
        self, status: int, code: str, message: str, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.headers = dict(headers or {})

    def response(self) -> Response:
        return json_response(
            self.status, {"error": self.code, "message": self.message}, self.headers
        )


def json_response(
    status: int, value: Any, headers: Mapping[str, str] | None = None
) -> Response:
    """An answer whose body is ``value`` as JSON."""
    body = json.dumps(value, ensure_ascii=False).encode()
    return Response(status, body, {"Content-Type": "application/json", **(headers or {})})
