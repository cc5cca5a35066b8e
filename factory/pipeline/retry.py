"""What follows an attempt where the forge starts it: the next attempt, an end, another plan."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from factory.errors import RecordError
from factory.forge.protocol import Forge
from factory.plan import Stop, request_rebase, request_retry
from factory.plan.standing import BASE_MOVED, NO_MONEY
from factory.records import Candidate, PublicVerdict, RetryRequest, WorkOrder
from factory.records.binding import mismatch

Record = Callable[..., None]
"""`Equipment.record`: enters an order's event, with facts, into the ledger."""

WAITS_FOR_PEOPLE = {
    "guard-refused": "the guard refused what the agent left",
    "inconclusive": "the verdict was inconclusive; the check `factory / verdict` says why",
    "spec-over-budget": "the budget of this spec leaves nothing",
    "authentication": "a key or token is missing or refused; the log of the build job names it",
    "configuration": "the configuration cannot be carried out; the log of the build job says why",
}
"""Ends that would come again: they are never retried by themselves."""
COMES_AGAIN = {
    "base-moved": BASE_MOVED,
    "budget": "a budget is spent",
    "over-budget": NO_MONEY,
    "pass": "it passed and was not shipped",
}
"""Ends after which the spec is planned anew, as after any end that is not known."""
NO_VERDICT = "it ended before there was a verdict"


@dataclass(frozen=True, kw_only=True)
class Ended:
    """How one line of jobs ended.

    `public` is the verdict where it is known and was published; `cause` a word for why there is
    none, or for what stopped a candidate that passed.
    """

    order: WorkOrder
    candidate: Candidate | None = None
    public: PublicVerdict | None = None
    cause: str = ""
    shipped: bool = False


def follow(ended: Ended, *, forge: Forge, repository: str, record: Record) -> str:
    """Enter how a line ended, and ask for what follows; says what that is.

    A fail leads to another attempt, and a base that moved under a pass to the same candidate on it,
    judged anew. Each other end, and a fail without one, asks for another
    plan, so that what waited for this spec, or for its area, is begun.

    Args:
        repository: the specs repository, which is asked.

    Raises:
        RecordError: the records are not of one another.
        ForgeError: a dispatch was refused.
    """
    order = ended.order
    if ended.public is not None and ended.public.verdict == "fail":
        request = request_retry(_own(ended), ended.public)
        if not isinstance(request, Stop):
            forge.request_attempt(repository, {"request": request.to_data()})
            return f"attempt {request.attempt}"
        event, reason = "parked", request.reason
    elif moved := _rebase(ended):
        forge.request_attempt(repository, {"request": moved.to_data()})
        return f"attempt {moved.attempt}: the same candidate on the base as it is now"
    elif ended.shipped:
        event, reason = "shipped", ""
    elif ended.cause in WAITS_FOR_PEOPLE:
        event, reason = "parked", WAITS_FOR_PEOPLE[ended.cause]
    else:
        event, reason = "stopped", COMES_AGAIN.get(ended.cause, NO_VERDICT)
    commit = ended.candidate.commit if ended.candidate else None
    record(order, event, reason=reason, commit=commit)
    forge.request_plan(repository)
    return f"{event}: {reason}" if reason else event


def _rebase(ended: Ended) -> RetryRequest | None:
    """What brings a candidate that passed to where the base is now, if that stopped it."""
    if ended.cause != "base-moved" or ended.candidate is None or ended.public is None:
        return None
    return request_rebase(_own(ended), ended.public)


def _own(ended: Ended) -> Candidate:
    if ended.candidate is None or ended.public is None:
        raise RecordError("a verdict without its candidate", mend="pass both records")
    different = mismatch(ended.public, ended.candidate)
    if not different and ended.candidate.work_order.nonce != ended.order.nonce:
        different = "work order"
    if different:
        raise RecordError(
            f"order, candidate and verdict do not belong together: {different} differs",
            mend="pass the records of one attempt",
        )
    return ended.candidate
