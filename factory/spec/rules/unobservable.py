"""`unobservable`: what nobody can see from outside the product."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from factory.spec.finding import Finding
from factory.spec.language.clauses import ARTICLES
from factory.spec.language.lexicon import Lexicon
from factory.spec.language.word_list import phrases, word_set
from factory.spec.rules.about import title_and
from factory.spec.rules.names import is_the_matter
from factory.spec.spoken import Spoken
from factory.spec.surroundings import Surroundings

_INSIDE = Lexicon(
    dict.fromkeys(
        phrases(
            """
            notes how, notes which, notes whether, learns how, learns which, is fond of, makes up
            its own mind, is conscious, conscious of, internally, builds a tree, sorted array,
            thinks of, stored twice, kept twice, clean structure, new developers, developers
            understand, ring buffer, its own model, data model, ring buffers, keeps in mind, bears
            in mind, keeps a note of, regards, deems, inner loop, in its loop, persisted, persists,
            stored encrypted, stored as, stored separately, kept separately, sets a flag, a flag,
            precomputes, pre-computes, preloads, buffered, buffers, indexed, style guide, coding
            guidelines, coding standard, coding standards, dead code, type-safe, stateless,
            instantiates, initialises, in its memory, in its state, under the covers, knows,
            docstring, docstrings, function of the code, type hints, under the hood, behind the
            scenes, in memory, in-memory, code is clean, code is readable, code is documented, code
            is tested, code is covered, code is structured, code follows, code quality, code passes,
            source code, codebase, code base, code coverage, unit test, unit tests, unit-tested,
            well-tested, well tested, test coverage, refactored, maintainable, clean code, the
            architecture, is designed, are designed, well-documented, well documented, the
            implementation, implementation, implemented, the database is, in the database, database
            row, database rows, database record, internal variable, the cache, a cache, cached,
            caches, caching, cache, data structure, data structures, algorithm, subclass, internal
            state, internal queue, internal list, internal counter, internal flag, internal table,
            internal structure, internal format, internal model, back-end, the server code, is
            aware, is aware of, stays aware, stays aware of, in its working copy, worked out inside,
            understands, knows about, knows that, remembers internally, considers, keeps track,
            keeps track of, tracks internally, object model, technical debt, modular, loosely
            coupled, decoupled, reusable, dependency injection, thread-safe, thread safe, memory
            leak, memory leaks, lazily, eagerly, in the background thread, private field, in a
            single transaction, stack trace is logged internally, deep inside, deep down, behind the
            curtain, behind the curtains, beneath the surface, below the surface, under the surface,
            invisibly, takes a lock, takes the lock, takes locks, acquires a lock, acquires the
            lock, holds a lock, releases the lock, row lock, a lock on, locks the row, locks both
            rows, walks a tree, walks the tree, keeps a tree, a variable counts, a variable holds,
            loop visits, main loop, event loop, allocates memory, allocates space, allocates room,
            held in an array, kept in an array, keeps an array, as dirty, dirty flag, serialised,
            serialises, serialized, serializes, deserialises, deserializes, parsed into, calls
            itself, iterates, recursively, internal marker, internal note, internal state object,
            internal object, state object, feels closer, feel closer, feels safe, feel safe, feels
            welcome, feel welcome, feels at home, have confidence in, has confidence in, trust the,
            trusts the, enjoy the, enjoys the, is happy, are happy, is satisfied, are satisfied, is
            confident, are confident, is proud, are proud, likes the, like the product, wonders,
            worries, remembers which, remembers for itself, makes a mental note, takes a mental
            note, notes for itself, in its head, bookkeeping, garbage collector, call stack, on the
            heap, on the stack, in one pass, in a background process, singleton instance,
            subroutine, forks a process, thread waits, its own thread, a separate thread, in a
            separate process, thinks about, think about, comprehension of, deep comprehension,
            deeper understanding, feel confident, feels confident, feel good about, feels good
            about, feel sure, feels sure, feel motivated, feels motivated, feel valued, feel
            respected, feel understood, feel supported, feel informed, feel in control, feel
            comfortable, feels comfortable, feel secure, feels secure, fear of, gain confidence,
            gains confidence, thinks over, thinks twice, ponders, contemplates, weighs up, makes up
            its mind, hesitates, decides for itself, reasons about, imagines, is curious, tries to
            understand, reflects on, meditates, deliberates, inner idea, inner picture, inner image,
            inner view, inner model, inner map, inner state, inner clock, inner life, inner
            workings, mental model, mental picture, mental map, an idea of, a notion of, a sense of,
            a feeling for, an understanding of, an awareness of, a concept of, a precise picture of,
            a clear picture of, a complete picture of, an exact picture of, a consistent picture of,
            a consistent view of, an overall picture of, is certain that, is sure that, realises
            that, realizes that, realises when, grasps, comprehends, recognises that, figures out,
            thinks that, believes, assumes, believes that, assumes that, takes it that, is
            convinced, reads the source, read the source, reads the code, read the code, new
            programmer, new programmers, programmer, programmers, maintainer, maintainers, successor
            in the team, new colleague understands, comments in the code, code comments, computes
            once, computed in advance, calculated in advance, computed beforehand, precomputed,
            pre-computed, recomputes, recalculates the index, rebuilds the index, lookup table, hash
            table, hash map, looks up by, at ease, feel at ease, floating point, integer arithmetic,
            connection pool, keeps a connection, pool of connections, objects of one class, base
            class, helper function, helper functions, the functions are, functions are short, names
            of variables, variable names, variables are, state machine, dependency on the module,
            dependencies on the module, loosely, free of side effects, idempotent internally,
            atomically, race condition, race conditions, deadlock, deadlocks, polls the database,
            reads from the database, writes to the database, stored in the database, kept in the
            database, database schema, normalised form, third normal form, foreign key, memory
            footprint, has the impression, is under the impression, trusts that, is proud of, finds
            it pleasant, thinks it pleasant, without being aware, is never confused, is not
            confused, knows its way, knows by heart, behind closed doors, under its hood, inside the
            server, inside the app, on the inside, integers and no floats, code contains comments,
            code has comments, is sure of the, recomputes the, recalculates the, its internal, their
            internal, an internal copy, the internal copy, an internal list, within itself, inside
            itself, as a sign of, as a sign that, in its queue, in its cache, in its buffer, in its
            heap, has a look at, takes a look at, looks at each, looks at every, in its mind, no
            trace in the memory, exists nowhere any, takes note of, takes note, from its cache, for
            itself, to itself, for themselves
            """
        ),
        True,
    )
)


_BEARING = frozenset(("bears", "bear", "keeps", "keep", "has", "have"))
_PRODUCTS = word_set(
    """
    service program app application system server tool command page site software product machine
    engine bot robot assistant module component game device
    """
)
# What only somebody with a mind does.
_MINDING = word_set(
    """
    feels hopes fears loves likes enjoys dislikes hates senses appreciates respects wishes intends
    understands minds trusts suspects doubts guesses cares regrets believes thinks wonders imagines
    realises realizes recognises considers regards deems ponders
    """
)


# `Holds the rider to be loyal`.
_JUDGING = word_set("holds takes judges finds declares")


def _is_judged(words: Sequence[str], at: int) -> bool:
    near = words[at + 1 : at + _NEAR]
    return "to" in near and words[words.index("to", at) + 1 :][:1] == ["be"]


_NEAR = 7


def unobservable(one: Spoken, around: Surroundings) -> Iterator[Finding]:
    """The first phrase of a sentence about the inside, unless the product is about it."""
    found = next(_unseen(one, around), None)
    if found is not None:
        at, what = found
        yield one.finding(
            "unobservable", at, f"{what} cannot be seen from outside",
            "say what somebody who only uses the product would see",
        )  # fmt: skip


def _unseen(one: Spoken, around: Surroundings) -> Iterator[tuple[int, str]]:
    """(place, what) of each thing that only the product itself knows of."""
    words = one.sentence.words
    at = words.index("mind") if "mind" in words else 0
    if at > 1 and words[at - 1] == "in" and not _BEARING.isdisjoint(words[:at]):
        yield at, "what the product has in mind"
    if words[2:3] and words[0] in ARTICLES and words[1] in _PRODUCTS and words[2] in _MINDING:
        yield 2, repr(f"{words[1]} {words[2]}")
    for at, word in enumerate(() if _JUDGING.isdisjoint(words) else words[1:-2], 1):
        if word in _JUDGING and words[at - 1] in _PRODUCTS and _is_judged(words, at):
            yield at, repr(f"{words[at - 1]} {word}")
    for at, end, _ in _INSIDE.find(one.sentence):
        phrase = " ".join(one.sentence.words[at:end])
        if (around.terms and phrase in around.terms) or phrase in _subject(one):
            continue
        if is_the_matter(phrase, one.document.text):
            continue
        yield at, repr(phrase)


def _subject(one: Spoken) -> str:
    return title_and(one.document, "What", "Inputs").lower()
