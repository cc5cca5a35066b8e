"""What the stages share on one machine: forge, sandbox, scenarios, ledger."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import msgspec

from factory import agents, ledger
from factory.errors import BudgetExceeded
from factory.evaluate import ScenarioSource
from factory.forge.protocol import Forge
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

    `leak_bits` is the leak budget of one spec version, `day_usd` what all runs together may cost
    on one day (UTC). `signing_key` (PEM) signs verdicts; without it they are not signed. `say`
    takes one line of progress, `note` one that is to stay. `pause` waits for so many seconds.
    """

    forge: Forge
    scenarios: ScenarioSource | None
    ledger_url: str | None
    ledger_env: Mapping[str, str] = field(default_factory=dict)
    leak_bits: float = 32.0
    day_usd: float = math.inf
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

    def leak_left(self, order: WorkOrder) -> float:
        """Bits that may still be told about the scenarios of this spec version."""
        if self.ledger_url is None:
            return self.leak_bits
        of_spec = ledger.ask(
            lambda entries: entries.of_spec(order.spec.id),
            url=self.ledger_url,
            env=self.ledger_env,
        )
        spent = sum(
            entry.leak_bits
            for entry in of_spec
            if entry.spec_version == order.spec.version
            # This very attempt's entry is from before a crash: its message was never read.
            and (entry.run_id, entry.attempt) != (order.run_id, order.attempt)
        )
        return max(self.leak_bits - spent, 0.0)

    def within_today(self, order: WorkOrder) -> WorkOrder:
        """The order with its attempt's budget lowered to what is left of today's.

        Raises:
            BudgetExceeded: nothing is left of today's.
        """
        today = now_text()[:10]
        entries = ledger.read(url=self.ledger_url, env=self.ledger_env) if self.ledger_url else ()
        left = self.day_usd - sum(one.usd for one in entries if one.at[:10] == today)
        if left <= 0:
            raise BudgetExceeded(
                f"today's {self.day_usd:g} USD are spent",
                mend="run again tomorrow, or raise `budget: {day: {usd: …}}` in factory.yml",
            )
        budget = msgspec.structs.replace(order.budget, usd=min(order.budget.usd, left))
        return msgspec.structs.replace(order, budget=budget)

    def record(self, order: WorkOrder, event: Event, **facts: Any) -> None:
        """Append one event of this attempt to the ledger; appending it twice changes nothing."""
        if self.ledger_url is None:
            return
        entry = LedgerEntry.of(order, event, at=now_text(), **facts)
        ledger.append(entry, url=self.ledger_url, env=self.ledger_env)

    def record_judged(self, order: WorkOrder, public: PublicVerdict, commit: str) -> None:
        """Append what of a verdict is public, and what it costs the leak budget."""
        self.record(
            order,
            "judged",
            verdict=public.verdict,
            commit=commit,
            failure_class=public.failure_class,
            requirements_not_met=public.requirements_not_met,
            leak_bits=public.leak_bits,
        )


def now_text() -> str:
    """The time in UTC as records hold it, to the second."""
    return moment_text(datetime.now(UTC))
