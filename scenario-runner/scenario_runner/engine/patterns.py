"""Regular expressions from feature files, searched in linear time.

Patterns are written as Python reads them and run by RE2, which never backtracks; re2_syntax.py says
the same pattern in RE2's words. What RE2 has no words for (looking ahead, referring back) is
refused. Where RE2 is not installed, Python's engine runs what cannot run away exponentially: no
repeat inside a repeat; that is polynomial at worst, over a capped length of text, under the
scenario's own deadline.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from scenario_runner.engine import re2_syntax
from scenario_runner.errors import StepFailed

MAX_PATTERN_LENGTH = 500
# For Python's engine alone; RE2 takes any text that the runner does.
MAX_TEXT_LENGTH = 64 * 1024
_RE2_MEMORY_BYTES = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Pattern:
    """A checked pattern. `pattern` is as the author wrote it; `find` gives None for no match."""

    pattern: str
    find: Callable[[str], Any]
    max_text_length: int | None


def compile_safe(pattern: str) -> Pattern:
    """Raises ValueError with a sentence for the author."""
    if len(pattern) > MAX_PATTERN_LENGTH:
        raise ValueError(f"the pattern is longer than {MAX_PATTERN_LENGTH} characters")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            parsed: Any = re._parser.parse(pattern)  # type: ignore[attr-defined]
            compiled = re.compile(pattern)
    except (re.error, RecursionError, OverflowError, ValueError) as problem:
        raise ValueError(f'"{pattern}" is not a regular expression: {problem}') from None
    if _runs_away(parsed, repeats=0):
        raise ValueError(
            f'"{pattern}" could take for ever: it repeats a repeat, or refers back to a group'
        )
    try:
        words = re2_syntax.written(parsed, compiled.flags)
    except re2_syntax.NoWords as problem:
        raise ValueError(f'"{pattern}" cannot be searched in linear time: {problem}') from None
    re2 = _re2()
    if re2 is None:
        return Pattern(pattern, compiled.search, MAX_TEXT_LENGTH)
    options = re2.Options()
    options.log_errors = False
    options.max_mem = _RE2_MEMORY_BYTES
    try:
        return Pattern(pattern, re2.compile(words, options).search, None)
    except re2.error as problem:
        raise ValueError(f'"{pattern}" cannot be searched in linear time: {problem}') from None


@cache
def _re2() -> Any:
    try:
        import re2  # type: ignore[import-not-found,import-untyped,unused-ignore]
    except ImportError:
        return None
    return re2


def _runs_away(parsed: Any, *, repeats: int) -> bool:
    for operator, argument in parsed:
        name = str(operator)
        if name in ("GROUPREF", "GROUPREF_EXISTS"):
            return True
        if name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            _low, high, inner = argument
            unbounded = int(high) > 1000
            if repeats and (unbounded or int(high) > 10):
                return True
            if _runs_away(inner, repeats=repeats + (1 if unbounded else 0)):
                return True
        elif name == "SUBPATTERN":
            if _runs_away(argument[-1], repeats=repeats):
                return True
        elif name == "BRANCH":
            if any(_runs_away(branch, repeats=repeats) for branch in argument[1]):
                return True
    return False


def search(pattern: Pattern, text: str) -> bool:
    """Whether the pattern is found anywhere. Raises StepFailed for a text too long to tell."""
    return first(pattern, text) is not None


def first(pattern: Pattern, text: str) -> str | None:
    """The first part that fits, leftmost. Raises StepFailed for a text too long to tell."""
    limit = pattern.max_text_length
    # RE2 reads UTF-8, which has no lone surrogates; JSON has.
    sought = text.encode("utf-8", "replace").decode()[:limit]
    match = pattern.find(sought)
    if match is not None:
        return str(match.group())
    if limit is not None and len(text) > limit:
        raise StepFailed(
            f"the text is longer than the {limit} characters that a pattern is sought in"
        )
    return None
