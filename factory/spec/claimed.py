"""What a spec claims of amounts and moments, each with where: compared with what others claim."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from factory.spec.facts import LONGEST_WORDS, Told
from factory.spec.language.calendar import DAYS, MOMENT, minutes
from factory.spec.language.claims import Claim, cases, claims, hours, limits, ranges
from factory.spec.language.clauses import ARTICLES, WHICH_CASE
from factory.spec.language.measures import measures
from factory.spec.language.prose import LITERAL, sentences
from factory.spec.language.subjects import content
from factory.spec.spoken import Spoken

# Two requirements of fewer words may well say different things.
FEWEST_IN_A_GIST = 4
_FEWEST_OF_A_SIZE = 2
_LONGEST_BEGINNING = 400  # Of a passage, which may hold thousands of claims.


def claimed(said: Iterable[Spoken]) -> Iterator[Told]:
    """Every claim of these sentences, but for those of examples."""
    subjects: dict[tuple[str, str], set[tuple[str, ...]]] = {}
    for one in said:
        # Evaluation holds examples around a bound, not bounds.
        if not one.binding or one.section.name == "Evaluation":
            continue
        if one.block.kind == "row" and not one.requirement:
            continue
        found = measures(one.sentence)
        dated = list(_dated(one)) if one.section.name in ("Rules", "Constraints") else []
        if not (found or dated or LITERAL in one.sentence.words):
            continue
        example = one.section.name == "Edge cases"
        told = list(_said(one)) if found else []
        if LITERAL in one.sentence.words and one.requirement:
            told += _shown(one)
        if not told and one.requirement:
            told = dated or (list(_framed(one)) if one.requirement[0] == "R" else [])
        for claim, offset in told:
            if example and claim.bound in _IN_EXAMPLES:
                continue
            if claim.bound == "status" and not one.requirement and not one.sentence.begins:
                continue  # `Invalid: no file. The job ends with exit code 3.`: in which case?
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
                " ".join(one.passage.raw[:_LONGEST_BEGINNING].split())[:LONGEST_WORDS],
            )  # fmt: skip


def _said(one: Spoken) -> Iterator[tuple[Claim, int]]:
    """Each claim of a sentence, with its place in the passage."""
    of_inputs = ranges(one.sentence) if one.section.name == "Inputs" else ()
    for claim in (*claims(one.sentence), *cases(one.sentence), *of_inputs):
        yield claim, one.sentence.offset(claim.at)


def _framed(one: Spoken) -> Iterator[tuple[Claim, int]]:
    """The one number of a sentence without a bound: with the same words around another number,
    another requirement contradicts it."""
    words = one.sentence.words
    found = measures(one.sentence)
    if len(found) != 1:
        return
    number = found[0]
    begins = words.index(",") + 1 if "," in words[: number.at] else 0  # `After payment, a driver …`
    if words[begins] not in ARTICLES:
        return
    sized = words[max(0, number.at - 2) : number.at - 1] in _SIZES
    told = content(one.sentence, 0, len(words))
    if len(told) < (_FEWEST_OF_A_SIZE if sized else FEWEST_IN_A_GIST):
        return
    adjunct = words[number.at - 1] in _OF_THE_SUBJECT and not sized
    if not number.dimension or adjunct or _CASES & set(words):
        return
    behind = words[number.end :]
    if behind[-3:] == ["or", "not", "."] and "," in behind:
        behind = [*behind[: behind.index(",")], "."]  # `A membership, frozen or not.`
    frame = (*words[: number.at], *behind)
    yield (
        Claim("exactly", frame, frozenset(), number.dimension, number.value, number.at),
        one.sentence.offset(number.at),
    )


def _dated(one: Spoken) -> Iterator[tuple[Claim, int]]:
    """The one day of the week of a sentence, with its time, or else its hours of the day.

    Another spec that says the same words of another moment contradicts it. Within a spec that is a
    timetable.
    """
    words = one.sentence.words
    if _OF_TIME.isdisjoint(words) or not _CASES.isdisjoint(words):
        return
    if _WEEK.keys().isdisjoint(words):
        yield from ((claim, one.sentence.offset(claim.at)) for claim in hours(one.sentence))
        return
    days = [at for at, word in enumerate(words) if word in _WEEK]
    clocks = [found for word in words if (found := minutes(word)) is not None]
    about = content(one.sentence, 0, len(words)) - _WEEK.keys()
    if len(days) != 1 or len(clocks) > 1 or len(about) < _FEWEST_OF_A_SIZE:
        return
    moment = _WEEK[words[days[0]]] * 24 * 60 + sum(clocks)
    frame = tuple(word for word in words if word not in _WEEK and minutes(word) is None)
    claim = Claim("exactly", frame, frozenset(), MOMENT, float(moment), days[0])
    yield claim, one.sentence.offset(days[0])


_WEEK = {f"{day}{end}": number for number, day in enumerate(DAYS) for end in ("", "s")}
_OF_TIME = _WEEK.keys() | {"between", "from"}
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


_BOUNDS_IN_MESSAGES = ("most ", "least ", "more than ", "limit", "maximum", "used up")


# `E1: A parcel of exactly 5 kg is small`: which case is meant.
_IN_EXAMPLES = ("exactly", "over", "under", "status")
