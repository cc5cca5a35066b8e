"""OpenSpec: requirements under headings, their scenarios below them, and proposed changes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from factory.spec.importing import questions
from factory.spec.importing.blocks import Block, Paragraph, Part
from factory.spec.importing.draft import Place
from factory.spec.importing.headings import NOTES, meaning_of
from factory.spec.importing.origins import split_origin
from factory.spec.importing.placing import Placing
from factory.spec.importing.scenarios import is_scenario

_REQUIREMENT = re.compile(r"(?:requirement|anforderung)\s*[\w.-]{0,12}\s*:\s*(.+)", re.IGNORECASE)
_SCENARIO = re.compile(r"(?:scenario|szenario|cen[aá]rio)(?: outline)?\s*\d*\s*:\s*(.*)", re.I)
_DELTA = re.compile(r"(ADDED|MODIFIED|REMOVED|RENAMED) requirements\b", re.IGNORECASE)
_ASKED = {"REMOVED": questions.REMOVED, "RENAMED": questions.RENAMED}


@dataclass
class _Scenario:
    name: str
    blocks: list[Block] = field(default_factory=list)


class OpenSpec(Placing):
    """Places the parts of an OpenSpec document; what it does not know, as any document's."""

    def part(self, part: Part, place: Place) -> None:
        """Place a requirement, a group of changed requirements, or any other part."""
        delta = _DELTA.match(part.title)
        scenario = _SCENARIO.match(part.title)
        if delta:
            self.delta(part, delta[1].upper(), Place(NOTES, place.path[:-1]))
        elif scenario:
            above = replace(place, section="Evaluation", path=place.path[:-1])
            self.scenario(part.blocks, above, scenario[1])
            self.parts(part.parts, replace(above, section=NOTES))
        elif _is_requirement(part):
            self.named_requirement(part, place)
        else:
            super().part(part, place)

    def knows(self, title: str) -> bool:
        """Whether a heading says what stands, or is missing, under it."""
        begins = _REQUIREMENT.match(title) or _SCENARIO.match(title)
        return super().knows(title) or bool(begins)

    def leads(self, title: str) -> bool:
        """Whether a heading says what stands under it, and nothing by itself."""
        return super().leads(title) or _DELTA.fullmatch(title) is not None

    def delta(self, part: Part, kind: str, place: Place) -> None:
        """Requirements that a change adds, modifies, removes or renames."""
        if kind == "ADDED":
            exact = _DELTA.fullmatch(part.title)
            rules = Place("Rules", place.path, part.title)
            rules = rules if exact else rules.below(part.title)
            self.blocks(part.blocks, rules)
            self.parts(part.parts, rules)
        elif kind == "MODIFIED" and part.parts:
            rules = Place("Rules", (*place.path, part.title))
            self.draft.put(rules, Paragraph((questions.CHANGED,)))
            self.blocks(part.blocks, rules)
            self.parts(part.parts, rules)
        else:
            notes = place.below(part.title)
            if kind in _ASKED and any(not isinstance(one, Paragraph) for one in _below(part)):
                self.draft.put(notes, Paragraph((_ASKED[kind],)))
            self.keep(part, notes)

    def named_requirement(self, part: Part, place: Place) -> None:
        """A requirement under a heading of its own, with the scenarios below it."""
        name, origin = _name_of(part.title)
        body, scenarios = _parted(part.blocks)
        rules = Place("Rules", (*place.path[:-1], name), place.label)
        if body and isinstance(body[0], Paragraph):
            text, nested = body[0].text, tuple(body[1:])
        elif body:
            text, nested = name, tuple(body)
        else:
            text, nested = questions.RULE, ()
        number = self.draft.require(rules, text, nested, origin)
        evaluation = Place("Evaluation", covers=(number,))
        for one in scenarios:
            self.scenario(tuple(one.blocks), evaluation, one.name)
        for below in part.parts:
            if _SCENARIO.match(below.title):
                self.part(below, evaluation.below(below.title))
            else:
                self.parts((below,), Place(NOTES, (name,), covers=(number,)))


def _below(part: Part) -> tuple[Block | Part, ...]:
    return (*part.blocks, *part.parts)


def _is_requirement(part: Part) -> bool:
    if meaning_of(part.title):
        return False
    under = any(_SCENARIO.match(one.title) for one in part.parts)
    return under or _REQUIREMENT.match(part.title) is not None


def _name_of(title: str) -> tuple[str, str]:
    """(name, number in the source or "") of a requirement's heading."""
    found = _REQUIREMENT.match(title)
    name = found[1] if found else title
    origin, rest = split_origin(name)
    if not origin and found:
        origin = split_origin(title.split(":")[0].split()[-1] + ": x")[0]
    return rest, origin


def _parted(blocks: tuple[Block, ...]) -> tuple[list[Block], list[_Scenario]]:
    """What a requirement says, and the scenarios that stand in it without a heading."""
    body: list[Block] = []
    scenarios: list[_Scenario] = []
    for block in blocks:
        named = _SCENARIO.match(block.text) if isinstance(block, Paragraph) else None
        if named:
            scenarios.append(_Scenario(named[1]))
        elif is_scenario(block) and not isinstance(block, Paragraph):
            if not scenarios or scenarios[-1].blocks:
                scenarios.append(_Scenario(""))
            scenarios[-1].blocks.append(block)
        elif scenarios and not scenarios[-1].blocks:
            scenarios[-1].blocks.append(block)
        else:
            body.append(block)
    return body, scenarios
