"""Prose as words: sentences of a passage, each word with its offset in it.

What an author quotes or sets as code is a literal: it is one word without letters, so that no
rule reads the words of a message or a field name as the author's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from factory.spec.language.line_numbers import ALONE, BEGINS

if TYPE_CHECKING:
    from factory.spec.language.measures import Measure

LITERAL = "\ufffc"

# Every length has a bound, since an author may open a thousand brackets and close none. An escaped
# mark opens nothing, nor does that of inches.
# Each begins with one of a few characters, so that the others are passed over at once; what stands
# before that one is looked at behind it.
_MASKED = re.compile(
    r"`(?<![`\\]`)(`{0,8})(?!`).{1,1000}?(?<!`)`\1(?!`)"
    r"|\"(?<!\d\")[^\"\n]{1,400}(?:\n[^\"\n]{1,400}){0,2}\"|“[^”]{1,400}”|«[^»]{1,400}»"
    r"|'(?<![\w'’]')[^'\n]{1,200}'(?!\w)"
    r"|https?:[^\s)>\]]{1,2000}|mailto:[^\s)>\]]{1,2000}|\]\([^)\s]{0,2000}\)",
    re.DOTALL,
)
# None reaches over white space, and what is letters alone is one: see `_tokens`.
_TOKEN = re.compile(
    r"[^\W\d_]+(?:['’.&-][^\W_]+)*"  # words: don't, well-known, u.s
    rf"|\d+(?:[.,:]\d+)*|\.{{2,}}|[.!;|:,()\[{{%°€$£/<>=≤≥×+±–—{LITERAL}-]|\?+"
)
_DIGIT = re.compile("[0-9]")
_ENDS = frozenset(".!?;|")
# What an item begins with, or a paragraph; some number by letters of their own.
_IDS = re.compile(
    rf"\s*[A-Z]\d{{1,4}}(?:\s*,\s*[A-Z]\d{{1,4}})*\s*(?:[:–—]|\n)"
    rf"|{BEGINS.pattern}|{ALONE.pattern}\Z"
)
# Nobody reads a longer sentence, and what looks back in one must not take for ever.
_LONGEST = 400
_ABBREVIATIONS = frozenset(("e.g", "i.e", "etc", "vs", "no", "approx", "max", "min", "incl", "cf"))


class _Run:
    """A passage with its words, in lower case; where each begins is found once it is asked."""

    __slots__ = ("_prose", "_starts", "raw", "words")

    def __init__(self, raw: str, prose: str, words: list[str]) -> None:
        self.raw, self.words = raw, words
        self._prose = prose
        self._starts: list[int] = []

    def start(self, at: int) -> int:
        """Where a word begins: between two is nothing that one could begin with."""
        starts, words = self._starts, self.words
        known = len(starts)
        if at >= known:
            end = starts[-1] + len(words[known - 1]) if known else 0
            for word in words[known : at + 1]:
                start = self._prose.find(word, end)
                starts.append(start)
                end = start + len(word)
        return starts[at]


class Sentence:
    """Words and marks in order, in lower case; a literal is LITERAL.

    `has_digits`: whether its passage has any. `measured`: what `measures` found in it, once it was
    asked; it lives and goes with the sentence.
    """

    __slots__ = ("_first", "_run", "has_digits", "measured", "words")

    def __init__(self, words: list[str], run: _Run, first: int, has_digits: bool) -> None:
        self.words = words
        self._run, self._first = run, first
        self.has_digits = has_digits
        self.measured: list[Measure] | None = None

    def __len__(self) -> int:
        return len(self.words)

    @property
    def begins(self) -> bool:
        """Whether it is the first of its passage."""
        return self._first == 0

    @property
    def texts(self) -> list[str]:
        """The words as they were written. Few ask, so they are looked for anew."""
        return [self.text(at) for at in range(len(self.words))]

    def text(self, at: int) -> str:
        """One word as it was written."""
        start = self.offset(at)
        return self._run.raw[start : start + len(self.words[at])]

    def offset(self, at: int) -> int:
        """Where a word begins in the passage."""
        return self._run.start(self._first + at)

    def end(self, at: int) -> int:
        """Where a word ends in the passage."""
        start = self.offset(at)
        literal = _MASKED.match(self._run.raw, start) if self.words[at] == LITERAL else None
        return literal.end() if literal else start + len(self.words[at])

    def literal(self, at: int) -> str:
        """What a literal says, without its quotes."""
        return self._run.raw[self.offset(at) : self.end(at)].strip("`\"“”«»'")


@lru_cache(maxsize=256)
def masked(raw: str) -> str:
    """`raw` with ids as spaces, literals as LITERAL and spaces; offsets stay."""
    ids = _IDS.match(raw)
    if ids:
        raw = " " * ids.end() + raw[ids.end() :]
    if (  # Written out: this is asked of every passage.
        "`" in raw or '"' in raw or "'" in raw or "“" in raw or "](" in raw
        or "«" in raw or "://" in raw or "mailto:" in raw
    ):  # fmt: skip
        return _MASKED.sub(_filled, raw)
    return raw


def _filled(found: re.Match[str]) -> str:
    return LITERAL.ljust(len(found[0]))


def sentences(raw: str) -> Iterator[Sentence]:
    """The sentences of a passage; a semicolon ends one, since what follows stands by itself."""
    prose = _lowered(masked(raw))
    words = _tokens(prose)
    has_digits = _DIGIT.search(prose) is not None
    run = _Run(raw, prose, words)
    if len(words) <= _LONGEST and _ENDS.isdisjoint(words[:-1]):
        if words:
            yield Sentence(words, run, 0, has_digits)
        return
    first = 0
    for at, word in enumerate(words):
        ends = word in _ENDS and not (
            word == "." and at > first and words[at - 1] in _ABBREVIATIONS
        )
        if ends or at - first == _LONGEST:
            yield Sentence(words[first : at + 1], run, first, has_digits)
            first = at + 1
    if first < len(words):
        yield Sentence(words[first:], run, first, has_digits)


def _lowered(prose: str) -> str:
    """In lower case, character by character: a few letters would become two."""
    lower = prose.lower()
    if len(lower) == len(prose):
        return lower
    return "".join(one.lower() if len(one.lower()) == 1 else one for one in prose)


def _tokens(prose: str) -> list[str]:
    """What `_TOKEN` finds: most words stand between spaces, which is found out in half the time."""
    found: list[str] = []
    for word in prose.split():
        if word.isalpha():
            found.append(word)
        else:
            found += _pieces(word) if len(word) < _SHORT else _TOKEN.findall(word)
    return found


_SHORT = 40  # A hostile word may be a megabyte long, and is not remembered.


@lru_cache(maxsize=4096)
def _pieces(word: str) -> list[str]:
    """Nobody changes what it returns: a spec ends many a clause with the same word and mark."""
    found: list[str] = _TOKEN.findall(word)
    return found
