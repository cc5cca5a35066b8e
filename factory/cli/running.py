"""What `run` and `demo` share: resume what is open, plan the rest, drive each, gather what came."""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from factory.cli.floor import Floor
from factory.cli.output import VERDICT_EXIT
from factory.cli.side_by_side import side_by_side
from factory.cli.wiring import make_forge, scenario_source, signing_key
from factory.config.factory_file import load_configuration
from factory.errors import BudgetExceeded, NothingToDo
from factory.learn import RunSummary, summarise, write_report
from factory.pipeline import Equipment
from factory.pipeline import state as states
from factory.pipeline.planning import Ledger, Planning
from factory.plan import Wish, local_source
from factory.ports.scratch import sweep
from factory.records import AgentProfile
from factory.verdict import signed


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
    again: bool = False,
    jobs: int = 1,
) -> Outcome:
    """Drive every run that is open or ready; dependents follow what ships.

    Args:
        specs: the specs repository.
        wanted: spec ids to restrict to; empty for all.
        state: where records are kept; `specs`/.factory where None.
        scenarios: the scenario repository, instead of what factory.yml says.
        agent: an agent to use instead of the routed one.
        attempts: a lower limit of attempts than factory.yml's.
        title: what progress is headed by.
        again: build the wanted specs also where they are parked or in flight elsewhere.
        jobs: how many runs at once at most, each in another area.
    """
    configuration = load_configuration(specs)
    if attempts is not None:
        budget = msgspec.structs.replace(configuration.budget, attempts=attempts)
        configuration = dataclasses.replace(configuration, budget=budget)
    source = local_source(specs)
    key = signing_key()
    if key:
        signed({}, key)  # One that is no good is told before anything is spent.
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
            signing_key=key,
        )
        planning = Planning(
            source=source,
            configuration=configuration,
            forge=forge,
            ledger=Ledger(url=str(specs.resolve())),
            scratch=folder / "fetched",
        )
        floor = Floor(
            folder=folder,
            planning=planning,
            shop=shop,
            holdouts=holdouts,
            wish=Wish(ids=tuple(wanted), again=again, agent=agent),
            title=title,
        )
        begun = floor.one_by_one() if jobs == 1 else side_by_side(floor, jobs)
        for run in begun:
            if not (run.attempt(1) / "attempt.json").exists():
                continue  # The budget held it up before anything was built.
            outcome.runs.append(summarise(run.folder))
            outcome.report = write_report(run.folder)
        outcome.waiting, outcome.refused = floor.waiting, floor.refused
        shutil.rmtree(folder / "fetched", ignore_errors=True)
    return outcome
