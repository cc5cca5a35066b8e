"""Whether and how an attempt that failed is followed by another."""

from __future__ import annotations

from factory.records import Candidate, PublicVerdict, RetryRequest


def request_retry(candidate: Candidate, verdict: PublicVerdict) -> RetryRequest | None:
    """The next attempt after a failed one; None where no attempt or no money is left."""
    order = candidate.work_order
    if verdict.verdict != "fail" or order.attempt >= order.budget.attempts:
        return None
    if candidate.spent_usd >= order.budget.spec_usd:
        return None
    return RetryRequest(
        run_id=order.run_id,
        nonce=order.nonce,
        spec=order.spec.id,
        attempt=order.attempt + 1,
        base_commit=order.base_commit,
        previous=candidate.commit,
        spent_usd=candidate.spent_usd,
        leak_left_bits=max(order.leak_left_bits - verdict.leak_bits, 0.0),
        feedback=verdict,
    )
