"""When a word of the vocabulary is clear where it stands: `as soon as`, `4 lots of which 2 …`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, NamedTuple

from factory.spec.language.calendar import minutes
from factory.spec.language.clauses import ARTICLES, WHICH_CASE
from factory.spec.language.late import late
from factory.spec.language.measures import (
    NOT_A_UNIT,
    NUMBER_WORDS,
    is_plural,
    measures,
    number,
    singular,
)
from factory.spec.language.prose import LITERAL
from factory.spec.language.verbs import VERBS
from factory.spec.language.word_list import phrases, word_set
from factory.spec.rules.names import (
    is_called,
    is_defined,
    is_measured,
    is_name,
    is_set_apart,
    is_the_one,
    within_a_term,
)
from factory.spec.spoken import Spoken
from factory.spec.surroundings import Surroundings

Kind = Literal["vague", "fast", "weak", "speed", "speed in doubt", "size"]


class Met(NamedTuple):
    """A phrase of the vocabulary in a sentence, up to `end`; the words on both sides, or ""."""

    one: Spoken
    words: list[str]
    at: int
    end: int
    phrase: str
    before: str
    after: str


def is_excused(
    one: Spoken, at: int, end: int, kind: Kind, around: Surroundings, title: str
) -> bool:
    """Whether a phrase is clear: somebody's name, the product's own, or by the words beside it."""
    words = one.sentence.words
    if is_name(one.sentence, at) or within_a_term(words, at, end, around):
        return True
    phrase = " ".join(words[at:end])
    before = words[at - 1] if at else ""
    after = words[end] if end < len(words) else ""
    noun = singular(after.removesuffix("'s").removesuffix("’s"))
    if f" {phrase} " in f" {title} " or is_called(phrase, noun, one.document.text, title):
        return True
    if (one.block.kind == "row" and len(words) == end - at) or is_defined(
        phrase, one.document.text
    ):
        return True  # The name of a zone, `| secure |`; `Normal operation: at 15 to 25 °C`.
    if before and is_set_apart(f"{before} {phrase}", one.document.text):
        return True  # `The list *Too fast*`
    if before in ("equally", "least", "however") and kind != "weak":
        return True  # `Equally far below`, `least recently`, `however many times`
    met = Met(one, words, at, end, phrase, before, after)
    if kind == "vague":
        return _is_literal(phrase, one) or _is_clear(met)
    if kind == "size":
        alone = is_the_one(one.sentence, at, one.document.text)
        return alone or is_measured(measures(one.sentence))
    return _is_no_weakness(met) if kind == "weak" else _is_of_speed(met, kind)


def _is_literal(phrase: str, one: Spoken) -> bool:
    """Whether a word is the product's own: `tidy` of the command `tidy`."""
    return " " not in phrase and (
        phrase in one.document.id.split("-") or f"`{phrase}`" in one.document.text
    )


def _is_clear(met: Met) -> bool:
    """Whether a vague phrase is none here."""
    clear = _CLEAR.get(met.phrase)
    if clear is not None:
        return clear(met)
    if met.phrase.endswith("quality"):
        return any(number(word) is not None for word in met.words[met.end : met.end + 4])
    if met.phrase.endswith("enough"):  # `If no pitch is long enough`: for what was asked for.
        return met.words[0] in WHICH_CASE and "no" in met.words[: met.at]
    return False


def _behind(*words: str) -> Callable[[Met], bool]:
    return lambda met: met.after in words


def _counts(met: Met) -> bool:
    """`A number of days beside each row` is shown; `a number of 1 to 5` is told."""
    shown = met.one.section.name == "Outputs"
    told = any(number(word) is not None for word in met.words[met.end :])
    return told or shown or not any(map(is_plural, met.words[met.end : met.end + 2]))


def _is_listed(met: Met) -> bool:
    near = met.words[max(0, met.at - 4) : met.at]
    counts = any(word[0].isdigit() or word in NUMBER_WORDS for word in near)
    return counts or met.before == LITERAL or len(_IN_TURN & set(met.words[: met.at])) > 1


_IN_TURN = frozenset(("first", "second", "third", "fourth"))


def _is_legible(met: Met) -> bool:
    if met.after in ("from", "at", "to"):
        return is_measured(measures(met.one.sentence))
    told = number(met.before) is not None
    return told or not {"without", "not", "no"}.isdisjoint(met.words[: met.at])


def _is_exact(met: Met) -> bool:
    return met.after in ("to", "within") and is_measured(measures(met.one.sentence))


def _of(said: str, clear: Callable[[Met], bool]) -> dict[str, Callable[[Met], bool]]:
    return dict.fromkeys(phrases(said), clear)


_BEING = word_set("is are be stays goes remains")
_ANYONE = ARTICLES | word_set("it they he she this that there nobody no all most")
_ONE_OF = (["a"], ["an"], ["one"])


_CLEAR: dict[str, Callable[[Met], bool]] = {
    **_of("a number of, a range of, wide range", _counts),
    **_of("and more, and others, etc", _is_listed),
    # `At 10:00, a quarter of an hour later, and so on up to 17:00`
    "and so on": lambda met: _is_listed(met) or met.after in ("up", "until", "till", "to"),
    "more or less": _behind("than"),
    # `Deletes it once it has dealt with it`
    "dealt with": lambda met: (
        met.before in ("has", "have") and not WHICH_CASE.isdisjoint(met.words)
    ),
    "among others": _behind("that", "which", "who", "with", "of"),  # Others like it.
    # "And whatever follows a `#`" says what.
    **_of("and whatever, or whatever, or so", lambda met: met.after.isalpha()),
    **_of("is good, are good", _behind("for", "until", "till", "up", "through", "once", "again")),
    # `The list as well before the race`
    **_of("well before, well after", lambda met: met.before == "as"),
    **_of(
        "nearly, almost",
        lambda met: met.after in ("all", "always") or number(met.after) is not None,
    ),
    # A rule says how close that is.
    **_of(
        "close to each other, close to one another, near each other, near one another",
        lambda met: met.before == "too",
    ),
    "own words": lambda met: met.before.endswith(("'s", "’s")),
    # `4 lots of which 2 are granted`, `in lots of 500`
    "lots of": lambda met: number(met.before) is not None or number(met.after) is not None,
    "light on": lambda met: met.before not in _BEING,  # `Draws 50 mA with the light on`
    "too much": lambda met: met.words[met.at - 2 : met.at - 1] in _ONE_OF,  # `A field too much`
    # `One row on the whole sheet`
    "on the whole": lambda met: _describes(met.after) and met.after not in _ANYONE,
    "quite": lambda met: met.before == "not",  # `Not quite shut`: open.
    # Of seeds: `a lot of 20`.
    "a lot of": lambda met: (
        met.after in ("fewer", "less", "more", "at") or number(met.after) is not None
    ),
    # `Without enough room, the window says …`
    **_of(
        "enough time, enough space, enough room, enough memory",
        lambda met: met.before in ("without", "not", "no"),
    ),
    "all browsers": _behind("it", "they", "that", "which", "named", "listed"),
    "bad lines": lambda met: number(met.before) is not None,  # `Of two bad lines, the upper one`
    "legible": _is_legible,
    **_of("accurate, accurately, consistent", _is_exact),
    **_of("a better, better", _behind("than")),
    "secure": _behind("cookie", "flag", "attribute"),
    "relevant": _behind("to"),
    "significant": lambda met: (
        met.before in ("most", "least")
        or met.after in ("digit", "digits", "figure", "figures", "bit", "bits", "byte", "bytes")
    ),
    "natural": _behind(
        "number", "numbers", "person", "persons", "language", "gas", "stone", "sort"
    ),
    "friendly": _behind("match", "matches", "game", "games"),
    "simple": _behind("majority", "interest", "past"),
    "effective": _behind("date", "dates", "from", "on"),
    "improper": _behind("fraction", "fractions"),
    "proper": _behind("name", "names", "noun", "nouns", "subset", "fraction", "motion"),
    "practical": _behind("part", "exam", "lesson", "test"),
    "sufficient": _behind("funds", "stock", "balance"),
    "important": _behind("flag", "label"),
}


def _is_of_speed(met: Met, kind: Kind) -> bool:
    """Whether a word of speed names a moment or a kind of thing, or a time stands beside it."""
    words, at, end, before, after = met.words, met.at, met.end, met.before, met.after
    if before == "more" and "than" in words[end:]:
        return True  # `If it occurs more often in the file than in the book`
    if before in ("how", "however", "most") or "even" in words[max(0, at - 2) : at]:
        return True
    if (at, met.phrase) == (0, "a period of") and is_plural(after):
        return True  # `A period of weeks ends on the same weekday`: any such period.
    if met.phrase == "for a time" and after in ("and", "that", "which"):
        return True  # `Positions for a time and a place`
    if met.phrase == "for long" and after.isalpha() and after not in NOT_A_UNIT:
        return True  # `For long names it prints …`
    if met.phrase == "high-speed" and after.isalpha() and after not in _JUDGED:
        return True  # A kind of camera.
    if met.phrase == "instant" and (before in _WHICH_INSTANT or not _describes(after)):
        return True  # "At the same instant", "the instant of a scan" name a moment.
    if kind == "speed in doubt" and after in ("after", "before", "when", "once", "on"):
        return True
    if (before, after) == ("as", "as"):
        return True  # "As soon as" names a moment.
    if before == "or" and any(word[0].isdigit() for word in words[max(0, at - _NEAR) : at]):
        return True  # `A line of 100 Mbit/s or faster`
    kind_of = kind == "fast" and not words[at].endswith("ly") and not met.phrase.startswith("too ")
    if kind_of and after.isalpha() and after not in _JUDGED and before not in _JUDGING:
        return True  # A kind of train, not a promise.
    if met.phrase == "long-running" and singular(after) == "process":
        return True  # A daemon.
    if any(minutes(word) is not None for word in words):
        return True  # `Shortly after midnight, at 00:05`
    if after == "ago":
        return True  # In an example: `a folder that was renamed a moment ago`.
    moment = met.phrase == "a moment"
    if moment and (before in _OF_TIME or _MOMENTS.search(met.one.document.text)):
        return True  # The product is about moments.
    # `Loses its link for 1 second is back after a short time`: another time.
    spans = met.phrase.startswith(_SPANS) or before == "a"
    least, most = (end, end + 2) if spans else (at - _NEAR_WORDS, at + _NEAR_WORDS)
    beside = [one for one in measures(met.one.sentence) if least <= one.at <= most]
    return is_measured(beside, ("time", "percent", "hz"))


def _describes(after: str) -> bool:
    """Whether an adjective stands before its noun, and not a noun by itself."""
    return after[:1].isalpha() and after not in NOT_A_UNIT and after not in VERBS


def _is_no_weakness(met: Met) -> bool:
    """Whether a weak word weakens no duty: a condition, an answer, an option somebody chose."""
    words, at = met.words, met.at
    if at == 0 and met.phrase == "should" and "," in words and words[-1] != "?":
        return True  # `Should the tournament be shortened, byes disappear.`
    if met.phrase == "maybe" and {"yes", "no"} <= set(words):
        return True  # One of the answers.
    if met.phrase.endswith("so far as") and met.one.section.name == "Applies to":
        return True  # In which case something is bound, and no way out.
    if met.phrase in ("tries to", "try to") and "most" in words[at:]:
        return is_measured(measures(met.one.sentence), _TRIES)  # `At most 6 times per hour`
    last = words[met.end - 1]
    chosen = last in ("optional", "wanted", "desired", "wished") and not met.one.requirement
    return chosen or _is_no_duty(words, at, met.phrase)


_TRIES = ("time", "attempt")
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
_OF_TIME = frozenset(("since", "until", "from", "of"))
_MOMENTS = late(
    r"\bmoments\b|\b(?:each|one|every|first|second|earlier|later|valid) moment\b|`moment`|"
    r"\b(?:the|a) moment (?:is|of|as|in)\b"
)
_SPANS = ("a period of", "a while", "a moment", "some time", "a time", "a delay")
_NEAR_WORDS = 8


# `As it would be without that option`, `what they would cost`: nobody is obliged to anything.
_SUPPOSING = WHICH_CASE | frozenset(("as", "than", "what", "how", "whether", "without", "like"))


_EARLIER = frozenset(("before", "until"))


_WHICH_TRY = ARTICLES | word_set(
    """
    next first last second third another one that this failed new all its their his her later
    earlier every each further more any no these those whose previous both fewer of
    """
)
_PRONOUNS = (["it"], ["they"], ["he"], ["she"])
_NEW_CLAUSE: tuple[list[str], ...] = ([], [","], [";"], ["and"], ["but"], ["then"], [":"], ["or"])


_NEAR = 7
_ARGUING = frozenset(("because", "although", "though"))


def _is_no_duty(words: list[str], at: int, phrase: str) -> bool:
    """Whether a weak word only tells what somebody does or what may be missing."""
    if phrase in ("would", "could"):
        return (
            not _SUPPOSING.isdisjoint(words)
            or not _EARLIER.isdisjoint(words[:at])  # `Before its bytes would survive a kill`
            or (
                words[at + 1 : at + 2] == ["not"]
                or words[at - 1 : at] in (["nobody"], ["somebody"])
                # `Because a reader would take it for …`, `the files it could read`
                or not _ARGUING.isdisjoint(words[:at])
                or (words[at - 1 : at] in _PRONOUNS and words[at - 2 : at - 1] not in _NEW_CLAUSE)
            )
        )
    if words[at] in ("attempts", "attempt") and words[at - 1 : at] and words[at - 1] in _WHICH_TRY:
        return True  # `Sends the next attempt to the new address`
    if words[at] in ("tries", "try", "attempts", "attempt"):
        return not WHICH_CASE.isdisjoint(words[:at])
    return False
