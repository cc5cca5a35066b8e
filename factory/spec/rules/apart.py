"""A second clause that has nothing to do with the first: behind a semicolon, or `, and`."""

from __future__ import annotations

from factory.spec.language.clauses import RELATIVE
from factory.spec.language.measures import is_plural
from factory.spec.language.prose import LITERAL, Sentence
from factory.spec.language.subjects import content
from factory.spec.language.verbs import DOING
from factory.spec.language.word_list import word_set
from factory.spec.rules.acting import ANY, MOVES, PLURAL_ACTS, STARTING, acts
from factory.spec.spoken import Spoken


def goes_on(before: Spoken, one: Spoken) -> bool:
    """Whether a clause behind a semicolon orders what comes next: `; the page then asks …`."""
    words, earlier = one.sentence.words, before.sentence.words
    if earlier[-1] != ";":
        return False
    both = (before.sentence, len(earlier)), (one.sentence, 0)
    if not one.requirement.startswith("C") and is_another_matter(*both):
        return True
    if words[0] not in STARTING:
        return False
    # `A player who arrives late loses the game`: behind the relative clause.
    first = 5 if words[2:3] and words[2] in RELATIVE else 1
    orders = acts(words[first : first + 9], _CONTESTED)
    return orders and not {"then", "also"}.isdisjoint(words[:8])


_CONTESTED = DOING | {"loses", "wins"}
_TAKING_UP = word_set(
    """
    it its they their them this that these those then so there no not nothing nobody never other
    others both each another same next second further later instead else only one ones alone
    """
)


def is_another_matter(before: tuple[Sentence, int], behind: tuple[Sentence, int]) -> bool:
    """Whether a clause has a subject and an act of its own and takes up nothing said before.

    Args:
        before: a sentence, and where in it the earlier clause ends.
        behind: the same sentence or the next, and where in it the clause begins.
    """
    (earlier, end), (sentence, first) = before, behind
    words = sentence.words[first:]
    own = words[:1] and (words[0] in STARTING or (is_plural(words[0]) and words[0] not in ANY))
    if not own or not _TAKING_UP.isdisjoint(words) or not _STATING.isdisjoint(words):
        return False
    if sentence is earlier and not _NOBODY.isdisjoint(earlier.words[:end]):
        return False
    verb = next((at for at in range(2, min(len(words), 12)) if _is_act(words, at)), None)
    if verb is None or words[verb + 1 : verb + 2] == [LITERAL]:
        return False  # `The fifth gets "Full"`: an answer to what was before.
    told = content(earlier, 0, end)
    return bool(told) and told.isdisjoint(content(sentence, first, len(sentence)))


def _is_act(words: list[str], at: int) -> bool:
    """Whether a word is a verb of doing: one that is known, or as `mutes the` in `the host mutes
    the music`."""
    if words[at] in _OWN_ACTS:
        return True
    return words[at].endswith("s") and words[at + 1 : at + 2] in (["the"], ["a"], ["an"], ["each"])


_NOBODY = frozenset(("nobody", "nothing", "no", "none"))
_OWN_ACTS = (PLURAL_ACTS | MOVES | word_set("may can cannot appear move")) - {"tells"}
# What comes of the clause before, or how it is meant.
_STATING = word_set(
    """
    shows show reads read says say bears bear stays stay counts includes has have applies apply is
    are was were stands stand names holds
    """
)
