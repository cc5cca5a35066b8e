"""`factory verdict`: decide and redact, or publish what was decided."""

from __future__ import annotations

import os
from pathlib import Path

import click

from factory.cli.output import FILE, FOLDER, json_option, print_json
from factory.cli.wiring import make_forge
from factory.errors import FactoryError, RecordError, UsageError
from factory.records import Candidate, PublicVerdict
from factory.records.binding import mismatch

EXIT = {"pass": 0, "fail": 1, "inconclusive": 5}


@click.command("verdict")
@click.argument("candidate", type=FILE)
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
@click.option("--cause", default="evidence-missing", show_default=True,
              help="With --publish: why, where the public verdict is missing.")  # fmt: skip
@json_option
def command(
    candidate: Path,
    evidence: Path | None,
    out: Path | None,
    leak_left_bits: float | None,
    public_file: Path | None,
    publish: bool,
    cause: str,
    as_json: bool,
) -> int:
    """Decide on CANDIDATE from --evidence, or --publish a decision.

    Exits 0 for pass, 1 for fail, 5 for inconclusive.
    """
    from factory.records import read

    record = read(Candidate, candidate)
    if publish:
        public = _published(record, public_file, cause)
    elif evidence is not None and out is not None:
        public = _decided(record, evidence, out, leak_left_bits)
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
    return EXIT[public.verdict]


def _decided(
    record: Candidate, evidence: Path, out: Path, leak_left_bits: float | None
) -> PublicVerdict:
    from factory import verdict
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
    return public


def _published(record: Candidate, public_file: Path | None, cause: str) -> PublicVerdict:
    """Publish; a verdict that is missing, unreadable or of another candidate is inconclusive."""
    from factory import verdict
    from factory.pipeline import publish
    from factory.pipeline.retry import dispatch_retry
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
        public = verdict.unavailable(order, cause)
    forge = make_forge()
    specs = os.environ.get("GITHUB_REPOSITORY", "")
    publish(forge, record, public, specs_repository=specs or None)
    if specs:
        dispatch_retry(forge, specs, record, public)
    return public
