"""What a team's template asks for and no spec made from it could meet."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

from factory.config.front_matter import surely_fits
from factory.config.validate import problems
from factory.config.yaml_source import YamlSource
from factory.spec.document import (
    FRONT_MATTER_SCHEMA,
    REQUIREMENT_SECTIONS,
    Requirement,
    SpecDocument,
)
from factory.spec.finding import Finding, finding_at

# What each spec has of its own, whatever the template says; and what it has where that is open.
_OWN = {"id": "an-id", "title": "A title", "status": "draft", "version": 1,
        "product": "product", "owner": "owner"}  # fmt: skip
_UNLESS_SAID = {"stakes": "normal"}
_NUMBER = re.compile(r"(?<![\w-])[REC][0-9]{1,4}\s*:")


def template_findings(document: SpecDocument, kind: str) -> Iterator[Finding]:
    """What is wrong with a template that can be read; its form is asked for all the same.

    Args:
        document: the template.
        kind: the kind of spec that it is for.
    """
    shown = os.path.relpath(document.path)
    for message, mend, line, column in (
        *_front_matter(document, kind), *_requirements(document, kind), *_twice(document)
    ):  # fmt: skip
        yield finding_at(shown, "template", message, mend, line=line, column=column)


_Problem = tuple[str, str, int, int]


def _front_matter(document: SpecDocument, kind: str) -> Iterator[_Problem]:
    """Keys and values that the front matter of no spec may have."""
    said = {
        key: value
        for key, value in document.meta.items()
        if value is not None and "TODO" not in str(value)
    }
    filled = YamlSource(
        data={**_UNLESS_SAID, **said, **_OWN, "kind": kind},
        positions=document.front.positions,
        path=document.path,
    )
    if surely_fits(filled.data):
        return
    for one in problems(filled, FRONT_MATTER_SCHEMA):
        yield f"no spec can have this: {one.message}", one.mend, one.line, one.column


def _requirements(document: SpecDocument, kind: str) -> Iterator[_Problem]:
    """A form in which nothing is required."""
    if kind == "architecture" or any(_may_require(document)):
        return
    wanted = ", ".join(f"`({name})`" for name in REQUIREMENT_SECTIONS)
    yield (
        "no section of the template holds requirements, so each spec made from it lacks them",
        f"end the heading of the section that holds them with one of {wanted}, as in "
        "`## What it must do (Rules)`",
        document.sections[0].line,
        1,
    )


def _may_require(document: SpecDocument) -> Iterator[bool]:
    """For each section, whether it holds requirements, shows one or tells how to write one."""
    ends = [*(one.line - 1 for one in document.sections[1:]), len(document.lines)]
    for section, end in zip(document.sections, ends, strict=True):
        text = "\n".join(document.lines[section.line : end])
        shows = section.name != "Evaluation" and _NUMBER.search(text) is not None
        yield section.name in REQUIREMENT_SECTIONS or shows


def _twice(document: SpecDocument) -> Iterator[_Problem]:
    """Two sections that number their lines alike."""
    seen: dict[str, Requirement] = {}
    told: set[tuple[str, str]] = set()
    for one in document.requirements():
        first = seen.setdefault(one.id, one)
        places = (_section_at(document, first.line), _section_at(document, one.line))
        if first is one or places in told:
            continue
        told.add(places)
        where = f"in {places[0]!r} and in {places[1]!r}" if len(set(places)) > 1 else "twice"
        mend = "give each requirement a number of its own"
        if places[1] not in REQUIREMENT_SECTIONS:
            mend += f"; where it says how they are tried, write `## {places[1]} (Evaluation)`"
        yield (
            f"{one.id} stands {where}, so each spec made from it gives that number twice", mend,
            one.line, 1,
        )  # fmt: skip


def _section_at(document: SpecDocument, line: int) -> str:
    return [one.name for one in document.sections if one.line < line][-1]
