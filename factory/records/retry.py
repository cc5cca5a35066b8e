"""RetryRequest: what one attempt leaves for the next where a dispatch carries it."""

from __future__ import annotations

from factory.records.attempts import PastAttempt
from factory.records.base import Amount, CommitId, Count, Nonce, Positive, Record, RunId, SpecId
from factory.records.verdict import PublicVerdict


class RetryRequest(Record, frozen=True, kw_only=True, tag="retry-request/1"):
    """Small enough for a repository_dispatch: under 64 KB.

    `previous` is the candidate to go on from, None to begin at `base_commit` again. `history` are
    all attempts of the run so far, the one that asks last. `rebased` counts those that no agent
    made. Where `feedback` is a pass the next is one of them: the base has moved, and `previous` is
    to be brought there and judged anew.
    """

    run_id: RunId
    nonce: Nonce
    spec: SpecId
    attempt: Positive
    base_commit: CommitId
    previous: CommitId | None
    spent_usd: Amount
    leak_left_bits: Amount
    feedback: PublicVerdict
    history: tuple[PastAttempt, ...] = ()
    rebased: Count = 0
