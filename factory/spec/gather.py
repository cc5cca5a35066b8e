"""Gather the brief of a feature spec: itself, the specs that bind it, and its context."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path

from factory.records import BoundSpec, ContextFile
from factory.spec.binding import bound
from factory.spec.brief import Brief, Kind, Part, spec_part
from factory.spec.context import Context, ContextText
from factory.spec.document import SpecDocument

_NUMBERS = re.compile(r"(\s*(?:[-*+]|[0-9]+[.)])\s+)([A-Z][0-9]+(?:\s*,\s*[A-Z][0-9]+)*)(?=\s*:)")


def gather(
    feature: SpecDocument, library: Iterable[SpecDocument], context: Context, root: Path
) -> Brief:
    """The brief of one spec, in the order: spec, architecture, constraints, context, agent's notes.

    Args:
        feature: the spec to be built; it need not have passed the gate.
        library: all specs of the repository.
        context: the context library, as read for the agent that builds.
        root: the folder of the specs repository; paths in the brief are relative to it.
    """
    binding = bound(feature, library)
    return Brief(
        parts=(
            _spec(feature, root, "feature", feature.text),
            *(_spec(one, root, one.meta["kind"], with_full_numbers(one)) for one in binding),
            *(_file(one) for one in context.files),
        ),
        bound=tuple(
            BoundSpec(
                id=one.id,
                kind=one.meta["kind"],
                version=one.meta.get("version", 0),
                path=os.path.relpath(one.path, root),
                digest=one.digest,
            )
            for one in binding
        ),
        context=tuple(ContextFile(path=one.path, digest=one.digest) for one in context.files),
        left_out=context.left_out,
    )


def with_full_numbers(document: SpecDocument) -> str:
    """The text of a spec that binds others, its `C1` written `its-id/C1` where a line begins so."""
    lines = document.text.split("\n")
    places = [one.line for one in document.requirements()]
    places += [item.line for item, ids, _ in document.coverage() if ids]
    for number in places:
        found = _NUMBERS.match(lines[number - 1])
        if found:
            full = re.sub(r"[A-Z][0-9]+", lambda one: f"{document.id}/{one[0]}", found[2])
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
