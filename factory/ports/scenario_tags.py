"""What the tags of a scenario say: which requirements it judges, how it weighs, who may know it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from factory.requirement_id import PATTERN

REQUIREMENT = re.compile(rf"@({PATTERN})")


def requirements_of(tags: Iterable[str]) -> tuple[str, ...]:
    """The ids of the requirements that a scenario is tied to, in its order, each once."""
    found = (REQUIREMENT.fullmatch(tag) for tag in tags)
    return tuple(dict.fromkeys(one[1] for one in found if one))


def is_should(tags: Iterable[str]) -> bool:
    """Whether it weighs as @should; else it weighs as @must."""
    return "@should" in tags


def is_sealed(tags: Iterable[str]) -> bool:
    """Whether it is kept for the end, and nothing is told of it."""
    return "@sealed" in tags
