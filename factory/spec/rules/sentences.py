"""How a requirement is put: one thing, seen from outside, with somebody who acts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

from factory.spec.finding import Finding
from factory.spec.language.lexicon import Lexicon
from factory.spec.language.prose import LITERAL, Sentence
from factory.spec.language.verbs import ACTS, HAPPENS
from factory.spec.language.word_list import phrases, word_set
from factory.spec.spoken import Spoken
from factory.spec.surroundings import Surroundings

_BE = word_set(
    """
    is are was were be been being gets get
    """
)
# What somebody has to do, so that it matters who: a person, another system, the product?
_ACTED = word_set(
    """
    approved reviewed verified validated checked confirmed notified informed alerted contacted
    assigned escalated processed handled authorised authorized inspected monitored audited
    resolved investigated decided agreed managed tested signed emailed e-mailed mailed sent called
    dispatched forwarded delivered cleaned maintained triggered performed done executed initiated
    granted revoked refunded charged billed invoiced paid cancelled canceled scheduled rescheduled
    updated archived backed synced synchronised synchronized migrated produced published deployed
    corrected fixed adjusted selected chosen determined collected evaluated assessed considered
    enforced ensured guaranteed provided supported created deleted removed locked unlocked blocked
    unblocked suspended activated deactivated enabled disabled encrypted purged announced issued
    handed ended renumbered reset
    """
)
_CONDITION = word_set(
    """
    if when where whenever while once unless until after before because since although though as
    than whether given for
    """
)
_RELATIVE = word_set("that which who whose whom it")
_OWING = word_set("has have had needs need ought")
_NEGATED = word_set(
    """
    no not nothing none nobody neither never cannot can't nor without
    """
)

_MODAL = frozenset(["must", "shall", "will"])
_ALSO = Lexicon(
    dict.fromkeys(
        ("and also", "as well as", "in addition", "additionally", "furthermore", "moreover",
         "on top of that", "besides that", "besides", "plus it", "and it also", "and then also"),
        True,
    )
)  # fmt: skip

_INSIDE = Lexicon(
    dict.fromkeys(
        phrases(
            """
            internally, clean structure, new developers, developers understand, ring buffer, its
            own model, data model, ring buffers, keeps in mind, bears in mind, keeps a note of,
            regards, deems, inner loop, in its loop, persisted, persists, stored encrypted, stored
            as, stored separately, kept separately, sets a flag, a flag, precomputes,
            pre-computes, preloads, buffered, buffers, indexed, style guide, coding guidelines,
            coding standard, coding standards, dead code, type-safe, stateless, instantiates,
            initialises, in its memory, in its state, under the covers, knows, docstring,
            docstrings, function of the code, type hints, under the hood, behind the scenes, in
            memory, in-memory, code is clean, code is readable, code is documented, code is
            tested, code is covered, code is structured, code follows, code quality, code passes,
            source code, codebase, code base, code coverage, unit test, unit tests, unit-tested,
            well-tested, well tested, test coverage, refactored, maintainable, clean code, the
            architecture, is designed, are designed, well-documented, well documented, the
            implementation, implementation, implemented, the database is, in the database,
            database row, database rows, database record, internal variable, the cache, a cache,
            cached, caches, caching, cache, data structure, data structures, algorithm, subclass,
            internal state, internal queue, internal list, internal counter, internal flag,
            internal table, internal structure, internal format, internal model, back-end, the
            server code, is aware, is aware of, understands, knows about, knows that, remembers
            internally, considers, keeps track, keeps track of, tracks internally, object model,
            technical debt, modular, loosely coupled, decoupled, reusable, dependency injection,
            thread-safe, thread safe, memory leak, memory leaks, lazily, eagerly, in the
            background thread, private field, in a single transaction, stack trace is logged
            internally
            """
        ),
        True,
    )
)


def sentences(said: Iterable[Spoken], around: Surroundings) -> Iterator[Finding]:
    """`passive`, `requirement-compound` and `unobservable`, in numbered requirements."""
    compound: set[tuple[int, str]] = set()
    before: Spoken | None = None
    for one in said:
        if not one.requirement:
            continue
        at = _passive(one.sentence)
        if at is not None:
            yield one.finding(
                "passive", at, f"it is not said who does this: {one.words(at, at + 2)!r}",
                "begin with who or what acts: `The service …`, `A reviewer …`",
            )  # fmt: skip
        key = (one.block.line, one.requirement)
        goes_on = before is not None and before.passage is one.passage and _goes_on(before, one)
        before = one
        second = None
        if key not in compound:
            second = 0 if goes_on else _second_thing(one)
        if second is not None:
            compound.add(key)
            yield one.finding(
                "requirement-compound", second, f"{one.requirement} asks for more than one thing",
                "give each a requirement of its own",
            )  # fmt: skip
        if one.document.kind == "feature" and not one.requirement.startswith("C"):
            yield from _unobservable(one, around)


def _passive(sentence: Sentence) -> int | None:
    """The place of a passive verb of a main clause that names nobody who acts."""
    words = sentence.words
    if _BE.isdisjoint(words):
        return None
    for at, word in enumerate(words[:-1]):
        if word not in _BE:
            continue
        verb = at + 1
        while verb < len(words) - 1 and (words[verb].endswith("ly") or words[verb] in _FILLERS):
            verb += 1
        if words[verb] not in _ACTED and not _is_owed(words, at, verb):
            continue
        if _names_actor(words, verb):
            continue
        clause = _clause(words, at)
        if not _CONDITION.isdisjoint(clause) or not _RELATIVE.isdisjoint(clause[-2:]):
            continue
        denied = {*clause[:1], *clause[-2:], *words[at:verb]}
        if not _NEGATED.isdisjoint(denied) or (
            words[at - 1 : at] == ["to"] and not _OWING & set(words[max(0, at - 3) : at])
        ):
            continue
        return at
    return None


_FILLERS = word_set(
    """
    then also only always first still again now being been both
    """
)


def _is_owed(words: list[str], at: int, verb: int) -> bool:
    """`must be reported`, `has to be renewed`: a duty, and nobody has it."""
    owed = words[max(0, at - 2) : at]
    return (
        words[at] == "be"
        and bool(owed)
        and (owed[-1] in _MODAL or (owed[-1] == "to" and owed[0] in _OWING))
        and words[verb].endswith(("ed", "en"))
        and words[verb] not in _STATES
    )


_STATES = word_set(
    """
    allowed needed required used based named limited expected signed red green open even
    """
)


def _names_actor(words: list[str], verb: int) -> bool:
    """Whether `by` and somebody follow a verb; `by hand` and `by colour` name nobody."""
    for at in range(verb + 1, min(verb + 5, len(words) - 1)):
        if words[at] == "by":
            return words[at + 1] not in _NOBODY
    return False


_NOBODY = word_set(
    """
    hand default mistake e-mail email post mail phone date name colour number id then now noon
    midnight
    """
)


def _clause(words: list[str], at: int) -> list[str]:
    """The words of the clause before its verb: back to a comma or the sentence's begin."""
    first = at
    while first > 0 and words[first - 1] not in (",", ":", "–", "—", "("):
        first -= 1
    return words[first:at]


def _goes_on(before: Spoken, one: Spoken) -> bool:
    """Whether a clause behind a semicolon orders what comes next: `; the page then asks …`."""
    words = one.sentence.words
    return (
        before.sentence.words[-1] == ";"
        and words[0] in _STARTING
        and not {"then", "also"}.isdisjoint(words[:8])
        and _acts(words[1:10])
    )


def _second_thing(one: Spoken) -> int | None:
    """The place where a second thing is ordered, if one is."""
    sentence, words = one.sentence, one.sentence.words
    nested = one.block.passages[1:]
    if one.passage in nested[1:] and words[0] in ACTS:
        return 0  # The second item of a list of acts.
    for at, _, _ in _ALSO.find(sentence):
        if any(word in ACTS or word in _MODAL or word in _BE for word in words[at:]):
            return at
    if _ACTING.isdisjoint(words):
        return None
    modals = [at for at, word in enumerate(words) if word in _MODAL]
    for at in modals[1:]:
        if "and" in words[modals[0] : at] and _CONDITION.isdisjoint(words[modals[0] : at]):
            return at
    return _another_subject(words) or _coordinated(words)


_ACTING = ACTS | HAPPENS | _MODAL


def _another_subject(words: list[str]) -> int | None:
    """The place of `, and the clerk gets …` or of `it also mails …`."""
    for at, word in enumerate(words):
        if word == "also" and (
            _acts(words[at + 1 : at + 2]) or words[max(0, at - 2) : at] == ["and", "it"]
        ):
            return at
        if word not in ("and", ";", "plus") or at == 0 or at + 2 >= len(words):
            continue
        starts = words[at + 1] in _STARTING or words[at + 1] == LITERAL
        # Without a comma only as `and the desk gets`: a list of nouns has none of these verbs.
        close = word == "and" and words[at + 3 : at + 4] and words[at + 3] in HAPPENS
        joined = word != "and" or words[at - 1] == "," or bool(close)
        if starts and joined and _acts(words[at + 2 : at + 8]):
            return at + 1
    return None


_STARTING = word_set("the a an it each every this they")


def _acts(words: list[str]) -> bool:
    """Whether a verb of these is an act, and not one of doing nothing."""
    for at, word in enumerate(words):
        if word in _CONDITION or word in _RELATIVE:
            return False
        if word in ACTS or word in HAPPENS:
            return words[at + 1 : at + 2] not in (["no"], ["nothing"], ["nobody"])
    return False


def _coordinated(words: list[str]) -> int | None:
    """The second of two or more acts of one subject: `stores it and sends an e-mail`."""
    acts = [at for at, word in enumerate(words) if word in ACTS and _is_verb(words, at)]
    for before, at in pairwise(acts):
        if (
            words[at - 1] in ("and", ",", "then", "also", "it")
            and not {"and", ","}.isdisjoint(words[before:at])
            and _CONDITION.isdisjoint([*_clause(words, before), *words[before:at]])
            and _acts(words[at : at + 2])
        ):
            return at
    return None


def _is_verb(words: list[str], at: int) -> bool:
    """Whether a word that may be a noun is a verb here: nothing makes it a noun."""
    before = words[at - 1] if at else ""
    after = words[at + 1] if at + 1 < len(words) else ""
    if before in (
        "a",
        "an",
        "the",
        "its",
        "their",
        "of",
        "each",
        "every",
        "no",
        "to",
        "by",
        LITERAL,
    ):
        return False
    return after not in ("", ".", ",", "is", "are", "of", "and", "or", "must", "has", "have")


def _unobservable(one: Spoken, around: Surroundings) -> Iterator[Finding]:
    scene = _scene(one)
    for at, end, _ in _INSIDE.find(one.sentence):
        phrase = " ".join(one.sentence.words[at:end])
        if phrase in scene or (around.terms and phrase in around.terms):
            continue  # The product is about it.
        yield one.finding(
            "unobservable", at, f"{phrase!r} cannot be seen from outside",
            "say what somebody who only uses the product would see",
        )  # fmt: skip
        return


def _scene(one: Spoken) -> str:
    """Title, What and Inputs, in lower case: what the product is about."""
    parts = [str(one.document.meta.get("title", ""))]
    for name in ("What", "Inputs"):
        section = one.document.section(name)
        parts += [block.text for block in section.blocks] if section else []
    return " ".join(parts).lower()
