"""What `run` and `demo` share: resume what is open, plan the rest, drive each, gather what came."""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import click
import msgspec

from factory.cli.output import VERDICT_EXIT, clean
from factory.cli.progress import Progress
from factory.cli.wiring import make_forge, scenario_source
from factory.config.factory_file import load_configuration
from factory.errors import BaseMoved, BudgetExceeded, GuardError, NothingToDo
from factory.evaluate import ScenarioSource, preflight
from factory.learn import RunSummary, summarise, write_report
from factory.pipeline import Equipment, drive
from factory.pipeline import state as states
from factory.pipeline.state import RunState
from factory.plan import Planned, local_source, plan
from factory.ports.scratch import sweep
from factory.records import AgentProfile, WorkOrder
from factory.ship import preflight as ship_preflight


@dataclass(kw_only=True)
class Outcome:
    """What a `factory run` came to: a summary of each run, and where the report is.

    `refused` holds for each spec that a limit of the budget held up which it was.
    """

    runs: list[RunSummary] = field(default_factory=list)
    waiting: dict[str, str] = field(default_factory=dict)
    refused: dict[str, BudgetExceeded] = field(default_factory=dict)
    report: Path | None = None

    @property
    def exit_code(self) -> int:
        """The worst of all runs; 4 where money stopped one, 3 where nothing was to be done."""
        if self.refused or any(run.out_of_budget for run in self.runs):
            return BudgetExceeded.exit_code
        if not self.runs:
            return NothingToDo.exit_code
        words = [run.verdict for run in self.runs]
        return next((VERDICT_EXIT[word] for word in ("inconclusive", "fail") if word in words), 0)


def run_specs(
    specs: Path,
    wanted: Sequence[str],
    *,
    state: Path | None = None,
    scenarios: str | None = None,
    agent: AgentProfile | None = None,
    attempts: int | None = None,
    title: str = "",
) -> Outcome:
    """Drive every run that is open or ready, one after the other; dependents follow what ships.

    Args:
        specs: the specs repository.
        wanted: spec ids to restrict to; empty for all.
        state: where records are kept; `specs`/.factory where None.
        scenarios: the scenario repository, instead of what factory.yml says.
        agent: an agent to use instead of the routed one.
        attempts: a lower limit of attempts than factory.yml's.
        title: what progress is headed by.
    """
    configuration = load_configuration(specs)
    if attempts is not None:
        budget = msgspec.structs.replace(configuration.budget, attempts=attempts)
        configuration = dataclasses.replace(configuration, budget=budget)
    source = local_source(specs)
    sweep()
    folder = states.prepare((state or specs / ".factory").resolve())
    outcome = Outcome()
    with (
        states.locked(folder),
        scenario_source(
            scenarios or configuration.scenarios_repository, configuration.scenarios_ref
        ) as holdouts,
    ):
        forge = make_forge(folder)
        shop = Equipment(
            forge=forge,
            scenarios=holdouts,
            ledger_url=str(specs.resolve()),
            leak_bits=configuration.leak_bits,
        )
        driven: set[str] = set()
        while True:
            run = _unshipped(folder, wanted)
            if run is None:
                planned = plan(
                    source,
                    configuration,
                    forge=forge,
                    wanted=tuple(wanted),
                    scratch=folder / "fetched",
                    now=datetime.now(UTC),
                    agent=agent,
                )
                run = _next_run(folder, planned, driven)
            if run is None:
                outcome.waiting = {
                    one: why for one, why in planned.waiting.items() if one not in driven
                }
                break
            spec_id = run.first_order().spec.id
            driven.add(spec_id)
            try:
                _drive(run, shop, holdouts, title)
            except BudgetExceeded as error:
                outcome.refused[spec_id] = error
                if not (run.attempt(1) / "attempt.json").exists():
                    continue
            outcome.runs.append(summarise(run.folder))
            outcome.report = write_report(run.folder)
        shutil.rmtree(folder / "fetched", ignore_errors=True)
    return outcome


def _unshipped(folder: Path, wanted: Sequence[str]) -> RunState | None:
    """An open run that has passed and was stopped before it was known to have shipped."""
    for run in states.runs(folder):
        if run.ended or (wanted and run.first_order().spec.id not in wanted):
            continue
        verdicts = run.verdicts()
        if len(verdicts) == len(run.attempts()) and verdicts[-1].verdict == "pass":
            return run
    return None


def _next_run(folder: Path, planned: Planned, driven: set[str]) -> RunState | None:
    """The open run of a spec that is ready, else a new one for the first that has none."""
    ready = {order.spec.id: order for order in planned.orders if order.spec.id not in driven}
    for run in states.runs(folder):
        first = run.first_order()
        order = ready.get(first.spec.id)
        if order is None or run.ended:
            continue
        if _same_work(first, order):
            return run
        run.end("the spec, what is given with it, its agent or the base branch has changed since")
    for order in ready.values():
        run = RunState(folder / "runs" / order.run_id)
        order.write(run.attempt(1) / "work-order.json")
        return run
    return None


def _same_work(old: WorkOrder, new: WorkOrder) -> bool:
    """Whether an open run is still about the same spec text and brief, on the same base."""
    return (old.spec.digest, old.brief, old.base_commit, old.agent) == (
        new.spec.digest,
        new.brief,
        new.base_commit,
        new.agent,
    )


def _drive(run: RunState, shop: Equipment, holdouts: ScenarioSource, title: str) -> None:
    order = run.first_order()
    _preflight(run, shop, holdouts)
    default = f"{order.spec.id} version {order.spec.version}: {clean(order.spec.title, 80)}"
    with Progress(title or default) as progress:
        shop.say, shop.note = progress.say, progress.note
        try:
            public = drive(shop, run, announce=progress.stage)
        except BaseMoved:
            run.end("the base branch moved before it shipped")
            raise
        except GuardError as error:
            shop.record(order, "stopped", reason="the guard refused the agent's tree")
            run.end(f"the guard refused the agent's tree: {error.message}")
            raise
    if public.cause:
        click.echo(f"inconclusive: {public.cause}\n  mend: {public.mend}", err=True)


def _preflight(run: RunState, shop: Equipment, holdouts: ScenarioSource) -> None:
    """Refuse before any money is spent what could only fail after it was.

    A refused new run leaves nothing behind.
    """
    order = run.first_order()
    product = order.product
    try:
        ship_preflight(
            shop.forge.clone_url(product.repository),
            product.base_branch,
            shop.forge.git_environment(product.repository),
        )
        preflight(holdouts, order.spec)
        shop.sandbox_for(order)
    except BaseException:
        if not (run.attempt(1) / "attempt.json").exists():
            shutil.rmtree(run.folder, ignore_errors=True)
        raise
