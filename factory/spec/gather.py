"""Gather the brief of a feature spec: itself, the specs that bind it, and its context."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path

from factory.records import BoundSpec, ContextFile
from factory.requirement_id import PATTERN
from factory.spec.binding import bound, products_of
from factory.spec.brief import Brief, Kind, Part, spec_part
from factory.spec.context import Context, ContextText
from factory.spec.document import SpecDocument
from factory.spec.language.line_numbers import LEADS
from factory.spec.reach import EVERY_PRODUCT

# Asked only of lines that are known to begin with numbers: behind the marks of a list, a table or a
# heading, and comments.
_GAP = r"(?>(?:[^\w<]|<!--.*?-->)*)"
_NUMBERS = re.compile(
    rf"({_GAP}(?:[0-9]+[.)]\s{_GAP})?(?:\[[xX]\]\s)?(?:{LEADS})?{_GAP})"
    rf"({PATTERN}\b(?:{_GAP}(?:(?:and|to)\b{_GAP})?{PATTERN}\b)*)"
)


class Gatherer:
    """Gathers briefs from one library: what binds many specs is read and laid out once.

    Args:
        library: all specs of the repository; what binds a spec is looked for among them.
        root: the folder of the specs repository; paths in the brief are relative to it.
    """

    def __init__(self, library: Iterable[SpecDocument], root: Path) -> None:
        self._root = root
        self._binding: dict[str, list[SpecDocument]] = {}
        for one in library:
            for product in products_of(one):
                self._binding.setdefault(product, []).append(one)
        self._parts: dict[str, Part] = {}

    def brief(self, feature: SpecDocument, context: Context) -> Brief:
        """The brief of one spec: itself, architecture, constraints, context, agent's notes.

        Args:
            feature: the spec to be built; it need not have passed the gate.
            context: the context library, as read for the agent that builds.
        """
        binding = bound(feature, self._candidates(feature))
        return Brief(
            parts=(
                _spec(feature, self._root, "feature", feature.text),
                *map(self._part, binding),
                *(_file(one) for one in context.files),
            ),
            bound=tuple(
                BoundSpec(
                    id=one.id,
                    kind=one.meta["kind"],
                    version=one.meta.get("version", 0),
                    path=os.path.relpath(one.path, self._root),
                    digest=part.digest,
                )
                for one, part in zip(binding, map(self._part, binding), strict=True)
            ),
            context=tuple(ContextFile(path=one.path, digest=one.digest) for one in context.files),
            left_out=context.left_out,
        )

    def _candidates(self, feature: SpecDocument) -> Iterable[SpecDocument]:
        """What may bind it, each once: what names its product, and what names every product."""
        mine = self._binding.get(str(feature.meta.get("product")), [])
        everyones = self._binding.get(EVERY_PRODUCT, [])
        return {one.path: one for one in (*mine, *everyones)}.values()

    def _part(self, one: SpecDocument) -> Part:
        part = self._parts.get(one.path)
        if part is None:
            part = _spec(one, self._root, one.meta["kind"], with_full_numbers(one))
            self._parts[one.path] = part
        return part


def gather(
    feature: SpecDocument, library: Iterable[SpecDocument], context: Context, root: Path
) -> Brief:
    """The brief of one spec alone; see `Gatherer`."""
    return Gatherer(library, root).brief(feature, context)


def with_full_numbers(document: SpecDocument) -> str:
    """The text of a spec that binds others, its `C1` written `its-id/C1` where a line begins so."""
    lines = document.text.split("\n")
    places = [one.line for one in document.requirements()]
    places += [item.line for item, ids, _ in document.coverage() if ids]
    for number in places:
        found = _NUMBERS.match(lines[number - 1])
        if found:
            full = re.sub(PATTERN, lambda one: f"{document.id}/{one[0]}", found[2])
            lines[number - 1] = found[1] + full + lines[number - 1][found.end() :]
    return "\n".join(lines)


def _spec(document: SpecDocument, root: Path, kind: Kind, text: str) -> Part:
    return spec_part(
        kind=kind,
        spec_id=document.id,
        version=document.meta.get("version", "?"),
        title=str(document.meta.get("title", "")),
        path=os.path.relpath(document.path, root),
        digest=document.digest,
        text=text,
    )


def _file(context: ContextText) -> Part:
    name = context.path.rpartition("/")[2].removesuffix(".md")
    return Part(
        kind=context.kind, title=name, path=context.path, digest=context.digest, text=context.text
    )
