"""The walk through a document's outline: each block goes to the section that its heading means."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import zip_longest

from factory.spec.document import REQUIREMENT_SECTIONS
from factory.spec.importing import questions
from factory.spec.importing.blocks import Block, Code, Listing, Paragraph, Part, Table
from factory.spec.importing.draft import Draft, Place
from factory.spec.importing.facts import apart
from factory.spec.importing.headings import NOTES, meaning_of
from factory.spec.importing.kinds import (
    asked,
    ends_a_story_s_telling,
    hold_numbers,
    is_numbered,
    is_story,
    label_in,
    rows_as_items,
    section_by_content,
    states,
    tells_whose_it_is,
)
from factory.spec.importing.origins import split_origin
from factory.spec.importing.scenarios import (
    as_line,
    gherkin,
    head,
    is_scenario,
    with_given,
    without_task_mark,
)
from factory.spec.importing.words import standing_alone


class Placing:
    """Fills a draft from an outline. Formats that know more headings extend `part`."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft

    def part(self, part: Part, place: Place) -> None:
        """Place a part's own blocks, and the parts below it."""
        if is_story(part.title):
            self.story(part, place)
            return
        self.blocks(part.blocks, place)
        self.parts(part.parts, place)

    def parts(self, parts: Iterable[Part], place: Place) -> None:
        """Place the parts below a heading, each by its own."""
        for part in parts:
            if not self.knows(part.title) and self.is_bare(part):
                # Nothing stands under it, so it is itself what is said.
                self.draft.put(place, Paragraph((standing_alone(part.title),)))
            else:
                self.part(part, place_of(part.title, place))

    def knows(self, title: str) -> bool:
        """Whether a heading says what stands, or is missing, under it."""
        return self.leads(title) or is_story(title)

    def leads(self, title: str) -> bool:
        """Whether a heading says what stands under it, and nothing by itself."""
        return meaning_of(title) is not None

    def is_bare(self, part: Part) -> bool:
        """Whether nothing is said under a heading."""
        return not part.blocks and all(
            self.leads(one.title) and self.is_bare(one) for one in part.parts
        )

    def keep(self, part: Part, place: Place) -> None:
        """Keep all of a part as it stands."""
        for block in part.blocks:
            self.draft.put(place, apart(block))
        for below in part.parts:
            if below.blocks or below.parts:
                self.keep(below, place.below(below.title))
            else:
                self.draft.put(place, Paragraph((standing_alone(below.title),)))

    def blocks(self, blocks: Sequence[Block], place: Place) -> None:
        """Place blocks; a line such as "Edge cases:" leads on as a heading does."""
        here = place
        for block, following in zip_longest(blocks, blocks[1:]):
            if _leads_on(block) and following and not _leads_on(following):
                here = place_of(label_in(block), place)
            else:
                self.block(block, here)

    def block(self, block: Block, place: Place) -> None:
        """Place one block, in the way of its section."""
        if place.section == NOTES:
            section = section_by_content(block) or NOTES
            place = replace(place, section=section)
        if place.section in REQUIREMENT_SECTIONS:
            self.requirements(block, place)
        elif place.section == "Evaluation":
            self.evaluations(block, place)
        elif tells_whose_it_is(block):
            self.draft.put(replace(place, section="Who"), Listing(((block,),)))
        elif place.asks:
            self.draft.put(place, asked(block))
        else:
            self.draft.put(place, apart(block))

    def requirements(self, block: Block, place: Place) -> None:
        """What states requirements becomes numbered lines; other text stays as it is."""
        in_rules = place.section == "Rules"
        if isinstance(block, Listing):
            for item in block.items:
                self.requirement(item, place)
        elif isinstance(block, Table) and (is_numbered(block) or not in_rules):
            for row in rows_as_items(block, ask=place.section == "Edge cases"):
                self.requirement(row, place)
        elif isinstance(block, Paragraph) and states(block.text, obliging=in_rules):
            self.requirement((block,), place)
        else:
            self.draft.put(place, block)

    def requirement(self, item: tuple[Block, ...], place: Place) -> None:
        """One numbered line from a list item, or one for each item of the list in it."""
        words = head(item)
        origin, text = split_origin(without_task_mark(words))
        nested = item[1:] if words else item
        if nested and not origin and hold_numbers(nested):
            if words:
                self.draft.put(place, item[0])
            self.blocks(nested, place)
            return
        if not words and isinstance(item[0], Listing):
            self.requirements(item[0], place)
            nested = nested[1:]
            if not nested:
                return
        if place.section == "Edge cases" and text.endswith("?") and not nested:
            text = f"{questions.OPEN} {text}"
        self.draft.require(place, text, nested, origin)

    def evaluations(self, block: Block, place: Place) -> None:
        """Scenarios become evaluation lines; other text stays as it is."""
        told = gherkin(block) if isinstance(block, Code) else []
        for name, steps in told:
            self.scenario((Paragraph(steps),), place, name)
        if told:
            return
        if is_scenario(block):
            self.scenario((block,), place)
        elif isinstance(block, Listing):
            for item in block.items:
                self.scenario(item, place)
        else:
            self.draft.put(place, block)

    def scenario(self, blocks: tuple[Block, ...], place: Place, name: str = "") -> None:
        """One evaluation line, with the scenario's name after it."""
        words = without_task_mark(head(blocks))
        if words and not name and len(blocks) > 1 and is_scenario(blocks[1]):
            name, blocks = words.rstrip(": "), blocks[1:]
        elif words and isinstance(blocks[0], Paragraph) and words != blocks[0].text:
            blocks = (Paragraph((words,)), *blocks[1:])
        text, nested = as_line(blocks)
        text = with_given(text)
        if not text and not nested:
            text = questions.STEPS
        if name:
            text = f"{text} (scenario: {name})".lstrip()
        self.draft.evaluate(place, text, nested)

    def story(self, part: Part, place: Place) -> None:
        """A user story: what it tells to What, whose it is to Who, its scenarios to Evaluation."""
        above = replace(place, path=place.path[:-1])
        told: list[Block] = []
        rest = list(part.blocks)
        while rest and not ends_a_story_s_telling(rest[0]):
            block = rest.pop(0)
            if tells_whose_it_is(block):
                self.draft.put(replace(above, section="Who"), Listing(((block,),)))
            else:
                told.append(block)
        title = standing_alone(part.title)
        if told and isinstance(told[0], Paragraph):
            title, told = f"{title}: {told[0].text}", told[1:]
        self.draft.put(replace(above, section="What"), Listing(((Paragraph((title,)), *told),)))
        notes = replace(place, section=NOTES, path=(*above.path, part.title))
        self.blocks(rest, notes)
        self.parts(part.parts, notes)


def place_of(title: str, place: Place) -> Place:
    """The place under a heading that stands at `place`."""
    meaning = meaning_of(title)
    if meaning is None:
        return place.below(title)
    if not meaning.section:
        return place
    below = replace(place, section=meaning.section, label=meaning.shown, asks=meaning.asks)
    return below.below(meaning.shown) if meaning.says_more else below


def _leads_on(block: Block) -> bool:
    """Whether a paragraph has the words of a heading that means a section."""
    label = label_in(block)
    return bool(label) and meaning_of(label) is not None
