"""What constraints and architectures claim, found by product, dimension and one word."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterator

from factory.spec.facts import Facts, Told
from factory.spec.relations.keys import key_of
from factory.spec.relations.store import FactStore

_BOUND_ALIKE = 200
_PARTS = 16  # Each is sorted by itself, which takes less memory.
_NUMBER_BITS = 32


class BindingClaims:
    """Every claim of the specs that bind others; each is read back from the facts."""

    def __init__(self, facts: FactStore) -> None:
        self._facts = facts
        # Of each claim, by its number here: of which spec, and the how many-th of that.
        self._specs, self._claims = array("I"), array("I")
        keyed = array("Q")
        for place in facts.binding:
            one = facts[place]
            for number, told in enumerate(one.claims):
                word = min(told.subject.split())
                for product in {one.reach.product, *one.reach.products}:
                    key = key_of((product, told.dimension, word))
                    keyed.append(key << _NUMBER_BITS | len(self._specs))
                    self._specs.append(place)
                    self._claims.append(number)
        self._parts = [
            array("Q", sorted(one for one in keyed if (one >> _NUMBER_BITS) % _PARTS == part))
            for part in range(_PARTS)
        ]

    def __len__(self) -> int:
        return len(self._specs)

    def at(self, product: str, dimension: str, word: str) -> Iterator[tuple[Facts, Told]]:
        """The first that may be meant by these, each with its spec."""
        key = key_of((product, dimension, word))
        part = self._parts[key % _PARTS]
        first = bisect_left(part, key << _NUMBER_BITS)
        for one in part[first : first + _BOUND_ALIKE]:
            if one >> _NUMBER_BITS != key:
                return
            number = one & ((1 << _NUMBER_BITS) - 1)
            spec = self._facts[self._specs[number]]
            yield spec, spec.claims[self._claims[number]]
