"""Whether a public verdict is about exactly this candidate."""

from __future__ import annotations

from factory.records.attempt import Candidate
from factory.records.verdict import PublicVerdict


def mismatch(public: PublicVerdict, candidate: Candidate) -> str:
    """The first field in which verdict and candidate differ, or "" where they belong together.

    A verdict from before there was evidence names no candidate; that is never a pass, so it
    binds by run, nonce, attempt and spec alone.
    """
    order = candidate.work_order
    pairs = {
        "run_id": (public.run_id, order.run_id),
        "nonce": (public.nonce, order.nonce),
        "attempt": (public.attempt, order.attempt),
        "spec_id": (public.spec_id, order.spec.id),
        "spec_version": (public.spec_version, order.spec.version),
        "spec_digest": (public.spec_digest, order.spec.digest),
    }
    if public.candidate is not None or public.verdict != "inconclusive":
        pairs["candidate"] = (public.candidate, candidate.commit)
    return next((name for name, (one, other) in pairs.items() if one != other), "")
