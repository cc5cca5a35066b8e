"""A draft in our form while it is being filled: sections, numbered lines, what is left open."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from factory.spec.document import REQUIREMENT_SECTIONS
from factory.spec.form import SECTIONS
from factory.spec.importing import questions
from factory.spec.importing.blocks import Block, Heading, Listing, Paragraph, Quote, Table
from factory.spec.importing.headings import NOTES
from factory.spec.importing.origins import mentions

_MARKS = re.compile(r"(?i:open question:)|NEEDS CLARIFICATION|\bT(?:ODO|BD|BC)\b|\bFIXME\b|\?\?\?")
FORM = (*SECTIONS["feature"], NOTES)


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One line of our form: a requirement, or what an evaluation line says.

    `ids` are the number of the requirement itself, or those that the evaluation line covers.
    """

    text: str
    ids: tuple[str, ...] = ()
    nested: tuple[Block, ...] = ()
    origin: str = ""


Content: TypeAlias = Block | Entry


@dataclass(frozen=True)
class Place:
    """Where the source stands: a section of ours and the headings to show above the text.

    `label` is the heading of the source that led here and need not be shown, unless other
    headings came before it in that section. `asks`: what stands there are open questions.
    `covers` are the numbers of the requirement that the source puts its scenarios under.
    """

    section: str = NOTES
    path: tuple[str, ...] = ()
    label: str = ""
    asks: bool = False
    covers: tuple[str, ...] = ()

    def below(self, title: str) -> Place:
        """The place under a further heading."""
        return replace(self, path=(*self.path, title))


@dataclass
class Draft:
    """The sections of a draft, in the order in which they are written."""

    sections: dict[str, list[Content]] = field(default_factory=lambda: {one: [] for one in FORM})
    _shown: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _numbers: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    _origins: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def put(self, place: Place, content: Content) -> None:
        """Add to a section, below its headings."""
        self._show(place)
        lines = self.sections[place.section]
        last = lines[-1] if lines else None
        if _are_bullets(last) and _are_bullets(content):
            assert isinstance(last, Listing) and isinstance(content, Listing)
            lines[-1] = Listing((*last.items, *content.items))
        else:
            lines.append(content)

    def require(
        self, place: Place, text: str, nested: tuple[Block, ...] = (), origin: str = ""
    ) -> str:
        """Add a requirement to Rules, Edge cases or Constraints; returns its number."""
        letter = REQUIREMENT_SECTIONS[place.section]
        self._numbers[letter] += 1
        number = f"{letter}{self._numbers[letter]}"
        if origin:
            self._origins[origin].append(number)
        self.put(place, Entry(text=text, ids=(number,), nested=nested, origin=origin))
        return number

    def evaluate(self, place: Place, text: str, nested: tuple[Block, ...] = ()) -> None:
        """Add an evaluation line; where the place covers nothing, what it mentions will do."""
        self.put(place, Entry(text=text, ids=place.covers, nested=nested))

    def finish(self) -> None:
        """Name what each evaluation line covers, and ask for all that is missing."""
        self.sections["Evaluation"] = [self._covering(one) for one in self.sections["Evaluation"]]
        self._explain_origins()
        for section, asked in questions.MISSING.items():
            lines = self.sections[section]
            numbered = section in REQUIREMENT_SECTIONS
            if numbered and not any(isinstance(one, Entry) for one in lines):
                self.require(Place(section, self._shown.get(section, ())), asked[0])
            elif section == "Evaluation" and not any(isinstance(one, Entry) for one in lines):
                lines.append(Entry(text=asked[0]))
            elif not any(not isinstance(one, Heading) for one in lines):
                lines += [Paragraph((one,)) for one in asked]

    def requirements(self) -> int:
        """How many numbered requirements there are."""
        return sum(self._numbers.values())

    def open_questions(self) -> int:
        """How many questions stand open, those of the source included."""
        return sum(
            len(_MARKS.findall(text)) for lines in self.sections.values() for text in texts(lines)
        )

    def kept(self) -> tuple[str, ...]:
        """The headings whose text found no section of ours."""
        notes = self.sections[NOTES]
        top = (one.text for one in notes if isinstance(one, Heading) and one.level == 3)
        return tuple(dict.fromkeys(top))

    def _covering(self, content: Content) -> Content:
        if not isinstance(content, Entry) or content.ids:
            return content
        found = dict.fromkeys(mentions(" ".join(texts([content]))))
        known = [self._origins[one][0] for one in found if len(self._origins.get(one, ())) == 1]
        if known:
            return Entry(text=content.text, ids=tuple(dict.fromkeys(known)), nested=content.nested)
        text = f"{questions.COVERAGE} {content.text}".rstrip()
        return Entry(text=text, nested=content.nested)

    def _explain_origins(self) -> None:
        """Say what the source's numbers are here, where its text refers to them."""
        said = {one for lines in self.sections.values() for one in mentions(" ".join(texts(lines)))}
        items = tuple(
            (Paragraph((f"{origin}: {', '.join(numbers)}",)),)
            for origin, numbers in self._origins.items()
            if origin in said and numbers != [origin]
        )
        if items:
            self.put(Place(NOTES, ("Numbers of the source",)), Listing(items))

    def _show(self, place: Place) -> None:
        """Write the headings of a place that are not shown yet."""
        shown = self._shown.get(place.section, ())
        path = place.path
        if shown and not path and place.label:
            path = (place.label,)
        if shown == path:
            return
        same = 0
        while same < min(len(shown), len(path)) and shown[same] == path[same]:
            same += 1
        # Back under a heading after one below it: that heading must be said again.
        for depth in range(min(same, max(len(path) - 1, 0)), len(path)):
            self.sections[place.section].append(Heading(path[depth], min(3 + depth, 6)))
        self._shown[place.section] = path


def texts(contents: Iterable[Content]) -> Iterator[str]:
    """Every run of text in these, code left out."""
    for one in contents:
        if isinstance(one, Entry):
            yield one.text
            yield from texts(one.nested)
        elif isinstance(one, Paragraph | Heading):
            yield one.text
        elif isinstance(one, Listing):
            for item in one.items:
                yield from texts(item)
        elif isinstance(one, Quote):
            yield from texts(one.blocks)
        elif isinstance(one, Table):
            yield from one.head
            for row in one.rows:
                yield from row


def _are_bullets(content: Content | None) -> bool:
    return isinstance(content, Listing) and content.first is None
