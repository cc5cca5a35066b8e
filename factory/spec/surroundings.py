"""What stands around a spec in its repository and decides what its words mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """`products`: the names in factory.yml, None where there is none to ask.

    `terms`: each term of the glossary, in lower case, as it is written there; None without a
    glossary. `synonyms`: each synonym, in lower case, and the term that is meant.
    """

    products: frozenset[str] | None = None
    terms: Mapping[str, str] | None = None
    synonyms: Mapping[str, str] = field(default_factory=dict)
