"""Regular expressions from feature files: refuse those that can run away.

Python's engine backtracks, so a pattern is refused when a repeat without an upper bound holds
another repeat, or when it refers back to a group; what remains is polynomial at worst, runs over a
capped length of text, and stands under the scenario's own deadline besides.
"""

from __future__ import annotations

import re
import warnings
from typing import Any

MAX_PATTERN_LENGTH = 500
MAX_TEXT_LENGTH = 64 * 1024


def compile_safe(pattern: str) -> re.Pattern[str]:
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
    return compiled


def _runs_away(parsed: Any, *, repeats: int) -> bool:
    for operator, argument in parsed:
        name = str(operator)
        if name in ("GROUPREF", "GROUPREF_EXISTS"):
            return True
        if name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            low, high, inner = argument
            unbounded = int(high) > 1000
            if repeats and (unbounded or int(high) > 10):
                return True
            if _runs_away(inner, repeats=repeats + (1 if unbounded else 0)):
                return True
            del low
        elif name == "SUBPATTERN":
            if _runs_away(argument[-1], repeats=repeats):
                return True
        elif name == "BRANCH":
            if any(_runs_away(branch, repeats=repeats) for branch in argument[1]):
                return True
        elif name in ("ASSERT", "ASSERT_NOT"):
            if _runs_away(argument[1], repeats=repeats):
                return True
        elif name == "ATOMIC_GROUP" and _runs_away(argument, repeats=repeats):
            return True
    return False


def search(pattern: re.Pattern[str], text: str) -> bool:
    return pattern.search(text[:MAX_TEXT_LENGTH]) is not None
