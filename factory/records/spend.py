"""Spend: what one attempt has used, written by build where another job settles it."""

from __future__ import annotations

from factory.records.base import Amount, Count, Record


class Spend(Record, frozen=True, kw_only=True, tag="spend/1"):
    """US dollars, tokens of prompts and answers, and seconds, of all tries at the attempt."""

    usd: Amount
    tokens: Count
    seconds: Amount = 0.0
