"""The answers that a spec gives away: for each of its routes a status, a body and headers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from factory.scenarios.text import HEADER, METHOD
from factory.spec.document import SpecDocument

_ROUTE = re.compile(rf"`({METHOD}) (/[^`\s]{{0,300}})")
_STATUS = re.compile(r"\banswers? (?:is )?([1-5]\d\d)\b")
_OBJECT = re.compile(r"`(\{[^`]{1,1000}\})`")
_SHAPE = re.compile(r'\{("[^"]{1,60}"(?:, "[^"]{1,60}"){0,30})\}')
_WILD = re.compile(r"<[^<>/]*>|\{[^{}/]*\}|:[a-z_]+")


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One answer; `body` is JSON data, None for no body."""

    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Canned:
    """An answer for a method and a path with open places; what it says first wins."""

    method: str
    path: re.Pattern[str]
    answer: Answer


def canned(document: SpecDocument) -> list[Canned]:
    """Each route of a spec with the first answer that stands after it in the same passage."""
    found: dict[tuple[str, str], Canned] = {}
    for section in document.sections:
        for block in section.blocks:
            for method, path, answer in _told(block.text):
                found.setdefault(
                    (method, path), Canned(method=method, path=_pattern(path), answer=answer)
                )
    return list(found.values())


def _told(text: str) -> Iterator[tuple[str, str, Answer]]:
    for route in _ROUTE.finditer(text):
        rest = text[route.end() :]
        status = _STATUS.search(rest)
        if status is None:
            continue
        body = next((one for one in map(_body, _OBJECT.findall(rest[status.end() :])) if one), None)
        headers = dict(HEADER.findall(rest))
        yield route[1], route[2].partition("?")[0], Answer(
            status=int(status[1]), body=body, headers=headers
        )  # fmt: skip


def _body(text: str) -> Any:
    """An example as it stands; the names of a shape, each with null."""
    shape = _SHAPE.fullmatch(text)
    if shape:
        return dict.fromkeys(json.loads(f"[{shape[1]}]"))
    try:
        return json.loads(text)
    except ValueError:
        return None


def _pattern(path: str) -> re.Pattern[str]:
    pieces = _WILD.split(path)
    return re.compile("[^/]+".join(map(re.escape, pieces)))
