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

PARAMETER = re.compile(r"\{(\w+):(\w+)\}")
_FREE = re.compile(r"\{\w+:\w+\}|\(\w+\)")
_MODULES = (
    "http",
    "http_forms",
    "http_identity",
    "http_cookies",
    "http_answers",
    "http_several",
    "http_waiting",
    "http_latency",
    "several_subjects",
    "restarts",
    "json_checks",
    "json_numbers",
    "json_lists",
    "json_tables",
    "remember",
    "made_up",
    "command",
    "command_started",
    "command_terminal",
    "output",
    "texts",
    "csv_tables",
    "times",
    "files",
    "archives",
    "browser",
    "browser_actions",
    "browser_checks",
    "browser_tables",
    "browser_dialogs",
    "browser_accessibility",
)


_CUCUMBER = {"int": "whole", "string": "text"}


_BROWSER = frozenset(name for name in _MODULES if name.startswith("browser"))
_ALONE = frozenset(("command_started", "command_terminal", "http_latency")) | _BROWSER
# Apart as well, but where nobody else talks to the same subject.
RESTARTS = "restarts"


@dataclass(frozen=True, slots=True)
class LibraryStep:
    """One phrase. `function(context, *values[, block])`; `block` is what `takes` names: a doc
    string as text, a doc string as JSON, or a data table (rows of cells). `family` is what the
    phrases that say one check of several sources have in common, else the phrase."""

    phrase: str
    function: Callable[..., None]
    types: tuple[ValueType, ...]
    about: str
    example: str
    keyword: str
    takes: Takes | None
    asserts: bool
    group: str
    family: str

    @property
    def alone(self) -> bool:
        """Whether it may not run beside other scenarios: it measures, or waits for processes."""
        return self.group in _ALONE

    @property
    def in_browser(self) -> bool:
        """Whether it needs a browser."""
        return self.group in _BROWSER

    @property
    def start(self) -> str:
        """The literal text that every match begins with."""
        return _FREE.split(self.phrase, maxsplit=1)[0]

    @property
    def landmark(self) -> str:
        """The longest literal text that every match holds after its beginning; may be empty."""
        return max(_FREE.split(self.phrase)[1:], key=len, default="")

    @property
    def pattern(self) -> re.Pattern[str]:
        return _compile(self.phrase)

    @property
    def expression(self) -> str:
        """As a Cucumber expression, over the parameter types of `parameter_types`."""
        fixed = re.sub(r"([\\/])", r"\\\1", self.phrase)
        return PARAMETER.sub(lambda match: f"{{{_CUCUMBER.get(match[2], match[2])}}}", fixed)

    def as_json(self) -> dict[str, Any]:
        return {
            "phrase": self.phrase,
            "expression": self.expression,
            "keyword": self.keyword,
            "about": self.about,
            "example": self.example,
            "takes": self.takes,
            "asserts": self.asserts,
            "group": self.group,
        }


_REGISTRY: list[LibraryStep] = []


def phrase(
    text: str,
    *,
    keyword: str,
    about: str,
    example: str,
    takes: Takes | None = None,
    family: str | None = None,
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Register a step of the library. `example` is a full step, block included."""

    def register(function: Callable[..., None]) -> Callable[..., None]:
        _REGISTRY.append(
            LibraryStep(
                phrase=text,
                function=function,
                types=tuple(TYPES[match.group(2)] for match in PARAMETER.finditer(text)),
                about=about,
                example=example,
                keyword=keyword,
                takes=takes,
                asserts=keyword == "Then",
                group=function.__module__.rpartition(".")[2],
                family=family or text,
            )
        )
        return function

    return register


@cache  # at first need: a run meets a few of the phrases only
def _compile(text: str) -> re.Pattern[str]:
    pattern, position = "", 0
    for match in PARAMETER.finditer(text):
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
    # A module that another imports registers early; readers want ours.
    return tuple(sorted(_REGISTRY, key=lambda step: _MODULES.index(step.group)))


_Words = tuple[str, ...]


@cache
def _by_first_words() -> dict[_Words, list[tuple[str, str, LibraryStep]]]:
    """By the first two words, or by fewer where the phrase begins with fewer that are fixed. With
    each its start and landmark: looking for these is ten times cheaper than matching."""
    index: dict[_Words, list[tuple[str, str, LibraryStep]]] = {}
    for step in library():
        fixed = step.start.split(" ")
        words = fixed if step.start == step.phrase else fixed[:-1]
        index.setdefault(tuple(words[:2]), []).append((step.start, step.landmark, step))
    return index


def matches(text: str) -> list[tuple[LibraryStep, tuple[str, ...]]]:
    """The phrases that fit a step's text, with the raw text of each parameter."""
    if len(text) > MAX_STEP_LENGTH:
        return []
    index = _by_first_words()
    words = text.split(" ", 2)[:2]
    found = []
    for count in range(len(words), -1, -1):
        for start, landmark, step in index.get(tuple(words[:count]), ()):
            if landmark not in text or not text.startswith(start):
                continue
            match = step.pattern.fullmatch(text)
            if match:
                found.append((step, match.groups()))
    return found


def parameter_types() -> list[dict[str, str]]:
    """The parameter types of the phrases, as the Cucumber language server takes them in its setting
    `cucumber.parameterTypes`. `int` and `string` are Cucumber's own names for something narrower,
    so that ours are called otherwise."""
    return [
        {"name": _CUCUMBER.get(kind.name, kind.name), "regexp": kind.pattern}
        for kind in TYPES.values()
    ]


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
