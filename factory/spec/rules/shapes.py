"""Answers whose shape shows that they tell nothing, whatever their words.

Of what good authors write each has a name, a literal, a number or a list at these places.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from factory.spec.document import SpecDocument
from factory.spec.language.clauses import ARTICLES, BE, RELATIVE
from factory.spec.language.late import late
from factory.spec.language.prose import LITERAL, sentences
from factory.spec.language.verbs import VERBS
from factory.spec.language.word_list import word_set
from factory.spec.markdown import Section
from factory.spec.rules.hollow import hollow_in

_ANY_PARTS = word_set(
    """
    part parts component components module modules layer layers piece pieces program programs
    another flow
    """
)
_LONGEST = 5_000  # Characters of a passage: what stands behind them names parts, too.


def tells_nothing(document: SpecDocument, section: Section) -> bool:
    """Whether the shape of a section's text shows that it does not answer its question."""
    if any(block.kind in ("row", "code") for block in section.blocks):
        return False
    if section.name == "Outputs":
        return _tells_no_form(section)
    if section.name == "Who":
        return _names_anybody(section)
    return section.name in ("Seams", "Data flow") and _names_no_part(document, section)


def _tells_no_form(section: Section) -> bool:
    """`The result, in the form that its reader expects`: one sentence, and nothing exact in it."""
    blocks = [block for block in section.blocks if block.kind != "heading"]
    if len(blocks) != 1:
        return False
    said = list(islice(sentences(blocks[0].text[:_LONGEST]), 2))
    if len(said) != 1 or len(said[0]) < _FEWEST:
        return False
    words = said[0].words
    exact = said[0].has_digits or LITERAL in words or not _FORMS.isdisjoint(words)
    return not exact and words.count(",") < _FEWEST_COMMAS


# Words: `All seats of the hall, free ones in green.` is short, and says what comes out.
_FEWEST = 14
_FEWEST_COMMAS = 3  # With so many it lists what there is.
_FORMS = word_set(
    """
    : ( list lists table tables row rows line lines column columns page pages pdf csv picture photo
    bar map chart letter mail e-mail ticket receipt label card sound lamp colour bytes decimals
    name names number date day hour time sum price order
    """
)


def _names_anybody(section: Section) -> bool:
    """`Those who deal with the vents, in whatever way`: whoever uses it, and nothing of them."""
    said = [block.text for block in section.blocks if block.kind != "heading"]
    return (
        len(said) == 1
        and len(said[0]) < _LONGEST_ANYBODY
        and (_ANYBODY.fullmatch(said[0]) is not None)
    )


_LONGEST_ANYBODY = 200
_ANYBODY = late(
    r"""
    \W*(?:the\ )?(?:persons|people|those|parties)\ whom\ (?:it|this)\ concerns\b[^`"\d]*
    | \W*(?:(?:all|mostly|basically|mainly)\ )*
    (?:those|everyone|everybody|anyone|anybody|whoever|people|persons|parties|the\ people)\ 
    (?:(?:who|for\ whom|to\ whom|whom|with|that)\ )?
    (?:
      (?:has|have)\ (?:(?:something|anything|a\ lot|much)\ )?to\ do\ with
    | (?:has|have)\ (?:a|any|the|some)\ (?:need|use|interest)|(?:a|an)\ interest
    | (?:deals?\ with|comes?\ across|needs?\ (?:it|this|to)|finds?\ (?:it|this|use))
    | (?:is|are)\ (?:involved|concerned|affected|interested)(?:\ (?:in|with|by))?
    | (?:it|this)\ (?:may|might|can|could)(?:\ come\ in)?|the\ \w{1,20}\ is\ (?:there|meant|for)
    )
    (?:\ (?!(?:at|in|on|from|by|through|via|and|or)\b)[\w'-]{1,30}){0,6}
    (?:,?\ (?:at\ present|at\ the\ time|in\ any\ of|as\ far\ as|each\ (?:in|for)|when|whenever|
       (?:in\ )?one\ way\ or|
       in\ (?:whatever|some|the|their|a)\ (?:\w{1,20}\ )?(?:ways?|situations?|cases?|roles?)).*)?
    \W*
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)


def _names_no_part(document: SpecDocument, section: Section) -> bool:
    """Whether it speaks of parts, and holds neither a name of one of the Components, nor a literal
    or a number.

    `The parts work together through clear interfaces` is true of any architecture.
    """
    said: set[str] = set()
    for block in section.blocks:
        for passage in block.passages if block.kind != "heading" else ():
            for sentence in sentences(passage.raw[:_LONGEST]):
                if sentence.has_digits or LITERAL in sentence.words:
                    return False
                said.update(sentence.words)
    own = said - _ANY_PARTS - hollow_in(section.name)
    return not said.isdisjoint(_ANY_PARTS) and own.isdisjoint(_names(document))


def _names(document: SpecDocument) -> Iterator[str]:
    """The words of each component's name: what is said of it begins with that."""
    components = document.section("Components")
    for block in components.blocks if components else ():
        for first in islice(sentences(block.text[:_LONGEST]), 1):
            for at, word in enumerate(first.words):
                if word in _BEHIND_NAMES or not (word[0].isalpha() or word == LITERAL):
                    break
                if word not in ARTICLES:
                    yield first.literal(at).lower() if word == LITERAL else word


_BEHIND_NAMES = VERBS | BE | RELATIVE


def forbids_nothing(text: str) -> bool:
    """Whether an item of Never tells what is done, and of nothing that it is not."""
    return _ABSOLUTE.search(text[:_LONGEST]) is None


_ABSOLUTE = late(
    r"\b(?:never|no|not|nothing|nobody|none|neither|nor|without|cannot|can't|doesn't|don't|isn't|only|"
    r"nowhere|zero|always|every|each|all|stays?|exactly)\b",
    re.IGNORECASE,
)
