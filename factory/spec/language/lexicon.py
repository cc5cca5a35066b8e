"""Phrases to look for, found in one pass over a sentence's words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence, Set
from typing import Generic, TypeVar

from factory.spec.language.prose import Sentence
from factory.spec.language.word_list import word_row

Entry = TypeVar("Entry")

# What stands in one spec of ten, whatever that is about: first what stands in most sentences.
_EVERYDAY = word_row(
    """
    . the , a of when and then given with is it that in : an one for to at on has no code or
    gets each status its file invalid exit line within after from seconds as output answers
    shows two without not most number same page first second ; valid are error runs list sends
    answer day service never before time command than by tester which them minutes key every
    ends last empty lines message order reads per other all name more text asks days bytes
    another who opens both request ms body whose out there form characters run files does prints
    over holds folder have client three nothing hours their up new takes they address mib row
    whole any date header calls this writes digits lists open customer account server names end
    times person next once operator counts json network only above token starts later leaves
    requests program object again if none field says where app outside checks keeps log arrive
    bounds she comes start what least input rows gives under ) ( between reviewer screen minute
    month below byte core into hour place value presses such table back arrives path part read
    own deletes user member searches changes messages memory appears absent goes knows was
    stands card wrong twice call disk equal makes left data machine old event while reports
    through those eur - exactly these free change connection gib sees due hold alone letters
    today e-mail cores right four stays returns so standard sum mail keys begins get may adds
    test process utc kib still compares system state moment exist count uses clock until come
    people browser terminal ago off but can numbers puts button accepts neither amount unknown
    receives build attempt passed nobody week product orders signed version entries take pages
    fields http measures size codes else full reason stops year looks five letter longer values
    feature show write id running ended sent sets refuses included texts missing hands points
    third less stand use our case go somebody different point how down set local finds send
    earlier nor about result be already customers space during lies cannot had programs further
    contains complete arguments carries several together turns night closed since reaches half
    waits long restart jobs closes do inside way agents fewer others itself places used members
    needs need many attempts level too follows working against been must begin unless results
    were accounts add ids dates cases language because span late errors cards users high warning
    look make yet issues low much some short ways few will close walks early along very maps
    response although though onto likes
    """
)
_FREQUENCY = {word: len(_EVERYDAY) - at for at, word in enumerate(_EVERYDAY)}


def is_everyday(word: str) -> bool:
    """Whether a word stands in one spec of ten, whatever that is about."""
    return word in _FREQUENCY


def _rarest(words: list[str]) -> int:
    """The place of the rarest word; of those that are no everyday ones the last of the longest."""
    return max(
        range(len(words)), key=lambda at: (-_FREQUENCY.get(words[at], 0), len(words[at]), at)
    )


class Lexicon(Generic[Entry]):
    """A dictionary of phrases of one or more words, each with what is known of it.

    A phrase is looked up by its rarest word: `in a timely manner` by
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

    def find(self, sentence: Sentence) -> Sequence[tuple[int, int, Entry]]:
        """(first word, one past the last word, entry) of each phrase, none within another."""
        anchored = self.anchors.intersection(sentence.words)
        found = self._found(sentence.words, anchored) if anchored else ()
        if len(found) < 2:
            return found
        apart: list[tuple[int, int, Entry]] = []
        for one in sorted(found, key=lambda one: (one[0], -one[1])):
            if not apart or one[0] >= apart[-1][1]:
                apart.append(one)  # Of two that begin together the longer one is meant.
        return apart

    def in_words(self, words: list[str]) -> bool:
        """Whether any phrase stands in these words."""
        return bool(self._found(words, self.anchors.intersection(words)))

    def _found(self, words: list[str], anchored: Set[str]) -> Sequence[tuple[int, int, Entry]]:
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
