"""The step table of one folder: its own definitions nearest first, then the library.

Each distinct step text is matched once; scenarios then run through bound steps.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from inspect import isasyncgenfunction, iscoroutinefunction
from typing import Any

from scenario_runner import strict_json
from scenario_runner.engine import phrases
from scenario_runner.engine.phrases import LibraryStep
from scenario_runner.engine.values import Memory
from scenario_runner.model import Step, StepType


class BindError(Exception):
    """A step that has no definition, several, or the wrong block; the text is for the author."""


@dataclass(frozen=True, slots=True)
class SuiteStep:
    """A definition of the suite, in pytest-bdd's form. `definition` is its StepFunctionContext;
    `where` says which file and line, for messages."""

    definition: Any
    where: str

    @property
    def type(self) -> StepType | None:
        return self.definition.type  # type: ignore[no-any-return]

    @property
    def name(self) -> str:
        return str(self.definition.parser.name)


@dataclass(frozen=True, slots=True)
class BoundSuiteStep:
    """A step of the suite with the arguments its parser found, converters not yet applied."""

    step: Step
    definition: Any
    arguments: dict[str, Any]


@dataclass(frozen=True, slots=True)
class BoundLibraryStep:
    """A step of the library with its values checked. `resolvers` is None where nothing holds
    `${name}`, so that most steps run as one plain call."""

    step: Step
    function: Callable[..., None]
    values: tuple[Any, ...]
    resolvers: tuple[Callable[[Any, Memory], Any] | None, ...] | None
    takes: str | None
    asserts: bool
    alone: bool = False
    in_browser: bool = False
    group: str = ""


Bound = BoundSuiteStep | BoundLibraryStep


class StepTable:
    """`levels`: the suite's definitions visible from one folder, one list a folder, nearest
    first. The nearest level that fits decides; the library comes last."""

    def __init__(self, levels: Sequence[Sequence[SuiteStep]]) -> None:
        self._levels = [_Level(level) for level in levels if level]
        self._known: dict[tuple[str, StepType | None], _Match | BindError] = {}

    def bind(self, step: Step) -> Bound:
        """Raises BindError."""
        key = (step.text, step.type)
        match = self._known.get(key)
        if match is None:
            try:
                match = self._match(step)
            except BindError as problem:
                match = problem
            self._known[key] = match
        if isinstance(match, BindError):
            raise match
        return match.bound(step)

    def _match(self, step: Step) -> _Match:
        for level in self._levels:
            found = level.find(step)
            if len(found) > 1:
                places = " and ".join(sorted(each.where for each, _ in found))
                raise BindError(f'ambiguous step "{step.text}": it fits {places}')
            if found:
                _check_definition(*found[0], step)
                return _SuiteMatch(*found[0])
        library = phrases.matches(step.text)
        if len(library) > 1:
            names = " and ".join(f'"{each.phrase}"' for each, _ in library)
            raise BindError(f'ambiguous step "{step.text}": it fits {names}')
        if library:
            return _LibraryMatch.make(*library[0])
        raise BindError(self._undefined(step))

    def _undefined(self, step: Step) -> str:
        for level in self._levels:
            for each in level.any_type(step.text):
                return (
                    f'undefined step "{step.text}": {each.where} defines it as '
                    f"{each.type}, but here it is a {step.type}"
                )
        nearest = self._nearest(step.text)
        hint = f'; the nearest known step is "{nearest}"' if nearest else ""
        return f'undefined step "{step.text}"{hint}'

    def _nearest(self, text: str) -> str | None:
        import difflib

        known = {_skeleton(each.phrase): each.phrase for each in phrases.library()}
        for level in self._levels:
            known.update({_skeleton(each.name): each.name for each in level.steps})
        wanted = _skeleton(text[:300])
        close = difflib.get_close_matches(wanted, known, n=1, cutoff=0.5)
        return known[close[0]] if close else None


class _Level:
    def __init__(self, steps: Sequence[SuiteStep]) -> None:
        self.steps = list(steps)
        self._exact: dict[str, list[SuiteStep]] = {}
        self._others: list[SuiteStep] = []
        # By the word that a fitting step begins with: hundreds of definitions are asked in vain.
        self._by_word: dict[str, list[SuiteStep]] = {}
        from pytest_bdd.parsers import cfparse, parse, string

        for each in steps:
            kind = type(each.definition.parser)
            if kind is string:
                self._exact.setdefault(each.name, []).append(each)
                continue
            self._others.append(each)
            word = each.name.split(" ", 1)[0]
            # These two take capitals and small letters alike.
            plain = kind in (parse, cfparse) and re.fullmatch(r"[A-Za-z]+", word)
            self._by_word.setdefault(word.lower() if plain else "", []).append(each)

    def _candidates(self, text: str) -> list[SuiteStep]:
        word = text.split(None, 1)[0] if text.strip() else ""
        if not word.isascii():
            return self._others
        return self._by_word.get("", []) + self._by_word.get(word.lower(), []) * bool(word)

    def find(self, step: Step) -> list[tuple[SuiteStep, dict[str, Any]]]:
        found: list[tuple[SuiteStep, dict[str, Any]]] = []
        # A definition reaches a folder twice when conftest.py imports it from a step module.
        places: set[str] = set()
        for each in self._exact.get(step.text, []):
            if _type_fits(each, step.type) and each.where not in places:
                found.append((each, {}))
                places.add(each.where)
        for each in self._candidates(step.text):
            if not _type_fits(each, step.type) or each.where in places:
                continue
            if each.definition.parser.is_matching(step.text):
                arguments = each.definition.parser.parse_arguments(step.text) or {}
                found.append((each, arguments))
                places.add(each.where)
        return found

    def any_type(self, text: str) -> list[SuiteStep]:
        return self._exact.get(text, []) + [
            each for each in self._others if each.definition.parser.is_matching(text)
        ]


def _type_fits(step: SuiteStep, wanted: StepType | None) -> bool:
    return step.type is None or wanted is None or step.type == wanted


@dataclass(frozen=True, slots=True)
class _SuiteMatch:
    suite_step: SuiteStep
    arguments: dict[str, Any]

    def bound(self, step: Step) -> Bound:
        return BoundSuiteStep(step, self.suite_step.definition, self.arguments)


@dataclass(frozen=True, slots=True)
class _LibraryMatch:
    library_step: LibraryStep
    values: tuple[Any, ...]
    resolvers: tuple[Callable[[Any, Memory], Any] | None, ...] | None

    @staticmethod
    def make(library_step: LibraryStep, raw: tuple[str, ...]) -> _LibraryMatch:
        values: list[Any] = []
        resolvers: list[Callable[[Any, Memory], Any] | None] = []
        for kind, text in zip(library_step.types, raw, strict=True):
            try:
                values.append(kind.static(text))
            except ValueError as problem:
                raise BindError(str(problem)) from None
            resolvers.append(kind.resolve if "${" in text else None)
        dynamic = tuple(resolvers) if any(resolvers) else None
        return _LibraryMatch(library_step, tuple(values), dynamic)

    def bound(self, step: Step) -> Bound:
        library_step = self.library_step
        _check_block(library_step, step)
        return BoundLibraryStep(
            step,
            library_step.function,
            self.values,
            self.resolvers,
            library_step.takes,
            library_step.asserts,
            library_step.alone,
            library_step.in_browser,
            library_step.group,
        )


_Match = _SuiteMatch | _LibraryMatch


def _check_definition(suite_step: SuiteStep, arguments: dict[str, Any], step: Step) -> None:
    function = suite_step.definition.step_func
    if iscoroutinefunction(function) or isasyncgenfunction(function):
        # Called, it would do nothing, and pass.
        raise BindError(
            f'"{step.text}" is an async function at {suite_step.where}; make it a plain one, '
            "with asyncio.run inside"
        )
    reserved = sorted(arguments.keys() & {"datatable", "docstring"})
    if reserved:
        raise BindError(
            f'"{step.text}" takes {reserved[0]} from its text at {suite_step.where}; that name is '
            "kept for what stands below a step: choose another"
        )


def _check_block(library_step: LibraryStep, step: Step) -> None:
    takes = library_step.takes
    if takes in ("text", "json"):
        if step.docstring is None:
            raise BindError(f'"{step.text}" needs a doc string (""") below it')
        if takes == "json" and "${" not in step.docstring:
            try:
                strict_json.loads(step.docstring)
            except ValueError as problem:
                raise BindError(f'the doc string of "{step.text}" is not JSON: {problem}') from None
    elif step.docstring is not None:
        raise BindError(f'"{step.text}" takes no doc string')
    if takes == "table":
        if step.table is None:
            raise BindError(f'"{step.text}" needs a table below it')
    elif step.table is not None:
        raise BindError(f'"{step.text}" takes no table')


def _skeleton(text: str) -> str:
    """A step without its values, so that steps are near by their words."""
    text = re.sub(r'"(?:[^"\\]|\\.)*"|\{[^{}]*\}', "…", text.lower())
    return re.sub(r"\d+", "…", text)
