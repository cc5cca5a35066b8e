"""The formats that are read: how to tell them apart, and what each says of its name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, get_args

from factory.spec.importing.blocks import Part
from factory.spec.importing.openspec import OpenSpec
from factory.spec.importing.placing import Placing

Format = Literal["spec-kit", "openspec", "plain"]
FORMATS: tuple[Format, ...] = get_args(Format)

PLACING: dict[Format, type[Placing]] = {"spec-kit": Placing, "openspec": OpenSpec, "plain": Placing}

# What a format puts around the name in its first heading.
_AROUND_TITLE: dict[Format, re.Pattern[str]] = {
    "spec-kit": re.compile(r"^feature specification\s*[:–—-]\s*", re.IGNORECASE),
    "openspec": re.compile(r"^(change|proposal)( proposal)?\s*:\s*|\s+specification$", re.I),
    "plain": re.compile(r"(?!)"),
}
_OPENSPEC = re.compile(
    r"requirement\s*:|scenario\s*:|(added|modified|removed|renamed) requirem", re.I
)
_SPEC_KIT = re.compile(r"feature specification\b|user scenarios\b|user story \d", re.IGNORECASE)


def detect(root: Part) -> Format:
    """The format of a document, from its headings."""
    titles = list(_titles(root))
    if any(is_structure(one) for one in titles):
        return "openspec"
    return "spec-kit" if any(_SPEC_KIT.match(one) for one in titles) else "plain"


def is_structure(title: str) -> bool:
    """Whether this heading begins a requirement, a scenario or a group of changes of OpenSpec."""
    return _OPENSPEC.match(title) is not None


def bare_title(title: str, format: Format) -> str:
    """The name in a document's first heading."""
    return _AROUND_TITLE[format].sub("", title)


def _titles(part: Part) -> Iterator[str]:
    yield part.title
    for one in part.parts:
        yield from _titles(one)
