"""The runs of one state folder: which is next, whose it is, and how one is driven."""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import click
from msgspec.structs import replace

from factory.cli.output import clean
from factory.cli.progress import Progress
from factory.errors import BaseMoved, BudgetExceeded, GuardError
from factory.evaluate import ScenarioSource, preflight
from factory.pipeline import Equipment, drive
from factory.pipeline import state as states
from factory.pipeline.planning import TAKEN, Planning
from factory.pipeline.state import RunState
from factory.plan import Planned, Wish, after_rebases, next_agent, next_order, retry_order
from factory.plan.standing import BASE_MOVED, SUPERSEDED
from factory.records import Budget, Candidate, RetryRequest, WorkOrder, read
from factory.ship import preflight as ship_preflight


@dataclass(kw_only=True)
class Floor:
    """What the runs of one command share. `driven` are specs that were begun in it, `active` the
    ids of runs that are being driven now. `waiting` says of specs that were not begun why, as far
    as the last look told; `taken` are those that somebody else was quicker with, `refused` those
    that a limit of the budget held up: their runs stay open."""

    folder: Path
    planning: Planning
    shop: Equipment
    holdouts: ScenarioSource
    wish: Wish
    title: str = ""
    driven: set[str] = field(default_factory=set)
    active: set[str] = field(default_factory=set)
    waiting: dict[str, str] = field(default_factory=dict)
    taken: dict[str, str] = field(default_factory=dict)
    refused: dict[str, BudgetExceeded] = field(default_factory=dict)

    def one_by_one(self) -> Iterator[RunState]:
        """Drive one run after the other; each is yielded when it has ended."""
        while (run := self.next_run()) is not None:
            self.drive(run)
            yield run

    def next_run(self) -> RunState | None:
        """A run to drive now, claimed: one that is open, else a new one; None where none is.

        Raises what `factory.plan.plan` and the preflights do.
        """
        run = self._unshipped()
        if run is not None:
            self._preflight(run)
            return self._begun(run)
        while True:
            open_runs = [one.folder.name for one in self._open()]
            wish = dataclasses.replace(self.wish, leave=self.driven)
            planned = self.planning.plan(wish, datetime.now(UTC), open_runs)
            run = self._open_or_new(planned)
            if run is None:
                told = {**planned.waiting, **self.taken}
                begun = self.driven - self.taken.keys()
                self.waiting = {key: why for key, why in told.items() if key not in begun}
                return None
            self._preflight(run)
            if self._claimed(run, planned, open_runs):
                return self._begun(run)
            spec_id = run.first_order().spec.id
            self.taken[spec_id] = TAKEN
            self.driven.add(spec_id)
            shutil.rmtree(run.folder)

    def drive(self, run: RunState, prefix: str = "") -> None:
        """Take one run to its end; with a prefix, beside others.

        One that the budget holds up ends nothing: it is noted in `refused`, and others may still
        have money. Raises else as `pipeline.drive`.
        """
        order = run.first_order()
        default = f"{order.spec.id} version {order.spec.version}: {clean(order.spec.title, 80)}"
        planning = dataclasses.replace(self.planning, scratch=self.planning.scratch / order.run_id)
        with Progress(self.title or default, prefix=prefix) as progress:
            shop = dataclasses.replace(self.shop, say=progress.say, note=progress.note)
            try:
                public = drive(
                    shop, run, announce=progress.stage, reorder=partial(_reordered, planning)
                )
            except BudgetExceeded as error:
                self.refused[order.spec.id] = error
                return
            except BaseMoved:
                shop.record(order, "stopped", reason=BASE_MOVED)
                run.end(BASE_MOVED)
                raise
            except GuardError as error:
                shop.record(order, "parked", reason="the guard refused what the agent left")
                run.end(f"the guard refused the agent's tree: {error.message}")
                raise
        if public.cause:
            click.echo(
                f"{prefix}inconclusive: {public.cause}\n{prefix}  mend: {public.mend}", err=True
            )

    def _begun(self, run: RunState) -> RunState:
        self.driven.add(run.first_order().spec.id)
        return run

    def _open(self) -> list[RunState]:
        """The runs that have not ended and that nobody drives."""
        return [
            one
            for one in states.runs(self.folder)
            if not one.ended and one.folder.name not in self.active
        ]

    def _unshipped(self) -> RunState | None:
        """An open run that has passed and was stopped before it was known to have shipped."""
        for run in self._open():
            if self.wish.ids and run.first_order().spec.id not in self.wish.ids:
                continue
            verdicts = run.verdicts()
            if len(verdicts) == len(run.attempts()) and verdicts[-1].verdict == "pass":
                return run
        return None

    def _open_or_new(self, planned: Planned) -> RunState | None:
        """The open run of a spec that is ready, else a new one for the first that has none."""
        ready = {one.spec.id: one for one in planned.orders if one.spec.id not in self.driven}
        for run in self._open():
            first = run.first_order()
            order = ready.get(first.spec.id)
            if order is None:
                continue
            if _same_work(first, order) and _same_base(run, order):
                _take_limits(run, first.budget, order.budget)
                return run
            self.shop.record(first, "stopped", reason=SUPERSEDED)
            run.end(SUPERSEDED)
        for order in ready.values():
            run = RunState(self.folder / "runs" / order.run_id)
            order.write(run.attempt(1) / "work-order.json")
            return run
        return None

    def _claimed(self, run: RunState, planned: Planned, mine: Sequence[str]) -> bool:
        """Enter the run into the ledger; False where somebody else has taken its spec meanwhile."""
        only = dataclasses.replace(planned, orders=(run.first_order(),), later=())
        again = self.wish.again
        return bool(self.planning.claim(only, datetime.now(UTC), mine=mine, again=again).orders)

    def _preflight(self, run: RunState) -> None:
        """Refuse before any money is spent what could only fail after it was.

        A refused new run leaves nothing behind.
        """
        order = run.first_order()
        product = order.product
        try:
            ship_preflight(
                self.shop.forge.clone_url(product.repository),
                product.base_branch,
                self.shop.forge.git_environment(product.repository),
            )
            preflight(self.holdouts, order.spec)
            self.shop.sandbox_for(order)
        except BaseException:
            if not (run.attempt(1) / "attempt.json").exists():
                shutil.rmtree(run.folder, ignore_errors=True)
            raise


def _same_work(old: WorkOrder, new: WorkOrder) -> bool:
    """Whether an open run is still about the same spec text and brief, by the same agent."""
    return (old.spec.digest, old.brief, old.agent) == (new.spec.digest, new.brief, new.agent)


def _take_limits(run: RunState, first: Budget, now: Budget) -> None:
    """Give an attempt that is not over the limits of now: who raised one wants it to go on."""
    last = run.attempts()[-1]
    if (last / "attempt.json").exists():
        return
    order = read(WorkOrder, last / "work-order.json")
    # Attempts that no agent made were added to its own number.
    budget = replace(now, attempts=now.attempts + order.budget.attempts - first.attempts)
    if budget != order.budget:
        replace(order, budget=budget).write(last / "work-order.json")


def _same_base(run: RunState, new: WorkOrder) -> bool:
    """Whether its last attempt is on the base of now, or has a candidate to bring there."""
    last = run.attempts()[-1]
    held = (last / "candidate.json").is_file()
    base = read(WorkOrder, last / "work-order.json").base_commit
    return base == new.base_commit or (held and new.retries.rebase > 0)


def _reordered(planning: Planning, candidate: Candidate, request: RetryRequest) -> WorkOrder:
    """The next attempt's order. For another agent it is planned, since that reads another brief."""
    order = candidate.work_order
    if next_agent(order) == order.agent.name:
        return next_order(candidate, request)
    by_agents = max(request.attempt - request.rebased, 1)
    wish = Wish(ids=(request.spec,), attempt=by_agents, again=True)
    planned = planning.plan(wish, datetime.now(UTC), (request.run_id,))
    return (
        retry_order(after_rebases(planned.orders[0], request.rebased), request)
        if planned.orders
        else next_order(candidate, request)
    )
