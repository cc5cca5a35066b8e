"""Say on the judged commit that it is being judged, and then what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from factory import __version__, verdict
from factory.errors import ConfigurationError
from factory.forge.protocol import CheckOutput, Forge
from factory.pipeline import check
from factory.pipeline.check import Place
from factory.pipeline.judge.judge import Judgement

# One check on a commit, whichever event asked: the same again is an update. A check that some
# specs are named for has a name of its own: it may not stand for the whole.
EXTERNAL_ID = "holdout-gate"


def begin(
    forge: Forge, repository: str, commit: str, *, run_url: str, wanted: Sequence[str] = ()
) -> None:
    """Show at once that `commit` is being judged; an older verdict does not stand meanwhile.

    Args:
        wanted: the specs that were named, or none for all.

    Raises:
        ForgeError, AuthenticationError: it could not be posted.
    """
    check.begin(forge, _place(repository, commit, wanted), run_url=run_url)


def complete(
    forge: Forge,
    repository: str,
    judgement: Judgement,
    *,
    run_url: str,
    signing_key: str = "",
    wanted: Sequence[str] = (),
) -> None:
    """Complete the check; only a pass is green.

    Args:
        signing_key: in PEM, to sign a statement with; "" for none. Without a verdict on any spec
            there is nothing to sign.
        wanted: as begun with.

    Raises:
        ForgeError, AuthenticationError: it could not be posted, so nobody may believe that it was.
        ConfigurationError: the signing key is no good; the check is posted all the same.
    """
    output, refused = output_of(judgement), None
    if signing_key and judgement.judged:
        try:
            envelope = verdict.signed(statement_of(judgement), signing_key)
            output = replace(output, text=verdict.statement_text(envelope))
        except ConfigurationError as error:
            refused = error
    place = _place(repository, judgement.commit, wanted)
    check.complete(forge, place, judgement.verdict, output, run_url=run_url)
    if refused:
        raise refused


def _place(repository: str, commit: str, wanted: Sequence[str]) -> Place:
    ids = sorted(set(wanted))
    return Place(
        repository=repository,
        commit=commit,
        external_id=EXTERNAL_ID,
        name=check.named(*ids) if ids else check.CHECK,
    )


def output_of(judgement: Judgement) -> CheckOutput:
    """The check's title and summary."""
    return verdict.check_on_commit(
        [(one.order, one.public) for one in judgement.judged],
        commit=judgement.commit,
        base=judgement.base,
        cause=judgement.cause,
        notes=judgement.notes,
    )


def statement_of(judgement: Judgement) -> dict[str, Any]:
    """The statement on what was judged: at least one spec."""
    judged = [(one.candidate, one.public) for one in judgement.judged]
    return verdict.statement_on_commit(judged, judgement.verdict, version=__version__)
