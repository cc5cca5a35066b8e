"""`factory verdict`: say that one is under way, decide and redact, or publish the decision."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from factory.cli import publishing
from factory.cli.output import FILE, FOLDER, VERDICT_EXIT, json_option, print_json
from factory.cli.wiring import bookkeeper, ledger_of
from factory.errors import UsageError
from factory.records import Candidate, PublicVerdict, WorkOrder

EVIDENCE_MISSING = "evidence-missing"


@click.command("verdict")
@click.argument("candidate", type=FILE, required=False)
@click.option("--evidence", type=FOLDER, help="The folder that `evaluate` wrote.")
@click.option("--out", type=FOLDER, help="Where verdict.json and public-verdict.json go.")
@click.option(
    "--leak-left",
    "leak_left_bits",
    type=click.FloatRange(min=0),
    help="Bits that may still be told about the scenarios. Default: as the work order and, in a "
    "GitHub job, the ledger say.",
)
@click.option("--public", "public_file", type=FILE, help="A public verdict to publish.")
@click.option("--publish", is_flag=True, help="Post the check `factory / verdict`.")
@click.option("--begin", is_flag=True, help="Show that check as in progress, and no more: on the "
              "held commit, with --work-order on the spec's.")  # fmt: skip
@click.option(
    "--minutes",
    type=click.IntRange(min=0),
    default=0,
    help="With --publish: what the evaluation took, for the budget of the spec.",
)
@click.option(
    "--work-order",
    type=FILE,
    help="With --publish or --begin, in place of CANDIDATE: the order without one.",
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
    begin: bool,
    work_order: Path | None,
    cause: str | None,
    minutes: int,
    as_json: bool,
) -> int:
    """Decide on CANDIDATE from --evidence, or --publish a decision.

    After a fail with attempts left, retry-request.json is for `factory plan --retry`.
    Where FACTORY_SIGNING_KEY is set, the check carries a signed statement for `factory verify`.
    Exits 0 for pass, 1 for fail, 5 for inconclusive; with --begin 0.
    """
    from factory.records import read

    if (candidate is None) == (work_order is None):
        raise UsageError(
            "pass either CANDIDATE or --work-order FILE", mend="name exactly one of the two"
        )
    decision = evidence or out or public_file or leak_left_bits is not None
    if begin:
        if publish or decision or cause or minutes:
            raise UsageError("--begin only begins", mend="pass a record and --begin, no more")
        done = publishing.begun(
            read(WorkOrder, work_order) if work_order else read(Candidate, _given(candidate))
        )
        if as_json:
            print_json({"begun": done})
        return 0
    shown: dict[str, Any] = {}
    if publish:
        if work_order is not None:
            if decision:
                raise _nothing_to_decide()
            told = publishing.published_unbuilt(read(WorkOrder, work_order), cause)
        else:
            record = read(Candidate, _given(candidate))
            told = publishing.published(record, public_file, cause or EVIDENCE_MISSING, minutes)
        public = told.public
        shown = {
            "check": {"title": told.output.title, "summary": told.output.summary},
            "statement": told.statement,
        }
    elif work_order is not None:
        raise _nothing_to_decide()
    elif evidence is not None and out is not None:
        public = _decided(read(Candidate, _given(candidate)), evidence, out, leak_left_bits)
    else:
        raise UsageError(
            "nothing to do", mend="pass --evidence DIR and --out DIR, or --public FILE --publish"
        )
    if as_json:
        print_json({**public.to_data(), **shown})
    else:
        named = ", ".join(public.requirements_not_met)
        click.echo(public.verdict + (f": not met: {named}" if named else ""))
        if public.cause:
            click.echo(f"  {public.cause}\n  mend: {public.mend}")
    return VERDICT_EXIT[public.verdict]


def _given(candidate: Path | None) -> Path:
    assert candidate is not None, "exactly one of the two records was given"
    return candidate


def _nothing_to_decide() -> UsageError:
    return UsageError(
        "without a candidate there is nothing to decide",
        mend="pass --work-order FILE with --publish, and at most --cause, or with --begin",
    )


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

    def say(left: float) -> PublicVerdict:
        return verdict.redact(private, leak_left_bits=left)

    if leak_left_bits is not None:
        public = say(leak_left_bits)
    else:
        # In a job that is run again, what was told stands: not even its log may tell another.
        shop = bookkeeper(ledger_of(None))
        public = shop.would_tell(record.work_order, record.commit, say)
    public.write(out / "public-verdict.json")
    request = request_retry(record, public)
    (out / "retry-request.json").unlink(missing_ok=True)
    if not isinstance(request, Stop):
        request.write(out / "retry-request.json")
    return public
