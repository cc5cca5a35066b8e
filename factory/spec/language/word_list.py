"""Lists of words, written as text."""

from __future__ import annotations


def word_set(text: str) -> frozenset[str]:
    """The words of a text, parted by white space."""
    return frozenset(text.split())


def word_row(text: str) -> tuple[str, ...]:
    """The same in their order."""
    return tuple(text.split())


def phrases(text: str) -> tuple[str, ...]:
    """The phrases of a text, parted by commas."""
    return tuple(" ".join(one.split()) for one in text.split(",") if one.strip())


def pairs(firsts: str, seconds: str) -> tuple[str, ...]:
    """Each word of the first text before each of the second: `short time`, `long time` …"""
    return tuple(f"{one} {other}" for one in firsts.split() for other in seconds.split())
