"""The gate's rules for the context library: what is in it can be read, and is read by someone."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from pathlib import Path

from factory.errors import InputError
from factory.spec.context import decision, glossary
from factory.spec.context.fault import Fault, nothing_said
from factory.spec.context.outline import outline
from factory.spec.context.places import CONTEXT, Place, survey
from factory.spec.context.read import read_place
from factory.spec.finding import Finding, finding_at
from factory.spec.visible import hidden_characters


def check_context(root: Path, agents: Collection[str] | None = None) -> list[Finding]:
    """Check `context/` and `agents/` of a specs repository; where neither exists nothing is found.

    Args:
        root: the folder of the specs repository.
        agents: the names of the agents of factory.yml; None where they are not known.

    Returns:
        Findings by path, line and column; paths are relative to the current folder.
    """
    places, found = survey(root)
    decisions = {}
    for place in places:
        try:
            text = read_place(root, place, shown=place.name).text
        except InputError as error:
            found.append((place.name, _unreadable(error)))
            continue
        hidden = list(_hidden(text))
        found += [(place.name, one) for one in hidden]
        if hidden:
            continue  # They may shift lines, and make words differ that look alike.
        if place.kind == "decision":
            decisions[place.name] = decision.parse_decision(text, place.stem)
        found += [(place.name, one) for one in _faults(place, text, agents)]
    found += decision.faults(decisions, {one.stem for one in places if one.kind == "decision"})
    findings = [
        finding_at(
            os.path.relpath(root / name), one.rule, one.message, one.mend,
            line=one.line, column=one.column,
        )
        for name, one in found
    ]  # fmt: skip
    return sorted(findings, key=lambda one: (one.path, one.line, one.column, one.rule, one.message))


def check_glossary(root: Path) -> list[Finding]:
    """Of `check_context` what concerns the glossary alone, or the folder that it lies in."""
    places = {os.path.relpath(root / name) for name in (CONTEXT, glossary.NAME)}
    return [one for one in check_context(root) if one.path in places]


def _unreadable(error: InputError) -> Fault:
    return Fault(
        rule="context-unreadable",
        message=error.message,
        mend=error.mend,
        line=error.line or 1,
        column=error.column or 1,
    )


def _hidden(text: str) -> Iterator[Fault]:
    for line, column, name in hidden_characters(text):
        message = f"holds {name}, which nobody sees"
        yield Fault(
            rule="hidden-character", message=message, mend="remove it", line=line, column=column
        )


def _faults(place: Place, text: str, agents: Collection[str] | None) -> Iterator[Fault]:
    if place.kind == "glossary":
        yield from _of_glossary(text)
    elif place.kind == "agent":
        yield from _of_agent(place.stem, text, agents)
    elif place.kind in ("product", "standards"):
        yield from _of_page(text)


def _of_glossary(text: str) -> Iterator[Fault]:
    try:
        yield from glossary.faults(glossary.parse_source(text, path=glossary.NAME))
    except InputError as error:
        yield _unreadable(error)


def _of_agent(name: str, text: str, agents: Collection[str] | None) -> Iterator[Fault]:
    if agents is not None and name not in agents:
        yield Fault(
            rule="context-agent",
            message=f"factory.yml has no agent {name!r}, so nobody is told this",
            mend=f"name it after one of: {', '.join(sorted(agents))}",
        )
    if not any(one.title or one.text for one in outline(text)):
        yield nothing_said()


def _of_page(text: str) -> Iterator[Fault]:
    passages = outline(text)
    headings = [one for one in passages if one.title]
    said = any(one.text for one in passages)
    if not headings and not said:
        yield nothing_said()
    elif not headings:
        yield Fault(
            rule="context-empty",
            message="has no heading",
            mend="begin it with one, as in `# The product`",
        )
    elif not said:
        yield Fault(
            rule="context-empty",
            message="has a heading, and says nothing below it",
            mend=nothing_said().mend,
            line=headings[0].line,
        )
