"""Take from a spec what others are compared with."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from factory.requirement_id import PATTERN
from factory.spec.binding import applies_to, texts
from factory.spec.claimed import FEWEST_IN_A_GIST, claimed
from factory.spec.document import SpecDocument
from factory.spec.facts import AREA, Facts, Wanted
from factory.spec.language.subjects import content
from factory.spec.silence import silences_between
from factory.spec.spoken import Spoken

_ROUTE = re.compile(r"`((?:GET|POST|PUT|PATCH|DELETE) [^`\s]{1,200})")
_COMMAND = re.compile(r"`([a-z][a-z0-9-]{1,30} [a-z][a-z0-9-]{1,30})(?= [A-Z<\[-])[^`]{0,300}`")
_CONTROL = re.compile(
    r"\b(button|page|screen|menu|tab|dialog|form) (?:“([^”]{1,60})”|\"([^\"]{1,60})\")",
    re.IGNORECASE,
)
# `In place of R2 of `invoice-list``: what another spec says is changed.
_INSTEAD = re.compile(
    r"\b(?:in (?:the )?place of|instead of|replac\w{1,4}|chang\w{1,4}|overrid\w{1,4}|"
    r"supersed\w{1,4}|amend\w{0,3}|extend\w{0,3}|lifts?|drops?|removes?|relaxes)\s"
    r"(?:the )?(?:rule |requirement )?"
    rf"({PATTERN}) of `([a-z][a-z0-9-]{{1,62}})`"
    rf"|\b({PATTERN}) of `([a-z][a-z0-9-]{{1,62}})` (?:no longer|falls away|"
    r"becomes|is (?:replaced|changed|lifted|dropped|void))",
    re.IGNORECASE,
)

_MARKS = {True: ("labels",), False: ("applies-to", "labels")}


def facts_of(document: SpecDocument, said: Sequence[Spoken]) -> Facts:
    """What others are to be compared with; `said` are the sentences of the document."""
    meta = document.meta
    products, labels = applies_to(meta)
    return Facts(
        path=document.path,
        id=document.id,
        id_place=document.front.place(("id",)),
        kind=document.kind,
        status=str(meta.get("status", "")),
        product=str(meta.get("product", "")),
        labels=texts(meta.get("labels")),
        applies_to=(products, labels or ()),
        marks=tuple(Wanted(*one) for one in document.listed(*_MARKS[document.kind == "feature"])),
        depends_on=tuple(Wanted(*one) for one in document.listed("depends-on")),
        claims=tuple(claimed(said)),
        touches=tuple(_touches(document, said)),
        silences=tuple(silences_between(document)),
    )


def _touches(document: SpecDocument, said: Sequence[Spoken]) -> Iterator[tuple[str, int]]:
    seen = set()
    places = [(item.text, item.line) for one, item in document.numbered if one.id[0] == "R"]
    section = document.section("Inputs")
    places += [(block.text, block.line) for block in section.blocks] if section else []
    for text, line in places:
        for name in _interfaces(text):
            if name not in seen:
                seen.add(name)
                yield name, line
    gists: dict[int, set[str]] = {}
    for one in said:
        if one.requirement.startswith("R"):
            words = gists.setdefault(one.block.line, set())
            words |= content(one.sentence, 0, len(one.sentence))
            words.update(word for word in one.sentence.words if word[0].isdigit())
    for line, words in gists.items():
        if len(words) >= FEWEST_IN_A_GIST:
            yield " ".join(sorted(words)), line
    area = document.meta.get("area")
    if isinstance(area, str):
        yield f"{AREA}{area}", document.front.place(("area",))[0]


def _interfaces(text: str) -> Iterator[str]:
    """What somebody outside uses, by its name, a route, a command, a button; what is replaced."""
    if "`" in text:
        for found in _INSTEAD.finditer(text) if " of `" in text else ():
            yield f"{found[1] or found[3]} of {found[2] or found[4]}"
        yield from (found[1] for found in _ROUTE.finditer(text))
        yield from (found[1] for found in _COMMAND.finditer(text))
    if "“" in text or '"' in text:
        for found in _CONTROL.finditer(text):
            yield f"{found[1].lower()} {found[2] or found[3]}"
