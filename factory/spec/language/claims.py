"""What a sentence claims of an amount: `an alias has at most 32 characters`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import msgspec

from factory.spec.language.bounds import (
    DELETING,
    KEEPING,
    NEGATING,
    REFUSED,
    Bound,
    bound,
    going,
    lead,
)
from factory.spec.language.calendar import MOMENT, minutes
from factory.spec.language.clauses import ARTICLES, BE, OF_A_CASE, WHICH_CASE
from factory.spec.language.measures import Measure, measures, singular
from factory.spec.language.prose import LITERAL, Sentence
from factory.spec.language.subjects import NOUNS_TOO_SINGLE, content, meaning, subject
from factory.spec.language.word_list import word_set

# Behind a bound these tell of what it is one: `30 minutes for guests`.
_NARROWING = word_set("for of in on when if while during per to from at")
_PEOPLE = dict.fromkeys(("member", "person", "people", "player", "user", "participant"), "person")


class Claim(msgspec.Struct, frozen=True):
    """`subject` is held to `value` in `dimension`; `about`: words behind it that narrow it."""

    bound: Bound
    subject: tuple[str, ...]
    about: frozenset[str]
    dimension: str
    value: float
    at: int


def claims(sentence: Sentence) -> Iterator[Claim]:
    """Every claim of a sentence that has a subject and a bound."""
    words = sentence.words
    if words and words[0][0].isdigit() and "of" not in words[:3]:
        return  # `100,000 files take at most 3 s`: a load, and of nobody knows which command.
    for one in measures(sentence):
        first = lead(words, one.at)
        found = bound(sentence, one, first) or _ending(words, one)
        if found is None:
            continue
        how, value = found
        told = _kept(sentence, first) if how == "kept" else subject(sentence, first)
        told -= _whose_answer(words, first)
        if told and "last" in words[1:first] and words[words.index("last") - 1] in ARTICLES:
            told |= {"last"}  # `A last day before the first`
        if how == "status" and words[0] in _ONLY_THEN and "," in words[: one.at]:
            continue  # `From then on, a page gets status 404.`
        if how == "status" and _is_an_example(words, one.at):
            continue
        if how == "status" and told:
            told |= _CASES_OF_A_STATUS.intersection(words[: one.at])
            # `Request 2: status 200`
            told |= {words[1]} if words[1].isdecimal() and words[2:3] == [":"] else set()
        told = _as_every(words, one.end) or told
        if told and first and words[first - 1] in _FLOWING:
            told = told | {words[first - 1]}  # `Sends at most 60 KiB` and keeps more.
        if one.dimension == "money" and told:
            told = told | _sizes(sentence, one)
        narrows = not _NARROWING.isdisjoint(words[one.end : one.end + 1])
        # `Within 3 days after the guest has left`, and within 2 after she asks.
        narrows = (
            narrows
            or words[one.end : one.end + 2] == ["within", "any"]
            or (
                words[one.end : one.end + 1] == ["after"]
                and not _AT_MOST.isdisjoint(words[first : one.at])
            )
        )
        behind = content(sentence, one.end, len(sentence)) if narrows or not told else set[str]()
        if not narrows and "for" in words[one.end : one.end + _NEAR]:
            # `20 hours after the start for earthenware`
            narrows, behind = True, content(sentence, words.index("for", one.end), len(sentence))
        told = told or behind
        if how == "status" and told and _is_denied(words, one):
            told = told | {"not"}
        if one.dimension == "time" and not _MONEY.isdisjoint(told):
            continue  # `The fee is 30 EUR for 12 months.`
        if told == {"invalid"} or (one.dimension != "money" and told and told <= _OF_A_PRICE):
            continue  # `Invalid: not exactly one argument`, `A stay of 60 minutes costs 180 cents`
        if told and not (how == "status" and told <= NOUNS_TOO_SINGLE):
            about = frozenset(behind if narrows else ()) | _of_a_case(sentence)
            dimension = _PEOPLE.get(one.dimension, one.dimension)
            yield Claim(how, tuple(sorted(told)), about, dimension, value, one.at)


_FLOWING = frozenset(("sends", "receives", "transfers"))
_ONLY_THEN = word_set("from after before until since once during while with without on")
_MONEY = word_set("eur usd gbp chf euro dollar pound franc")
_OF_A_PRICE = _MONEY | word_set("cost cent price minute hour day")
# Two refusals differ in these: `a code of another form`, `another code`, `a seat that is not free`.
_CASES_OF_A_STATUS = frozenset(("form", "length", "size", "number", "time", "again", "twice"))
_DENYING = NEGATING | frozenset(("nobody", "nothing", "none"))


_AT_MOST = frozenset(("within", "most"))


def _is_denied(words: Sequence[str], status: Measure) -> bool:
    """`The exit code is 0 if no statement fails`, and another if one does."""
    until = len(words) if not WHICH_CASE.isdisjoint(words[status.end :]) else status.at
    return not _DENYING.isdisjoint(words[:until])


def _is_an_example(words: Sequence[str], at: int) -> bool:
    """`An error report, such as a body with status 500, never …`"""
    return any(words[one : one + 2] == ["such", "as"] for one in range(max(0, at - _NEAR), at))


def _of_a_case(sentence: Sentence) -> set[str]:
    """`Euro` of ``For `euro`, the sum is at most 500``: another bound holds for another."""
    words = sentence.words
    if "," not in words[:_LONGEST_CASE]:
        return set()
    end = words.index(",")
    if words[0] not in _OF_WHICH:
        # `Asleep, a node draws 6 µA`: awake it draws more.
        adverbial = words[0] not in ARTICLES and not ARTICLES.isdisjoint(words[end + 1 : end + 2])
        return content(sentence, 0, end) if adverbial else set()
    if words[0] in OF_A_CASE:  # `On a phone and under load, …`: another holds without load.
        return {singular(word) for word in words[1:end] if len(word) > 3 or word[0].isdigit()}
    return {sentence.literal(at).lower() for at in range(1, end) if words[at] == LITERAL}


_OF_WHICH = OF_A_CASE | {"for", "in"}
_LONGEST_CASE = 16


def _ending(words: Sequence[str], one: Measure) -> tuple[Bound, float] | None:
    """`The grace period ends 10 minutes after the payment`: it lasts so long."""
    ends = words[one.at - 1 : one.at] in _ENDING and words[one.end : one.end + 1] == ["after"]
    return ("lasts", one.value) if ends and one.dimension == "time" else None


_ENDING = (["ends"], ["expires"], ["closes"], ["lapses"], ["runs", "out"])


def _whose_answer(words: Sequence[str], end: int) -> set[str]:
    """`Answer` of `the body of an answer`, where the body is bound; or nothing."""
    for at in range(1, end - 2):
        if words[at] == "of" and words[at + 1] in ARTICLES:
            return {singular(words[at + 2])} & {"answer", "response"}
    return set()


def ranges(sentence: Sentence) -> Iterator[Claim]:
    """The upper end of `a recording from 1 second to 15 minutes`: nobody has more who has some."""
    words = sentence.words
    found = measures(sentence)
    for least, most in pairwise(found) if len(found) > 1 else ():
        between = words[least.at + 1 : most.at]
        opens = words[least.at - 1 : least.at] in (["from"], ["of"], ["between"])
        if not (opens and most.dimension and between[-1:] in _TO and len(between) <= _LONGEST_UNIT):
            continue
        told = tuple(sorted(_behind_article(sentence, least.at - 1)))
        if told:
            yield Claim("range", told, frozenset(), most.dimension, most.value, most.at)


_TO = (["to"], ["and"], ["-"], ["–"])
_LONGEST_UNIT = 3  # `second to`, `sign-in attempts to`


def hours(sentence: Sentence) -> Iterator[Claim]:
    """Both ends of `runs between 06:00 and 22:00`, in minutes since midnight."""
    words = sentence.words
    if "between" not in words and "from" not in words:
        return
    for at in range(1, len(words) - 2):
        if words[at - 1] not in ("between", "from") or words[at + 1] not in ("and", "to", "until"):
            continue
        first, last = minutes(words[at]), minutes(words[at + 2])
        told = tuple(sorted(subject(sentence, at - 1)))
        if first is not None and last is not None and first < last and told:
            yield Claim("least", told, frozenset(), MOMENT, first, at)
            yield Claim("most", told, frozenset(), MOMENT, last, at + 2)


def cases(sentence: Sentence) -> Iterator[Claim]:
    """What somebody has who gets something: `A person who holds 14 coats can order another`.

    Where that is more than anybody may have, the two contradict each other.
    """
    words = sentence.words
    yield from _taken(sentence)
    if LITERAL in words or not _REFUSING.isdisjoint(words) or _WHO.isdisjoint(words):
        return
    for one in measures(sentence):
        before = words[max(0, one.at - 3) : one.at]
        verb = before[-1] if before else ""
        perfect = len(before) > 1 and before[-2] in ("has", "have")
        who = one.at - (3 if perfect else 2)
        if not one.dimension or verb not in _HOLDING or words[max(0, who)] not in _WHO:
            continue
        told = (content(sentence, 0, who) | {_HOLDING[verb]}) - {""}
        yield Claim("held", tuple(sorted(told)), frozenset(), one.dimension, one.value, one.at)


def _taken(sentence: Sentence) -> Iterator[Claim]:
    """The size of what is taken: `A manifest of 6,000 rows gets status 200`."""
    words, found = sentence.words, measures(sentence)
    if words[0] not in ("a", "an") or not found or not _REFUSING.isdisjoint(words):
        return
    one, behind = found[0], words[found[0].end :]
    told = content(sentence, 1, one.at - 1)
    sized = words[one.at - 1] in ("of", "with") and one.at <= _NEAR and one.dimension
    if sized and told and is_welcome(behind):
        yield Claim("held", tuple(sorted(told)), frozenset(), one.dimension, one.value, one.at)


def is_welcome(words: Sequence[str]) -> bool:
    """Whether somebody gets what was asked for: `status 201`, `exit code 0`, `is accepted`."""
    for before, word in pairwise(words):
        if before == "status" and len(word) == 3 and word[0] == "2" and word.isdecimal():
            return True
        if before in ("is", "are") and word in _WELCOME:
            return True
        if (before, word) == ("code", "0"):
            return True
    return False


_WELCOME = frozenset(("accepted", "taken", "stored", "allowed", "valid", "permitted", "fine", "ok"))
_WHO = frozenset(("who", "that", "which"))
# What each says somebody has: nothing more, or by which act.
_HOLDING = dict.fromkeys(("holds", "has", "keeps", "owns", "uses", "sends", "sent"), "") | {
    form: verb
    for verb in ("order", "book", "enter", "upload", "borrow", "rent", "convert", "print")
    for form in (f"{verb}s", f"{verb}ed")
}
_REFUSING = REFUSED | NEGATING | word_set("nothing nobody none too only more than over above most")


def limits(sentence: Sentence) -> Iterator[Claim]:
    """Each limit that a message tells without its subject: `six guests are the limit`."""
    for one in measures(sentence):
        behind = sentence.words[one.end : one.end + 3]
        before = sentence.words[max(0, one.at - 3) : one.at]
        told = behind[:1] in (["is"], ["are"]) and behind[1:] in _ALL_THERE_IS
        if one.dimension and (told or (before[-2:] == ["at", "most"] and len(before) == 2)):
            yield Claim("most", (), frozenset(), one.dimension, one.value, one.at)


def _behind_article(sentence: Sentence, end: int) -> set[str]:
    """What the words between the last article before `end` and `end` say."""
    words = sentence.words
    first = next((at for at in range(end - 1, -1, -1) if words[at] in ARTICLES), end)
    return content(sentence, first, end)


_ALL_THERE_IS = (["the", "limit"], ["the", "maximum"], ["used", "up"], ["gone"])


def _sizes(sentence: Sentence, price: Measure) -> set[str]:
    """What else is measured: `A term of 10 years costs 280 EUR`, of 5 less."""
    return {
        f"{one.value:g} {one.dimension}"
        for one in measures(sentence)
        if one.at != price.at and one.dimension not in ("", "money")
    }


def _as_every(words: Sequence[str], end: int) -> set[str]:
    """What a bound holds for by its author's word: `14 days, like every trial`; or nothing."""
    if "like" not in words:
        return set()
    for at in range(max(0, end - _NEAR), min(end + _NEAR, len(words) - 2)):
        if words[at] == "like" and words[at + 1] in ("every", "each", "any", "all"):
            return {meaning(words[at + 2])} - {""}
    return set()


_NEAR = 8  # Words: `14 days, like every trial`, `ends, like every trial, after 14 days`.


def _kept(sentence: Sentence, end: int) -> set[str]:
    """What is kept, whoever keeps it: so long as `a session is kept` and `it is gone after` say."""
    words = sentence.words[:end]
    goes = going(sentence.words)
    if goes is not None:
        return _behind_article(sentence, goes)
    verb = next(at for at, word in enumerate(words) if word in KEEPING or word in DELETING)
    found = set[str]() if verb and words[verb - 1] in BE else content(sentence, verb + 1, end)
    return found or content(sentence, 0, verb)
