"""Headings that nearly are the one that a form asks for: in other letters, of another level."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from difflib import SequenceMatcher
from itertools import islice

from factory.spec.document import SpecDocument
from factory.spec.form import meaning_of
from factory.spec.language.late import late
from factory.spec.titles import Title, titles
from factory.spec.visible import body_of

_NUMBERING = late(r"^[\W_]*(?:\d{1,2}(?:\.\d{1,2})*[.):]?\s+)?")
_LIKENESS = 0.8
_LONGEST_SHOWN = 60
_MOST_TITLES = 300  # A hostile document has a hundred thousand.


def near_misses(
    document: SpecDocument, missing: Mapping[str, str], wanted: Collection[str]
) -> Mapping[str, str]:
    """What to write for each of the `missing` sections that the document nearly has.

    Args:
        document: the spec.
        missing: names of sections, in the order of the form, and how the form writes each.
        wanted: all names of the form; what stands as one of them is not meant as another.
    """
    meant = (
        one
        for one in titles(body_of(document.text))
        if not (one.level == 2 and meaning_of(one.text) in wanted)
    )
    pairs = [
        (likeness, name, one)
        for one in islice(meant, _MOST_TITLES)
        for name, heading in missing.items()
        if (likeness := max(_likeness(one, name), _likeness(one, heading)))
    ]
    found: dict[str, str] = {}
    taken: set[int] = set()
    for _, name, one in sorted(pairs, key=lambda pair: (-pair[0], pair[2].line)):
        if name not in found and one.line not in taken:
            taken.add(one.line)
            found[name] = _mend(document, missing[name], one)
    return found


def _likeness(title: Title, name: str) -> float:
    """From 0 to 1; 0 below what may be a slip, and of what is no heading unless it is the name."""
    ours, theirs = _bare(name), _bare(title.text)
    if ours == theirs:
        return 1.0 if title.level or title.within else 0.95
    if not title.level or len(theirs) > 2 * len(ours):
        return 0.0
    likeness = SequenceMatcher(None, ours, theirs).ratio()
    return likeness if likeness >= _LIKENESS else 0.0


def _bare(text: str) -> str:
    """A heading without numbering, marks and case."""
    words = re.findall(r"[^\W_]+", _NUMBERING.sub("", text[:_LONGEST_SHOWN]).casefold())
    return " ".join(words)


def _mend(document: SpecDocument, name: str, title: Title) -> str:
    written = document.lines[title.line - 1].strip()[:_LONGEST_SHOWN]
    if title.within:
        return (
            f"line {title.line} has `{written}` within the code block or comment that begins in "
            f"line {title.within}: end that before it"
        )
    return f"line {title.line} has `{written}`: write `## {name}`"
