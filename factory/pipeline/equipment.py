"""What the stages share on one machine: forge, sandbox, scenarios, ledger."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from factory import agents, ledger, money, plan, verdict
from factory.errors import Bug
from factory.evaluate import ScenarioSource
from factory.forge.protocol import Forge
from factory.ledger.accounts import Accounts, Used
from factory.moment import moment_text
from factory.records import LedgerEntry, PublicVerdict, WorkOrder
from factory.records.ledger import Event
from factory.sandbox.protocol import Sandbox
from factory.sandbox.select import select as select_sandbox


def _quiet(text: str) -> None:
    """Say nothing."""


@dataclass(kw_only=True)
class Equipment:
    """`ledger_url` is the specs repository that holds the ledger branch, or None for no ledger.

    `signing_key` (PEM) signs verdicts; without it they are not signed. `say` takes one line of
    progress, `note` one that is to stay. `pause` waits for so many seconds.
    """

    forge: Forge
    scenarios: ScenarioSource | None
    ledger_url: str | None
    ledger_env: Mapping[str, str] = field(default_factory=dict)
    signing_key: str = ""
    say: Callable[[str], None] = _quiet
    note: Callable[[str], None] = _quiet
    pause: Callable[[float], None] = time.sleep

    def sandbox_for(self, order: WorkOrder) -> Sandbox:
        """The sandbox an order asks for, probed once in this process."""
        return select_sandbox(order.sandbox)

    def agent_sandbox_for(self, order: WorkOrder) -> Sandbox:
        """The sandbox in which the order's agent works: that of its profile's image, if any."""
        return select_sandbox(agents.sandbox_choice(order.agent, order.sandbox))

    def seconds_left(self, order: WorkOrder) -> float:
        """What this spec version has left of its minutes; infinity without such a limit."""
        minutes = order.budget.spec_minutes
        if minutes is None or self.ledger_url is None:
            return math.inf
        accounts = Accounts(self._of_spec(order))
        return minutes * 60 - accounts.spec(order.spec.id, order.spec.version).seconds

    def reserve(
        self, order: WorkOrder, before: Used | None, *, wait: timedelta = timedelta(0)
    ) -> WorkOrder:
        """The order with its budget lowered to what the ledger has set aside for the attempt.

        Without a ledger the order's own limits are all there is.

        Args:
            order: as planned.
            before: what earlier tries at this attempt have used, None where nobody knows.
            wait: how much later it may begin.

        Raises:
            BudgetExceeded: a level of the budget leaves nothing.
        """
        if self.ledger_url is None:
            return order
        granted = order

        def decide(entries: ledger.Entries) -> Sequence[LedgerEntry]:
            nonlocal granted
            now = datetime.now(UTC)
            told = entries.counting(now, order.spec.id)
            done = plan.reserve(
                order, told.entries, now=now, before=before, besides=told.besides, wait=wait
            )
            granted = done.order
            return done.entries

        added = ledger.append_if(decide, url=self.ledger_url, env=self.ledger_env)
        if not any(one.event == "reserved" for one in added):
            raise Bug("a reservation was decided on and is not in the ledger")
        return granted

    def release(
        self,
        order: WorkOrder,
        total: Used | None,
        built: Mapping[str, Any] | None = None,
        *,
        apart: bool = False,
    ) -> None:
        """Close what was reserved for an attempt; doing it twice changes nothing.

        Args:
            order: the attempt's.
            total: what all tries at it have used, None where nobody knows.
            built: facts of the event `built`, which is entered along with it; None for none.
            apart: each try runs on a machine of its own, as in jobs: `total` is the newest one's.
        """
        if self.ledger_url is None:
            return

        def decide(entries: ledger.Entries) -> Sequence[LedgerEntry]:
            of_run = entries.of_run(order.run_id)
            now = datetime.now(UTC)
            if apart:
                closing = plan.settle(order, of_run, now=now, spent=total)
            else:
                closing = plan.release(order, of_run, now=now, total=total)
            key = (order.run_id, order.attempt, "built")
            if built is None or any((e.run_id, e.attempt, e.event) == key for e in of_run):
                return closing
            # Spend is told once: by `released`, where there is a reservation to close.
            spend = {} if plan.reserved_for(order, of_run) or total is None else _facts(total)
            return [*closing, LedgerEntry.of(order, "built", at=now_text(), **spend, **built)]

        ledger.append_if(decide, url=self.ledger_url, env=self.ledger_env)

    def record(self, order: WorkOrder, event: Event, **facts: Any) -> None:
        """Append one event of this attempt to the ledger; appending it twice changes nothing."""
        if self.ledger_url is None:
            return
        entry = LedgerEntry.of(order, event, at=now_text(), **facts)
        ledger.append(entry, url=self.ledger_url, env=self.ledger_env)

    def tell(
        self, order: WorkOrder, commit: str, say: verdict.Say, *, seconds: float = 0.0
    ) -> PublicVerdict:
        """What may be told of a candidate, once the ledger has it and its leak is counted.

        Args:
            say: the message, given the bits that may be told; see `verdict.tell`.
            seconds: what the evaluation took. It is entered in whole minutes: the ledger is read
                by people who may see no scenario.
        """
        if self.ledger_url is None:
            return say(order.leak_left_bits)
        telling: verdict.Telling | None = None

        def decide(entries: ledger.Entries) -> Sequence[LedgerEntry]:
            nonlocal telling
            telling = verdict.tell(entries.of_spec(order.spec.id), order, commit, say)
            if telling.turn is None:
                return ()
            public = telling.public
            entry = LedgerEntry.of(
                order,
                "judged",
                at=now_text(),
                turn=telling.turn,
                verdict=public.verdict,
                commit=commit,
                failure_class=public.failure_class,
                requirements_not_met=public.requirements_not_met,
                other=public.other,
                suite_digest=public.suite_digest,
                reason=public.cause,
                leak_bits=public.leak_bits,
                seconds=60.0 * math.ceil(seconds / 60),
            )
            return (entry,)

        ledger.append_if(decide, url=self.ledger_url, env=self.ledger_env)
        assert telling is not None, "append_if decides"
        return telling.public

    def would_tell(self, order: WorkOrder, commit: str, say: verdict.Say) -> PublicVerdict:
        """The same, where nothing may be entered: whoever publishes it does that."""
        if self.ledger_url is None:
            return say(order.leak_left_bits)
        return verdict.tell(self._of_spec(order), order, commit, say).public

    def course(self, order: WorkOrder) -> verdict.Course:
        """What the order's run has come to so far, by the ledger."""
        return verdict.course_of(self._of_spec(order) if self.ledger_url else (), order)

    def _of_spec(self, order: WorkOrder) -> list[LedgerEntry]:
        """What the ledger, which there is, has about all versions of the order's spec."""
        assert self.ledger_url is not None
        return ledger.ask(
            lambda entries: entries.of_spec(order.spec.id),
            url=self.ledger_url,
            env=self.ledger_env,
        )


def now_text() -> str:
    """The time in UTC as records hold it, to the second."""
    return moment_text(datetime.now(UTC))


def _facts(used: Used) -> dict[str, Any]:
    return {"usd": money.dollars(used.nano), "tokens": used.tokens, "seconds": used.seconds}
