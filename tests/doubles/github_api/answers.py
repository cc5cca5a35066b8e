"""What a route answers with, and the refusals of the real API."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

DOCUMENTATION = "https://docs.github.com/rest"


@dataclass
class Answer:
    """One response: `model` names the githubkit model that its body must fit."""

    status: int
    body: Any = None
    model: str | None = None
    headers: dict[str, str] = field(default_factory=dict)


class Refusal(Exception):
    """A response that ends a request early."""

    def __init__(self, status: int, message: str, errors: list[Any] | None = None) -> None:
        super().__init__(message)
        body = {"message": message, "documentation_url": DOCUMENTATION, "status": str(status)}
        self.answer = Answer(status, body | ({"errors": errors} if errors else {}), "BasicError")


def not_found() -> Refusal:
    """What the API says of what is not there, and of what the caller may not know of."""
    return Refusal(404, "Not Found")


def invalid(message: str) -> Refusal:
    """422, as for a value out of its limits."""
    return Refusal(422, message)
