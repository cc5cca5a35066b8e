"""`factory verdict`: decide and redact, or publish what was decided."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from factory import __version__, money
from factory.cli.output import FILE, FOLDER, VERDICT_EXIT, json_option, print_json
from factory.cli.wiring import bookkeeper, ledger_of, make_forge, signing_key
from factory.errors import ConfigurationError, FactoryError, RecordError, UsageError
from factory.records import Candidate, PublicVerdict, WorkOrder
from factory.records.binding import mismatch

if TYPE_CHECKING:
    from factory.forge.protocol import Forge

EVIDENCE_MISSING = "evidence-missing"


@click.command("verdict")
@click.argument("candidate", type=FILE, required=False)
@click.option("--evidence", type=FOLDER, help="The folder that `evaluate` wrote.")
@click.option("--out", type=FOLDER, help="Where verdict.json and public-verdict.json go.")
@click.option(
    "--leak-left",
    "leak_left_bits",
    type=click.FloatRange(min=0),
    help="Bits that may still be told about the scenarios. Default: as the work order says.",
)
@click.option("--public", "public_file", type=FILE, help="A public verdict to publish.")
@click.option("--publish", is_flag=True, help="Post the check `factory / verdict`.")
@click.option(
    "--minutes",
    type=click.IntRange(min=0),
    default=0,
    help="With --publish: what the evaluation took, for the budget of the spec.",
)
@click.option(
    "--work-order",
    type=FILE,
    help="With --publish, in place of CANDIDATE: the order that came to none.",
)
@click.option(
    "--cause",
    help="With --publish: why there is no public verdict.  "
    "[default: evidence-missing; with --work-order not-built]",
)
@json_option
def command(
    candidate: Path | None,
    evidence: Path | None,
    out: Path | None,
    leak_left_bits: float | None,
    public_file: Path | None,
    publish: bool,
    work_order: Path | None,
    cause: str | None,
    minutes: int,
    as_json: bool,
) -> int:
    """Decide on CANDIDATE from --evidence, or --publish a decision.

    After a fail with attempts left, retry-request.json is for `factory plan --retry`.
    Where FACTORY_SIGNING_KEY is set, the check carries a signed statement for `factory verify`.
    Exits 0 for pass, 1 for fail, 5 for inconclusive.
    """
    from factory.records import read

    if (candidate is None) == (work_order is None):
        raise UsageError(
            "pass either CANDIDATE or --work-order FILE", mend="name exactly one of the two"
        )
    if work_order is not None:
        if not publish or evidence or out or public_file or leak_left_bits is not None:
            raise UsageError(
                "without a candidate there is nothing to decide",
                mend="pass --work-order FILE --publish, and at most --cause",
            )
        public = _published_unbuilt(read(WorkOrder, work_order), cause)
    elif publish:
        assert candidate is not None
        public = _published(
            read(Candidate, candidate), public_file, cause or EVIDENCE_MISSING, minutes
        )
    elif candidate is not None and evidence is not None and out is not None:
        public = _decided(read(Candidate, candidate), evidence, out, leak_left_bits)
    else:
        raise UsageError(
            "nothing to do", mend="pass --evidence DIR and --out DIR, or --public FILE --publish"
        )
    if as_json:
        print_json(public.to_data())
    else:
        named = ", ".join(public.requirements_not_met)
        click.echo(public.verdict + (f": not met: {named}" if named else ""))
        if public.cause:
            click.echo(f"  {public.cause}\n  mend: {public.mend}")
    return VERDICT_EXIT[public.verdict]


def _decided(
    record: Candidate, evidence: Path, out: Path, leak_left_bits: float | None
) -> PublicVerdict:
    from factory import verdict
    from factory.plan import Stop, request_retry
    from factory.records import Inventory, Report, read

    private = verdict.decide(
        read(Inventory, evidence / "inventory.json"),
        read(Report, evidence / "report.json"),
        record.work_order,
        record,
    )
    private.write(out / "verdict.json")
    left = record.work_order.leak_left_bits if leak_left_bits is None else leak_left_bits
    public = verdict.redact(private, leak_left_bits=left)
    public.write(out / "public-verdict.json")
    request = request_retry(record, public)
    (out / "retry-request.json").unlink(missing_ok=True)
    if not isinstance(request, Stop):
        request.write(out / "retry-request.json")
    return public


def _published(
    record: Candidate, public_file: Path | None, cause: str, minutes: int
) -> PublicVerdict:
    """Publish; a verdict that is missing, unreadable or of another candidate is inconclusive."""
    from factory import verdict
    from factory.pipeline import publish
    from factory.records import read

    order = record.work_order
    try:
        if public_file is None:
            raise RecordError("no public verdict was given")
        public = read(PublicVerdict, public_file)
        different = mismatch(public, record)
        if different:
            raise RecordError(f"the verdict is about another {different}")
    except FactoryError as error:
        click.echo(f"no usable verdict: {error.message}", err=True)
        public = verdict.unavailable(order, cause, leak_left_bits=order.leak_left_bits)
    forge = make_forge()
    specs = os.environ.get("GITHUB_REPOSITORY", "")
    envelope, unsigned = "", None
    if key := signing_key():
        try:
            envelope = verdict.signed(verdict.statement(public, record, version=__version__), key)
        except ConfigurationError as error:
            unsigned = error  # A key that is no good must not keep the verdict from being said.
    _enter(record, public, forge, minutes)
    publish(forge, record, public, specs_repository=specs or None, envelope=envelope)
    if unsigned:
        raise unsigned
    return public


def _enter(record: Candidate, public: PublicVerdict, forge: Forge, minutes: int) -> None:
    """Enter the attempt into the ledger of a GitHub job, before anybody can read its verdict."""
    from factory.ledger.accounts import Used

    order, shop = record.work_order, bookkeeper(ledger_of(None), forge)
    facts = {"bound": order.bound, "context": order.context, "agent": order.agent.name}
    spent = Used(
        nano=money.charge(record.spent_usd) - money.charge(order.spent_usd),
        tokens=record.agent.tokens,
        seconds=record.agent.duration_seconds,
    )
    shop.release(order, spent, facts)
    shop.record(order, "held", commit=record.commit)
    shop.record_judged(order, public, record.commit, seconds=60.0 * minutes)


def _published_unbuilt(order: WorkOrder, cause: str | None) -> PublicVerdict:
    """Publish that an order came to no candidate; any unknown cause is told as not-built."""
    from factory import verdict
    from factory.pipeline import publish_unbuilt

    specs = os.environ.get("GITHUB_REPOSITORY", "")
    if not specs:
        raise UsageError(
            "without a candidate only the spec's commit can be told, and its repository is unknown",
            mend="set GITHUB_REPOSITORY to the specs repository",
        )
    known = cause if cause in verdict.WITHOUT_CANDIDATE else verdict.Unavailable.NOT_BUILT
    public = verdict.unavailable(order, known)
    publish_unbuilt(make_forge(), order, public, specs_repository=specs)
    return public
