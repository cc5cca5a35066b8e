"""The entries of a ledger as a sequence that is read when it is looked at, and asked in parts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, overload

from factory.ledger import facts

if TYPE_CHECKING:
    from factory.ledger.facts import Spent
    from factory.ledger.index import Index
    from factory.records import LedgerEntry


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
        """The entries of all runs of a spec, run by run, the oldest first."""
        return self._of(facts.ids_of_spec(self.lookup, spec_id))

    def on_day(self, day: str) -> list[LedgerEntry]:
        """The entries of one day (2026-11-22, UTC), run by run."""
        found = self._of(facts.ids_since(self.lookup, day))
        return [one for one in found if one.at[:10] == day]

    def spent(self, day: str | None = None) -> Spent:
        """USD and tokens spent on one day (2026-11-22, UTC), or ever."""
        return facts.spent(self.lookup, day)

    def reserved(self) -> dict[tuple[str, int], float]:
        """USD set aside for each (run, attempt) whose spend is not known yet."""
        return facts.reserved(self.lookup)

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

    def _of(self, runs: Sequence[str]) -> list[LedgerEntry]:
        return [one for run_id in runs for one in self.lookup.of_run(run_id)]
