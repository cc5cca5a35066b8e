"""What is still to be decided, in the many ways in which people write that."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from factory.spec.document import SpecDocument
from factory.spec.finding import Finding, finding_in
from factory.spec.language.late import late
from factory.spec.language.promises import ANY_PROMISE, PROMISED, shows_a_promise
from factory.spec.language.prose import LITERAL, masked
from factory.spec.language.somebody import ANY_SOMEBODY, LEFT_TO_SOMEBODY, shows_somebody
from factory.spec.language.undecided import (
    ANY_SIGN,
    BEGINS_A_QUESTION,
    IN_DOUBT,
    LEFT_OPEN,
    UNDECIDED,
    left_open,
    shows_undecided,
)
from factory.spec.markdown import Passage
from factory.spec.rules.names import is_the_matter
from factory.spec.spoken import BINDING, Spoken
from factory.spec.surroundings import Surroundings

_WORDS = late(r"[a-z.]+|[?\[<{]")
# `<name of the field>`: what a template asks to be replaced. HTML has no tag of two words.
_PLACEHOLDER = late(
    r"<[A-Za-z]\w{0,30}[ _-][\w ,'’-]{0,90}>|<[A-Z]>|(?<!\$)\{\{ ?[A-Za-z][\w -]{0,60}\}\}"
    r"|<[a-z]\w{0,30}> ?(?:[%€]|"
    r"(?:EUR|USD|GBP|CHF|ms|seconds|minutes|hours|days|[kMG]B|[kcm]?m|kg)\b)"
)
# Elsewhere a question may be the user's own: "It answers one question: did the job run?", and what
# follows one may answer it: it is open at the end, or where we ask ourselves.
_ASKED_OF_US = late(
    r"(?:^|[.!?]\s)(?:[^.?!:]{3,300}\?(?=\W{0,20}\Z)"
    r"|[^.?!:]{0,200}\b(?:[Ww]e|us|our|[Ss]hould|[Ss]hall)\b[^.?!:]{1,200}\?)"
    r"(?! [^.?!:]{0,80}\b(?:answers?|tells?|says?|shows?|knows?)\b)"
)
_ASKED = late(r"\b[^\W_][\w'’]{0,60}[)\"”]?\s?\?(?=[\s)\]]|$)")


def open_in_front_matter(document: SpecDocument, around: Surroundings) -> Iterator[Finding]:
    """`open-question` in a title, an owner or a product."""
    for key, words in left_open_in(document, around):
        line, column = document.front.place((key,))
        yield finding_in(
            document, "open-question", f"{words!r} leaves {key} open", "decide it",
            line=line, column=column,
        )  # fmt: skip


def left_open_in(document: SpecDocument, around: Surroundings) -> Iterator[tuple[str, str]]:
    """Each key of the front matter whose value is still to be decided, and the words for that."""
    for key in ("title", "owner", "product"):
        value = document.meta.get(key)
        if key == "product" and value in (around.products or ()):
            continue  # A product may be called `todo`.
        found = UNDECIDED.search(value) if isinstance(value, str) and _has_sign(value) else None
        if found and not _is_quoted(found[0], document.text):
            yield key, found[0]


def _has_sign(text: str) -> bool:
    return shows_undecided(_WORDS.findall(text.lower()))


_ANYTHING = ANY_SIGN | ANY_PROMISE | ANY_SOMEBODY | LEFT_OPEN.anchors


def open_questions(said: Iterable[Spoken], _: Surroundings) -> Iterator[Finding]:
    """`open-question`: marks, promises to decide later, placeholders, sentences that ask."""
    undecided_in: Passage | None = None
    promised_in: Passage | None = None
    somebody_in: Passage | None = None
    told: set[int] = set()
    passage: Passage | None = None
    blank = False
    for one in said:
        words = one.sentence.words
        if one.passage is not passage:  # Not for each of its thousand sentences.
            passage, blank = one.passage, "__" in one.passage.raw
            if "<" in passage.raw and passage.line not in told:
                yield from _in_code(one, told)
        quiet = _ANYTHING.isdisjoint(words) and words[0] not in BEGINS_A_QUESTION
        if quiet and not blank:
            continue  # A look at the words first: most sentences leave nothing open.
        binding = one.section.name in BINDING
        if one.passage is not undecided_in and shows_undecided(words):
            undecided_in = one.passage
            yield from _in(one, _what_leaves_open(one.passage.raw, binding), told)
        # What sets the scene may well tell what others have told us, and what we assume.
        if binding and one.passage is not promised_in and (shows_a_promise(words) or blank):
            promised_in = one.passage
            yield from _in(one, (PROMISED,), told)
        # In an example names stand for anybody: `Given Ms Brandt, when Tom wants 3 seats`.
        new = one.passage is not somebody_in and one.section.name != "Evaluation"
        if new and shows_somebody(words, one.passage.raw):
            somebody_in = one.passage
            yield from _in(one, (LEFT_TO_SOMEBODY,), told)
        found = left_open(one.sentence) if binding else None
        line = one.passage.line
        if found and line not in told:
            told.add(line)
            yield _open(one, one.sentence.offset(found[0]), one.written(*found))


# No syntax of a command has so many words: `<message in the style of the product>`. Within more of
# it, as in `{"field": "<name of the field>"}`, it stands for what a request brings.
_LONG_PLACEHOLDER = late(r"`<[A-Za-z]\w{0,30}(?: [\w'-]{1,30}){3,12}>`")


def _what_leaves_open(raw: str, binding: bool) -> Iterator[re.Pattern[str]]:
    yield UNDECIDED
    if "<" in raw or "{" in raw:
        yield _PLACEHOLDER
    if "?" in raw:
        yield _ASKED if binding else _ASKED_OF_US


def _in_code(one: Spoken, told: set[int]) -> Iterator[Finding]:
    found = _LONG_PLACEHOLDER.search(one.passage.raw)
    if found is not None:
        finding = _open(one, found.start() + 1, found[0].strip("`"))
        told.add(finding.line)
        yield finding


def _open(one: Spoken, offset: int, words: str) -> Finding:
    """A finding at a place of the sentence's passage, where these words leave something open."""
    line, column = one.document.place(one.passage, offset)
    return finding_in(
        one.document, "open-question", f"{words[:60]!r} leaves something open",
        "decide it, and write what was decided", line=line, column=column,
        severity="warning" if words.lower() in IN_DOUBT else None,
    )  # fmt: skip


def _in(one: Spoken, patterns: Iterable[re.Pattern[str]], told: set[int]) -> Iterator[Finding]:
    """What the patterns find in the passage of a sentence; one finding a line is enough."""
    document, passage = one.document, one.passage
    prose = masked(passage.raw).replace("\n", " ")  # A line may end within a phrase.
    places = [found for pattern in patterns for found in pattern.finditer(prose)]
    line, counted = passage.line, 0
    for found in sorted(places, key=re.Match.start):
        # Counted on from the last: a hostile passage holds a hundred thousand of them.
        line += passage.raw.count("\n", counted, found.start())
        counted = found.start()
        if line in told or LITERAL in found[0] or _is_the_matter(document, prose, found):
            continue
        told.add(line)
        yield _open(one, found.start(), " ".join(found[0].split()))


_NOT_YET = late(r"not\b.{0,40}|(?:has|have) yet to", re.IGNORECASE)
_IN_A_CLAUSE = late(
    r"\b(?:whose|that|which|who|whom|if|when|while|where|until|as long as|unless|once|because)\b",
    re.IGNORECASE,
)
# `Because they don't know when it stops`: those whom it is for, not its author.
_THEY_DO_NOT_KNOW = late(
    r"\b(?:they|she|he|who|that|guests|customers|members|readers|visitors|patients|people|users) "
    r"(?:don['’]t|do not|doesn['’]t|does not) know\Z"
)
_LETTER = late(r"[XN]\b")
# `Answers one question: where does this call go?`
_TELLS_A_QUESTION = late(r"\b(?:questions?|asks?)\b[^.;:?]{0,60}:[^.;:?]*\Z")


_LONGEST_CLAUSE = 400


def _is_the_matter(document: SpecDocument, prose: str, found: re.Match[str]) -> bool:
    """Whether the product is about it: a place whose player is not known yet, a list of `TODO`s."""
    first = max(0, found.start() - _LONGEST_CLAUSE)
    if _NOT_YET.fullmatch(found[0]):
        begin = max(prose.rfind(mark, first, found.start()) for mark in ".;:")
        return _IN_A_CLAUSE.search(prose, max(begin + 1, first), found.start()) is not None
    if _THEY_DO_NOT_KNOW.search(prose, first, found.end()):
        return True
    if found[0].endswith("?") and _TELLS_A_QUESTION.search(prose, first, found.start()):
        return True
    letter = _LETTER.search(found[0])
    if letter and len(found[0]) > 1:
        return _stands_for_something(letter[0], document.text)
    phrase = found[0].lower()
    if phrase in IN_DOUBT and is_the_matter(phrase, document.text):
        return True
    return found[0].isalpha() and _is_quoted(found[0], document.text)


@lru_cache(maxsize=64)
def _stands_for_something(letter: str, text: str) -> bool:
    stands_for = rf"`[^`\n]{{0,200}}\b{letter}\b|\b{letter} (?:is|are|stands) "
    return re.search(stands_for, text) is not None


@lru_cache(maxsize=64)
def _is_quoted(mark: str, text: str) -> bool:
    """Whether the author quotes `TODO`, `TBD` or whatever it is."""
    return any(f"{quote}{mark}" in text for quote in ("`", '"', "“"))
