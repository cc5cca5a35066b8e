"""The gate's rules between specs: ids, dependencies, contradictions, work on the same thing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import TypeVar

from factory.spec.allowing import silenced_between
from factory.spec.catalogue import CATALOGUE
from factory.spec.facts import Facts, Told
from factory.spec.finding import Finding

T = TypeVar("T")

_COMPARED = 20
# Retired specs bind nobody; drafts and paused ones may still change.
_LIVE = ("ready", "draft", "paused")
# Against a bound of another spec any other bound is a contradiction; against a constraint only a
# looser one.
_LOOSER = {"most": 1, "after": 1, "every": 1, "least": -1}


def related(facts: Sequence[Facts]) -> Iterator[Finding]:
    """Every finding between specs that nobody allows."""
    found = (*duplicate_ids(facts), *dependencies(facts), *contradictions(facts), *overlaps(facts))
    return silenced_between(found, {one.path: one.silences for one in facts if one.silences})


def duplicate_ids(facts: Sequence[Facts]) -> Iterator[Finding]:
    """Ids that another spec has already."""
    first: dict[str, Facts] = {}
    for one in facts:
        other = first.setdefault(one.id, one)
        if other is not one and one.id:
            yield _finding(
                "id-twice", one, *one.id_place, f"the id {one.id!r} is also that of {other.path}",
                "give each spec an id of its own",
            )  # fmt: skip


def dependencies(facts: Sequence[Facts]) -> Iterator[Finding]:
    """Dependencies that do not exist, are retired, or form a circle."""
    known = {one.id: one for one in facts}
    edges = {one.id: [wanted.id for wanted in one.depends_on] for one in facts}
    circles = _in_circles(edges)
    for one in facts:
        for wanted in one.depends_on:
            if wanted.id not in known:
                message = f"depends on {wanted.id!r}, which does not exist"
            elif known[wanted.id].status == "retired":
                message = f"depends on {wanted.id!r}, which is retired"
            elif one.id in circles and circles.get(wanted.id) == circles[one.id]:
                message = f"depends on {wanted.id!r}, which depends on it in turn"
            else:
                continue
            yield _finding(
                "dependency", one, wanted.line, wanted.column, message,
                "name a live spec, without a circle",
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


def contradictions(facts: Sequence[Facts]) -> Iterator[Finding]:
    """The same subject held to different bounds, in one spec, in two, or against a constraint."""
    groups: dict[tuple[str, str, str], list[tuple[Facts, Told]]] = defaultdict(list)
    for one in facts:
        if one.status in _LIVE:
            for told in one.claims:
                groups[told.bound, told.dimension, told.subject].append((one, told))
    for group in groups.values():
        if len(group) > 1 and len({told.value for _, told in group}) > 1:
            yield from _contradicting(group)
    yield from _looser_than_constraints(facts)


def _contradicting(group: Sequence[tuple[Facts, Told]]) -> Iterator[Finding]:
    told_already: set[tuple[str, int]] = set()
    for (one, here), (other, there) in _pairs(group):
        if here.value == there.value or not _same_matter(here, there):
            continue
        pair = ((one, here), (other, there))
        if one.kind == "feature" != other.kind or other.kind == "feature" != one.kind:
            feature, binding = sorted(pair, key=lambda side: side[0].kind != "feature")
            if not binds(binding[0], feature[0]) or not _looser(feature[1], binding[1]):
                continue
            later, earlier = feature, binding
        elif one.product == other.product:
            later, earlier = pair[1], pair[0]
        else:
            continue
        key = (later[0].path, later[1].line)
        if key in told_already:
            continue
        told_already.add(key)
        yield _contradiction(*later, *earlier)


def _contradiction(later: Facts, here: Told, earlier: Facts, there: Told) -> Finding:
    return _finding(
        "contradiction", later, here.line, here.column,
        f"{earlier.path}:{there.line} says otherwise: {there.words!r}",
        "make both say the same, or say which of them holds when",
    )  # fmt: skip


def _pairs(group: Sequence[T]) -> Iterator[tuple[T, T]]:
    """Each of a group with those before it: the first few, or ten thousand would take hours."""
    for at, later in enumerate(group):
        for earlier in group[: min(at, _COMPARED)]:
            yield earlier, later


def _looser_than_constraints(facts: Sequence[Facts]) -> Iterator[Finding]:
    """What a feature says of a special case of what a constraint binds: a page, a page of maps."""
    bindings: dict[tuple[str, str], list[tuple[Facts, Told, frozenset[str]]]] = defaultdict(list)
    for one in facts:
        if one.kind != "feature" and one.status in _LIVE:
            for told in one.claims:
                bindings[told.bound, told.dimension].append((one, told, _words(told)))
    if not bindings:
        return
    for one in facts:
        if one.kind != "feature" or one.status not in _LIVE:
            continue
        for told in one.claims:
            for other, there, words in bindings.get((told.bound, told.dimension), ())[:_COMPARED]:
                if words < _words(told) and binds(other, one) and _looser(told, there):
                    yield _contradiction(one, told, other, there)
                    break


def _words(told: Told) -> frozenset[str]:
    return frozenset(told.subject.split())


def _same_matter(here: Told, there: Told) -> bool:
    """Whether what narrows one claim narrows the other: nothing, or some of the same words."""
    mine, others = set(here.about), set(there.about)
    return not mine or not others or bool(mine & others)


def _looser(feature: Told, binding: Told) -> bool:
    direction = _LOOSER.get(feature.bound)
    if direction is None:
        return feature.value != binding.value
    return (feature.value - binding.value) * direction > 0


def binds(binding: Facts, feature: Facts) -> bool:
    """Whether an architecture or constraint spec is about a feature: by product, or by label."""
    products, labels = binding.applies_to
    return (
        binding.product == feature.product or feature.product in products or "*" in products
    ) and (not labels or bool(set(labels) & set(feature.labels)))


def overlaps(facts: Sequence[Facts]) -> Iterator[Finding]:
    """Two ready features of a product that reach for the same thing, none after the other."""
    ready = {one.id: one for one in facts if one.kind == "feature" and one.status == "ready"}
    touching: dict[tuple[str, str], list[tuple[str, int]]] = defaultdict(list)
    for one in ready.values():
        for name, line in one.touches:
            touching[one.product, name].append((one.id, line))
    pairs: dict[tuple[str, str], tuple[str, int]] = {}
    for (_, name), found in touching.items():
        for (one_id, _), (other_id, line) in _pairs(found):
            pairs.setdefault((one_id, other_id), (name, line))
    edges = {one.id: [wanted.id for wanted in one.depends_on] for one in facts}
    for (one_id, other_id), (name, line) in pairs.items():
        if _reaches(edges, one_id, other_id) or _reaches(edges, other_id, one_id):
            continue
        yield _finding(
            "overlap", ready[other_id], line, 1,
            f"{ready[one_id].path} is ready too and reaches for the same: {name[:60]!r}",
            f"let one depend on the other: `depends-on: [{one_id}]`",
        )  # fmt: skip


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


def _finding(rule: str, one: Facts, line: int, column: int, message: str, mend: str) -> Finding:
    return Finding(
        rule=rule, severity=CATALOGUE[rule].severity, path=one.path, line=line, column=column,
        message=message, mend=mend,
    )  # fmt: skip


__all__ = ["binds", "related"]
