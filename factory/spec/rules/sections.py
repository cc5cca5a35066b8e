"""The questions of a form: asked, in order, answered, and answered in substance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from operator import itemgetter

from factory.spec.document import SpecDocument
from factory.spec.finding import Finding, finding_in
from factory.spec.language.late import late
from factory.spec.language.prose import masked
from factory.spec.language.word_list import word_set
from factory.spec.markdown import Section
from factory.spec.rules.elsewhere import LONGEST_POINTER_WORDS, points_elsewhere
from factory.spec.rules.hollow import GENERIC_ROLES, hollow_in, opening_letters
from factory.spec.rules.intentions import tells_intentions_only
from factory.spec.rules.nothing import says_nothing
from factory.spec.rules.shapes import forbids_nothing, tells_nothing
from factory.spec.surroundings import Surroundings

_WORD = late(r"[^\W_]+(?:['’-][^\W_]+)*|\ufffc+")
# The fewest words that can answer: a subject, a verb, and what.
_FEWEST_WORDS = 4
_FEWEST_OWN_WORDS = 2
_ENOUGH_WORDS = 6  # With one word of its own.
_ENOUGH_CHARACTERS = 400
# Each alone says what comes out.
_THINGS = word_set(
    """
    mail e-mail letter card ticket receipt sms label poster postcard pdf badge slip sticker
    certificate invoice bill leaflet map chart
    """
)
_QUOTES = (('"', '"'), ("“", "”"), ("`", "`"), ("«", "»"))
_EXACT = frozenset("0123456789\ufffc")
_FIRST = itemgetter(0)
_PROSE_ANSWERS = ("What", "Who", "Inputs", "Outputs", "Applies to", "Components", "Seams",
                  "Data flow", "Never", "Targets")  # fmt: skip


def sections_present(document: SpecDocument, around: Surroundings) -> Iterator[Finding]:
    """Sections that are missing, stand twice, are out of order or empty."""
    form = around.forms.get(document.kind)
    wanted = [one.name for one in form.sections] if form else []
    headings = [one.written for one in form.sections] if form else []
    names = [section.name for section in document.sections]
    yield from _unnamed(document)
    for name, count in Counter(names).items():
        if count > 1 and name in wanted:
            second = [one for one in document.sections if one.name == name][1]
            yield finding_in(
                document, "section-twice", f"the section {name!r} stands twice", "merge them",
                line=second.line,
            )  # fmt: skip
    missing = {
        one.name: one.written
        for one in (form.sections if form else ())
        if one.required and one.name not in names
    }
    meant = _near_misses(document, missing, wanted) if missing else {}
    for position, (name, written) in enumerate(zip(wanted, headings, strict=True)):
        section = document.section(name)
        if section is None:
            if name not in missing:
                continue
            before = next((one for one in reversed(wanted[:position]) if one in names), None)
            anchor = document.section(before) if before else None
            yield finding_in(
                document, "section-missing", f"the section {written!r} is missing",
                meant.get(name) or f"add a heading `## {written}` and answer it",
                line=anchor.line if anchor else 1,
            )  # fmt: skip
        elif not section.has_text:
            yield finding_in(
                document, "section-empty", f"the section {name!r} says nothing",
                "answer it, or write why it does not apply", line=section.line,
            )  # fmt: skip
    order = [name for name in names if name in wanted]
    for position in _misplaced([wanted.index(name) for name in order]):
        section = document.section(order[position])
        yield finding_in(
            document, "section-order", f"the section {order[position]!r} is out of order",
            f"the order is: {', '.join(headings)}", line=section.line if section else 1,
        )  # fmt: skip


def _near_misses(
    document: SpecDocument, missing: Mapping[str, str], wanted: Sequence[str]
) -> Mapping[str, str]:
    from factory.spec.rules.misnamed import near_misses  # Most specs have every section.

    return near_misses(document, missing, wanted)


def _unnamed(document: SpecDocument) -> Iterator[Finding]:
    """Text that answers no question: above the first section, or below a heading without words."""
    for section in document.sections:
        if section.name:
            continue
        text = next((one for one in section.blocks if one.kind != "heading"), None)
        if text is not None:
            yield finding_in(
                document, "section-unnamed", "this stands in no section, and answers no question",
                "move it below one of the headings `## …`, or take it out", line=text.line,
            )  # fmt: skip


def _misplaced(places: Sequence[int]) -> list[int]:
    """The fewest positions to take out so that the rest rises; of two equal ways the first ones."""
    if len(set(places)) < len(places) or places == sorted(places):
        return []  # One that stands twice is told as that.
    best: list[list[int]] = []
    for at, place in enumerate(places):
        longest = max(
            (one for one in best if places[one[-1]] < place), key=lambda one: (len(one), one),
            default=[],
        )  # fmt: skip
        best.append([*longest, at])
    kept = max(best, key=lambda one: (len(one), one), default=[])
    return [at for at in range(len(places)) if at not in kept]


def sections_answered(document: SpecDocument, _: Surroundings) -> Iterator[Finding]:
    """Answers without substance: hollow words, the title once more, fewer words than it takes."""
    title = str(document.meta.get("title", ""))
    for section in document.sections:
        if section.name not in _PROSE_ANSWERS or not section.has_text:
            continue
        solid = _has_substance(section, title if section.name == "What" else "")
        if not solid or tells_nothing(document, section):
            yield _thin(document, section)
        elif section.name == "Never":
            for item in section.items:
                if forbids_nothing(item.text):
                    yield finding_in(
                        document, "section-thin", "this does not say what must never happen",
                        "say it as `… never …`, or `no …`", line=item.line, severity="warning",
                    )  # fmt: skip


def _has_substance(section: Section, title: str) -> bool:
    """Whether it tells something: one role will do for Who, two words of its own elsewhere."""
    if all(points_elsewhere(block.text) for block in section.blocks[:2]):
        return False
    if section.name in ("What", "Who") and says_nothing(section.blocks[0].text):
        return False  # `n/a, it is a command.`
    if section.name == "What" and tells_intentions_only(section.blocks):
        return False
    count, told, hollow = 0, 0, hollow_in(section.name)
    titled = {opening_letters(one) for one in _words(title) if one not in hollow}
    for block in section.blocks:
        text = block.text[:_ENOUGH_CHARACTERS]
        for opens, closes in _QUOTES if title and title in text else ():
            # `This spec describes the feature "Dog tax".`: no literal of its own.
            text = text.replace(f"{opens}{title}{closes}", title)
        words = _words(text)
        count += len(words)
        own_words = [one for one in words if one not in hollow]
        told += (
            sum(opening_letters(one) not in titled for one in own_words)
            if titled
            else len(own_words)
        )
        if block.kind in ("row", "code") or not _EXACT.isdisjoint(map(_FIRST, words)):
            return True  # A literal or a number is exact, however short.
        if told and section.name == "Who":
            # `Customers.` of a shop are those who buy there.
            return own_words == ["customers"] or not GENERIC_ROLES.issuperset(own_words)
        alone = section.name == "Outputs" and words[:1] in (["a"], ["an"])
        if alone and not _THINGS.isdisjoint(own_words):
            return True  # `A letter.`
        if section.name == "Outputs" and told >= _FEWEST_OWN_WORDS:
            return not points_elsewhere(section.blocks[0].text)  # `A text message.`
        own = _FEWEST_OWN_WORDS if section.name == "What" else 1
        if told and count >= (_FEWEST_WORDS if told >= own else _ENOUGH_WORDS):
            return count > LONGEST_POINTER_WORDS or not points_elsewhere(section.blocks[0].text)
    return False


def _thin(document: SpecDocument, section: Section) -> Finding:
    first = next(block for block in section.blocks if block.text)
    return finding_in(
        document, "section-thin", f"{section.name!r} is answered without substance",
        "say it so that somebody who never saw the product knows", line=first.line,
    )  # fmt: skip


def _words(text: str) -> list[str]:
    found: list[str] = []
    for word in masked(text).lower().split():
        if word.isalpha():  # Most are, which is found out in half the time.
            found.append(word)
        else:
            found += _WORD.findall(word)
    return found
