"""`factory build`: one attempt by the agent of a work order."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from factory.cli.output import FILE, FOLDER, json_option, print_json
from factory.cli.progress import Progress
from factory.cli.wiring import make_forge
from factory.errors import FactoryError

if TYPE_CHECKING:
    from factory.records import Attempt, WorkOrder

SPENT = "spent.json"


@click.command("build")
@click.argument("work_order", type=FILE)
@click.option("--out", type=FOLDER, required=True, help="Where attempt.json and tree/ go.")
@json_option
def command(work_order: Path, out: Path, as_json: bool) -> int:
    """Let the agent of WORK_ORDER build in a sandbox; writes attempt.json and tree/.

    spent.json says what it has used, also where it failed and that is known.
    """
    from factory import agents
    from factory.records import WorkOrder, read
    from factory.sandbox.select import select as select_sandbox

    order = read(WorkOrder, work_order)
    forge = make_forge()
    with Progress(f"building {order.spec.id} version {order.spec.version}") as progress:
        progress.stage("build", order.attempt)
        attempt = _built(
            order,
            out=out,
            agent=agents.select(order.agent),
            sandbox=select_sandbox(agents.sandbox_choice(order.agent, order.sandbox)),
            clone_url=forge.clone_url(order.product.repository),
            git_environment=forge.git_environment(order.product.repository),
            progress=progress.say,
        )
    if as_json:
        print_json({"record": str(out / "attempt.json"), "usd": attempt.agent.usd})
    else:
        click.echo(f"{out / 'attempt.json'}: agent {attempt.agent.ended}")
    return 0


def _built(order: WorkOrder, *, out: Path, **rest: Any) -> Attempt:
    from factory import build, money
    from factory.records import Spend

    used = None
    try:
        attempt = build.build(order, out=out, **rest)
        used = build.total(attempt)
        return attempt
    except FactoryError:
        if out.is_dir():  # Else nothing was begun, by an order that cannot be trusted.
            used = build.known(out, order)
        raise
    finally:
        (out / SPENT).unlink(missing_ok=True)
        if used is not None:
            spend = Spend(usd=money.dollars(used.nano), tokens=used.tokens, seconds=used.seconds)
            spend.write(out / SPENT)
