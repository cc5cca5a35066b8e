"""`factory verdict --begin` and `--publish`: records and environment to checks and comments."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from factory import __version__, money
from factory.cli.output import clean, on_github
from factory.cli.wiring import bookkeeper, ledger_of, make_forge, run_url, signing_key
from factory.errors import ConfigurationError, FactoryError, RecordError, UsageError
from factory.records import Candidate, PublicVerdict, WorkOrder
from factory.records.binding import mismatch

if TYPE_CHECKING:
    from factory.forge.protocol import CheckOutput
    from factory.pipeline import Equipment
    from factory.pipeline.publish import Specs


@dataclass(frozen=True)
class Published:
    """A public verdict, what the check says of it, and the statement on it to attest, if any."""

    public: PublicVerdict
    output: CheckOutput
    statement: dict[str, Any] | None = None


def begun(found: Candidate | WorkOrder) -> bool:
    """Show that a verdict is under way, on the spec's commit or on the held one.

    What cannot be shown is said and is no failure: the verdict does not depend on it.

    Raises:
        UsageError: it is a work order, and the specs repository is unknown.
    """
    from factory.pipeline.publish import announce, announce_held

    try:
        if isinstance(found, Candidate):
            announce_held(make_forge(), found, run_url=run_url())
        else:
            announce(_required(), found, run_url=run_url())
    except UsageError:
        raise
    except FactoryError as error:
        click.echo(f"not shown as in progress: {clean(error.message)}", err=True)
        return False
    return True


def published(record: Candidate, public_file: Path | None, cause: str, minutes: int) -> Published:
    """Publish; a verdict that is missing, unreadable or of another candidate is inconclusive.

    One that cannot be entered into the ledger is not told: then the check says that, and this
    fails.
    """
    from factory import verdict
    from factory.pipeline.publish import check_output, publish

    order, forge, specs = record.work_order, make_forge(), _specs()
    given = _usable(record, public_file)
    course, unentered = verdict.Course(), None
    try:
        shop = bookkeeper(ledger_of(None), forge)
        public = _entered(shop, record, given, cause, minutes)
        course = shop.course(order)
    except FactoryError as error:
        unentered = error
        public = verdict.unavailable(order, verdict.Unavailable.LEDGER_UNWRITABLE)
    statement = verdict.statement(public, record, version=__version__)
    envelope, unsigned = "", None
    if (key := signing_key()) and not unentered:
        try:
            envelope = verdict.signed(statement, key)
        except ConfigurationError as error:
            unsigned = error  # A key that is no good must not keep the verdict from being said.
    output = check_output(record, public, course)
    publish(forge, record, public, output, specs=specs, envelope=envelope, run_url=run_url())
    if specs:
        _comment(specs, order, output)
    if failed := unentered or unsigned:
        raise failed
    return Published(public, output, verdict.attestable(statement))


def published_unbuilt(order: WorkOrder, cause: str | None) -> Published:
    """Publish that an order came to no candidate; any unknown cause is told as not-built."""
    from factory import verdict
    from factory.pipeline.publish import publish_unbuilt

    specs = _required()
    known = cause if cause in verdict.WITHOUT_CANDIDATE else verdict.Unavailable.NOT_BUILT
    public = verdict.unavailable(order, known)
    output = publish_unbuilt(specs, order, public, run_url=run_url())
    _comment(specs, order, output)
    return Published(public, output)


def _specs() -> Specs | None:
    """The specs repository of a GitHub job; None elsewhere."""
    from factory.pipeline.publish import Specs

    repository = os.environ.get("GITHUB_REPOSITORY", "")
    return Specs(forge=make_forge(own=True), repository=repository) if repository else None


def _required() -> Specs:
    if specs := _specs():
        return specs
    raise UsageError(
        "without a candidate only the spec's commit can be told, and its repository is unknown",
        mend="set GITHUB_REPOSITORY to the specs repository",
    )


def _usable(record: Candidate, public_file: Path | None) -> PublicVerdict | None:
    from factory.records import read

    try:
        if public_file is None:
            raise RecordError("no public verdict was given")
        public = read(PublicVerdict, public_file)
        if different := mismatch(public, record):
            raise RecordError(f"the verdict is about another {different}")
    except FactoryError as error:
        click.echo(f"no usable verdict: {error.message}", err=True)
        return None
    return public


def _entered(
    shop: Equipment, record: Candidate, given: PublicVerdict | None, cause: str, minutes: int
) -> PublicVerdict:
    """Enter the attempt into the ledger of a GitHub job, before anybody can read its verdict.

    Returns:
        What may be told: the given one, unless another was told of this commit before.
    """
    from factory import verdict
    from factory.ledger.accounts import Used

    def say(left: float) -> PublicVerdict:
        return given or verdict.unavailable(order, cause, leak_left_bits=left)

    order = record.work_order
    facts = {"bound": order.bound, "context": order.context, "agent": order.agent.name}
    spent = Used(
        nano=money.charge(record.spent_usd) - money.charge(order.spent_usd),
        tokens=record.agent.tokens,
        seconds=record.agent.duration_seconds,
    )
    shop.release(order, spent, facts, apart=on_github())
    shop.record(order, "held", commit=record.commit)
    return shop.tell(order, record.commit, say, seconds=60.0 * minutes)


def _comment(specs: Specs, order: WorkOrder, output: CheckOutput) -> None:
    """On the pull request too; without the right to, that is said once and the verdict stands."""
    from factory.pipeline.publish import comment

    try:
        comment(specs, order, output, run_url=run_url())
    except FactoryError as error:
        said = f"no comment on the spec's pull request: {clean(error.message)}"
        click.echo(f"note: {said}; the check has the verdict", err=True)
