"""A person's word about a spec: pause it, or let it be planned again. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from factory.moment import moment_text
from factory.plan.standing import standing
from factory.records import LedgerEntry

Word = Literal["paused", "resumed"]


def heed(
    word: Word, entries: Sequence[LedgerEntry], *, reason: str, now: datetime
) -> LedgerEntry | None:
    """What a person's word adds to the ledger; None where it changes nothing.

    Heeding the same word twice adds one entry.

    Args:
        word: `paused`: no version of the spec is planned; `resumed`: that ends, and what was
            parked may be planned again.
        entries: all that the ledger has of the spec, oldest first.
        reason: who said it and where. It tells one word from another.
    """
    said = [one for one in entries if one.event == word]
    if not entries or any(one.reason == reason for one in said):
        return None
    stand, last = standing(entries, now), entries[-1]
    is_paused = last.spec_id in stand.paused
    changes = not is_paused if word == "paused" else is_paused or bool(stand.parked)
    if not changes:
        return None
    place = (last.run_id, last.attempt)
    return LedgerEntry(
        at=moment_text(now),
        event=word,
        run_id=last.run_id,
        attempt=last.attempt,
        spec_id=last.spec_id,
        spec_version=last.spec_version,
        spec_digest=last.spec_digest,
        product=last.product,
        reason=reason,
        turn=1 + sum((one.run_id, one.attempt) == place for one in said),
    )
