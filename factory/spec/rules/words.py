"""Words that two readers understand differently."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Literal

from factory.spec.catalogue import Severity
from factory.spec.finding import Finding
from factory.spec.language import vocabulary
from factory.spec.language.clauses import WHICH_CASE
from factory.spec.language.lexicon import Lexicon
from factory.spec.language.measures import is_plural, measures, number, singular
from factory.spec.language.prose import LITERAL
from factory.spec.language.word_list import phrases, word_set
from factory.spec.rules.degrees import ANY_DEGREE, guessed, unbounded
from factory.spec.rules.gradable import ANY_GRADE, ungraded
from factory.spec.rules.loopholes import ANY_LOOPHOLE, loopholes
from factory.spec.rules.manner import judging
from factory.spec.rules.names import is_called, is_measured, is_name, is_the_one, within_a_term
from factory.spec.spoken import Spoken
from factory.spec.surroundings import Surroundings

Kind = Literal["vague", "fast", "weak", "speed", "speed in doubt", "size"]

_MENDS = {
    "vague-word": "say what somebody would see, hear or measure",
    "weak-word": "write what must happen, or leave it out",
    "unmeasured": "give a number with its unit",
}
# `As it would be without that option`, `what they would cost`: nobody is obliged to anything.
_SUPPOSING = WHICH_CASE | frozenset(("as", "than", "what", "how", "whether", "without", "like"))
_NOT_VAGUE_BEFORE = {
    "secure": ("cookie", "flag", "attribute"),
    "relevant": ("to",),
    "significant": ("digit", "digits", "figure", "figures", "bit", "bits", "byte", "bytes"),
    "natural": ("number", "numbers", "person", "persons", "language", "gas", "stone", "sort"),
    "friendly": ("match", "matches", "game", "games"),
    "simple": ("majority", "interest", "past"),
    "effective": ("date", "dates", "from", "on"),
    "improper": ("fraction", "fractions"),
    "proper": ("name", "names", "noun", "nouns", "subset", "fraction", "motion"),
    "practical": ("part", "exam", "lesson", "test"),
    "sufficient": ("funds", "stock", "balance"),
    "important": ("flag", "label"),
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


@cache
def _anything() -> frozenset[str]:
    """A sentence without any of these words is clear."""
    return _lexicon().anchors | ANY_DEGREE | ANY_LOOPHOLE


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
    if one.binding:
        yield from _beside_the_lexicon(one, around)
    for at, end, kind in _lexicon().find(one.sentence):
        if _excused(one, at, end, kind, around, title):
            continue
        words = one.written(at, end).replace("\n", " ")
        if not one.binding:
            if kind == "vague" and " ".join(one.sentence.words[at:end]) in _plainly():
                yield _finding(one, at, "vague-word", words, "warning")
        elif kind in ("vague", "fast"):
            yield _finding(one, at, "vague-word", words)
        elif kind == "weak":
            # "Then it should …" is a habit of those who write scenarios.
            habit = one.section.name == "Evaluation" and words.lower() == "should"
            yield _finding(one, at, "weak-word", words, "warning" if habit else None)
        else:
            doubt: Severity | None = "warning" if kind == "speed in doubt" else None
            yield _finding(one, at, "unmeasured", words, doubt)


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
    # `Given a large file`: an example shows how large.
    doubt: Severity | None = "warning" if one.section.name == "Evaluation" else None
    for at, end in unbounded(one, around):
        yield _finding(one, at, "unmeasured", one.written(at, end).replace("\n", " "), doubt)
    for at, end in guessed(one):
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
    return one.finding(rule, at, f"{words!r} {what}", _MENDS[rule], severity)


def _excused(one: Spoken, at: int, end: int, kind: Kind, around: Surroundings, title: str) -> bool:
    sentence, words = one.sentence, one.sentence.words
    before = words[at - 1] if at else ""
    after = words[end] if end < len(words) else ""
    if is_name(sentence, at) or within_a_term(words, at, end, around):
        return True
    phrase = " ".join(words[at:end])
    if f" {phrase} " in f" {title} ":
        return True
    if kind == "vague" and _is_literal(phrase, one):
        return True
    if is_called(phrase, singular(after), one.document.text, title):
        return True
    if kind == "size" and is_the_one(one.sentence, at, one.document.text):
        return True
    if kind in ("fast", "speed", "speed in doubt"):
        if (at, phrase) == (0, "a period of") and is_plural(after):
            return True  # `A period of weeks ends on the same weekday`: any such period.
        if before in ("how", "most") or "even" in words[max(0, at - 2) : at]:
            return True
        if (phrase, after) == ("for a time", "and"):
            return True  # `Positions for a time and a place`
        if phrase == "high-speed" and after.isalpha() and after not in _JUDGED:
            return True  # A kind of camera.
        if phrase == "instant" and before in _WHICH_INSTANT:
            return True  # "At the same instant" names a moment.
        if kind == "speed in doubt" and after in ("after", "before", "when", "once", "on"):
            return True
        if (before, after) == ("as", "as"):
            return True  # "As soon as" names a moment.
        kind_of = kind == "fast" and not words[at].endswith("ly") and not phrase.startswith("too ")
        if kind_of and after.isalpha() and after not in _JUDGED and before not in _JUDGING:
            return True  # A kind of train, not a promise.
        # `Loses its link for 1 second is back after a short time`: another time.
        spans = phrase.startswith(_SPANS) or before == "a"
        least, most = (end, end + 2) if spans else (at - _NEAR_WORDS, at + _NEAR_WORDS)
        beside = [one for one in measures(sentence) if least <= one.at <= most]
        return is_measured(beside, ("time", "percent", "hz"))
    if kind == "size":
        return is_measured(measures(sentence))
    if kind == "weak":
        if at == 0 and phrase == "should" and "," in words and words[-1] != "?":
            return True  # `Should the tournament be shortened, byes disappear.`
        if phrase == "maybe" and {"yes", "no"} <= set(words):
            return True  # One of the answers.
        chosen = (
            words[end - 1] in ("optional", "wanted", "desired", "wished") and not one.requirement
        )
        return chosen or _is_no_duty(words, at, phrase)
    if phrase in ("a number of", "a range of", "wide range"):
        counted = any(number(word) is not None for word in words[end:])
        shown = one.section.name == "Outputs"  # "A number of days beside each row."
        return counted or shown or not any(map(is_plural, words[end : end + 2]))
    if phrase in ("and more", "and others", "and so on", "etc"):
        near = words[max(0, at - 4) : at]
        return before == LITERAL or any(number(word) is not None for word in near)
    if phrase in ("and whatever", "or whatever", "or so"):
        return after.isalpha()  # "And whatever follows a `#`" says what.
    if phrase in ("is good", "are good"):
        return after == "for"
    if phrase in ("well before", "well after"):
        return before == "as"  # `The list as well before the race`
    if phrase in ("nearly", "almost"):
        return after in ("all", "always") or number(after) is not None
    if phrase in _NOT_VAGUE_BEFORE:
        return after in _NOT_VAGUE_BEFORE[phrase]
    if phrase in _NEARNESS and before == "too":
        return True  # A rule says how close that is.
    if phrase == "own words":
        return before.endswith(("'s", "’s"))
    if phrase == "lots of" and number(before) is not None:
        return True  # `4 lots of which 2 are granted`
    if phrase == "quite":
        return before == "not"  # `Not quite shut`: open.
    if phrase.endswith("quality"):
        return any(number(word) is not None for word in words[end : end + 4])
    if phrase.endswith("enough") and words[0] in WHICH_CASE and "no" in words[:at]:
        return True  # `If no pitch is long enough`: for what was asked for.
    if phrase == "a lot of":
        return after in ("fewer", "less", "more", "at") or number(after) is not None  # Of seeds.
    if phrase == "legible":
        if after in ("from", "at", "to"):
            return is_measured(measures(sentence))
        return number(before) is not None or not {"without", "not", "no"}.isdisjoint(words[:at])
    if phrase in ("accurate", "accurately", "consistent"):
        return after in ("to", "within") and is_measured(measures(sentence))
    if phrase in ("a better", "better"):
        return after == "than"
    return False


def _is_literal(phrase: str, one: Spoken) -> bool:
    """Whether a word is the product's own: `tidy` of the command `tidy`."""
    return " " not in phrase and (
        phrase in one.document.id.split("-") or f"`{phrase}`" in one.document.text
    )


_JUDGING = word_set(
    """
    is are be was very too so really as loads works responds feels
    """
)
_JUDGED = word_set(
    """
    way answer answers response responses search result results page pages start access feedback
    loading reply and or enough to reaction delivery performance lookup user as
    """
)
_WHICH_INSTANT = frozenset(("same", "that", "this", "which", "each", "every"))
_ALSO_BOUND = ("Inputs", "Never", "Targets")
_NEARNESS = phrases("close to each other, close to one another, near each other, near one another")
_SPANS = ("a period of", "a while", "a moment", "some time", "a time", "a delay")
_NEAR_WORDS = 8


def _is_no_duty(words: list[str], at: int, phrase: str) -> bool:
    """Whether a weak word only tells what somebody does or what may be missing."""
    if phrase in ("would", "could"):
        return not _SUPPOSING.isdisjoint(words) or (
            words[at + 1 : at + 2] == ["not"] or words[at - 1 : at] in (["nobody"], ["somebody"])
        )
    if words[at] in ("tries", "try", "attempts", "attempt"):
        return not WHICH_CASE.isdisjoint(words[:at])
    return False
