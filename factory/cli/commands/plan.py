"""`factory plan`: work orders for what is ready."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import click

from factory.cli.output import FILE, FOLDER, clean, json_option, on_github, print_json
from factory.cli.wiring import make_forge
from factory.errors import NothingToDo


@click.command("plan")
@click.argument("spec_ids", nargs=-1)
@click.option("--specs", type=FOLDER, help="The specs repository. Default: the current folder; "
              "in a GitHub job, the repository and commit of the event.")  # fmt: skip
@click.option("--out", type=FOLDER, required=True, help="Where <run-id>/work-order.json go.")
@click.option("--retry", "retry_file", type=FILE, help="A retry request: plan that attempt only.")
@json_option
def command(
    spec_ids: tuple[str, ...],
    specs: Path | None,
    out: Path,
    retry_file: Path | None,
    as_json: bool,
) -> int:
    """Write a work order for each ready spec that has not shipped, or only for SPEC_IDS."""
    from factory import plan
    from factory.config.factory_file import load_configuration
    from factory.records import RetryRequest, read

    forge = make_forge()
    out.mkdir(parents=True, exist_ok=True)
    repository = os.environ.get("GITHUB_REPOSITORY", "")
    if specs is None and repository and on_github():
        source = plan.fetched_source(
            forge.clone_url(repository),
            os.environ["GITHUB_SHA"],
            out / "fetched",
            forge.git_environment(repository),
        )
    else:
        source = plan.local_source(specs or Path())
    request = read(RetryRequest, retry_file) if retry_file else None
    planned = plan.plan(
        source,
        load_configuration(source.folder),
        forge=forge,
        wanted=(request.spec,) if request else spec_ids,
        scratch=out / "fetched",
        now=datetime.now(UTC),
    )
    orders = list(planned.orders)
    if request:
        orders = [plan.retry_order(orders[0], request)] if orders else []
    rows = []
    for order in orders:
        path = order.write(out / order.run_id / "work-order.json")
        rows.append(
            {
                "run_id": order.run_id,
                "spec": order.spec.id,
                "version": order.spec.version,
                "product": order.product.name,
                "attempt": order.attempt,
                "path": str(path),
            }
        )
    if as_json:
        print_json({"orders": rows, "waiting": dict(planned.waiting)})
    else:
        for row in rows:
            click.echo(f"{row['spec']} version {row['version']}: {row['path']}")
        for spec_id, reason in planned.waiting.items():
            click.echo(f"{spec_id} {clean(reason)}", err=True)
    return 0 if rows else NothingToDo.exit_code
