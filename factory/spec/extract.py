"""Take from a spec what others are compared with."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from factory.requirement_id import PATTERN
from factory.spec.claimed import FEWEST_IN_A_GIST, claimed
from factory.spec.document import SpecDocument
from factory.spec.facts import AREA, Facts, Silence, Wanted
from factory.spec.language.clauses import ARTICLES
from factory.spec.language.late import late
from factory.spec.language.prose import LITERAL, Sentence
from factory.spec.language.subjects import content
from factory.spec.language.verbs import VERBS
from factory.spec.language.word_list import word_set
from factory.spec.reach import reach_of, texts
from factory.spec.spoken import Spoken

_ROUTE = late(r"`((?:GET|POST|PUT|PATCH|DELETE) [^`\s]{1,200})")
_COMMAND = late(r"`([a-z][a-z0-9-]{1,30} [a-z][a-z0-9-]{1,30})(?= [A-Z<\[-])[^`]{0,300}`")
_CONTROL = late(
    r"\b(button|page|screen|menu|tab|dialog|form) (?:“([^”]{1,60})”|\"([^\"]{1,60})\")",
    re.IGNORECASE,
)
# `linesift count`, of the product `linesift`.
_OWN_COMMAND = late(r"`([a-z][a-z0-9-]{0,62}) ([a-z][a-z-]{1,30})`")
# `/mute` and `/zk mute`, as a chat takes them, not a path: `/orders`.
_SLASH = late(r"`(/[a-z]{1,20} [a-z][a-z-]{1,30})")
# `In place of R2 of `invoice-list``: what another spec says is changed.
_INSTEAD = late(
    r"\b(?:(?:in (?:the )?place|instead) of(?: what)?|replac\w{1,4}|chang\w{1,4}|"
    r"overrid\w{1,4}|"
    r"supersed\w{1,4}|amend\w{0,3}|extend\w{0,3}|lifts?|drops?|removes?|relaxes)\s"
    r"(?:the )?(?:rule |requirement )?"
    rf"({PATTERN}) of `([a-z][a-z0-9-]{{1,62}})`"
    rf"|\b({PATTERN}) of `([a-z][a-z0-9-]{{1,62}})` (?:no longer|falls away|"
    r"becomes|is (?:replaced|changed|lifted|dropped|void))",
    re.IGNORECASE,
)

_MARKS = {True: ("labels",), False: ("applies-to", "labels")}


def facts_of(document: SpecDocument, said: Sequence[Spoken], silences: Iterable[Silence]) -> Facts:
    """What others are to be compared with.

    Args:
        document: the spec.
        said: its sentences.
        silences: its comments that allow what is found between specs.
    """
    meta = document.meta
    return Facts(
        path=document.path,
        id=document.id,
        id_place=document.front.place(("id",)),
        kind=document.kind,
        status=str(meta.get("status", "")),
        product=str(meta.get("product", "")),
        labels=texts(meta.get("labels")),
        reach=reach_of(meta),
        marks=tuple(Wanted(*one) for one in document.listed(*_MARKS[document.kind == "feature"])),
        depends_on=tuple(Wanted(*one) for one in document.listed("depends-on")),
        claims=tuple(claimed(said)),
        touches=tuple(_touches(document, said)),
        silences=tuple(silences),
    )


def _touches(document: SpecDocument, said: Sequence[Spoken]) -> Iterator[tuple[str, int]]:
    seen = set()
    places = [(one.text, one.line) for one in document.requirements() if one.id[0] == "R"]
    section = document.section("Inputs")
    places += [(block.text, block.line) for block in section.blocks] if section else []
    section = document.section("What")
    for block in section.blocks if section else ():
        for name in _replaced(block.text):
            seen.add(name)
            yield name, block.line
    product = f"`{document.meta.get('product')} "
    for text, line in places:
        own = _OWN_COMMAND.findall(text) if product in text else ()
        for name in (*_interfaces(text), *(f"{one} {two}" for one, two in own)):
            if name not in seen:
                seen.add(name)
                yield name, line
    gists: dict[int, set[str]] = {}
    for one in said:
        if one.requirement.startswith("R"):
            for named in filter(None, (_subject(one.sentence), _said_of(one.sentence))):
                if named not in seen:
                    seen.add(named)
                    yield named, one.block.line
            words = gists.setdefault(one.block.line, set())
            words |= content(one.sentence, 0, len(one.sentence))
            if one.sentence.has_digits:
                words.update(word for word in one.sentence.words if word[0].isdigit())
    for line, words in gists.items():
        if len(words) >= FEWEST_IN_A_GIST:
            yield " ".join(sorted(words)), line
    area = document.meta.get("area")
    if isinstance(area, str):
        yield f"{AREA}{area}", document.front.place(("area",))[0]


def _subject(sentence: Sentence) -> str:
    """`the overdue letter`, of which a requirement says something; "" for a single noun."""
    words = sentence.words
    if len(words) < _FEWEST_OF_A_SUBJECT or words[0] not in ARTICLES or words[3] not in _SAYING:
        return ""
    one, two = words[1:3]
    named = one.isalpha() and two.isalpha() and one not in _SAYING and two not in _NO_NOUN
    return f"the {one} {two}" if named else ""


def _said_of(sentence: Sentence) -> str:
    """`the line below the total line is …`: two that say what it is may both be right alone."""
    words = sentence.words
    at = words.index("is") if "is" in words else 0
    told = (
        at >= _FEWEST_BEFORE_IS and words[0] in ARTICLES and {",", LITERAL}.isdisjoint(words[:at])
    )
    if not told or len(content(sentence, 0, at)) < _FEWEST_OF_CONTENT:
        return ""
    return f"{' '.join(words[:at])} is"


_FEWEST_BEFORE_IS = 5
_FEWEST_OF_CONTENT = 3
_FEWEST_OF_A_SUBJECT = 5
_SAYING = VERBS | word_set("is are has have names shows of goes costs takes lists")
# Many a spec says something of these, each something else.
_NO_NOUN = _SAYING | word_set(
    "page screen app application service system server site program tool command view"
)


def _replaced(text: str) -> Iterator[str]:
    """`R2 of quote-fare`, which this spec says it changes."""
    for found in _INSTEAD.finditer(text) if " of `" in text else ():
        yield f"{found[1] or found[3]} of {found[2] or found[4]}"


def _interfaces(text: str) -> Iterator[str]:
    """What somebody outside uses, by its name, a route, a command, a button; what is replaced."""
    if "`" in text:
        yield from _replaced(text)
        yield from (found[1] for found in _ROUTE.finditer(text))
        yield from (found[1] for found in _COMMAND.finditer(text))
        yield from (found[1] for found in _SLASH.finditer(text))
    if "“" in text or '"' in text:
        for found in _CONTROL.finditer(text):
            yield f"{found[1].lower()} {found[2] or found[3]}"
