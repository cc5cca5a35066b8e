"""The same subject held to different bounds: in one spec, in two, or against a constraint."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from operator import ne
from typing import NamedTuple

from factory.spec.facts import LONGEST_WORDS, Facts, Told
from factory.spec.finding import Finding, finding_in
from factory.spec.language.calendar import MOMENT
from factory.spec.language.late import late
from factory.spec.relations.binding_claims import BindingClaims
from factory.spec.relations.keys import key_of
from factory.spec.relations.store import LIVE, FactStore, claim_key

# Each claim is compared with as many before it: ten thousand alike would take hours.
_COMPARED = 20
_EXACT = ("after", "exactly", "every", "lasts", "kept")
# Against a constraint only a looser bound is wrong: the direction in which each gets looser.
_LOOSER = {"most": 1, "after": 1, "every": 1, "lasts": 1, "least": -1}


class _Side(NamedTuple):
    """A claim and the spec that makes it."""

    spec: Facts
    told: Told


def contradictions(facts: FactStore) -> Iterator[Finding]:
    """Among specs of a product any other bound is one; against what binds, a looser one."""
    yield from _between_equals(facts)
    yield from _against_constraints(facts)


def _between_equals(facts: FactStore) -> Iterator[Finding]:
    twice = facts.claims.repeated()
    groups: dict[tuple[str, ...], list[_Side]] = defaultdict(list)
    for one in facts.at(facts.claims.places(twice)):
        for told in one.claims:
            key = claim_key(one, told)
            if key_of(key) in twice:
                groups[key].append(_Side(one, told))
    for group in groups.values():
        if len({side.told.value for side in group}) > 1:
            yield from _contradicting(group)


def _contradicting(group: Sequence[_Side]) -> Iterator[Finding]:
    for at, later in enumerate(group):
        for earlier in group[: min(at, _COMPARED)]:
            here, there = later.told, earlier.told
            if later.spec is earlier.spec and (here.dimension == MOMENT or here.line == there.line):
                continue  # A timetable; `women at most 4 times, men at most 6`.
            if _differ(later, earlier) and _same_matter(here, there):
                yield _contradiction(later, earlier)
                break


def _differ(later: _Side, earlier: _Side) -> bool:
    """Whether two of one kind say otherwise, or a target is looser than a constraint."""
    if not later.spec.reach.may_meet(earlier.spec.reach):
        return False
    if later.spec.kind == earlier.spec.kind:
        return _conflict(later.told, earlier.told)
    target, bound = (later, earlier) if later.spec.kind == "architecture" else (earlier, later)
    return _looser(target.told, bound.told)


def _conflict(here: Told, there: Told) -> bool:
    """Whether no value keeps both: two that differ, or 48 hours and at most 24."""
    if "range" in (here.bound, there.bound):
        held, most = (there, here) if here.bound == "range" else (here, there)
        return held.bound == "held" and held.value > most.value
    if "most" in (here.bound, there.bound) and here.bound != there.bound:
        real, most = (there, here) if here.bound == "most" else (here, there)
        return real.value > most.value
    return "held" not in (here.bound, there.bound) and here.value != there.value


def _against_constraints(facts: FactStore) -> Iterator[Finding]:
    """What a feature says of what is bound, or of a special case of it: a page, a page of maps."""
    binding_claims = BindingClaims(facts)
    for one in _live(facts) if len(binding_claims) else ():
        for told in one.claims if one.kind == "feature" else ():
            side = _Side(one, told)
            binding = _passed(side, binding_claims)
            if binding is not None:
                yield _contradiction(side, binding)


def _passed(side: _Side, binding_claims: BindingClaims) -> _Side | None:
    """What binds a claim that is looser."""
    mine = frozenset(side.told.subject.split())
    for product in (side.spec.product, "*"):
        for word in sorted(mine):
            for spec, told in binding_claims.at(product, side.told.dimension, word):
                words = frozenset(told.subject.split())
                if (
                    words <= mine
                    and spec.reach.holds(side.spec.product, side.spec.labels)
                    and _looser(side.told, told)
                    and (words < mine or _same_matter(side.told, told))
                ):
                    return _Side(spec, told)
    return None


def _live(facts: FactStore) -> Iterator[Facts]:
    return (one for one in facts if one.status in LIVE)


def _contradiction(later: _Side, earlier: _Side) -> Finding:
    place = f"{earlier.spec.path}:{earlier.told.line}"
    # An answer depends on the case, and which cases are one only their authors know; so does what
    # two lines of a spec say in other words.
    doubt = later.told.bound == "status" or (
        later.spec is earlier.spec and not _in_the_same_words(later.told, earlier.told)
    )
    return finding_in(
        later.spec, "contradiction", f"{place} says otherwise: {earlier.told.words!r}",
        "make both say the same, or say which of them holds when",
        line=later.told.line, column=later.told.column,
        severity="warning" if doubt else None,
    )  # fmt: skip


def _in_the_same_words(here: Told, there: Told) -> bool:
    """Whether one number is all that is different; of longer ones nobody remembers all words."""
    if max(len(here.words), len(there.words)) >= LONGEST_WORDS:
        return False
    mine, others = (_NUMBERS.split(_ID.sub("", one.words)) for one in (here, there))
    return mine[::2] == others[::2] and sum(map(ne, mine[1::2], others[1::2])) == 1


_ID = late(r"^[A-Z]\d+: ")
_NUMBERS = late(r"(\d(?:[\d.,:]*\d)?)")


def _same_matter(here: Told, there: Told) -> bool:
    """Whether what narrows one claim narrows the other: nothing, or the same and more."""
    mine, others = set(here.about), set(there.about)
    return not mine or not others or mine <= others or others <= mine


def _looser(feature: Told, binding: Told) -> bool:
    """Whether a feature allows what binds it does not."""
    if feature.bound != binding.bound:
        if feature.bound not in _EXACT or binding.bound not in ("most", "least"):
            return False
        return (feature.value > binding.value) == (binding.bound == "most") and (
            feature.value != binding.value
        )
    direction = _LOOSER.get(feature.bound)
    if direction is None:
        return feature.value != binding.value
    return (feature.value - binding.value) * direction > 0
