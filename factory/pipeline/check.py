"""The check `factory / verdict` on one commit: in progress, and then completed, under one id.

Of several runs of one name that an App has on a commit, GitHub shows and counts the newest alone.
So where a commit gets the verdicts of several specs, each has a name of its own.
"""

from __future__ import annotations

from dataclasses import dataclass

from factory.forge.protocol import CheckOutput, Forge, conclusion_of
from factory.records.verdict import VerdictWord

CHECK = "factory / verdict"


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a check is shown, as what, and under which id, so that the same again is an update.

    `replaces` is what the ids of older runs begin with that this one takes the place of, should
    one of them never have come to its end.
    """

    repository: str
    commit: str
    external_id: str
    replaces: str = ""
    name: str = CHECK


def named(*spec_ids: str) -> str:
    """The name of the check on these specs alone, where the commit may have those of others."""
    return f"{CHECK} ({' '.join(spec_ids)})"


def begin(forge: Forge, place: Place, *, run_url: str, output: CheckOutput | None = None) -> None:
    """Show at once that a verdict is under way; an older one does not stand meanwhile.

    Args:
        run_url: the page of the workflow run, or "".
        output: what is said until then, or None.

    Raises:
        ForgeError, AuthenticationError: it could not be posted.
    """
    forge.begin_check(
        place.repository,
        place.commit,
        place.name,
        run_url,
        external_id=place.external_id,
        output=output,
        replaces=place.replaces,
    )


def complete(
    forge: Forge, place: Place, word: VerdictWord, output: CheckOutput, *, run_url: str
) -> None:
    """Complete the check; only a pass is green. The same again changes nothing.

    Raises:
        ForgeError, AuthenticationError: it could not be posted, so nobody may believe that it was.
    """
    forge.complete_check(
        place.repository,
        place.commit,
        place.name,
        conclusion_of(word),
        output,
        run_url,
        external_id=place.external_id,
    )
