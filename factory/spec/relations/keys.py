"""What specs are compared by, as small numbers: which of them have something in common."""

from __future__ import annotations

from array import array
from collections.abc import Hashable, Iterable
from itertools import pairwise

# A part of the keys is sorted at a time, which takes less memory.
_SORTED_AT_ONCE = 4096
_MOST_PARTS = 16
_BITS = 0xFFFFFFFF


class Keys:
    """The keys of many specs, one spec after the other, in 32 bits each.

    Two that are not the same may be taken for it: in ten thousand specs a few are, by chance.
    Whoever asks compares what it is about.
    """

    def __init__(self) -> None:
        self._keys = array("I")
        self._ends = array("I")

    def add(self, what: Iterable[Hashable]) -> None:
        """Add the keys of what the next spec has."""
        self._keys.extend(map(key_of, what))
        self._ends.append(len(self._keys))

    def __len__(self) -> int:
        return len(self._keys)

    def repeated(self) -> frozenset[int]:
        """The keys that occur more than once."""
        parts = min(1 + len(self._keys) // _SORTED_AT_ONCE, _MOST_PARTS)
        found = set[int]()
        for part in range(parts):
            some = sorted(key for key in self._keys if key % parts == part)
            found.update(one for one, after in pairwise(some) if one == after)
        return frozenset(found)

    def places(self, wanted: frozenset[int]) -> list[int]:
        """The places of the specs that have one of these keys."""
        found, start = [], 0
        for place, end in enumerate(self._ends if wanted else ()):
            if not wanted.isdisjoint(self._keys[start:end]):
                found.append(place)
            start = end
        return found


def key_of(what: Hashable) -> int:
    """The key of an id, a claim, a touch."""
    return hash(what) & _BITS
