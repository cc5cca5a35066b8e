"""One thing about a setting: that it is well, wrong, or could not be read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from factory.forge.settings import Unread

State = Literal["ok", "wrong", "not-known"]


@dataclass(frozen=True, kw_only=True)
class Finding:
    """`check` is a heading of docs/doctor.md, `place` the repository or organisation, `about` the
    token or App where a check looks at several.

    `needed`: without it the line does not run, or a verdict there is worth less than it says.
    `where` is the page on which it is set.
    """

    check: str
    place: str
    state: State
    found: str
    needed: bool = True
    where: str = ""
    mend: str = ""
    about: str = ""

    def to_row(self) -> dict[str, Any]:
        """The row of `factory doctor --json` (stable; fields may be added)."""
        return {
            "name": " ".join(filter(None, (self.check, self.place, self.about))),
            "ok": self.state == "ok",
            "needed": self.needed,
            "found": self.found,
            "mend": "" if self.state == "ok" else self.mend,
            "check": self.check,
            "place": self.place,
            "known": self.state != "not-known",
            "where": self.where,
        }


def not_known(
    check: str,
    place: str,
    unread: Unread,
    *,
    where: str = "",
    needed: bool = True,
    mend: str = "",
    about: str = "",
) -> Finding:
    """What could not be read is no more well than what is wrong."""
    return Finding(
        check=check,
        place=place,
        state="not-known",
        found=f"not known: {unread.told}",
        needed=needed,
        where=where,
        mend=mend or f"ask with a token that has `{unread.right}` on {place}",
        about=about,
    )
