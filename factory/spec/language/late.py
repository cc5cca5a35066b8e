"""Patterns that most specs show no sign of: compiled when one is needed first."""

from __future__ import annotations

import re
from functools import cache


@cache
def late(pattern: str) -> re.Pattern[str]:
    """The compiled pattern."""
    return re.compile(pattern)
