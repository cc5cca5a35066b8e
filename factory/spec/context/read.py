"""The context library as an agent is given it: what a reader sees of it, in a fixed order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from factory.errors import InputError
from factory.spec.context.decision import parse_decision
from factory.spec.context.glossary import SIZE_LIMIT_BYTES, parse_glossary
from factory.spec.context.places import Kind, Place, survey
from factory.spec.text_file import TextFile, read_text_file
from factory.spec.visible import without_holes


@dataclass(frozen=True, kw_only=True)
class ContextText:
    """One file: `path` from the root, `digest` of its bytes, `text` as a reader sees it."""

    kind: Kind
    path: str
    digest: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Context:
    """`files` in the order of a brief; `left_out` says of each decision that is not in it why."""

    files: tuple[ContextText, ...] = ()
    left_out: Mapping[str, str] = field(default_factory=dict)


def read_context(root: Path, agent: str, system: Sequence[str] | None = None) -> Context:
    """Read product, standards, glossary, decisions and the notes to one agent, if they exist.

    A file that says nothing is passed over, and so is a decision that no longer holds.

    Args:
        root: the folder of the specs repository.
        agent: the name of the agent's profile.
        system: the notes that the profile lists, in its order; None for those of its own name.

    Raises:
        InputError: one cannot be read, or a listed one is missing; with its path.
    """
    files: list[ContextText] = []
    left_out: dict[str, str] = {}
    for place in _given(survey(root)[0], root, agent, system):
        file = read_place(root, place, shown=str(root / place.name))
        if place.kind == "decision":
            reason = parse_decision(file.text, place.stem).left_out
            if reason:
                left_out[place.name] = reason
                continue
        text = _shown(place, file.text, str(root / place.name)).strip()
        if text:
            files.append(
                ContextText(kind=place.kind, path=place.name, digest=file.digest, text=text)
            )
    return Context(files=tuple(files), left_out=left_out)


def _given(
    places: Sequence[Place], root: Path, agent: str, system: Sequence[str] | None
) -> list[Place]:
    """All places but for the notes, then the notes to this agent."""
    notes = {one.name: one for one in places if one.kind == "agent"}
    if system is None:
        chosen = [one for one in notes.values() if one.stem == agent]
    else:
        missing = [name for name in system if name not in notes]
        if missing:
            raise InputError(
                f"the agent {agent!r} is to be told this, but there is no such file",
                path=str(root / missing[0]),
                mend="write it, or take it out of the agent's `system` in factory.yml",
            )
        chosen = [notes[name] for name in system]
    return [*(one for one in places if one.kind != "agent"), *chosen]


def read_place(root: Path, place: Place, *, shown: str) -> TextFile:
    """Read one file of the library; raises InputError as `read_text_file` does."""
    return read_text_file(root / place.name, shown=shown, limit_bytes=SIZE_LIMIT_BYTES)


def _shown(place: Place, text: str, path: str) -> str:
    if place.kind == "glossary":
        return parse_glossary(text, path=path).shown()
    return without_holes(text)
