"""`undefined-term`: two words that stand for something nobody explains, such as `relict stand`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from factory.spec.finding import Finding
from factory.spec.language.clauses import ARTICLES
from factory.spec.language.lexicon import is_everyday
from factory.spec.language.measures import NOT_A_UNIT, NUMBER_WORDS, singular
from factory.spec.language.subjects import meaning
from factory.spec.language.verbs import VERBS
from factory.spec.language.word_list import word_set
from factory.spec.rules.about import title_and
from factory.spec.rules.terms import undefined
from factory.spec.spoken import Spoken
from factory.spec.surroundings import Surroundings

_BEFORE = ARTICLES | {"of"}
_TELLING = frozenset(("means", "mean", ":", "–", "—", "("))
_WHAT = frozenset(("a", "an", "the", "one", "any", "what", "those", "each", "every", "whatever"))
_SHORTEST_FIRST, _SHORTEST = 5, 4
# These only say which one.
_WHICH = word_set(
    """
    further single whole entire empty missing valid invalid current previous present former original
    actual total final upper lower outer inner front double triple extra spare own other another
    second third fourth fifth common usual normal regular absent failed wrong exact correct equal
    equivalent identical printed written typed chosen given named sealed locked closed opened white
    black green yellow orange brown purple decimal binary random absolute relative public private
    local remote global digital mobile plain square round straight double-click
    """
)


def coined(said: Sequence[Spoken], around: Surroundings) -> Iterator[Finding]:
    """Pairs whose first word stands nowhere but in them, in a requirement and its example.

    Only where there is a glossary. What the spec explains, or is about, is no riddle.
    """
    if around.terms is None or not said:
        return
    known = {word for term in (*around.terms, *around.synonyms) for word in term.split()}
    sentences = [[singular(word) for word in one.sentence.words] for one in said]
    counts = Counter(word for words in sentences for word in words)
    pairs = Counter(pair for words in sentences for pair in pairwise(words))
    about = title_and(said[0].document, "What", "Who", "Inputs", "Outputs").lower()
    explained, told = frozenset(_explained(sentences)), set[tuple[str, str]]()
    for one, words in zip(said, sentences, strict=True):
        for at in range(1, len(words) - 1 if one.requirement else 0):
            pair = words[at], words[at + 1]
            alone = counts[pair[0]] == pairs[pair] > 1 and pair not in told
            if not alone or words[at - 1] not in _BEFORE or not _may_be_a_term(*pair):
                continue
            told.add(pair)
            if pair[0] in known or pair[0] in about or pair in explained:
                continue
            yield undefined(one, at, " ".join(pair))


def _may_be_a_term(first: str, noun: str) -> bool:
    if not (first.isalpha() and noun.isalpha()):
        return False
    if (
        len(first) < _SHORTEST_FIRST
        or len(noun) < _SHORTEST
        or first.endswith(("est", "ly", "ing"))
    ):
        return False
    if noun.endswith(("ed", "ing", "ly")) or first in VERBS or noun in VERBS or noun in NOT_A_UNIT:
        return False
    plain = first in _WHICH or first in NUMBER_WORDS or is_everyday(first)
    return not plain and meaning(first) != "" and meaning(noun) != ""


def _explained(sentences: Sequence[list[str]]) -> Iterator[tuple[str, str]]:
    """The pairs that a sentence begins by explaining: `A relict stand is one that …`."""
    for words in sentences:
        for at in range(min(2, len(words) - 3)):
            is_one = words[at + 2] in ("is", "are") and words[at + 3] in _WHAT
            if is_one or words[at + 2] in _TELLING:
                yield words[at], words[at + 1]
