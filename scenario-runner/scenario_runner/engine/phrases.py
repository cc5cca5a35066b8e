"""The registry of the step library: phrases in English, compiled to linear-time patterns.

A phrase is literal text with parameters in braces, `{name:type}`, and optional letters in
parentheses: `has {count:int} item(s)`. Types are in engine/values.py.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any, Literal

from scenario_runner.engine.values import TYPES, ValueType

Takes = Literal["text", "json", "table"]

# Longer step lines belong into a doc string.
MAX_STEP_LENGTH = 4096

_PARAMETER = re.compile(r"\{(\w+):(\w+)\}")
_MODULES = ("http", "http_answers", "http_json", "remember", "command", "output", "files")


@dataclass(frozen=True, slots=True)
class LibraryStep:
    """One phrase. `function(context, *values[, block])`; `block` is what `takes` names: a doc
    string as text, a doc string as JSON, or a data table (rows of cells)."""

    phrase: str
    function: Callable[..., None]
    pattern: re.Pattern[str]
    types: tuple[ValueType, ...]
    about: str
    example: str
    keyword: str
    takes: Takes | None
    asserts: bool
    group: str
    # The literal texts that every match begins and ends with.
    beginning: str
    ending: str

    @property
    def first_word(self) -> str | None:
        """The literal word that every match begins with, or None."""
        word = self.phrase.split(" ", 1)[0]
        return None if "{" in word or "(" in word else word

    def as_json(self) -> dict[str, Any]:
        return {
            "phrase": self.phrase,
            "keyword": self.keyword,
            "about": self.about,
            "example": self.example,
            "takes": self.takes,
            "asserts": self.asserts,
            "group": self.group,
        }


_REGISTRY: list[LibraryStep] = []


def phrase(
    text: str, *, keyword: str, about: str, example: str, takes: Takes | None = None
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Register a step of the library. `example` is a full step, block included."""

    def register(function: Callable[..., None]) -> Callable[..., None]:
        _REGISTRY.append(
            LibraryStep(
                phrase=text,
                function=function,
                pattern=_compile(text),
                types=tuple(TYPES[match.group(2)] for match in _PARAMETER.finditer(text)),
                about=about,
                example=example,
                keyword=keyword,
                takes=takes,
                asserts=keyword == "Then",
                group=function.__module__.rpartition(".")[2],
                beginning=re.split(r"[{(]", text, maxsplit=1)[0],
                ending=re.split(r"[})]", text)[-1],
            )
        )
        return function

    return register


def _compile(text: str) -> re.Pattern[str]:
    pattern, position = "", 0
    for match in _PARAMETER.finditer(text):
        pattern += _literal(text[position : match.start()])
        pattern += f"({TYPES[match.group(2)].pattern})"
        position = match.end()
    return re.compile(pattern + _literal(text[position:]))


def _literal(text: str) -> str:
    return re.sub(r"\\\((\w+)\\\)", r"(?:\1)?", re.escape(text))


@cache
def library() -> tuple[LibraryStep, ...]:
    """Every phrase, in the order of the modules; loaded once."""
    for name in _MODULES:
        import_module(f"scenario_runner.steps.{name}")
    return tuple(_REGISTRY)


@cache
def _by_first_word() -> dict[str | None, list[LibraryStep]]:
    index: dict[str | None, list[LibraryStep]] = {}
    for step in library():
        index.setdefault(step.first_word, []).append(step)
    return index


def matches(text: str) -> list[tuple[LibraryStep, tuple[str, ...]]]:
    """The phrases that fit a step's text, with the raw text of each parameter."""
    if len(text) > MAX_STEP_LENGTH:
        return []
    index = _by_first_word()
    candidates = index.get(text.split(" ", 1)[0], []) + index.get(None, [])
    found = []
    for step in candidates:
        # Far cheaper than the pattern, and most candidates end here.
        if text.startswith(step.beginning) and text.endswith(step.ending):
            match = step.pattern.fullmatch(text)
            if match:
                found.append((step, match.groups()))
    return found


def is_library_phrase(text: str) -> bool:
    return bool(matches(text))


def search(word: str | None) -> list[LibraryStep]:
    """Phrases that hold every word of the search, in phrase, explanation or example."""
    words = (word or "").lower().split()
    return [
        step
        for step in library()
        if all(
            each in f"{step.phrase} {step.about} {step.example} {step.group}".lower()
            for each in words
        )
    ]
