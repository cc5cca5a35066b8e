"""What changed between two texts of a spec: requirements, answers and front matter, not lines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from typing import Any, Literal

from factory.spec.document import SpecDocument
from factory.spec.versions.likeness import meaning
from factory.spec.versions.requirements import texts_of, trace
from factory.spec.versions.words import aligned

_BULLET = re.compile(r"[-*+][ \t]+")
Change = Literal["added", "removed", "reworded", "renumbered"]


@dataclass(frozen=True, kw_only=True)
class KeyChange:
    """A key of the front matter with its old and new value; None where it is not written."""

    key: str
    old: Any
    new: Any


@dataclass(frozen=True, kw_only=True)
class RequirementChange:
    """`was` is the id in the old text, `id` the one in the new; renumbered ones may be reworded."""

    change: Change
    id: str | None
    was: str | None
    old: str | None
    new: str | None


@dataclass(frozen=True, kw_only=True)
class LineChange:
    """One line of a section: reworded, taken out (`new` is None) or put in (`old` is None)."""

    section: str
    old: str | None
    new: str | None


@dataclass(frozen=True, kw_only=True)
class SpecDiff:
    """Everything that differs. `lines` are those of sections, without the requirements themselves.

    `covered` and `uncovered` are requirements of the new text that an Evaluation line names now
    and did not before, and the other way round. `unseen` says that the texts differ in nothing
    that a reader of the rendered page sees: comments, white space, the version alone.
    """

    front: tuple[KeyChange, ...]
    requirements: tuple[RequirementChange, ...]
    lines: tuple[LineChange, ...]
    covered: tuple[str, ...]
    uncovered: tuple[str, ...]
    unseen: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to show."""
        return not (self.front or self.requirements or self.lines)


def compare(old: SpecDocument, new: SpecDocument) -> SpecDiff:
    """Compare two texts of one spec."""
    before, after = texts_of(old), texts_of(new)
    diff = SpecDiff(
        front=_front(old.meta, new.meta),
        requirements=_requirements(before, after),
        lines=tuple(_lines(old, new)),
        covered=_covered(new, beyond=old),
        uncovered=tuple(one for one in _covered(old, beyond=new) if one in after),
    )
    return replace(diff, unseen=diff.is_empty and old.text != new.text)


def _front(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[KeyChange, ...]:
    return tuple(
        KeyChange(key=key, old=old.get(key), new=new.get(key))
        for key in {**new, **old}
        if key != "version" and old.get(key) != new.get(key)
    )


def _requirements(old: Mapping[str, str], new: Mapping[str, str]) -> tuple[RequirementChange, ...]:
    origins = trace(old, new)
    found = []
    for name, text in new.items():
        was = origins.get(name)
        before = meaning(old[was]) if was else None
        if was == name and before == meaning(text):
            continue
        change: Change = "added" if was is None else "reworded" if was == name else "renumbered"
        found.append(
            RequirementChange(change=change, id=name, was=was, old=before, new=meaning(text))
        )
    kept = set(origins.values())
    gone = [name for name in old if name not in kept]
    return tuple(found) + tuple(
        RequirementChange(change="removed", id=None, was=name, old=meaning(old[name]), new=None)
        for name in gone
    )


def _lines(old: SpecDocument, new: SpecDocument) -> list[LineChange]:
    before, after = _sections(old), _sections(new)
    return [
        LineChange(section=name, old=one, new=other)
        for name in {**after, **before}
        if " ".join(before.get(name, ())) != " ".join(after.get(name, ()))  # Not only wrapped anew.
        for one, other in aligned(before.get(name, []), after.get(name, []))
    ]


def _sections(document: SpecDocument) -> dict[str, list[str]]:
    """Section → its lines as a reader sees them, without requirements; "" is what stands above.

    A list item is one line, however its author wrapped it, and without its bullet.
    """
    visible = document.body.split("\n")
    requirements = document.requirement_at.keys()
    items = {item.line for one in document.sections for item in one.items} | requirements
    starts = [("", document.front_end), *((one.name, one.line) for one in document.sections)]
    ends = [line - 1 for _, line in starts[1:]] + [len(visible)]
    found: dict[str, list[str]] = {}
    for (name, start), end in zip(starts, ends, strict=True):
        texts = found.setdefault(name, [])
        for first, lines in _blocks(visible[start:end], start + 1, items):
            if first not in requirements:
                texts += [text for line in lines if (text := " ".join(line.split()))]
    return found


def _blocks(lines: Sequence[str], number: int, items: Set[int]) -> Iterator[tuple[int, list[str]]]:
    """(line number, lines) of each list item, joined to one, and of each line outside of items.

    An item ends where the next one begins, or at a line after a blank one that is not indented.
    """
    item: list[str] = []
    first = number
    for at, line in enumerate(lines, number):
        after_blank = bool(item) and not item[-1].strip()
        goes_on = item and at not in items and (not after_blank or line[:1] in (" ", "\t", ""))
        if item and not goes_on:
            yield first, [_BULLET.sub("", " ".join(item))]
            item = []
        if goes_on or at in items:
            first = first if item else at
            item.append(line)
        else:
            yield at, [line]
    if item:
        yield first, [_BULLET.sub("", " ".join(item))]


def _covered(document: SpecDocument, *, beyond: SpecDocument) -> tuple[str, ...]:
    """The requirements that an Evaluation line of `document` names and none of `beyond`."""
    before = {name for _, ids, _ in beyond.coverage() for name in ids}
    now = dict.fromkeys(name for _, ids, _ in document.coverage() for name in ids)
    return tuple(name for name in now if name not in before)
