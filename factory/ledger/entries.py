"""The entries of a ledger as a sequence that is read when it is looked at, and asked in parts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from functools import cached_property
from typing import TYPE_CHECKING, overload

from factory.ledger import facts
from factory.moment import moment_text

if TYPE_CHECKING:
    from factory.ledger.accounts import Used
    from factory.ledger.index import Index
    from factory.records import LedgerEntry


@dataclass(frozen=True)
class Counting:
    """The entries of runs that count against the limits of a spec and of the days to come, and
    what all other runs have used; `Accounts` takes both.
    """

    entries: list[LedgerEntry]
    besides: Used


class Entries(Sequence["LedgerEntry"]):
    """All entries in the order they were appended; what `append_if` gives to a decision.

    To go through all of 100,000 runs takes seconds, while others wait. The methods take
    milliseconds, as do questions to `lookup`, the index. It is of no use once the decision is
    taken.
    """

    def __init__(self, index: Index) -> None:
        self.lookup = index

    def of_run(self, run_id: str) -> list[LedgerEntry]:
        """The entries of one run."""
        return self.lookup.of_run(run_id)

    def of_spec(self, spec_id: str) -> list[LedgerEntry]:
        """The entries of all runs of a spec, in the order they were appended."""
        return self.lookup.of_runs(facts.ids_of_spec(self.lookup, spec_id))

    def counting(self, now: datetime, spec_id: str | None = None) -> Counting:
        """What the limits of attempts that begin `now`, at this spec, are decided by."""
        from factory.ledger.accounts import MARGIN, Used, days
        from factory.ledger.tables import nano

        midnight = datetime.combine(days(now, now)[0], time(), UTC)
        ids = facts.ids_counting(self.lookup, moment_text(midnight - MARGIN), spec_id)
        read = self.lookup.of_runs(ids)
        all_nano, all_tokens = facts.ever(self.lookup)
        besides = Used(
            nano=all_nano - sum(map(nano, read)),
            tokens=all_tokens - sum(one.tokens for one in read),
        )
        return Counting(entries=read, besides=besides)

    def __len__(self) -> int:
        return self.lookup.seal.entries

    def __iter__(self) -> Iterator[LedgerEntry]:
        return iter(self._all)

    @overload
    def __getitem__(self, at: int) -> LedgerEntry: ...
    @overload
    def __getitem__(self, at: slice) -> list[LedgerEntry]: ...
    def __getitem__(self, at: int | slice) -> LedgerEntry | list[LedgerEntry]:
        return self._all[at]

    @cached_property
    def _all(self) -> list[LedgerEntry]:
        return self.lookup.entries()
