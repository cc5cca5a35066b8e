"""The two texts that a comparison is about: `v1..v2`, `v3..`, or nothing for the last step."""

from __future__ import annotations

import re
from dataclasses import dataclass

from factory.errors import NothingToDo, UsageError
from factory.spec.document import SpecDocument
from factory.spec.versions.history import History, Version
from factory.spec.versions.revisions import version_of

_RANGE = re.compile(r"v?([0-9]{1,7})\.\.(?:v?([0-9]{1,7}))?")


@dataclass(frozen=True, kw_only=True)
class Side:
    """One of two texts. `made_by` is the version that it is; None for the text in the folder."""

    version: int
    document: SpecDocument
    made_by: Version | None


def sides(history: History, wanted: str | None) -> tuple[Side, Side]:
    """The old and the new text.

    Args:
        history: of the spec.
        wanted: `v1..v2`; `v3..` for version 3 and the text in the folder; None for the version
            before the current text, and that.

    Raises:
        UsageError: another form, or a version that the spec never had.
        NothingToDo: there is only one text.
    """
    if wanted is None:
        return _last_step(history)
    found = _RANGE.fullmatch(wanted)
    if not found:
        raise UsageError(
            f"not a pair of versions: {wanted[:40]!r}",
            mend="write v1..v2, or v3.. for version 3 and the text in the folder",
        )
    old = _side(history.version(int(found[1])))
    return old, _side(history.version(int(found[2]))) if found[2] else _current(history)


def _last_step(history: History) -> tuple[Side, Side]:
    new = _current(history)
    older = [one for one in history.versions if one.number < new.version]
    edited = [one for one in history.versions if new.made_by is None and one.number == new.version]
    if not older and not edited:
        raise NothingToDo(
            f"{history.spec_id} has no earlier version to compare with",
            mend="name two versions: v1..v2",
        )
    return _side((older or edited)[0]), new


def _current(history: History) -> Side:
    """The text in the folder; the newest version where that is the same, or there is none."""
    working, newest = history.working, next(iter(history.versions), None)
    if newest and (working is None or working.text == newest.document.text):
        return _side(newest)
    assert working is not None, "a history has a version or a text in the folder"
    return Side(version=version_of(working), document=working, made_by=None)


def _side(version: Version) -> Side:
    return Side(version=version.number, document=version.document, made_by=version)
