"""The gate's rules between specs: ids, and what depends on what."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from factory.spec.document import SpecDocument
from factory.spec.finding import Finding, finding_in


def duplicate_ids(documents: Sequence[SpecDocument]) -> Iterator[Finding]:
    """Ids that another spec has already."""
    first: dict[str, SpecDocument] = {}
    for document in documents:
        other = first.setdefault(document.id, document)
        if other is not document and document.id:
            line, column = document.front.place(("id",))
            yield finding_in(
                document, "id-twice", f"the id {document.id!r} is also that of {other.path}",
                "give each spec an id of its own", line=line, column=column,
            )  # fmt: skip


def dependencies(documents: Sequence[SpecDocument]) -> Iterator[Finding]:
    """Dependencies that do not exist, are retired, or form a circle."""
    known = {one.id: one for one in documents}
    edges = {one.id: _depends_on(one) for one in documents}
    for document in documents:
        for index, wanted in enumerate(_depends_on(document)):
            line, column = document.front.place(("depends-on", index))
            if wanted not in known:
                message = f"depends on {wanted!r}, which does not exist"
            elif known[wanted].meta.get("status") == "retired":
                message = f"depends on {wanted!r}, which is retired"
            elif _reaches(edges, wanted, document.id):
                message = f"depends on {wanted!r}, which depends on it in turn"
            else:
                continue
            yield finding_in(
                document, "dependency", message, "name a live spec, without a circle",
                line=line, column=column,
            )  # fmt: skip


def _depends_on(document: SpecDocument) -> list[str]:
    found = document.meta.get("depends-on", [])
    return [one for one in found if isinstance(one, str)] if isinstance(found, list) else []


def _reaches(edges: dict[str, list[str]], start: str, goal: str) -> bool:
    waiting, seen = [start], set()
    while waiting:
        here = waiting.pop()
        if here == goal:
            return True
        if here not in seen:
            seen.add(here)
            waiting += edges.get(here, [])
    return False
