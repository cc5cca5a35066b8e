"""Whether and how an attempt that failed is followed by another."""

from __future__ import annotations

from dataclasses import dataclass

from factory.plan.stop import why_stop
from factory.records import Candidate, PastAttempt, PublicVerdict, RetryRequest, WorkOrder


@dataclass(frozen=True)
class Stop:
    """No attempt follows; `reason` is a sentence of public facts alone."""

    reason: str


def request_retry(candidate: Candidate, verdict: PublicVerdict) -> RetryRequest | Stop:
    """The next attempt after a failed one, or why there is none. Pure, from public facts."""
    order = candidate.work_order
    if verdict.verdict != "fail":
        return Stop(f"the verdict is {verdict.verdict}")
    history = (*order.history, _past(candidate, verdict))
    if order.attempt >= order.budget.attempts:
        one, more = "the only attempt did not pass", f"none of {order.attempt} attempts passed"
        return Stop(one if order.attempt == 1 else more)
    if candidate.spent_usd >= order.budget.spec_usd:
        return Stop(f"the spec's {order.budget.spec_usd:g} USD are spent")
    place = {one.id: number for number, one in enumerate(order.spec.requirements)}
    reason = why_stop(history, order.retries, place=place, next_agent=next_agent(order))
    if reason:
        return Stop(reason)
    previous = candidate.commit if order.retries.start == "candidate" else None
    return _request(candidate, verdict, previous, history=history, rebased=order.rebased)


def request_rebase(candidate: Candidate, verdict: PublicVerdict) -> RetryRequest | None:
    """Bring a candidate that passed onto its base, which has moved, and judge it there.

    Such an attempt is made by no agent and costs none. None where the verdict is no pass, or the
    run has had as many as it may.
    """
    order = candidate.work_order
    if verdict.verdict != "pass" or order.rebased >= order.retries.rebase:
        return None
    return _request(candidate, verdict, candidate.commit, rebased=order.rebased + 1)


def _request(
    candidate: Candidate,
    verdict: PublicVerdict,
    previous: str | None,
    *,
    history: tuple[PastAttempt, ...] = (),
    rebased: int,
) -> RetryRequest:
    """The attempt after `candidate`, which `verdict` is on; it begins with `previous`."""
    order = candidate.work_order
    return RetryRequest(
        run_id=order.run_id,
        nonce=order.nonce,
        spec=order.spec.id,
        attempt=order.attempt + 1,
        base_commit=order.base_commit,
        previous=previous,
        spent_usd=candidate.spent_usd,
        leak_left_bits=max(order.leak_left_bits - verdict.leak_bits, 0.0),
        feedback=verdict,
        history=history,
        rebased=rebased,
    )


def next_agent(order: WorkOrder) -> str:
    """The name of the agent that would make the attempt after this one."""
    return order.agents[order.attempt] if order.attempt < len(order.agents) else order.agent.name


def _past(candidate: Candidate, verdict: PublicVerdict) -> PastAttempt:
    return PastAttempt(
        attempt=candidate.work_order.attempt,
        agent=candidate.work_order.agent.name,
        tree_id=candidate.tree_id,
        failure_class=verdict.failure_class,
        requirements_not_met=verdict.requirements_not_met,
        other=verdict.other,
    )
