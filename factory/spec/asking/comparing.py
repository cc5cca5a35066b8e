"""Whether two short answers say the same: code decides, so that it is the same every time.

Case, white space, quotes, code spans, number forms and the order of words make no difference.
Numbers with their units and literals are compared exactly, words by how many of them are shared.
An answer that tells more than the other does not differ from it. Where in doubt the answers count
as the same: a warning must be worth a look.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from factory.spec.asking.answers import Answer
from factory.spec.asking.quantities import Quantity, quantities
from factory.spec.asking.questions import Kind
from factory.spec.asking.words import EMPTY, NEGATIONS, opposed, stem

Outcome = Literal["same", "differs", "open"]

SHARED_OF_LITERALS = 0.6
SHARED_OF_SENTENCES = 0.3
"""So large a part of the words of the shorter answer must stand in the other.

A condition is told in a sentence, and two people choose their words; the rest is short.
"""
NEARLY_EQUAL = 0.8
"""Of answers that share so much of all their words, a `not` in one of them is a contradiction."""

_SPAN = re.compile(r"`([^`]+)`|\"([^\"]+)\"|(?<!\w)'([^']+)'(?!\w)")
_THOUSANDS = re.compile(r"(?<=\d)[,_](?=\d{3}(?!\d))|(?<=\d) (?=\d{3}\b)")
_RANGE = re.compile(r"(?<![\w.-])(\d+(?:\.\d+)?)\s?-\s?(\d+(?:\.\d+)?)(?![\d-])")
_BREAK = re.compile(r"[\s,;()\[\]\"`]+")
_LITERAL = re.compile(r".*[_/\\@=].*|\w+([.-]\w+){2,}|\d+:\d+.*|[a-z]\w*\.\w+")
_REFERENCE = re.compile(r"[rec]\d{1,4}")
# Curly quotes and long dashes, as the plain ones.
_PLAIN = str.maketrans("\u201c\u201d\u2018\u2019\u2013\u2014", "\"\"''--")


def outcome(kind: Kind, one: Answer, other: Answer) -> Outcome:
    """What comes of two readers' answers to one question of this kind."""
    if not one.stated and not other.stated:
        return "open"
    if not one.applies or not other.applies:
        answered = [answer for answer in (one, other) if answer.applies and answer.stated]
        return "differs" if answered else "same"
    if not one.stated or not other.stated:
        return "differs"
    share = SHARED_OF_SENTENCES if kind == "condition" else SHARED_OF_LITERALS
    return "same" if same(one.text, other.text, share) else "differs"


def same(one: str, other: str, share: float = SHARED_OF_LITERALS) -> bool:
    """Whether two answers say the same, as far as code can tell.

    Args:
        one: an answer.
        other: another.
        share: the part of the words of the shorter one that must stand in the other, 0 to 1.
    """
    first, second = _taken(one), _taken(other)
    if first.flat == second.flat:
        return True
    if _clash(first, second):
        return False
    if opposed(first.words, second.words):
        return False
    shared = len(first.words & second.words)
    shared += sum(any(a.fits(b) for b in second.numbers) for a in first.numbers)
    smaller, larger = sorted((first.size, second.size))
    if not larger:
        return True
    if first.negated != second.negated and shared >= NEARLY_EQUAL * (smaller + larger - shared):
        return False
    return shared >= share * max(smaller, 1)


@dataclass(frozen=True, kw_only=True)
class _Taken:
    """An answer taken apart: its numbers, literals and stems, and all its words in a line."""

    numbers: tuple[Quantity, ...]
    literals: frozenset[str]
    words: frozenset[str]
    negated: bool
    choice: bool
    flat: str

    @property
    def size(self) -> int:
        return len(self.words) + len(self.numbers)

    def numbers_beyond(self, other: _Taken) -> bool:
        """Whether it holds a number that the other, which holds some too, does not."""
        return bool(other.numbers) and not all(
            any(a.fits(b) for b in other.numbers) for a in self.numbers
        )

    def literals_beyond(self, other: _Taken) -> bool:
        """Whether it holds a literal that the other, which holds some too, does not."""
        return bool(other.literals) and any(f" {one} " not in other.flat for one in self.literals)


def _taken(text: str) -> _Taken:
    text = unicodedata.normalize("NFKC", text).casefold().translate(_PLAIN)
    text = _RANGE.sub(r"\1 to \2", _THOUSANDS.sub("", text)).replace("n't", " not")
    spans = [" ".join(_split(next(filter(None, groups)))) for groups in _SPAN.findall(text)]
    spoken = _split(text)
    literals = [one for one in spoken if _LITERAL.fullmatch(one)]
    found = tuple(quantities(one for one in spoken if not _REFERENCE.fullmatch(one)))
    plain = [one for one in found if isinstance(one, str)]
    words = {stem(one) for one in plain if one not in NEGATIONS}
    return _Taken(
        numbers=tuple(one for one in found if isinstance(one, Quantity)),
        literals=frozenset(one for one in (*spans, *literals) if one and not _is_number(one)),
        words=frozenset(words - EMPTY),
        negated=any(one in NEGATIONS for one in plain),
        choice="or" in plain,
        flat=f" {' '.join(spoken)} ",
    )


def _split(text: str) -> list[str]:
    words = (one.strip("'*.:!?") for one in _BREAK.split(text))
    return [one for one in words if one and one != "-"]


def _is_number(text: str) -> bool:
    return all(isinstance(one, Quantity) for one in quantities(text.split()))


def _clash(one: _Taken, other: _Taken) -> bool:
    """Whether numbers or literals contradict: both answers have some that the other lacks.

    Where only one has more, it tells more, unless it leaves a choice (`400 or 422`).
    """
    for beyond in (_Taken.numbers_beyond, _Taken.literals_beyond):
        more, less = beyond(one, other), beyond(other, one)
        if (more and less) or ((more or less) and one.choice != other.choice):
            return True
    return False
