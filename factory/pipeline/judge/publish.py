"""Say on the judged commit that it is being judged, and then what came of it."""

from __future__ import annotations

from dataclasses import replace

from factory import __version__, verdict
from factory.errors import ConfigurationError
from factory.forge.protocol import CheckOutput, Forge, conclusion_of
from factory.pipeline.judge.judge import Judgement
from factory.pipeline.publish import CHECK

# One check on a commit, whichever event asked: the same again is an update.
EXTERNAL_ID = "holdout-gate"


def begin(forge: Forge, repository: str, commit: str, *, run_url: str) -> None:
    """Show at once that `commit` is being judged; an older verdict does not stand meanwhile.

    Raises:
        ForgeError, AuthenticationError: it could not be posted.
    """
    forge.begin_check(repository, commit, CHECK, run_url, external_id=EXTERNAL_ID)


def complete(
    forge: Forge, repository: str, judgement: Judgement, *, run_url: str, signing_key: str = ""
) -> None:
    """Complete the check; only a pass is green.

    Args:
        signing_key: in PEM, to sign a statement with; "" for none. Without a verdict on any spec
            there is nothing to sign.

    Raises:
        ForgeError, AuthenticationError: it could not be posted, so nobody may believe that it was.
        ConfigurationError: the signing key is no good; the check is posted all the same.
    """
    output, refused = output_of(judgement), None
    if signing_key and judgement.judged:
        try:
            output = replace(output, text=verdict.statement_text(envelope(judgement, signing_key)))
        except ConfigurationError as error:
            refused = error
    forge.complete_check(
        repository,
        judgement.commit,
        CHECK,
        conclusion_of(judgement.verdict),
        output,
        run_url,
        external_id=EXTERNAL_ID,
    )
    if refused:
        raise refused


def output_of(judgement: Judgement) -> CheckOutput:
    """The check's title and summary."""
    return verdict.check_on_commit(
        [(one.order, one.public) for one in judgement.judged],
        commit=judgement.commit,
        base=judgement.base,
        cause=judgement.cause,
        notes=judgement.notes,
    )


def envelope(judgement: Judgement, signing_key: str) -> str:
    """The signed statement on what was judged.

    Raises:
        ConfigurationError: the key is no good.
    """
    judged = [(one.candidate, one.public) for one in judgement.judged]
    statement = verdict.statement_on_commit(judged, judgement.verdict, version=__version__)
    return verdict.signed(statement, signing_key)
