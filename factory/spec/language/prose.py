"""Prose as words: sentences of a passage, each word with its offset in it.

What an author quotes or sets as code is a literal: it is one word without letters, so that no
rule reads the words of a message or a field name as the author's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

LITERAL = "\ufffc"

# Comments first: what stands in one is nobody's prose. Every length has a bound, since an author
# may open a thousand brackets and close none.
_MASKED = re.compile(
    r"<!--.*?(?:-->|\Z)"
    r"|\A\s*[A-Z]\d{1,4}(?:\s*,\s*[A-Z]\d{1,4})*\s*:"  # the ids that an item begins with
    r"|(?P<literal>(?<!`)(`{1,9})(?!`).{1,1000}?(?<!`)\2(?!`)"
    r"|\"[^\"\n]{1,400}\"|“[^”]{1,400}”|«[^»]{1,400}»"
    r"|(?<![\w'’])'[^'\n]{1,200}'(?!\w)"
    r"|(?:https?|mailto):[^\s)>\]]{1,2000}|\]\([^)\s]{0,2000}\))",
    re.DOTALL,
)
_TOKEN = re.compile(
    r"[^\W\d_]+(?:['’.&-](?=[^\W_])[^\W_]+)*"  # words: don't, well-known, U.S
    r"|\d+(?:[.,:]\d+)*"
    rf"|{LITERAL}+|\.{{2,}}|\?+|[.!;|:,()%°€$£/<>=≤≥×+–—-]"
)
_ABBREVIATIONS = frozenset(("e.g", "i.e", "etc", "vs", "no", "approx", "max", "min", "incl", "cf"))


@dataclass(frozen=True, slots=True)
class Sentence:
    """Words and marks in order: as written, in lower case, and each one's offset.

    A literal is LITERAL among `words`; `texts` has it with its quotes.
    """

    texts: list[str]
    words: list[str]
    offsets: list[int]

    def __len__(self) -> int:
        return len(self.words)


def masked(raw: str) -> str:
    """`raw` with comments and ids as spaces, literals as LITERAL characters; offsets stay."""
    return _MASKED.sub(_filled, raw)


def _filled(found: re.Match[str]) -> str:
    return (LITERAL if found["literal"] else " ") * len(found[0])


def sentences(raw: str) -> Iterator[Sentence]:
    """The sentences of a passage; a semicolon ends one, since what follows stands by itself."""
    texts, words, offsets = list[str](), list[str](), list[int]()
    prose = masked(raw)
    size = len(prose)
    for found in _TOKEN.finditer(prose):
        text, end = found[0], found.end()
        first = text[0]
        if first == LITERAL:
            text = raw[found.start() : end]
            words.append(LITERAL)
        else:
            words.append(text.lower())
        texts.append(text)
        offsets.append(found.start())
        if first in ".!?;|" and (end == size or prose[end].isspace() or prose[end] in ")*_|"):
            if first == "." and len(words) > 1 and words[-2] in _ABBREVIATIONS:
                continue
            yield Sentence(texts, words, offsets)
            texts, words, offsets = [], [], []
    if texts:
        yield Sentence(texts, words, offsets)
