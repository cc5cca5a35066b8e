"""`requirement-compound`: one requirement that asks for more than one thing."""

from __future__ import annotations

from itertools import pairwise

from factory.spec.language.clauses import BE, CONDITION, MODAL, RELATIVE, clause
from factory.spec.language.lexicon import Lexicon
from factory.spec.language.measures import is_plural, measures
from factory.spec.language.prose import LITERAL, Sentence
from factory.spec.language.subjects import content
from factory.spec.language.verbs import ACTS, HAPPENS, OTHER
from factory.spec.language.word_list import word_set
from factory.spec.rules.passive import PARTICIPLES
from factory.spec.spoken import Spoken

_ALSO = Lexicon(
    dict.fromkeys(
        ("and also", "as well as", "in addition", "additionally", "furthermore", "moreover",
         "on top of that", "besides that", "besides", "plus it", "and it also", "and then also",
         "apart from that", "what is more", "on top of it", "over and above that"),
        True,
    )
)  # fmt: skip


def goes_on(before: Spoken, one: Spoken) -> bool:
    """Whether a clause behind a semicolon orders what comes next: `; the page then asks …`."""
    words, earlier = one.sentence.words, before.sentence.words
    if earlier[-1] != ";":
        return False
    both = (before.sentence, len(earlier)), (one.sentence, 0)
    if not one.requirement.startswith("C") and _is_another_matter(*both):
        return True
    if words[0] not in _STARTING:
        return False
    # `A player who arrives late loses the game`: behind the relative clause.
    first = 5 if words[2:3] and words[2] in RELATIVE else 1
    if not _acts(words[first : first + 9], ACTS | HAPPENS | {"loses", "wins"}):
        return False
    if not {"then", "also"}.isdisjoint(words[:8]):
        return True
    return words[0] not in ("it", "they", "this") and _is_of_something_else(before, one)


def _is_of_something_else(before: Spoken, one: Spoken) -> bool:
    """Whether a clause takes up nothing of the one before: neither its words nor its case."""
    earlier, words = before.sentence, one.sentence
    if one.requirement.startswith("C") or not _REFERRING.isdisjoint(words.words):
        return False
    told = [word for word in (*earlier.words, *words.words) if word != "for"]
    acts = _acts(earlier.words[1:]) or not (_PLURAL_ACTS | {"has"}).isdisjoint(earlier.words[1:])
    if not CONDITION.isdisjoint(told) or not acts:
        return False
    return content(earlier, 0, len(earlier)).isdisjoint(content(words, 0, len(words)))


_REFERRING = word_set(
    """
    it its they their them this that these those then so there no not nothing nobody never other
    others both each another same next second further later instead else only one ones alone is are
    """
)


def _is_another_matter(before: tuple[Sentence, int], behind: tuple[Sentence, int]) -> bool:
    """Whether a clause has a subject and an act of its own and takes up nothing said before.

    Args:
        before: a sentence, and where in it the earlier clause ends.
        behind: the same sentence or the next, and where in it the clause begins.
    """
    (earlier, end), (sentence, first) = before, behind
    words = sentence.words[first:]
    own = words[:1] and (words[0] in _STARTING or (is_plural(words[0]) and words[0] not in _ANY))
    if not own or not _TAKING_UP.isdisjoint(words) or not _STATING.isdisjoint(words):
        return False
    if not _NOBODY.isdisjoint(earlier.words[:end]):
        return False
    acts = [at for at in range(2, min(len(words), 12)) if _is_act(words, at)]
    if not acts or words[acts[0] + 1 : acts[0] + 2] == [LITERAL]:
        return False  # `The fifth gets "Full"`: an answer to what was before.
    told = content(earlier, 0, end)
    return bool(told) and told.isdisjoint(content(sentence, first, len(sentence)))


def _is_act(words: list[str], at: int) -> bool:
    """Whether a word is a verb of doing: one that is known, or as `mutes the` in `the host mutes
    the music`."""
    if words[at] in _OWN_ACTS:
        return True
    return words[at].endswith("s") and words[at + 1 : at + 2] in (["the"], ["a"], ["an"], ["each"])


_TAKING_UP = (_REFERRING - {"is", "are"}) | {"his", "her"}
_NOBODY = frozenset(("nobody", "nothing", "no", "none"))


def second_thing(one: Spoken) -> int | None:
    """The place where a second thing is ordered, if one is."""
    sentence, words = one.sentence, one.sentence.words
    nested = one.block.passages[1:]
    if one.passage in nested[1:] and words[0] in ACTS:
        return 0  # The second item of a list of acts.
    for at, _, _ in _ALSO.find(sentence):
        if not (ACTS | HAPPENS | MODAL | BE).isdisjoint(words[at:]):
            return at
    if _ACTING.isdisjoint(words):
        return _another_subject(one) if "," in words else None
    modals = [at for at, word in enumerate(words) if word in MODAL]
    for at in modals[1:]:
        if "and" in words[modals[0] : at] and CONDITION.isdisjoint(words[modals[0] : at]):
            return at
    return _another_subject(one) or _coordinated(words)


_ACTING = ACTS | HAPPENS | MODAL


def _another_subject(one: Spoken) -> int | None:
    """The place of `, and the clerk gets …` or of `it also mails …`."""
    words = one.sentence.words
    for at, word in enumerate(words):
        if word == "also" and (
            _acts(words[at + 1 : at + 2]) or words[max(0, at - 2) : at] == ["and", "it"]
        ):
            return at
        if word == "also" and at == 0 and words[1:2] == [","]:
            return 1
        if word == "while" and at and _goes_on_meanwhile(words, at):
            return at + 1
        if word not in ("and", ";", "plus", "whereas") or at == 0 or at + 2 >= len(words):
            continue
        listed = word == "and" and words[at - 1] == ","
        if listed and _is_another_matter((one.sentence, at), (one.sentence, at + 1)):
            return at + 1
        if listed and (_many_act(words, at + 1) or _acts_then(words, at + 1)):
            return at + 1
        starts = words[at + 1] in _STARTING or words[at + 1] == LITERAL
        # Without a comma only as `and the desk gets`: a list of nouns has none of these verbs.
        close = word == "and" and words[at + 3 : at + 4] and words[at + 3] in (HAPPENS | {"goes"})
        joined = word != "and" or words[at - 1] == "," or bool(close)
        if word == "whereas" and starts:
            return at + 1
        verbs = (_MOVES if close else ACTS | HAPPENS) if word == "and" else _ANY
        if (starts and joined) and (_acts(words[at + 2 : at + 8], verbs) or _bounds(one, at)):
            return at + 1
        if listed and starts and _is_done(words, at + 2):
            return at + 1
    return None


def _is_done(words: list[str], at: int) -> bool:
    """Whether `(the) room is locked by the caretaker` stands here: somebody else does it."""
    for be in range(at, min(at + 5, len(words) - 2)):
        if words[be] in RELATIVE or words[be] in CONDITION or words[be] == ",":
            return False
        if words[be] in ("is", "are"):
            return words[be + 1] in PARTICIPLES and words[be + 2] == "by"
    return False


def _acts_then(words: list[str], at: int) -> bool:
    """Whether `at dawn the software mails …` stands here, of a time that the rest is not about."""
    if words[at] not in _AT_TIMES or words[0] in _AT_TIMES or words[0] == "by":
        return False
    for first in range(at + 2, min(at + 5, len(words) - 2)):
        if words[first] in ("it", "they"):
            return _acts(words[first + 1 : first + 2])
        if words[first] in ("the", "a", "an", "each", "every"):
            return _acts(words[first + 2 : first + 4])
    return False


_AT_TIMES = frozenset(("at", "on", "during", "every"))


def _goes_on_meanwhile(words: list[str], at: int) -> bool:
    """Whether behind `while` something is done, and nothing only lasts: `while it is open`."""
    if words[at + 1 : at + 2] == [] or words[at + 1] not in ("the", "a", "an", "each", "every"):
        return False
    for verb in range(at + 3, min(at + 7, len(words) - 1)):
        if words[verb] in ("is", "are", "gets"):
            return words[verb + 1] in PARTICIPLES
        if words[verb] in RELATIVE or words[verb] == ",":
            return False
        if words[verb] == "goes":
            return words[verb + 1] in ("on", "off", "up", "out", "back")
        if words[verb] in HAPPENS:
            return True
    return False


def _many_act(words: list[str], at: int) -> bool:
    """Whether `photographs older than 7 days are deleted` stands here, or `guests see a banner`."""
    if words[at + 1 : at + 2] and is_plural(words[at + 1]) and not is_plural(words[at]):
        at += 1  # `old photographs`
    if not is_plural(words[at]) or words[at] in _ANY or at + 2 >= len(words):
        return False
    for can in range(at + 1, min(at + 5, len(words) - 1)):
        if words[can] in RELATIVE or words[can] == ",":
            break
        if words[can] in ("can", "may", "cannot", "must"):
            return words[can + 1] in _PLURAL_ACTS or words[can + 1] in _ALSO_DONE
    if words[at + 1] in _PLURAL_ACTS:
        return f"{words[at + 1]}s" not in words[:at]  # `A guest pays 8 EUR, and members pay 5.`
    for be in range(at + 1, min(at + 7, len(words) - 1)):
        if words[be] in RELATIVE or words[be] == ",":
            return False
        if words[be] == "are":
            return words[be + 1] in PARTICIPLES
    return False


_PLURAL_ACTS = (
    ACTS - {"start", "order", "list", "open", "set", "close", "mark", "sort"}
) | word_set("vanish get receive see leave go disappear pay lose")
_ALSO_DONE = word_set("borrow download order book cancel return take pay change delete")
_MOVES = ACTS | HAPPENS | {"goes"}
_ANY = ACTS | HAPPENS | OTHER | {"is", "are", "has", "have", "carries", "costs"}
_STARTING = word_set("the a an it each every this they")
_OWN_ACTS = (_PLURAL_ACTS | _MOVES | word_set("may can cannot appear move")) - {"tells"}
# What comes of the clause before, or how it is meant.
_STATING = word_set(
    """
    shows show reads read says say bears bear stays stay counts includes has have applies apply is
    are was were stands stand names holds
    """
)


def _bounds(one: Spoken, at: int) -> bool:
    """Whether two things are held to numbers: `within 2 s, and an hour takes at most 8 percent`."""
    words = one.sentence.words
    if _BOUNDING.isdisjoint(words[:at]) or _BOUNDING.isdisjoint(words[at:]):
        return False
    units = [(found.at > at, found.dimension) for found in measures(one.sentence)]
    before = {unit for behind, unit in units if unit and not behind}
    return bool(before) and any(behind and unit not in before for behind, unit in units if unit)


_BOUNDING = word_set("most least within under over above below more less")


def _acts(words: list[str], verbs: frozenset[str] = ACTS | HAPPENS) -> bool:
    """Whether one of the verbs stands in these words, and not one of doing nothing."""
    for at, word in enumerate(words):
        if word in CONDITION or word in RELATIVE or word in (",", "stays", "stay", "remains"):
            return False  # That something stays as it is, is no second thing.
        if word in verbs:
            return words[at + 1 : at + 2] not in (["no"], ["nothing"], ["nobody"])
    return False


def _coordinated(words: list[str]) -> int | None:
    """The second of two or more acts of one subject: `stores it and sends an e-mail`."""
    acts = [at for at, word in enumerate(words) if word in ACTS and _is_verb(words, at)]
    for before, at in pairwise(acts):
        if (
            words[at - 1] in ("and", ",", "then", "also", "it")
            and not {"and", ","}.isdisjoint(words[before:at])
            and CONDITION.isdisjoint([*clause(words, before), *words[before:at]])
            and _acts(words[at : at + 2])
        ):
            return at
    return None


def _is_verb(words: list[str], at: int) -> bool:
    """Whether a word that may be a noun is a verb here: nothing makes it a noun."""
    before = words[at - 1] if at else ""
    after = words[at + 1] if at + 1 < len(words) else ""
    return before not in _BEFORE_NOUNS and after not in _BEHIND_NOUNS


_BEFORE_NOUNS = word_set("a an the its their of each every no to by") | {LITERAL}
_BEHIND_NOUNS = word_set(". , is are of and or must has have") | {""}
