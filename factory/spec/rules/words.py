"""Words that two readers understand differently."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from typing import Literal

from factory.spec.catalogue import Severity
from factory.spec.finding import Finding
from factory.spec.language import vocabulary
from factory.spec.language.lexicon import Lexicon
from factory.spec.language.measures import Measure, is_plural, measures, number, singular
from factory.spec.language.prose import LITERAL, Sentence
from factory.spec.language.word_list import word_set
from factory.spec.spoken import Spoken
from factory.spec.surroundings import Surroundings

Kind = Literal["vague", "fast", "weak", "speed", "speed in doubt", "size"]

_MENDS = {
    "vague-word": "say what somebody would see, hear or measure",
    "weak-word": "write what must happen, or leave it out",
    "unmeasured": "give a number with its unit",
}
_CONDITIONS = word_set(
    """
    if when where whenever once unless who that which whose
    """
)
_DEGREES = frozenset(vocabulary.DEGREES)
_NOT_VAGUE_BEFORE = {
    "secure": ("cookie", "flag", "attribute"),
    "relevant": ("to",),
    "sufficient": ("funds", "stock", "balance"),
    "important": ("flag", "label"),
}
_HOW_MANY = word_set(
    """
    how too as so that not
    """
)


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
    return _lexicon().anchors | _DEGREES | _ABOUT


def unclear_words(said: Iterable[Spoken], around: Surroundings) -> Iterator[Finding]:
    """`vague-word`, `weak-word` and `unmeasured`: words without a measure or an obligation."""
    lexicon = _lexicon()
    anything = _anything()
    title = ""
    for one in said:
        if anything.isdisjoint(one.sentence.words):
            continue
        title = title or str(one.document.meta.get("title", "?")).lower()
        yield from _degrees(one, around)
        yield from _about(one)
        for at, end, kind in lexicon.find(one.sentence):
            if _excused(one, at, end, kind, around, title):
                continue
            words = one.words(at, end).replace("\n", " ")
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
    if _is_name(sentence, at) or _within_a_term(words, at, end, around):
        return True
    if words[at] in title.split():
        return True
    if _is_called(words[at], singular(after), one.document.text, title):
        return True
    if kind in ("fast", "speed", "speed in doubt"):
        if before in ("how", "most") or "even" in words[max(0, at - 2) : at]:
            return True
        if kind == "speed in doubt" and after in ("after", "before", "when", "once", "on"):
            return True
        if (before, after) == ("as", "as"):
            return True  # "As soon as" names a moment.
        if kind == "fast" and after.isalpha() and after not in _JUDGED and before not in _JUDGING:
            return True  # A kind of train, not a promise.
        beside = [one for one in measures(sentence) if abs(one.at - at) <= _NEAR_WORDS]
        return _is_measured(beside, ("time", "percent", "hz"))
    if kind == "size":
        return _is_measured(measures(sentence), None)
    if kind == "weak":
        return _is_no_duty(words, at)
    phrase = " ".join(words[at:end])
    if phrase in ("a number of", "a range of", "wide range"):
        counted = any(number(word) is not None for word in words[end:])
        return counted or not any(map(is_plural, words[end : end + 2]))
    if phrase in ("and more", "and others", "and so on", "etc"):
        near = words[max(0, at - 4) : at]
        return before == LITERAL or any(number(word) is not None for word in near)
    if phrase in ("is good", "are good"):
        return after == "for"
    if phrase in ("nearly", "almost"):
        return after in ("all", "always") or number(after) is not None
    if phrase in _NOT_VAGUE_BEFORE:
        return after in _NOT_VAGUE_BEFORE[phrase]
    if phrase in ("a better", "better"):
        return after == "than"
    return False


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
_NEAR_WORDS = 8


def _is_called(word: str, noun: str, text: str, title: str) -> bool:
    """Whether the two are a name: in the title, or used again and again, as `quick reply` is."""
    stem = noun.removesuffix("y")
    called = f"{word} {stem}"
    return len(stem) > 2 and (called in title or _times(called, text) >= _AGAIN_AND_AGAIN)


@lru_cache(maxsize=16)
def _times(called: str, text: str) -> int:
    return text.lower().count(called)


_AGAIN_AND_AGAIN = 3


def _degrees(one: Spoken, around: Surroundings) -> Iterator[Finding]:
    """`unmeasured`: large files, a short spoken text, several users."""
    words = one.sentence.words
    if not one.binding or _DEGREES.isdisjoint(words):
        return
    for at, word in enumerate(words[:-1]):
        nouns = vocabulary.DEGREES.get(word)
        if nouns is None:
            continue
        before = words[at - 1] if at else ""
        if before in ("kept", "stays", "remains"):
            end = at + 1
        elif nouns.isdisjoint(words[at + 1 : at + 3]) or (before, word) == ("a", "few"):
            continue
        else:
            end = at + 2 if words[at + 1] in nouns else at + 3
        if _is_name(one.sentence, at) or _within_a_term(words, at, end, around):
            continue
        if word in ("many", "few", "several") and (
            before in _HOW_MANY or not _CONDITIONS.isdisjoint(words[:at])
        ):
            continue
        if before in ("of", "among") or _is_measured(measures(one.sentence), None):
            continue
        yield _finding(one, at, "unmeasured", one.words(at, end).replace("\n", " "))


def _about(one: Spoken) -> Iterator[Finding]:
    """`vague-word`: about 30 seconds, around 20 users."""
    words = one.sentence.words
    if not one.binding or _ABOUT.isdisjoint(words):
        return
    for at, word in enumerate(words[:-1]):
        told = word not in ("about", "around") or not at or words[at - 1] in _BEFORE_ABOUT
        if word in _ABOUT and words[at + 1][0].isdigit() and told:
            yield _finding(one, at, "vague-word", one.words(at, at + 2))


# `takes about 5 seconds`, not `tags around 42 letters`.
_BEFORE_ABOUT = word_set(
    """
    takes take lasts last at for in after within of costs cost weighs holds has have every waits
    """
)
_ABOUT = frozenset(("about", "around", "roughly", "ca"))


def _is_no_duty(words: list[str], at: int) -> bool:
    """Whether a weak word only tells what somebody does or what may be missing."""
    if words[at] in ("tries", "try", "attempts", "attempt", "would"):
        return not _CONDITIONS.isdisjoint(words[:at])
    return False


def _is_measured(found: list[Measure], dimensions: tuple[str, ...] | None) -> bool:
    """Whether the sentence measures: any unit will do where `dimensions` is None."""
    return any(
        one.dimension and (dimensions is None or one.dimension in dimensions) for one in found
    )


def _is_name(sentence: Sentence, at: int) -> bool:
    """A word with a capital inside a sentence is a name: the Fast Lane, a Modern History class."""
    text = sentence.text(at)
    if at == 0 or not text[0].isupper() or text.isupper():
        return False
    return sentence.words[at - 1] not in (":", "(", "-", "–", "—", ")")


def _within_a_term(words: list[str], at: int, end: int, around: Surroundings) -> bool:
    """Whether the words belong to a term of the glossary, such as `quick reply`."""
    if not around.terms:
        return False
    for first in range(max(0, at - 2), at + 1):
        for last in range(end, min(len(words), end + 2) + 1):
            phrase = " ".join(words[first:last])
            if phrase in around.terms or phrase.rstrip("s") in around.terms:
                return True
    return False
