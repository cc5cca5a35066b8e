"""Whether what a request for another attempt says is what the ledger has. Pure.

A request comes by a dispatch that whoever may write to the specs repository can send. What it
says of the attempt before was entered by the verdict job before it was sent; nothing else of it
is taken, so that nobody can begin at a commit of their choice, or at another spec's run.
"""

from __future__ import annotations

from collections.abc import Iterable

from factory.records import LedgerEntry, RetryRequest


def carried_out(request: RetryRequest, entries: Iterable[LedgerEntry]) -> bool:
    """Whether the run is past the attempt that is asked for: the request came twice.

    Args:
        entries: those of the run, or more.
    """
    mine = [one for one in entries if one.run_id == request.run_id]
    return any(
        one.attempt > request.attempt or (one.attempt == request.attempt and one.event == "judged")
        for one in mine
    )


def untrue(request: RetryRequest, entries: Iterable[LedgerEntry]) -> str:
    """What the request says and the ledger does not, as a clause; "" where it is all there.

    Args:
        entries: those of the run, or more.
    """
    told, before = request.feedback, request.attempt - 1
    mine = [one for one in entries if one.run_id == request.run_id]
    judged = {one.attempt: one for one in mine if one.event == "judged"}
    last = judged.get(before)
    if last is None:
        return f"attempt {before} of run {request.run_id} was judged"
    if (told.run_id, told.attempt, told.nonce) != (request.run_id, before, request.nonce):
        return "its verdict is on the attempt before"
    if (request.spec, told.spec_id) != (last.spec_id, last.spec_id):
        return f"run {request.run_id} is of the spec {request.spec}"
    said = (
        *(told.spec_version, told.spec_digest, told.verdict, told.candidate),
        *(told.failure_class, told.requirements_not_met),
    )
    entered = (
        *(last.spec_version, last.spec_digest, last.verdict, last.commit),
        *(last.failure_class, last.requirements_not_met),
    )
    if said != entered:
        return f"that was the verdict on attempt {before}"
    if request.previous not in (None, last.commit):
        return f"{request.previous} is the candidate of attempt {before}"
    passes = sum(judged[one].verdict == "pass" for one in judged if one < request.attempt)
    if request.rebased != passes:
        return f"no agent made {request.rebased} attempts of run {request.run_id}"
    return ""
