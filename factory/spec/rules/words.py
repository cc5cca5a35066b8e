"""Words that two readers understand differently."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from factory.spec.catalogue import Severity
from factory.spec.finding import Finding
from factory.spec.language import vocabulary
from factory.spec.language.lexicon import Lexicon
from factory.spec.rules.degrees import ANY_DEGREE, guessed, unbounded
from factory.spec.rules.excused import Kind, is_excused
from factory.spec.rules.gradable import ANY_GRADE, ungraded
from factory.spec.rules.loopholes import ANY_LOOPHOLE, loopholes
from factory.spec.rules.manner import IMPRESSIONS, impressions, judging
from factory.spec.rules.names import is_name, is_the_matter, within_a_term
from factory.spec.spoken import Spoken
from factory.spec.surroundings import Surroundings

_MENDS = {
    "vague-word": "say what somebody would see, hear or measure",
    "weak-word": "write what must happen, or leave it out",
    "unmeasured": "give a number with its unit",
}


@cache
def _lexicon() -> Lexicon[Kind]:
    entries: dict[str, Kind] = dict.fromkeys(vocabulary.SIZE, "size")
    entries |= dict.fromkeys(vocabulary.SPEED, "speed")
    entries |= dict.fromkeys(vocabulary.FAST, "fast")
    entries |= dict.fromkeys(vocabulary.SPEED_IN_DOUBT, "speed in doubt")
    entries |= dict.fromkeys(vocabulary.VAGUE, "vague")
    entries |= dict.fromkeys(vocabulary.WEAK, "weak")
    return Lexicon(entries)


_RULES: Mapping[Kind, str] = {"vague": "vague-word", "fast": "vague-word", "weak": "weak-word"}
_BESIDE = ANY_DEGREE | ANY_LOOPHOLE | IMPRESSIONS


@cache
def _anything() -> frozenset[str]:
    """A sentence without any of these words is clear."""
    return _lexicon().anchors | _BESIDE


def unclear_words(said: Iterable[Spoken], around: Surroundings) -> Iterator[Finding]:
    """`vague-word`, `weak-word` and `unmeasured`: words without a measure or an obligation."""
    anything = _anything()
    title, passage, adverbs = "", "", False
    for one in said:
        words, told = one.sentence.words, False
        if one.passage.raw is not passage:  # Not for each of its thousand sentences.
            passage, adverbs = one.passage.raw, "ly" in one.passage.raw
        if not anything.isdisjoint(words):
            title = title or str(one.document.meta.get("title", "?")).lower()
            for clear in _in_sentence(one, around, title):
                told = True
                yield clear
        # One finding makes them look at the sentence.
        if not told and one.binding:
            bound = one.requirement or (one.section.name in _ALSO_BOUND and "too" in words)
            graded = bound and not ANY_GRADE.isdisjoint(words)
            found = next(_graded(one, around), None) if graded else None
            if found is None and adverbs:
                found = next(_adverbs(one, around), None)
            if found is not None:
                yield found


def _in_sentence(one: Spoken, around: Surroundings, title: str) -> Iterator[Finding]:
    """What the words themselves tell."""
    if one.binding and not _BESIDE.isdisjoint(one.sentence.words):
        yield from _beside_the_lexicon(one, around)
    for at, end, kind in _lexicon().find(one.sentence):
        if is_excused(one, at, end, kind, around, title):
            continue
        words = one.written(at, end).replace("\n", " ")
        phrase = " ".join(one.sentence.words[at:end])
        if not one.binding:
            if kind == "vague" and phrase in _plainly():
                yield _finding(one, at, "vague-word", words, "warning")
            continue
        besides = phrase in vocabulary.IN_DOUBT
        if besides and is_the_matter(phrase, one.document.text):
            continue
        doubt: Severity | None = "warning" if besides or kind == "speed in doubt" else None
        yield _finding(one, at, _RULES.get(kind, "unmeasured"), words, doubt)


def _graded(one: Spoken, around: Surroundings) -> Iterator[Finding]:
    """What only the building of a sentence tells: in doubt, since some of it is somebody's term."""
    for at, end in ungraded(one, around):
        yield _finding(one, at, "unmeasured", one.written(at, end).replace("\n", " "), "warning")


def _adverbs(one: Spoken, around: Surroundings) -> Iterator[Finding]:
    for at, end in judging(one, _lexicon().anchors):
        if not is_name(one.sentence, at) and not within_a_term(one.sentence.words, at, end, around):
            yield _finding(one, at, "vague-word", one.written(at, end), "warning")


def _beside_the_lexicon(one: Spoken, around: Surroundings) -> Iterator[Finding]:
    """What is found by more than its words."""
    for at, end in unbounded(one, around):
        # `Old files` may be those that the product calls so.
        doubt: Severity | None = "warning" if one.sentence.words[at] == "old" else None
        yield _finding(one, at, "unmeasured", one.written(at, end).replace("\n", " "), doubt)
    for at, end in (*guessed(one), *impressions(one.sentence.words)):
        yield _finding(one, at, "vague-word", one.written(at, end))
    for at, end in loopholes(one.sentence.words):
        yield _finding(one, at, "weak-word", one.written(at, end).replace("\n", " "))


@cache
def _plainly() -> frozenset[str]:
    return frozenset(one.replace("/", " / ") for one in vocabulary.PLAINLY_VAGUE)


def _finding(
    one: Spoken, at: int, rule: str, words: str, severity: Severity | None = None
) -> Finding:
    what = {
        "vague-word": "means something else to every reader",
        "weak-word": "obliges nobody",
        "unmeasured": "has no measure",
    }[rule]
    return one.finding(rule, at, f"{words!r} {what}", _MENDS[rule], severity or one.doubt)


_ALSO_BOUND = ("Inputs", "Never", "Targets")
