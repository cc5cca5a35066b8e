"""Degrees read from how a sentence is built: `too many codes`, `the coming days`, `is sharp`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from factory.spec.language.clauses import WHICH_CASE
from factory.spec.language.measures import is_plural, measures, singular
from factory.spec.language.prose import LITERAL
from factory.spec.language.subjects import meaning
from factory.spec.language.verbs import VERBS
from factory.spec.language.word_list import word_set
from factory.spec.rules.about import title_and
from factory.spec.rules.names import is_called, is_measured, is_name, within_a_term
from factory.spec.spoken import Spoken
from factory.spec.surroundings import Surroundings

_TIMES = word_set("moments seconds minutes hours days nights evenings weeks weekends months years")
_NEARBY = word_set("coming upcoming next following last past previous preceding recent first final")
_THE = word_set("the these those its their last")
_LASTING = word_set("for within after since in over")
_LABELLED = word_set("field fields column columns box row unit units fee price input letter symbol")
# What of a list: the first ten, or all that are new?
_BEST = word_set("latest newest oldest top best recent first last nearest closest biggest worst")
_SHOWING = word_set(
    """
    shows show keeps keep lists list holds hold sees see displays display returns return offers
    offer gets get contains contain names name prints print remembers stores sends
    """
)
# With these a noun is told to be much of something, and nobody knows how much.
_SIZED = word_set(
    """
    large big huge enormous small tiny long short heavy strong weak wide narrow loud expensive cheap
    lengthy bulky old
    """
)
_COMPARED = word_set("larger bigger smaller longer shorter higher lower heavier stronger")
_SIZED |= _COMPARED
_NO_NOUN = word_set("and or of one than as press tap click beep cut break name")
_GRADED = (_SIZED - _COMPARED) | word_set(
    """
    late early sharp clear crisp bright low high cold hot warm cool thin thick dark soft hard near
    close far slow fast busy rare steep deep shallow young tall complex difficult costly noisy quiet
    blurred blurry crowded dirty dry wet scarce dense unwieldy full wild good bad poor clean tired
    old new light bulky quick safe easy simple nice weird odd strange dull pale faint vivid
    """
)
_BEING = word_set(
    """
    is are was were be gets get becomes become looks look feels feel sounds sound seems seem stays
    stay remains remain grows grow turns turn reads
    """
)
_WEATHER = word_set("warm hot cold cool dark bright loud windy wet foggy humid")
_COMING = frozenset(("comes", "come", "arrives", "arrive"))
_LINKING = _BEING | _COMING
# As a state each of these is plain: a clean plate, a cold pot, an old link.
_PLAIN_STATES = word_set("full old new light dry wet clean close open dark clear safe odd")
_GETTING = _SHOWING | word_set("receives receive needs need sets pays uses use adds makes")
_SOME = frozenset(("several", "some", "many", "multiple", "various"))
_MUCH = word_set("many few much little often")
ANY_GRADE = _TIMES | _BEST | _SIZED | _GRADED | _SOME | {"too", "most"}
_BOUNDING_SECTIONS = ("What", "Inputs", "Outputs", "Rules", "Edge cases", "Constraints")
_ENDS = word_set(". , ; and or but when if for unless until while once because then )")


def ungraded(one: Spoken, around: Surroundings) -> Iterator[tuple[int, int]]:
    """(first word, one past the last) of each degree in a requirement that has no measure."""
    words = one.sentence.words
    measured = is_measured(measures(one.sentence))
    for at, word in enumerate(words):
        if word not in ANY_GRADE:
            continue
        if measured and word != "too":
            end = _weather(words, at)
            if end:
                yield at, end
            continue
        end = (
            _span_of_time(words, at)
            or _best_of(words, at)
            or _too(one, at)
            or _most(words, at)
            or _some(words, at)
            or _sized(one, at)
            or _graded(one, at)
            or _weather(words, at)
        )
        if end and not is_name(one.sentence, at) and not within_a_term(words, at, end, around):
            yield at, end


def _span_of_time(words: list[str], at: int) -> int:
    """One past `days` of `the coming days` and of `for days`; or 0."""
    if words[at] not in _TIMES or at == 0:
        return 0
    before, behind = words[at - 1], words[at + 1] if at + 1 < len(words) else "."
    if before in _NEARBY and at > 1 and (words[at - 2] in _THE or words[at - 2] in _LASTING):
        return 0 if behind in ("of", ":", "in") else at + 1
    if before == "for" and words[at - 2 : at - 1] and words[at - 2] in _LABELLED:
        return 0
    if before in _LASTING and before not in ("in", "over", "since"):
        if before == "after" and behind in ("without", "of"):
            return at + 1
        return at + 1 if behind in _ENDS or behind in VERBS or behind in ("turn", "go") else 0
    if before in ("couple", "many") and at > 1 and words[at - 2] in ("a", "so"):
        return at + 1
    return 0


def _best_of(words: list[str], at: int) -> int:
    """One past `entries` of `shows the latest entries`; or 0."""
    if words[at] not in _BEST or at < 2 or at + 1 >= len(words) or not is_plural(words[at + 1]):
        return 0
    first = at - 2 if words[at - 1] == "most" else at - 1
    shown = first > 0 and words[first] == "the" and words[first - 1] in _SHOWING
    if not shown or words[at + 1] in VERBS:
        return 0
    return 0 if {"first", "last", "above", "of"} & set(words[at + 2 : at + 4]) else at + 2


_TELLS_HOW_MUCH = word_set(
    "most least than over under above below up within beyond exceeds from to between of by"
)


def _too(one: Spoken, at: int) -> int:
    """One past what is too much: `too many wrong codes`, `too long`; or 0."""
    words = one.sentence.words
    if words[at] != "too" or at + 1 >= len(words):
        return 0
    after = words[at + 1]
    if after in _MUCH and LITERAL in words:
        return 0
    if after in _MUCH:
        nouns = [end for end in range(at + 2, min(at + 5, len(words))) if is_plural(words[end])]
        if not nouns:
            return at + 2 if after in ("much", "little", "often") else 0
        if {"many", "few"} <= set(words):
            return 0  # `Too many or too few fields`: another number than the right one.
        return 0 if _is_bounded(one, words[nouns[0]], _COUNTED_BY) else nouns[0] + 1
    if is_measured(measures(one.sentence)) and not _TELLS_HOW_MUCH.isdisjoint(words):
        return 0
    if after in _UNITS_OF:
        bounded = re.search(_BOUNDED_IN.replace("UNITS", _UNITS_OF[after]), _elsewhere(one))
        return 0 if bounded else at + 2
    if after in _GRADED or after in ("far", "near"):
        before = [word for word in words[:at] if len(word) > 3 and meaning(word)]
        named = [one.sentence.literal(place) for place in range(at) if words[place] == LITERAL]
        about = [*before[-3:], *(name.lower() for name in named)]
        return 0 if any(_is_bounded(one, word, _BOUNDED_BY) for word in about) else at + 2
    return 0


def _some(words: list[str], at: int) -> int:
    """One past the noun of `gets several reminders` and `undoes most steps`; or 0."""
    if at + 1 >= len(words) or not is_plural(words[at + 1]) or words[at + 1] in VERBS:
        return 0
    if words[at + 1] == "times":  # `Tries several times`
        told = words[at] in ("several", "multiple", "some") and WHICH_CASE.isdisjoint(words[:at])
        return at + 2 if told else 0
    before = words[at - 1] if at else ""
    if words[at] == "most":
        return at + 2 if before not in ("at", "the", "up") else 0
    return at + 2 if words[at] in _SOME and before in _GETTING else 0


def _most(words: list[str], at: int) -> int:
    """One past the adjective of `the most promising level`; or 0."""
    if words[at] != "most" or words[at - 1 : at] != ["the"] or at + 2 >= len(words):
        return 0
    judged = words[at + 1].endswith(_JUDGING_ENDS) and words[at + 1] not in _MEASURABLE
    return at + 2 if judged and words[at + 2][0].isalpha() else 0


_JUDGING_ENDS = ("ing", "ful", "ive", "ous", "able", "ible", "ant", "ial", "ary", "ised", "ized")
_MEASURABLE = frozenset(("expensive", "numerous", "valuable"))


def _sized(one: Spoken, at: int) -> int:
    """One past the noun of `heavy boats`; or 0."""
    words = one.sentence.words
    word, behind = words[at], words[at + 1 : at + 2]
    if word not in _SIZED or not behind or behind[0] in VERBS or not behind[0][0].isalpha():
        return 0
    if at and words[at - 1][0].isdigit():
        return 0  # `7 old files`
    # `Large crews`, `a long queue`; and `a larger group` than which?
    one_of_them = words[at - 1 : at] in (["a"], ["an"]) and behind[0] not in _NO_NOUN
    if not is_plural(behind[0]) and (not one_of_them or word == "old"):
        return 0
    if is_called(word, singular(behind[0]), one.document.text, ""):
        return 0
    if word in _COMPARED and ("than" in words or not one_of_them):
        return 0
    if behind[0] in ("letter", "letters", "caps", "capitals", "hours", "jumps", "vowels", "waves"):
        return 0
    if words[at - 1 : at] in (["and"], ["or"], ["as"], ["how"]) or _is_defined(one, word):
        return 0
    return at + 2


def _graded(one: Spoken, at: int) -> int:
    """One past the adjective of `is sharp` and `becomes too warm`; or 0."""
    words = one.sentence.words
    word = words[at]
    if word not in _GRADED or at < 2 or word in _PLAIN_STATES:
        return 0
    first = at - 1
    while words[first] in ("not", "too", "so", "very", "still", "also"):
        first -= 1
    if word == "good" and words[at + 1 : at + 2] in _LASTS:
        return 0  # `A ticket is good until 20:00.`
    if word in ("late", "early") and words[first] not in _COMING:
        return 0  # The deadline says what is late.
    if first < 1 or words[first] not in _LINKING or words[first - 1] in ("it", "that", "which"):
        return 0
    behind = words[at + 1] if at + 1 < len(words) else "."
    ends = behind in _ENDS or behind in VERBS
    return 0 if not ends or _is_defined(one, word) else at + 1


_LASTS = (["until"], ["till"], ["up"], ["for"], ["from"], ["through"])


def _weather(words: list[str], at: int) -> int:
    """One past `warm` of `when it gets warm in the greenhouse`; or 0."""
    told = at > 1 and words[at] in _WEATHER and words[at - 1] in ("gets", "becomes")
    return at + 1 if told and words[at - 2] == "it" else 0


_COUNTED_BY = (
    r"\b(?:at (?:most|least)|more than|fewer than|less than|up to|\d to|over|under|above|below|"
    r"exactly|after)\s(?:\d[\d.,]*|\w+)\s(?:[\w-]+\s){0,2}KIND"
)
# `A file of 256 × 256 pixels` is no bound, and nor is `more than one argument`.
_SOME_NUMBER = (
    r"(?:(?:at (?:most|least)|up to|(?:more|fewer|less|larger|longer|bigger|smaller|shorter|higher|"
    r"lower|heavier|later|earlier) than|over|under|above|below|within|exceed\w*|limit\w*|max\w*|"
    r"min\w*|between)\s[^.;\n]{0,20}?(?:\d|\b(?:two|three|four|five|six|eight|ten|twelve)\b)"
    r"|\d[\d.,]*\s?(?:to|-|–|and|or)\s?\d)"
)
_BOUNDED_BY = rf"{_COUNTED_BY}|(?<!\w)KIND(?:\w{{0,3}}\b|`)?[^.;\n]{{0,60}}\b{_SOME_NUMBER}"


# What tells when something is too much of these is in a unit of theirs.
_WEIGHT, _HEAT = r"kg|g|lbs?|t|tons?|tonnes?|kilograms?|grams?|pounds?", r"°|degrees?|k|celsius"
_UNITS_OF = {
    "heavy": _WEIGHT, "light": _WEIGHT, "hot": _HEAT, "cold": _HEAT, "warm": _HEAT, "cool": _HEAT,
    "loud": "db|decibels?", "quiet": "db|decibels?",
}  # fmt: skip
_BOUNDED_IN = r"(?<!rounds to )(?<![\d.,])(?!0\s)\d[\d.,]*\s?(?:UNITS)(?![a-z])"


def _is_bounded(one: Spoken, noun: str, by: str) -> bool:
    """Whether the spec says elsewhere how many, or how much, of something there may be."""
    bound = by.replace("KIND", re.escape(singular(noun)))
    return re.search(bound, _elsewhere(one)) is not None


def _is_defined(one: Spoken, word: str) -> bool:
    """Whether the spec says what is meant: `A boat of 60 kg is heavy`, `heavy: above 60 kg`."""
    near = rf"\b{word}\b[^.;]{{0,60}}(?<![rec\d])\d|(?<![rec\d])\d[^.;]{{0,60}}\b{word}\b"
    return re.search(near, _elsewhere(one)) is not None


def _elsewhere(one: Spoken) -> str:
    """What the spec says in other blocks than that of a sentence; examples bound nothing."""
    told = title_and(one.document, *_BOUNDING_SECTIONS).lower()
    return told.replace(one.block.text.lower(), " . ")
