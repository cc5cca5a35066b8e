"""What one attempt may still use."""

from __future__ import annotations

from datetime import datetime

import msgspec

from factory import money
from factory.agents.spent import Spent
from factory.errors import BudgetExceeded
from factory.moment import moment_of
from factory.records import Budget, WorkOrder

NOTHING = Spent()


def require_in_time(order: WorkOrder, now: datetime) -> None:
    """See that what was set aside for an order is begun with while it counts.

    Raises:
        BudgetExceeded: it is later; on its day the money counts no more.
    """
    latest = order.budget.begin_by
    if latest and moment_of(latest) < now:
        raise BudgetExceeded(
            f"{order.spec.id}: the budget was set aside to be begun with by {latest}",
            mend="plan the spec anew, or set its budget aside again with more time: "
            "`factory budget reserve --within MINUTES`",
        )


def remaining(order: WorkOrder, abandoned: Spent = NOTHING) -> Budget:
    """The budget of this attempt: its own limit or what the spec has left, whichever is less.

    Args:
        abandoned: what earlier tries at this very attempt used that were cut short.

    Raises:
        BudgetExceeded: nothing is left.
    """
    budget = order.budget
    limit, spec_limit = money.limit(budget.usd), money.limit(budget.spec_usd)
    spent = money.charge(order.spent_usd) + abandoned.nano
    left = min(limit - abandoned.nano, spec_limit - spent)
    if left <= 0 and limit > 0:
        raise BudgetExceeded(
            f"{order.spec.id}: {money.said(spent)} of {money.said(spec_limit)} for the spec are "
            f"spent ({money.said(abandoned.nano)} of {money.said(limit)} for this attempt); "
            "nothing is left",
            mend="raise the spec's `budget`, or plan it anew",
        )
    tokens = budget.tokens
    if tokens is not None:
        tokens -= abandoned.tokens
        if tokens <= 0:
            raise BudgetExceeded(
                f"{order.spec.id}: all of {budget.tokens:,} tokens for this attempt are used",
                mend="raise `budget: {attempt: {tokens: …}}` in factory.yml",
            )
    return msgspec.structs.replace(budget, usd=money.dollars(max(left, 0)), tokens=tokens)
