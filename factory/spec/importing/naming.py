"""The id and the title of a draft, from what the source is called."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from factory.spec.importing.questions import TODO_ID, TODO_TITLE

ID_LIMIT = 63
TITLE_LIMIT = 120
TITLE_LEAST = 3


def spec_id(names: Iterable[str], taken: Iterable[str] = ()) -> str:
    """An id from the first of these names that yields one; with a number where it is taken."""
    found = next((one for one in map(slug, names) if one), TODO_ID)
    others, number, unique = set(taken), 1, found
    while unique in others:
        number += 1
        ending = f"-{number}"
        unique = found[: ID_LIMIT - len(ending)].rstrip("-") + ending
    return unique


def slug(name: str) -> str:
    """Lower-case letters, digits and hyphens, beginning with a letter; "" where none is left.

    A number in front, as in `012-link-expiry`, is left out.
    """
    plain = unicodedata.normalize("NFKD", name.casefold().replace("ø", "o").replace("æ", "ae"))
    text = "".join(one for one in plain if not unicodedata.combining(one))
    words = re.sub(r"[^a-z0-9]+", "-", text).lstrip("-0123456789").rstrip("-")
    if len(words) > ID_LIMIT:
        words = words[: ID_LIMIT + 1].rpartition("-")[0] or words[:ID_LIMIT]
    return words if len(words) > 1 else ""


def spec_title(names: Iterable[str]) -> str:
    """A title from the first of these names that is long enough; cut where it is too long."""
    found = next((one for one in map(plain, names) if len(one) >= TITLE_LEAST), TODO_TITLE)
    if len(found) <= TITLE_LIMIT:
        return found
    return found[:TITLE_LIMIT].rpartition(" ")[0] or found[:TITLE_LIMIT]


def plain(name: str) -> str:
    """A heading in Markdown as plain text on one line."""
    return " ".join(re.sub(r"\\(?=[!-/:-@\[-`{-~])", "", name).split())
