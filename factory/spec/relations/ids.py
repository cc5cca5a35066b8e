"""Ids given twice, and dependencies that nothing can come of."""

from __future__ import annotations

from collections.abc import Iterator

from factory.spec.catalogue import Severity
from factory.spec.finding import Finding, finding_in
from factory.spec.relations.store import FactStore


def duplicate_ids(facts: FactStore) -> Iterator[Finding]:
    """Ids that another spec has already."""
    first: dict[str, str] = {}
    for one in facts.at(facts.ids.places(facts.ids.repeated())):
        if one.id in first and one.id:
            line, column = one.id_place
            yield finding_in(
                one, "id-twice", f"the id {one.id!r} is also that of {first[one.id]}",
                "give each spec an id of its own", line=line, column=column,
            )  # fmt: skip
        first.setdefault(one.id, one.path)


def dependencies(facts: FactStore, *, whole: bool) -> Iterator[Finding]:
    """Dependencies that do not exist, are retired, or form a circle.

    `whole`: whether the facts are those of a repository; of files by themselves a dependency may
    well exist elsewhere.
    """
    edges = facts.edges()
    known = facts.known({one for wanted in edges.values() for one in wanted})
    circles = _in_circles(edges)
    for one in facts.at(facts.depending):
        for wanted in one.depends_on:
            mend = "name a live spec, without a circle"
            if wanted.id not in known and not whole:
                message = f"depends on {wanted.id!r}, which is none of the specs looked at here"
                mend = "check it within its repository: a folder `specs` beside `factory.yml`"
            elif wanted.id not in known:
                message = f"depends on {wanted.id!r}, which does not exist"
            elif wanted.id == one.id:
                message, mend = f"depends on {wanted.id!r}, which is this spec", "take it out"
            elif wanted.id in facts.retired:
                message = f"depends on {wanted.id!r}, which is retired"
            elif one.id in circles and circles.get(wanted.id) == circles[one.id]:
                message = f"depends on {wanted.id!r}, which depends on it in turn"
            else:
                continue
            doubt: Severity | None = None if whole or wanted.id in known else "warning"
            yield finding_in(
                one, "dependency", message, mend,
                line=wanted.line, column=wanted.column, severity=doubt,
            )  # fmt: skip


def _in_circles(edges: dict[str, list[str]]) -> dict[str, int]:
    """The circle that each id is part of (Tarjan's components, without recursion)."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    on_stack: set[str] = set()
    circles: dict[str, int] = {}
    for start in edges:
        if start in index:
            continue
        work = [(start, iter(edges[start]))]
        index[start] = low[start] = len(index)
        stack.append(start)
        on_stack.add(start)
        while work:
            here, targets = work[-1]
            for target in targets:
                if target not in edges:
                    continue
                if target not in index:
                    index[target] = low[target] = len(index)
                    stack.append(target)
                    on_stack.add(target)
                    work.append((target, iter(edges[target])))
                    break
                if target in on_stack:
                    low[here] = min(low[here], index[target])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[here])
                if low[here] == index[here]:
                    _close(here, stack, on_stack, edges, circles)
    return circles


def _close(
    root: str, stack: list[str], on_stack: set[str], edges: dict[str, list[str]],
    circles: dict[str, int],
) -> None:  # fmt: skip
    members = []
    while True:
        member = stack.pop()
        on_stack.discard(member)
        members.append(member)
        if member == root:
            break
    if len(members) > 1 or root in edges[root]:
        circles.update(dict.fromkeys(members, len(circles)))
