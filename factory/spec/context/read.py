"""The context library as an agent is given it: what a reader sees of it, in a fixed order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from factory.spec.context.decision import parse_decision
from factory.spec.context.glossary import SIZE_LIMIT_BYTES, parse_glossary
from factory.spec.context.places import Kind, Place, survey
from factory.spec.text_file import TextFile, read_text_file
from factory.spec.visible import without_comments


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


def read_context(root: Path, agent: str) -> Context:
    """Read product, standards, glossary, decisions and the notes to one agent, if they exist.

    A file that says nothing is passed over, and so is a decision that no longer holds.

    Args:
        root: the folder of the specs repository.
        agent: the name of the agent's profile.

    Raises:
        InputError: one cannot be read; with its path, line and column.
    """
    files: list[ContextText] = []
    left_out: dict[str, str] = {}
    for place in survey(root)[0]:
        if place.kind == "agent" and place.stem != agent:
            continue
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


def read_place(root: Path, place: Place, *, shown: str) -> TextFile:
    """Read one file of the library; raises InputError as `read_text_file` does."""
    return read_text_file(root / place.name, shown=shown, limit_bytes=SIZE_LIMIT_BYTES)


def _shown(place: Place, text: str, path: str) -> str:
    if place.kind == "glossary":
        return parse_glossary(text, path=path).shown()
    return without_comments(text)
