"""Phrases to look for, found in one pass over a sentence's words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Generic, TypeVar

from factory.spec.language.prose import Sentence
from factory.spec.language.word_list import word_set

Entry = TypeVar("Entry")

# What stands in every other sentence of a spec.
_COMMON = word_set(
    """
    a after again all an and as at be before by calls characters date due every first for form from
    given have holds hours if in is it jobs keeps level likes maps message more most name no not
    number of on or order page part right row rows sees sets state such takes that the them then
    they time times to walks what when while whole with without
    """
)


class Lexicon(Generic[Entry]):
    """A dictionary of phrases of one or more words, each with what is known of it.

    A phrase is looked up by the longest of its words that are not common: `in a timely manner` by
    `manner`, since most sentences have an `in` and an `a`.
    """

    def __init__(self, entries: Mapping[str, Entry]) -> None:
        self._anchors: dict[str, list[tuple[int, tuple[str, ...], Entry]]] = defaultdict(list)
        for phrase, entry in entries.items():
            words = tuple(phrase.replace("/", " / ").split())
            anchor = max(
                range(len(words)), key=lambda at: (words[at] not in _COMMON, len(words[at]), at)
            )
            self._anchors[words[anchor]].append((anchor, words, entry))
        self._known = self._anchors.keys()

    @property
    def anchors(self) -> frozenset[str]:
        """The words by which the phrases are looked up: a sentence without any holds none."""
        return frozenset(self._known)

    def find(self, sentence: Sentence) -> Iterator[tuple[int, int, Entry]]:
        """(first word, one past the last word, entry) of each phrase, none within another."""
        if self._known.isdisjoint(sentence.words):
            return
        free = 0
        for first, end, entry in sorted(
            self._found(sentence.words), key=lambda one: (one[0], -one[1])
        ):
            if first >= free:  # Of two that begin together the longer one is meant.
                yield first, end, entry
                free = end

    def in_words(self, words: list[str]) -> bool:
        """Whether any phrase stands in these words."""
        return not self._known.isdisjoint(words) and any(True for _ in self._found(words))

    def _found(self, words: list[str]) -> Iterator[tuple[int, int, Entry]]:
        for at, word in enumerate(words):
            if word in self._known:
                for anchor, phrase, entry in self._anchors[word]:
                    first = at - anchor
                    end = first + len(phrase)
                    if len(phrase) == 1 or (first >= 0 and tuple(words[first:end]) == phrase):
                        yield first, end, entry
