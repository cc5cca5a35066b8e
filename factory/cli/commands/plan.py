"""`factory plan`: work orders for what is ready."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from factory.cli.output import FILE, FOLDER, clean, json_option, on_github, print_json
from factory.cli.wiring import ledger_of, make_forge
from factory.errors import NothingToDo, SpecChanged, UsageError

if TYPE_CHECKING:
    from factory.pipeline.planning import Planning
    from factory.plan import Planned
    from factory.records import RetryRequest


@click.command("plan")
@click.argument("spec_ids", nargs=-1)
@click.option("--specs", type=FOLDER, help="The specs repository. Default: the current folder; "
              "in a GitHub job, the repository and commit of the event.")  # fmt: skip
@click.option("--out", type=FOLDER, required=True, help="Where <run-id>/work-order.json go.")
@click.option("--retry", "retry_file", type=FILE, help="A retry request: plan that attempt only.")
@click.option("--again", is_flag=True, help="Plan SPEC_IDS also where they are parked, paused or "
              "in flight.")  # fmt: skip
@click.option("--explain", is_flag=True, help="Say why each got its place, agent and budget.")
@click.option("--claim", is_flag=True, help="Enter the orders into the ledger, so that no other "
              "plan takes them; ask for another plan where some are left.")  # fmt: skip
@click.option("--limit", type=click.IntRange(min=1), help="How many orders at most.")
@click.option("--fit", type=click.IntRange(min=1), help="With --claim: how many characters the "
              "orders may take together.")  # fmt: skip
@json_option
def command(
    spec_ids: tuple[str, ...],
    specs: Path | None,
    out: Path,
    retry_file: Path | None,
    again: bool,
    explain: bool,
    claim: bool,
    limit: int | None,
    fit: int | None,
    as_json: bool,
) -> int:
    """Write a work order for each spec whose turn it is, or only for SPEC_IDS.

    Orders come by priority and age, no two of them in one area of a product; the rest waits, and
    is told with its reason. Exits 3 where nothing is to be built now.
    """
    from factory.plan import Wish
    from factory.records import RetryRequest, read

    if again and not (spec_ids or retry_file):
        raise UsageError("--again is for specs that are named", mend="add the ids of the specs")
    out.mkdir(parents=True, exist_ok=True)
    planning = _planning(specs, out)
    now = datetime.now(UTC)
    request = read(RetryRequest, retry_file) if retry_file else None
    wish = Wish(ids=spec_ids, again=again, limit=limit)
    planned = None
    if request and claim:
        planned = _attempt_or_end(planning, request, now, again)
    elif request:  # By hand: somebody asks for it.
        planned = planning.plan_retry(request, now, again=True)
    if planned is None:
        request, planned = None, planning.plan(wish, now)
    if claim and planned.orders:
        planning.require_money(now)
        mine = (request.run_id,) if request else ()
        planned = planning.claim(planned, now, mine=mine, again=again, most_characters=fit)
        if planned.orders and planned.later:
            _ask_for_another_plan(planning)
    rows = _written(planned, out, explain)
    _tell(planned, rows, as_json)
    return 0 if rows else NothingToDo.exit_code


def _planning(specs: Path | None, out: Path) -> Planning:
    from factory import plan
    from factory.config.factory_file import load_configuration
    from factory.pipeline.planning import Planning

    forge = make_forge()
    repository = os.environ.get("GITHUB_REPOSITORY", "")
    remote = specs is None and bool(repository) and on_github()
    if remote:
        source = plan.fetched_source(
            forge.clone_url(repository),
            os.environ["GITHUB_SHA"],
            out / "fetched",
            forge.git_environment(repository),
        )
    else:
        source = plan.local_source(specs or Path())
    return Planning(
        source=source,
        configuration=load_configuration(source.folder),
        forge=forge,
        ledger=ledger_of(None if remote else source.folder),
        scratch=out / "fetched",
    )


def _attempt_or_end(
    planning: Planning, request: RetryRequest, now: datetime, again: bool
) -> Planned | None:
    """The plan of that attempt; None where its run cannot go on, and has been ended for it."""
    planning.require_true(request)
    try:
        planned = planning.plan_retry(request, now, again=again)
        if planned.orders:
            return planned
        reason = planned.waiting.get(request.spec, "waits")
    except (SpecChanged, UsageError) as error:
        reason = error.message
    click.echo(f"{request.spec}: no attempt {request.attempt}: {clean(reason)}", err=True)
    planning.give_up(request, now)
    return None


def _ask_for_another_plan(planning: Planning) -> None:
    repository = os.environ.get("GITHUB_REPOSITORY", "")
    if repository and on_github():
        planning.forge.request_plan(repository)


def _written(planned: Planned, out: Path, explain: bool) -> list[dict[str, Any]]:
    """Write the orders; a row about each."""
    told = {one.spec: one for one in planned.explained} if explain else {}
    rows = []
    for order in planned.orders:
        row = {
            "run_id": order.run_id,
            "spec": order.spec.id,
            "version": order.spec.version,
            "product": order.product.name,
            "attempt": order.attempt,
            "agent": order.agent.name,
            "path": str(order.write(out / order.run_id / "work-order.json")),
        }
        if order.spec.id in told:
            row["explain"] = told[order.spec.id].to_data()
        rows.append(row)
    return rows


def _tell(planned: Planned, rows: list[dict[str, Any]], as_json: bool) -> None:
    if as_json:
        later = list(planned.later)
        print_json({"orders": rows, "waiting": dict(planned.waiting), "later": later})
        return
    told = {one.spec: one for one in planned.explained}
    for row in rows:
        click.echo(f"{row['spec']} version {row['version']}: {row['path']}")
        for line in told[row["spec"]].lines() if "explain" in row else ():
            click.echo(f"  {clean(line)}")
    for spec_id, reason in planned.waiting.items():
        click.echo(f"{spec_id} {clean(reason)}", err=True)
    if planned.later:
        click.echo(f"left for the next plan: {', '.join(planned.later)}", err=True)
