"""What stands around a spec in its repository and decides what its words mean."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """`products`: the names in factory.yml, None where there is none to ask.

    `terms`: each term of the glossary, in lower case, as it is written there; None without a
    glossary. `synonyms`: each synonym, in lower case, and the term that is meant.
    """

    products: frozenset[str] | None = None
    terms: Mapping[str, str] | None = None
    synonyms: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def digest(self) -> bytes:
        """Of all that a finding may depend on."""
        parts = (
            sorted(self.products) if self.products is not None else None,
            sorted(self.terms.items()) if self.terms is not None else None,
            sorted(self.synonyms.items()),
        )
        return hashlib.blake2b(repr(parts).encode(), digest_size=16).digest()


def read_surroundings(root: Path | None) -> Surroundings:
    """What a specs repository says around its specs.

    Raises:
        ConfigurationError: its factory.yml cannot be read.
    """
    if root is None:
        return Surroundings()
    from factory.config.factory_file import FILE_NAME, load_configuration

    products = None
    if (root / FILE_NAME).is_file():
        products = frozenset(load_configuration(root).products)
    return Surroundings(products=products)
