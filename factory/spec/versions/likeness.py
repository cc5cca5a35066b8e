"""How alike two requirement texts are, by their words; and from where on they are one requirement.

Two texts are compared as bags of words: lower case, without the words that every sentence has,
without plural and verb endings. The likeness is Dice's coefficient: 1 for the same words, 0 for
none in common.

Measured on tests/cases/versions/likeness.yml and on the 451 pairs of requirements that stand beside
each other in the specs of `examples/` (test_likeness.py holds these figures):

| set | heavy rewordings taken for a reuse | reuses found |
| --- | --- | --- |
| tuning | 1 of 40 | 16 of 20 |
| held | 1 of 40 | 25 of 30 |
| fresh | 0 of 20 | 14 of 20 |
| neighbours in examples | | 372 of 451 |

Of nine measures tried on `tuning` (difflib on words and on characters, Dice and Jaccard on all
words, on content words, on four-letter pieces, overlap) this parted the two kinds best, together
with Jaccard on content words. `REUSED` was 0.25 at first and went up to 0.3 after a look at
`held`; `fresh` was written after that. No two neighbours in examples are over 0.64, so `NEARLY`
is far from them. One person wrote all pairs: take the figures as a guide, not as a rate of error.
"""

from __future__ import annotations

import re
from collections import Counter

from factory.spec.language.endings import without_ending

REUSED = 0.3
"""Below this an id is taken to mean something else than before."""
NEARLY = 0.8
"""From this on a text is nearly the same, if it also has the same names in backticks."""

_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_WORD = re.compile(r"\w+")
_NAME = re.compile(r"`[^`]*`")
_EVERYWHERE = frozenset(
    _WORD.findall(
        "a an the of in on at to for from by with without and or but nor not no is are was "
        "were be been being it its that this those these which who whose where when while if "
        "then else so as than each every all any one two their his her there has have had do "
        "does may can must will shall into out up also only such same other another per"
    )
)


def meaning(text: str) -> str:
    """A text as it is compared: without comments, on one line, one space between words."""
    return " ".join(_COMMENT.sub(" ", text).split())


class Gist:
    """What is compared of one text."""

    def __init__(self, text: str) -> None:
        self.text = meaning(text)
        self.names = frozenset(_NAME.findall(self.text))
        self.words = Counter(
            without_ending(word)
            for word in _WORD.findall(self.text.casefold())
            if word not in _EVERYWHERE
        )

    def likeness(self, other: Gist) -> float:
        """From 0 to 1; 1 is for the same text alone."""
        if self.text == other.text:
            return 1.0
        total = self.words.total() + other.words.total()
        shared = (self.words & other.words).total()
        return min(2 * shared / total if total else 0.0, 0.999)

    def is_nearly(self, other: Gist) -> bool:
        """Whether the two say nearly the same, names included."""
        return self.names == other.names and self.likeness(other) >= NEARLY
