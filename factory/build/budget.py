"""What one attempt may still use, and what earlier tries at it have used."""

from __future__ import annotations

from pathlib import Path

import msgspec

from factory import money
from factory.agents.book import FILE as BOOK
from factory.agents.book import Spent, read_book
from factory.agents.trajectory import FILE as TRAJECTORY
from factory.agents.trajectory import spent_usd
from factory.errors import AgentError, BudgetExceeded
from factory.ledger.accounts import Used
from factory.records import Attempt, Budget, WorkOrder

NOTHING = Spent()
_ABANDONED = "abandoned-usd"


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


def abandoned(out: Path) -> Spent:
    """What tries at this attempt that were cut short are known to have used.

    Agents that are metered keep a book, which grows from try to try. Of others it is what their
    trajectories say, added up in a file of its own, since each try writes a new one.

    Raises:
        AgentError: the book is damaged.
    """
    book = read_book(out / BOOK)
    if book is not None:
        return book
    file = out / _ABANDONED
    before = float(file.read_text()) if file.exists() else 0.0
    try:
        last = spent_usd(out / TRAJECTORY)
    except AgentError:
        last = 0.0  # Killed while its first line was being written: nothing was asked yet.
    if last:
        file.write_text(repr(before + last))
        (out / TRAJECTORY).unlink()
    return Spent(money.charge(before + last), 0)


def total(attempt: Attempt, out: Path) -> Used:
    """What all tries at a finished attempt have used.

    Raises:
        AgentError: the book is damaged.
    """
    order = attempt.work_order
    book = read_book(out / BOOK)
    return Used(
        nano=money.charge(attempt.spent_usd) - money.charge(order.spent_usd),
        tokens=max(attempt.agent.tokens, book.tokens if book else 0),
        seconds=attempt.agent.duration_seconds,
    )


def known(out: Path, order: WorkOrder) -> Used | None:
    """What all tries at an attempt have used, unfinished ones too; None where nobody can know.

    Raises:
        AgentError: the book is damaged.
    """
    if order.agent.uses == "replay":
        return Used()
    book = read_book(out / BOOK)
    if book is None and (order.agent.uses == "anthropic" or not (out / TRAJECTORY).exists()):
        return Used()  # Its book begins before its first request; no agent was started.
    return None if book is None else Used(nano=book.nano, tokens=book.tokens)
