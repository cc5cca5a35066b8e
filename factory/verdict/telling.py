"""What may be told of a candidate, by what was told of it before. Pure, from the ledger.

A candidate can be judged again: by a job that is run again, or after an inconclusive verdict. The
suite may be another one by then, and scenarios may flake, so that each message tells something.
The first pass or fail on a commit stands: whoever judges it again repeats it, to the last byte.
After an inconclusive verdict there may be another message; it is paid for by what is left, and
enters the ledger as a further turn. The same message twice is told once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from factory.records import LedgerEntry, PublicVerdict, WorkOrder
from factory.verdict.reasons import phrase_of

Say = Callable[[float], PublicVerdict]
"""The message on a candidate, given the bits that may be told."""


@dataclass(frozen=True, kw_only=True)
class Telling:
    """A message. `turn`: which on its attempt it is, from 1; None where the ledger has it."""

    public: PublicVerdict
    turn: int | None = None


def tell(entries: Sequence[LedgerEntry], order: WorkOrder, commit: str, say: Say) -> Telling:
    """What is told of the candidate `commit` of `order`.

    Args:
        entries: what the ledger has of the spec, oldest first.
        say: makes the message, if there is to be one.
    """
    mine = [one for one in entries if _is_of(one, order) and one.event == "judged"]
    of_commit = [one for one in mine if one.commit == commit]
    left_bits = order.leak_left_bits - _told_since_bits(entries, order)
    for one in of_commit:
        if one.verdict != "inconclusive":
            return Telling(public=_as_told(one, order))
    # As the first was made, then as the next is: a repeat is found whichever of them it was.
    for left in (left_bits, left_bits - sum(one.leak_bits for one in mine)):
        public = say(max(left, 0.0))
        if any(_as_told(one, order, public.candidate) == public for one in of_commit):
            return Telling(public=public)
    return Telling(public=public, turn=len(mine) + 1)


def _told_since_bits(entries: Sequence[LedgerEntry], order: WorkOrder) -> float:
    """What was told of the order's spec version since it was planned, of other attempts."""
    planned = [n for n, one in enumerate(entries) if _is_of(one, order) and one.event == "planned"]
    since = entries[planned[0] :] if planned else entries
    others = (one for one in since if not _is_of(one, order))
    return sum(one.leak_bits for one in others if one.spec_version == order.spec.version)


def _is_of(one: LedgerEntry, order: WorkOrder) -> bool:
    return (one.run_id, one.attempt) == (order.run_id, order.attempt)


def _as_told(one: LedgerEntry, order: WorkOrder, candidate: str | None = None) -> PublicVerdict:
    """The message that an entry is of. One without evidence may have named no candidate."""
    phrase = phrase_of(one.reason)
    assert one.verdict is not None, "an entry of `judged` has its verdict"
    return PublicVerdict.of(
        order,
        candidate=candidate if one.verdict == "inconclusive" else one.commit,
        suite_digest=one.suite_digest,
        verdict=one.verdict,
        failure_class=one.failure_class,
        requirements_not_met=one.requirements_not_met,
        other=one.other,
        cause=one.reason,
        mend=phrase.mend if phrase else "",
        leak_bits=one.leak_bits,
    )
