"""Phrases to look for, found in one pass over a sentence's words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Generic, TypeVar

from factory.spec.language.prose import Sentence

Entry = TypeVar("Entry")


class Lexicon(Generic[Entry]):
    """A dictionary of phrases of one or more words, each with what is known of it."""

    def __init__(self, entries: Mapping[str, Entry]) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], Entry]]] = defaultdict(list)
        for phrase, entry in entries.items():
            words = tuple(phrase.split())
            self._by_first[words[0]].append((words, entry))
        for found in self._by_first.values():
            found.sort(key=lambda one: -len(one[0]))  # The longest phrase is the one meant.

    def find(self, sentence: Sentence) -> Iterator[tuple[int, int, Entry]]:
        """(first word, one past the last word, entry) of each phrase, none within another."""
        words, free = sentence.words, 0
        if self._by_first.keys().isdisjoint(words):
            return
        for at, word in enumerate(words):
            if at < free or word not in self._by_first:
                continue
            for phrase, entry in self._by_first[word]:
                end = at + len(phrase)
                if len(phrase) == 1 or tuple(words[at:end]) == phrase:
                    yield at, end, entry
                    free = end
                    break
