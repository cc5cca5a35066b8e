"""Phrases to look for, found in one pass over a sentence's words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Set
from typing import Generic, TypeVar

from factory.spec.language.prose import Sentence
from factory.spec.language.word_list import word_set

Entry = TypeVar("Entry")

# What stands in every other sentence of a spec, and in every tenth.
_EVERYWHERE = word_set(
    """
    a after all an and are as at be been before by date each every for from has have if in into is
    it its more most name no not number of on one or right run takes than that the their then there
    they time times to was were when which who will with without
    """
)
_COMMON = word_set(
    """
    about account accounts add adds again against along although amount answer answers any app
    attempt attempts back because begin begins between but button calls can card cards case cases
    change changes characters clock close closed closes code codes come comes complete contains
    customer customers data dates day days down due during e-mail early end ends entries error
    errors event few field fields file files first follows form full get gets given go goes half
    high holds hour hours id ids inside issues jobs keeps key keys language last late later least
    left less level likes line lines list lists long longer look looks low mail make makes many
    maps may member members memory message messages minute minutes month most much must need needs
    never new night nobody nor numbers object off old once only onto open order orders other others
    out over page pages part people place places point points product program read reads reason
    request requests response result results row rows same screen second seconds sees server
    service set sets short show shows so some span standard start starts state status still such
    system table take text texts them this though three through together too twice two under unless
    until up use used user users uses value values version very walks warning way ways week what
    where while whole whose within working wrong year yet
    """
)


def is_everyday(word: str) -> bool:
    """Whether a word stands in one spec of ten, whatever that is about."""
    return word in _EVERYWHERE or word in _COMMON


def _rarest(words: list[str]) -> int:
    """The place of the longest of the rarest words, of two the last."""
    best, rank = 0, (-1, 0)
    for at, word in enumerate(words):
        rarity = 0 if word in _EVERYWHERE else 1 if word in _COMMON else 2
        if (rarity, len(word)) >= rank:
            best, rank = at, (rarity, len(word))
    return best


class Lexicon(Generic[Entry]):
    """A dictionary of phrases of one or more words, each with what is known of it.

    A phrase is looked up by the longest of its rarest words: `in a timely manner` by
    `manner`, since most sentences have an `in` and an `a`.
    """

    def __init__(self, entries: Mapping[str, Entry]) -> None:
        self._anchors: dict[str, list[tuple[int, list[str], Entry]]] = defaultdict(list)
        for phrase, entry in entries.items():
            words = phrase.replace("/", " / ").split()
            anchor = _rarest(words) if len(words) > 1 else 0
            self._anchors[words[anchor]].append((anchor, words, entry))
        self.anchors = frozenset(self._anchors)
        """The words by which the phrases are looked up: a sentence without any holds none."""

    def find(self, sentence: Sentence) -> Iterator[tuple[int, int, Entry]]:
        """(first word, one past the last word, entry) of each phrase, none within another."""
        anchored = self.anchors.intersection(sentence.words)
        found = self._found(sentence.words, anchored) if anchored else []
        if not found:
            return
        free = 0
        for first, end, entry in sorted(found, key=lambda one: (one[0], -one[1])):
            if first >= free:  # Of two that begin together the longer one is meant.
                yield first, end, entry
                free = end

    def in_words(self, words: list[str]) -> bool:
        """Whether any phrase stands in these words."""
        return bool(self._found(words, self.anchors.intersection(words)))

    def _found(self, words: list[str], anchored: Set[str]) -> list[tuple[int, int, Entry]]:
        found = []
        for word in anchored:
            at = -1
            for _ in range(words.count(word)):
                at = words.index(word, at + 1)
                for anchor, phrase, entry in self._anchors[word]:
                    first = at - anchor
                    end = first + len(phrase)
                    if len(phrase) == 1 or (first >= 0 and words[first:end] == phrase):
                        found.append((first, end, entry))
        return found
