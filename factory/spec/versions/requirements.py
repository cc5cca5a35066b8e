"""Which requirement of an older text each requirement of a newer one is."""

from __future__ import annotations

from collections.abc import Mapping

from factory.spec.document import SpecDocument
from factory.spec.versions.likeness import REUSED, Gist

PAIR_LIMIT = 40_000
"""Pairs compared word by word; with more, only requirements that stand unchanged are traced."""

Requirements = Mapping[str, str]
"""Requirement id → its text, in the order of the file."""
Gists = Mapping[str, Gist]


def texts_of(document: SpecDocument) -> dict[str, str]:
    """The requirements of a spec; of an id that stands twice, the first."""
    found: dict[str, str] = {}
    for one in document.requirements():
        found.setdefault(one.id, one.text)
    return found


def trace(old: Requirements, new: Requirements) -> dict[str, str]:
    """For each id in `new` the id that its requirement had in `old`.

    An id that is not in the answer holds a requirement that is new. One whose requirement was
    reworded, or asks for more or less than before, is traced to itself.
    """
    before = {name: Gist(text) for name, text in old.items()}
    after = {name: Gist(text) for name, text in new.items()}
    found = {name: name for name, gist in after.items() if _stands(name, gist, before)}
    for taking in (_unchanged, _nearly):
        taken = set(found.values())
        lost = {name: gist for name, gist in before.items() if name not in taken}
        loose = {name: gist for name, gist in after.items() if name not in found}
        found |= taking(lost, loose, before, after)
    for name, gist in after.items():
        if name not in found and name in before and gist.likeness(before[name]) >= REUSED:
            found[name] = name
    return {name: found[name] for name in new if name in found}


def _stands(name: str, gist: Gist, before: Gists) -> bool:
    return name in before and gist.text == before[name].text


def _unchanged(lost: Gists, loose: Gists, before: Gists, after: Gists) -> dict[str, str]:
    """Requirements that stand word for word under another id."""
    places: dict[str, list[str]] = {}
    for name, gist in lost.items():
        places.setdefault(gist.text, []).append(name)
    found = {}
    for name, gist in loose.items():
        if gist.text and places.get(gist.text):
            found[name] = places[gist.text].pop(0)
    return found


def _nearly(lost: Gists, loose: Gists, before: Gists, after: Gists) -> dict[str, str]:
    """Requirements that stand nearly so under another id, the likest first."""
    if len(lost) * len(loose) > PAIR_LIMIT:
        return {}
    pairs = sorted(
        (
            (gist.likeness(other), name, was)
            for was, other in lost.items()
            for name, gist in loose.items()
            if name != was and gist.is_nearly(other) and _is_free(was, name, before, after)
        ),
        reverse=True,
    )
    found: dict[str, str] = {}
    taken: set[str] = set()
    for _, name, was in pairs:
        if name not in found and was not in taken:
            found[name] = was
            taken.add(was)
    return found


def _is_free(was: str, name: str, before: Gists, after: Gists) -> bool:
    """Whether the requirement `was` can have become `name`: it is not the better `was` itself.

    Where `name` is an id of old too, the two may have changed places; where it is a new one, the
    old id must be gone or say something else, or a new neighbour would be taken for the old text.
    """
    if was not in after or after[was].likeness(before[was]) < REUSED:
        return True
    return name in before and after[name].likeness(before[was]) > max(
        after[name].likeness(before[name]), after[was].likeness(before[was])
    )
