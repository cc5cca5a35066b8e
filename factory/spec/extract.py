"""Take from a spec what others are compared with."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec

from factory.spec.binding import applies_to, texts
from factory.spec.document import SpecDocument
from factory.spec.facts import MOMENT, Facts, Told, Wanted
from factory.spec.language.claims import Claim, cases, claims, content, limits
from factory.spec.language.clauses import WHICH_CASE
from factory.spec.language.measures import measures
from factory.spec.language.prose import LITERAL, sentences
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
    r"([REC]\d{1,4}) of `([a-z][a-z0-9-]{1,62})`"
    r"|\b([REC]\d{1,4}) of `([a-z][a-z0-9-]{1,62})` (?:no longer|falls away|"
    r"becomes|is (?:replaced|changed|lifted|dropped|void))",
    re.IGNORECASE,
)
# Two requirements of fewer words may well say different things.
_FEWEST_IN_A_GIST = 4
_FEWEST_OF_A_SIZE = 2


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
        depends_on=tuple(
            Wanted(one, *document.front.place(("depends-on", index)))
            for index, one in enumerate(_list(meta.get("depends-on")))
            if isinstance(one, str)
        ),
        claims=tuple(_claims(said)),
        touches=tuple(_touches(document, said)),
        silences=tuple(silences_between(document)),
    )


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _claims(said: Iterable[Spoken]) -> Iterator[Told]:
    subjects: dict[tuple[str, str], set[tuple[str, ...]]] = {}
    for one in said:
        # Evaluation holds examples around a bound, not bounds.
        if not one.binding or one.section.name == "Evaluation":
            continue
        if one.block.kind == "row":
            continue
        found = measures(one.sentence)
        dated = [] if one.section.name != "Rules" else list(_dated(one))
        if not (found or dated or LITERAL in one.sentence.words):
            continue
        example = one.section.name == "Edge cases"
        told = list(_said(one)) if found else []
        if LITERAL in one.sentence.words and one.requirement:
            told += _shown(one)
        if not told and one.requirement.startswith("R"):
            told = dated or list(_framed(one))
        for claim, offset in told:
            if example and claim.bound in _IN_EXAMPLES:
                continue
            if claim.subject:
                subjects.setdefault((claim.bound, claim.dimension), set()).add(claim.subject)
            else:  # A message says the limit, and a rule of what.
                of_what = subjects.get((claim.bound, claim.dimension), set())
                if len(of_what) != 1:
                    continue
                claim = msgspec.structs.replace(claim, subject=next(iter(of_what)))
            line, column = one.document.place(one.passage, offset)
            yield Told(
                claim.bound, " ".join(claim.subject), tuple(sorted(claim.about)),
                claim.dimension, claim.value, line, column,
                " ".join(one.passage.raw.split())[:80],
            )  # fmt: skip


def _said(one: Spoken) -> Iterator[tuple[Claim, int]]:
    """Each claim of a sentence, with its place in the passage."""
    for claim in (*claims(one.sentence), *cases(one.sentence)):
        yield claim, _offset(one, claim.at)


def _framed(one: Spoken) -> Iterator[tuple[Claim, int]]:
    """The one number of a sentence without a bound: with the same words around another number,
    another requirement contradicts it."""
    words = one.sentence.words
    found = measures(one.sentence)
    if len(found) != 1 or words[0] not in _OPENS_A_FRAME:
        return
    number = found[0]
    sized = words[max(0, number.at - 2) : number.at - 1] in _SIZES
    told = content(one.sentence, 0, len(words))
    if len(told) < (_FEWEST_OF_A_SIZE if sized else _FEWEST_IN_A_GIST):
        return
    adjunct = words[number.at - 1] in _OF_THE_SUBJECT and not sized
    if not number.dimension or adjunct or _CASES & set(words):
        return
    frame = (*words[: number.at], *words[number.end :])
    yield (
        Claim("exactly", frame, frozenset(), number.dimension, number.value, number.at),
        _offset(one, number.at),
    )


def _dated(one: Spoken) -> Iterator[tuple[Claim, int]]:
    """The one day of the week of a sentence, with its time: another spec that says the same words
    of another moment contradicts it. Within a spec that is a timetable."""
    words = one.sentence.words
    days = [at for at, word in enumerate(words) if word in _WEEK]
    if len(days) != 1 or not _CASES.isdisjoint(words):
        return
    clocks = [at for at, word in enumerate(words) if _CLOCK.match(word)]
    frame = [word for at, word in enumerate(words) if at not in (*days, *clocks)]
    told = content(one.sentence, 0, len(words)) - _WEEK.keys()
    if len(clocks) > 1 or len(told) < _FEWEST_OF_A_SIZE:
        return
    hours, minutes = _CLOCK.match(words[clocks[0]]).groups() if clocks else (0, 0)  # type: ignore[union-attr]
    moment = _WEEK[words[days[0]]] * 1440 + int(hours) * 60 + int(minutes)
    claim = Claim("exactly", tuple(frame), frozenset(), MOMENT, float(moment), days[0])
    yield claim, _offset(one, days[0])


_CLOCK = re.compile(r"([0-2]?\d):([0-5]\d)\Z")
_WEEK = {
    f"{day}{end}": number
    for number, day in enumerate(
        ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    )
    for end in ("", "s")
}
_OPENS_A_FRAME = frozenset(("a", "an", "the", "each", "every"))
_OF_THE_SUBJECT = frozenset(("of", "with", "for", "at", "on", "than", "and", "or", "to"))
# `Has a width of 480 pixels`.
_SIZES = (["width"], ["height"], ["length"], ["depth"], ["weight"], ["size"], ["duration"],
          ["capacity"], ["resolution"], ["diameter"], ["deposit"], ["fee"], ["price"])  # fmt: skip
_CASES = WHICH_CASE | {LITERAL}


def _shown(one: Spoken) -> Iterator[tuple[Claim, int]]:
    """What a requirement's message claims to its reader: "A case takes at most 10 files."."""
    words, raw = one.sentence.words, one.passage.raw
    if not any(bound in raw for bound in _BOUNDS_IN_MESSAGES):
        return
    for at, word in enumerate(words):
        message = one.sentence.literal(at) if word == LITERAL else ""
        for told in sentences(message) if "{" not in message else ():
            for claim in (*claims(told), *limits(told)):
                yield claim, one.sentence.offset(at) + told.offset(claim.at) + 1


_BOUNDS_IN_MESSAGES = ("most ", "least ", "more than ", "limit", "maximum")


# `E1: A parcel of exactly 5 kg is small`: which case is meant.
_IN_EXAMPLES = ("exactly", "over", "under", "status")


def _offset(one: Spoken, at: int) -> int:
    """Where a number stands. On one line it is where its digits are found first: few ask."""
    raw = one.passage.raw
    return one.sentence.offset(at) if "\n" in raw else max(raw.find(one.sentence.words[at]), 0)


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
        if len(words) >= _FEWEST_IN_A_GIST:
            yield " ".join(sorted(words)), line


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
