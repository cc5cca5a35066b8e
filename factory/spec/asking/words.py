"""Words that carry little, and words that turn an answer round; stems make forms of one alike."""

from __future__ import annotations

from factory.spec.language.endings import without_ending


def stem(word: str) -> str:
    """The word without the ending of its form, roughly; what is not all letters stays."""
    if not word.isalpha():
        return word
    word = without_ending(word)
    return word.removesuffix("e") if len(word) > 3 else word


def _stems(text: str) -> frozenset[str]:
    return frozenset(stem(word) for word in text.split())


EMPTY = _stems(
    "a an the is are be been was of to in on for with and or its it that this these then as at by "
    "from when if will must shall has have had there which any each status http code response "
    "respond reply answer return give get value exactly user client request show see"
)
NEGATIONS = frozenset(("not", "no", "never", "without", "nothing", "none", "cannot", "neither"))
_PAIRS = """
    inclusive/exclusive included/excluded yes/no true/false before/after ascending/descending
    accepted/rejected allowed/refused allowed/forbidden first/last oldest/newest oldest/latest
    more/less minimum/maximum above/below always/never success/failure enabled/disabled
"""
OPPOSITES = tuple(
    (stem(left), stem(right)) for left, right in (pair.split("/") for pair in _PAIRS.split())
)


def opposed(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether one of the answers holds a word (as a stem), and the other only its opposite."""
    return any(
        here in one and there in other and there not in one and here not in other
        for left, right in OPPOSITES
        for here, there in ((left, right), (right, left))
    )
