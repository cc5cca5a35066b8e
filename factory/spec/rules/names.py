"""When words are not the author's judgement: they are measured, or they are somebody's name."""

from __future__ import annotations

import re
from functools import lru_cache

from factory.spec.language.measures import Measure, is_plural
from factory.spec.language.prose import Sentence
from factory.spec.surroundings import Surroundings


def is_measured(found: list[Measure], dimensions: tuple[str, ...] | None = None) -> bool:
    """Whether any of these measures; any unit will do where `dimensions` is None."""
    return any(
        one.dimension and (dimensions is None or one.dimension in dimensions) for one in found
    )


def is_name(sentence: Sentence, at: int) -> bool:
    """A word with a capital inside a sentence is a name: the Fast Lane, a Modern History class.

    So is one with a capital within it: iDEAL.
    """
    text = sentence.text(at)
    if text[0].islower() and not text.islower():
        return True
    if text.isupper() and text in _ACRONYMS:
        return True
    if at == 0 or not text[0].isupper() or text.isupper():
        return False
    return sentence.words[at - 1] not in (":", "(", "-", "–", "—", ")")


_ACRONYMS = frozenset(("SWIFT", "SMART", "FAIR", "LEAN", "RAPID"))


def is_called(word: str, noun: str, text: str, title: str) -> bool:
    """Whether the two are a name: in the title, set apart as a term, as in `two words *nearly
    match* when …`, or used again and again, as `quick reply` is."""
    stem = noun.removesuffix("y")
    called = f"{word} {stem}"
    return len(stem) > 2 and (
        called in title
        or _times(called, text) >= _AGAIN_AND_AGAIN
        or _times(f"*{called}", text) > 0
    )


def is_set_apart(words: str, text: str) -> bool:
    """Whether somewhere in a text these words are a name in emphasis: `the list *Too fast*`."""
    return _times(f"*{words}*", text) > 0


def is_the_one(sentence: Sentence, at: int, text: str) -> bool:
    """Whether a word of size tells one thing from others: `the big screen`, spoken of twice."""
    if at == 0 or at + 1 == len(sentence):
        return False
    before, noun = sentence.words[at - 1], sentence.words[at + 1]
    whose = before.endswith(("'s", "’s"))
    if is_plural(noun) or not (whose or before == "the"):
        return False
    called = f"{sentence.words[at]} {noun}"
    return (whose and called in _TERMS) or _times(called, text) > 1


def is_the_matter(phrase: str, text: str) -> bool:
    """Whether a spec is about it: it speaks of its flags, or of what is undecided, on and on."""
    return _times(phrase, text) > _AGAIN_AND_AGAIN


def is_spoken_of(phrases: tuple[str, ...], text: str) -> bool:
    """Whether any of these stands anywhere in a text, in lower case."""
    return any(_times(phrase, text) for phrase in phrases)


def is_defined(phrase: str, text: str) -> bool:
    """Whether the author says what the words mean, `Normal operation: the device is joined …`, or
    names a field by them: `bad_lines`."""
    if " " not in phrase:
        return False
    named = phrase.replace(" ", "_")
    if _times(f"- {phrase}: ", text) > 0 or _times(named, text) > 0:
        return True
    # The product says so itself, in one of its messages: `too many bad lines: 2 of 100`.
    return any(phrase in message for message in re.findall(r"`([^`\n]+)`", text.lower()))


# What one thing has beside its full one.
_TERMS = frozenset(
    ("short name", "short form", "short title", "short code", "long name", "long form")
)


def _times(called: str, text: str) -> int:
    return _counts(text)[called]


class _Counts(dict[str, int]):
    """How often words stand in a text: each is counted once, of a thousand alike as of one."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text.lower()

    def __missing__(self, called: str) -> int:
        self[called] = count = self.text.count(called)
        return count


@lru_cache(maxsize=1)
def _counts(text: str) -> _Counts:
    return _Counts(text)


_AGAIN_AND_AGAIN = 3


def within_a_term(words: list[str], at: int, end: int, around: Surroundings) -> bool:
    """Whether the words belong to a term of the glossary, such as `quick reply`."""
    if not around.terms:
        return False
    longest = around.lengths[0] if around.lengths else 0
    for first in range(max(0, end - longest), at + 1):
        for last in range(end, min(len(words), first + longest) + 1):
            phrase = " ".join(words[first:last])
            if phrase in around.terms or phrase.rstrip("s") in around.terms:
                return True
    return False
