"""Plan by what the ledger says, and claim what was planned."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from factory import ledger
from factory.config.factory_file import Configuration
from factory.errors import NothingToDo, RecordError
from factory.forge.protocol import Forge
from factory.ledger.accounts import Accounts
from factory.moment import moment_text
from factory.plan import (
    Planned,
    SpecsSource,
    Wish,
    after_rebases,
    claim,
    plan,
    retry_order,
    standing,
)
from factory.plan.believed import carried_out, untrue
from factory.plan.levels import require_some
from factory.plan.size import TOO_LONG, fitting
from factory.plan.standing import ENDS, PAUSED, SUPERSEDED, Standing
from factory.records import LedgerEntry, RetryRequest

TAKEN = "was taken by another plan at the same moment"


@dataclass(frozen=True, kw_only=True)
class Ledger:
    """The repository of the ledger, and what authenticates git for it."""

    url: str
    env: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Planning:
    """What every plan of one command shares. `ledger` is None where there is none to ask.

    `scratch` is a folder for fetched history.
    """

    source: SpecsSource
    configuration: Configuration
    forge: Forge
    ledger: Ledger | None
    scratch: Path

    def standing(self, now: datetime, mine: Collection[str] = ()) -> Standing:
        """Where specs stand; `mine` are runs that whoever asks goes on with."""
        if self.ledger is None:
            return Standing()
        entries = ledger.read(url=self.ledger.url, env=self.ledger.env)
        return standing(entries, now, lost_after=self.configuration.lost_after, mine=mine)

    def plan(self, wish: Wish, now: datetime, mine: Collection[str] = ()) -> Planned:
        """Plan without claiming; raises as `factory.plan.plan`."""
        return plan(
            self.source,
            self.configuration,
            forge=self.forge,
            scratch=self.scratch,
            now=now,
            wish=wish,
            stand=self.standing(now, mine),
        )

    def plan_retry(self, request: RetryRequest, now: datetime, *, again: bool) -> Planned:
        """Plan one attempt of a run that has made others; `again`: also where it has ended.

        Raises:
            SpecChanged: it is about another version or text of the spec; and as for `plan`.
        """
        by_agents = max(request.attempt - request.rebased, 1)
        wish = Wish(ids=(request.spec,), attempt=by_agents, again=again)
        planned = self.plan(wish, now, mine=(request.run_id,))
        orders = tuple(
            retry_order(after_rebases(one, request.rebased), request) for one in planned.orders
        )
        return replace(planned, orders=orders)

    def claim(
        self,
        planned: Planned,
        now: datetime,
        *,
        mine: Collection[str] = (),
        again: bool = False,
        most_characters: int | None = None,
    ) -> Planned:
        """Keep of a plan what fits and what nobody else has taken; that is in the ledger then.

        Raises:
            ForgeError, AuthenticationError, InputError: as for `factory.plan.claim`.
        """
        fit, left, long = fitting(planned.orders, most_characters)
        if self.ledger is not None and fit:
            taken = claim(
                fit,
                url=self.ledger.url,
                env=self.ledger.env,
                now=now,
                areas=planned.areas,
                lost_after=self.configuration.lost_after,
                mine=frozenset(mine),
                again=again,
            )
        else:
            taken = tuple(fit)
        mine_now = {one.spec.id for one in taken}
        lost = {one.spec.id: TAKEN for one in fit if one.spec.id not in mine_now}
        return replace(
            planned,
            orders=taken,
            waiting={**planned.waiting, **lost, **{one.spec.id: TOO_LONG for one in long}},
            later=(*(one.spec.id for one in left), *planned.later),
            explained=tuple(one for one in planned.explained if one.spec in mine_now),
        )

    def require_money(self, now: datetime) -> None:
        """See that day and factory leave something for anything at all, before it is claimed.

        Raises:
            BudgetExceeded: one leaves nothing; as of `factory.plan.reserve`.
        """
        if self.ledger is not None:
            told = ledger.ask(
                lambda entries: entries.counting(now), url=self.ledger.url, env=self.ledger.env
            )
            accounts = Accounts(told.entries, told.besides)
            require_some(self.configuration.budget, accounts, now)

    def require_true(self, request: RetryRequest) -> None:
        """See that the ledger has what a request says of the attempt before it.

        Raises:
            RecordError: it has not: somebody else sent the request.
            NothingToDo: the request has been carried out, and came twice.
        """
        if self.ledger is None:
            return
        of_run = ledger.ask(
            lambda entries: entries.of_run(request.run_id),
            url=self.ledger.url,
            env=self.ledger.env,
        )
        if carried_out(request, of_run):
            raise NothingToDo(
                f"attempt {request.attempt} of run {request.run_id} has been made",
                mend="nothing is to be done; `factory status` says how the spec stands",
            )
        if wrong := untrue(request, of_run):
            raise RecordError(
                f"the request for attempt {request.attempt} of {request.spec} is not carried out: "
                f"the ledger does not say that {wrong}",
                mend="comment `/factory retry` on the spec's issue, or plan it anew by its name",
            )

    def give_up(self, request: RetryRequest, now: datetime) -> None:
        """End a run that cannot go on, so that it holds nothing up; one that has ended stays so."""
        if self.ledger is None:
            return
        of_spec = ledger.ask(
            lambda entries: entries.of_spec(request.spec), url=self.ledger.url, env=self.ledger.env
        )
        of_run = [one for one in of_spec if one.run_id == request.run_id]
        if not of_run or any(one.event in ENDS for one in of_run):
            return
        last = of_run[-1]
        entry = LedgerEntry(
            at=moment_text(now),
            event="stopped",
            run_id=last.run_id,
            attempt=request.attempt,
            spec_id=last.spec_id,
            spec_version=last.spec_version,
            spec_digest=last.spec_digest,
            product=last.product,
            reason=PAUSED if request.spec in standing(of_spec, now).paused else SUPERSEDED,
        )
        ledger.append(entry, url=self.ledger.url, env=self.ledger.env)
