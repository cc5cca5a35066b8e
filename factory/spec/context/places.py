"""What lies in `context/` and `agents/` of a specs repository, and what of it nobody reads."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from factory.spec.context.fault import Fault

Kind = Literal["product", "standards", "glossary", "decision", "agent"]

FILES: dict[str, Kind] = {
    "product.md": "product",
    "standards.md": "standards",
    "glossary.yml": "glossary",
}
DECISIONS = "decisions"
CONTEXT, AGENTS = "context", "agents"
_DECISION = re.compile(r"([0-9]{4})-[\w.-]+\.md")
_NAMED_ALIKE = {"glossary": "context-glossary", "decision": "context-decision"}


@dataclass(frozen=True, kw_only=True)
class Place:
    """A file of the context library; `name` is its path below the root, with slashes."""

    kind: Kind
    name: str

    @property
    def stem(self) -> str:
        """Of a decision its number, of an agent's notes the agent's name."""
        stem = self.name.rpartition("/")[2].removesuffix(".md")
        return stem[:4] if self.kind == "decision" else stem


def survey(root: Path) -> tuple[list[Place], list[tuple[str, Fault]]]:
    """The files of the library in the order of a brief, and what is there that nobody reads.

    README files and names with a leading dot are nobody's context and are passed over.
    """
    places: list[Place] = []
    strays: list[tuple[str, Fault]] = []
    for folder in (CONTEXT, f"{CONTEXT}/{DECISIONS}", AGENTS):
        for entry in _entries(root, folder, strays):
            name = f"{folder}/{entry.name}"
            kind = _kind(folder, entry.name)
            if name == f"{CONTEXT}/{DECISIONS}":
                continue  # A folder that is looked through itself.
            if kind is None:
                strays.append((name, _unread(folder, entry.name)))
            elif entry.is_symlink() or not entry.is_file(follow_symlinks=False):
                strays.append((name, _no_file(entry.is_symlink())))
            else:
                places.append(Place(kind=kind, name=name))
    order = ["product", "standards", "glossary", "decision", "agent"]
    return sorted(places, key=lambda one: (order.index(one.kind), one.name)), strays


def _entries(
    root: Path, folder: str, strays: list[tuple[str, Fault]]
) -> Iterator[os.DirEntry[str]]:
    path = root / folder
    if not os.path.lexists(path) or (folder.count("/") and path.parent.is_symlink()):
        return
    if path.is_symlink() or not path.is_dir():
        strays.append((folder, _no_file(path.is_symlink(), "folder")))
        return
    try:
        with os.scandir(path) as found:
            entries = sorted(found, key=lambda one: one.name)
    except OSError as error:
        message = f"cannot be read: {error.strerror}"
        fault = Fault(rule="context-unreadable", message=message, mend="make it readable")
        strays.append((folder, fault))
        return
    for entry in entries:
        if not entry.name.startswith(".") and entry.name.lower() != "readme.md":
            yield entry


def _kind(folder: str, name: str) -> Kind | None:
    if folder == CONTEXT:
        return FILES.get(name)
    if folder == AGENTS:
        return "agent" if name.endswith(".md") else None
    return "decision" if _DECISION.fullmatch(name) else None


def _unread(folder: str, name: str) -> Fault:
    """A name that no reader looks for, with the one that was probably meant."""
    rule, mend = "context-unreadable", f"move it out of `{CONTEXT}/`"
    if folder == AGENTS:
        rule, mend = "context-agent", "name it after its agent, as in `builder.md`"
    elif folder != CONTEXT or _DECISION.fullmatch(name):
        rule = "context-decision"
        mend = f"name it `{CONTEXT}/{DECISIONS}/NNNN-title.md`, as in `0007-use-sqlite.md`"
    else:
        import difflib

        wanted = [*FILES, DECISIONS]
        close = difflib.get_close_matches(name.lower(), wanted, n=1, cutoff=0.7)
        if close:
            mend = f"rename it to `{close[0]}`"
            rule = _NAMED_ALIKE.get(close[0][:8], rule)
    return Fault(rule=rule, message="is read by nobody, so it would not reach an agent", mend=mend)


def _no_file(link: bool, wanted: str = "file") -> Fault:
    return Fault(
        rule="context-unreadable",
        message="is a symbolic link, which is not followed" if link else f"is no {wanted}",
        mend=f"put the {wanted} itself there",
    )
