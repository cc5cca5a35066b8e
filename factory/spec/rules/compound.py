"""`requirement-compound`: one requirement that asks for more than one thing."""

from __future__ import annotations

from itertools import pairwise

from factory.spec.language.clauses import ARTICLES, BE, CONDITION, MODAL, RELATIVE, clause
from factory.spec.language.lexicon import Lexicon
from factory.spec.language.measures import is_plural, measures
from factory.spec.language.prose import LITERAL
from factory.spec.language.verbs import ACTS, DOING, HAPPENS, VERBS
from factory.spec.language.word_list import word_set
from factory.spec.rules.acting import ANY, MOVES, PLURAL_ACTS, STARTING, acts
from factory.spec.rules.apart import is_another_matter
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


def second_thing(one: Spoken) -> int | None:
    """The place where a second thing is ordered, if one is."""
    sentence, words = one.sentence, one.sentence.words
    nested = one.block.passages[1:]
    if one.passage in nested[1:] and words[0] in ACTS:
        return 0  # The second item of a list of acts.
    for at, _, _ in _ALSO.find(sentence):
        if not _SAYING.isdisjoint(words[at:]):
            return at
    if _ACTING.isdisjoint(words):
        return _another_subject(one) or _of_its_own(words)
    modals = [at for at, word in enumerate(words) if word in _MODALS]
    for at in modals[1:]:
        between = [word for n, word in enumerate(words[modals[0] : at], modals[0])
                   if (word, words[n + 1]) != ("once", "a")]  # fmt: skip
        if "and" in between and CONDITION.isdisjoint(between):
            return at
    second = _another_subject(one) or _of_its_own(words)
    # An edge case may well tell all that one subject does then.
    return second or (None if one.requirement.startswith("E") else _coordinated(words))


_MODALS = MODAL | {"can", "may"}
_ACTING = DOING | MODAL
_SAYING = _ACTING | BE
# Without a comma only as `and the desk gets`: a list of nouns has none of these.
_CLOSE = HAPPENS | {"goes"}


# `One gets the room, and the other gets "Taken"`: both are one case.
_THE_OTHER = (["the", "other"], ["the", "others"], ["the", "rest"], ["all", "others"])
_JOINING = frozenset(("also", "while", "and", ";", "plus", "whereas"))


def _another_subject(one: Spoken) -> int | None:
    """The place of `, and the clerk gets …` or of `it also mails …`."""
    words = one.sentence.words
    for at, word in enumerate(words):
        if word not in _JOINING or words[at + 1 : at + 3] in _THE_OTHER:
            continue
        if word == "also" and (
            acts(words[at + 1 : at + 2]) or words[max(0, at - 2) : at] == ["and", "it"]
        ):
            return at
        if word == "also" and at == 0 and words[1:2] == [","]:
            return 1
        if word == "also" and at > 1 and words[at - 1] in _MAY and words[at + 1 : at + 2] != ["be"]:
            return at  # `A manager may also lend it.`
        if word == "while" and at and _goes_on_meanwhile(words, at):
            return at + 1
        if word == "while" and at and words[at - 1] == "," and words[at + 1 : at + 2] in _OF_ANY:
            return at + 1  # `Shows `now`, while a departure that is cancelled shows `--``
        if word in ("also", "while") or at == 0 or at + 2 >= len(words):
            continue
        listed = word == "and" and words[at - 1] == ","
        if listed and not _LASTING.isdisjoint(words[at + 2 : at + 4]):
            continue  # `Gets "Full", and the list stays as it is`
        if listed and is_another_matter((one.sentence, at), (one.sentence, at + 1)):
            return at + 1
        if listed and (_many_act(words, at + 1) or _acts_then(words, at + 1)):
            return at + 1
        if word == "and" and words[at + 1] == "," and words[at + 2] == "when":
            return at + 2  # `Keeps entries and, when the SMS fails, tries it again`
        if listed and words[at + 2] in DOING and one.sentence.text(at + 1)[:1].isupper():
            return at + 1  # `, and CityBus invites her to a survey`
        starts = words[at + 1] in STARTING or words[at + 1] == LITERAL
        close = word == "and" and words[at + 3 : at + 4] and words[at + 3] in _CLOSE
        joined = word != "and" or words[at - 1] == "," or bool(close)
        if word == "whereas" and starts:
            return at + 1
        verbs = (MOVES if close else DOING) if word == "and" else ANY
        if (starts and joined) and (acts(words[at + 2 : at + 8], verbs) or _bounds(one, at)):
            return at + 1
        if listed and starts and _is_done(words, at + 2):
            return at + 1
    return None


def _of_its_own(words: list[str]) -> int | None:
    """The place of a clause about somebody new: `, and a driver can …`, `and `--dry-run` prints …`.

    What an indefinite article brings in was not spoken of before.
    """
    for at in range(3, len(words) - _FEWEST_OF_A_CLAUSE):
        if words[at] != "and" or _TELLING.isdisjoint(words[:at]):
            continue
        if words[at + 1] == LITERAL:
            listed = LITERAL in words[max(0, at - 2) : at]
            new = not listed and words[at + 2] in VERBS and words[at + 2] not in _LASTING
        else:
            new = words[at - 1] == "," and words[at + 1] in _NEW and _tells(words, at + 2)
            # `Answers 422, and no link is created` tells of one case.
            new = new and (words[at + 1] != "no" or len(words) - at > _LONGEST_OF_ONE_CASE)
            new = new and words[at + 2] not in _OUTCOMES
        earlier = clause(words, at - 1)
        if new and not (CONDITION | RELATIVE).issuperset(earlier[:1]):
            return at + 1
    return None


def _tells(words: list[str], first: int) -> bool:
    """Whether a verb of the clause stands near, and is no verb of a clause within it."""
    for at in range(first, min(first + _NEAR, len(words) - 1)):
        if words[at] in RELATIVE or words[at] == ",":
            return False
        ends = words[at].endswith("s") and words[at + 1] in _BEHIND_VERBS and at > first
        if words[at] in _TELLING or ends:
            return True
    return False


_NEW = frozenset(("a", "an", "no", "nobody", "another"))
_TELLING = ANY | MODAL | word_set("can may cannot gets pays lies weighs has have")
_BEHIND_VERBS = ARTICLES | word_set("at to on in within no its their as only")
_FEWEST_OF_A_CLAUSE = 5
_LONGEST_OF_ONE_CASE = 8
_MAY = frozenset(("may", "can", "must"))
_LASTING = frozenset(("stays", "stay", "remains", "remain"))
_OUTCOMES = word_set("answer response error message status warning")
_NEAR = 10


_OF_ANY = (["a"], ["an"], ["one"], ["those"])


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
    times = words[at] in _AT_TIMES or words[at : at + 2] in (["once", "a"], ["twice", "a"])
    if not times or words[0] in _AT_TIMES or words[0] == "by":
        return False
    for first in range(at + 2, min(at + 5, len(words) - 2)):
        if words[first] in ("it", "they"):
            return acts(words[first + 1 : first + 2])
        if words[first] in ARTICLES:
            return acts(words[first + 2 : first + 4])
    return False


_AT_TIMES = frozenset(("at", "on", "during", "every"))


def _goes_on_meanwhile(words: list[str], at: int) -> bool:
    """Whether behind `while` something is done, and nothing only lasts: `while it is open`."""
    if words[at + 1 : at + 2] == [] or not (
        words[at + 1] in ARTICLES or words[at + 1].endswith(("'s", "’s"))
    ):
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
    if not is_plural(words[at]) or words[at] in ANY or at + 2 >= len(words):
        return False
    if words[at + 1] in ("at", "in", "on", "of", "from", "between"):
        return False  # `And spaces at the start`: more of the same.
    for can in range(at + 1, min(at + 5, len(words) - 1)):
        if words[can] in RELATIVE or words[can] == ",":
            break
        if words[can] in ("can", "may", "cannot", "must"):
            return words[can + 1] in PLURAL_ACTS or words[can + 1] in _ALSO_DONE
    if words[at + 1] in PLURAL_ACTS:
        return f"{words[at + 1]}s" not in words[:at]  # `A guest pays 8 EUR, and members pay 5.`
    for be in range(at + 1, min(at + 7, len(words) - 1)):
        if words[be] in RELATIVE or words[be] == ",":
            return False
        if words[be] == "are":
            return words[be + 1] in PARTICIPLES
    return False


_ALSO_DONE = word_set("borrow download order book cancel return take pay change delete")


def _bounds(one: Spoken, at: int) -> bool:
    """Whether two things are held to numbers: `within 2 s, and an hour takes at most 8 percent`."""
    words = one.sentence.words
    if _BOUNDING.isdisjoint(words[:at]) or _BOUNDING.isdisjoint(words[at:]):
        return False
    units = [(found.at > at, found.dimension) for found in measures(one.sentence)]
    before = {unit for behind, unit in units if unit and not behind}
    return bool(before) and any(behind and unit not in before for behind, unit in units if unit)


_BOUNDING = word_set("most least within under over above below more less up")


def _coordinated(words: list[str]) -> int | None:
    """The second of two or more acts of one subject: `stores it and sends an e-mail`."""
    found = [at for at, word in enumerate(words) if word in ACTS and _is_verb(words, at)]
    for before, at in pairwise(found):
        if (
            words[at - 1] in ("and", ",", "then", "also", "it")
            and not {"and", ","}.isdisjoint(words[before:at])
            and CONDITION.isdisjoint([*clause(words, before), *words[before:at]])
            and acts(words[at : at + 2])
        ):
            return at
    for before in found[:1]:
        for at in range(before + 2, len(words) - 1):
            if (words[at] in CONDITION and words[at] != "for") or words[at] in RELATIVE:
                break
            whom = words[at + 1] in (ARTICLES if words[at] in _TELLING_SOMEBODY else _WHOM)
            verb = words[at].endswith("s") and whom and words[at - 1] == "and"
            known = words[at] in VERBS and words[at] not in _TELLING_SOMEBODY
            if verb and not known and CONDITION.isdisjoint(clause(words, before)):
                return at  # `Reminds the borrower and bars her from the shelf`
    return None


_WHOM = word_set("her him them it the")
_TELLING_SOMEBODY = frozenset(("tells", "mails", "rings", "gives"))


def _is_verb(words: list[str], at: int) -> bool:
    """Whether a word that may be a noun is a verb here: nothing makes it a noun."""
    before = words[at - 1] if at else ""
    after = words[at + 1] if at + 1 < len(words) else ""
    return before not in _BEFORE_NOUNS and after not in _BEHIND_NOUNS


_BEFORE_NOUNS = word_set("a an the its their of each every no to by") | {LITERAL}
_BEHIND_NOUNS = word_set(". , is are of and or must has have") | {""}
