"""What one attempt may still use, from the order's limits and what was spent before."""

from __future__ import annotations

import msgspec

from factory.errors import BudgetExceeded
from factory.records import Budget, WorkOrder


def remaining(order: WorkOrder, abandoned_usd: float = 0.0) -> Budget:
    """The budget of this attempt: its own limit or what the spec has left, whichever is less.

    Args:
        abandoned_usd: what earlier tries at this very attempt cost that were cut short.

    Raises:
        BudgetExceeded: nothing is left.
    """
    budget = order.budget
    left = min(budget.usd - abandoned_usd, budget.spec_usd - order.spent_usd - abandoned_usd)
    if left <= 0 and budget.usd > 0:
        spent = order.spent_usd + abandoned_usd
        raise BudgetExceeded(
            f"{order.spec.id}: ${spent:.4f} of ${budget.spec_usd:.2f} for the spec are spent "
            f"(${abandoned_usd:.4f} of ${budget.usd:.2f} for this attempt); nothing is left",
            mend="raise the spec's `budget`, or plan it anew",
        )
    return msgspec.structs.replace(budget, usd=max(left, 0.0))
