"""How many findings there are, counted as they pass."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

import msgspec

from factory.counted import counted
from factory.spec.finding import Finding


class Tally(msgspec.Struct):
    """The counts of one check, for its last line; `others` are files that were named, no specs."""

    checked: int
    noun: str = "spec"
    others: int = 0
    severities: Counter[str] = msgspec.field(default_factory=Counter)
    rules: Counter[tuple[str, str]] = msgspec.field(default_factory=Counter)

    def counted(self, findings: Iterable[Finding]) -> Iterator[Finding]:
        """The findings as they are, each counted."""
        for one in findings:
            self.severities[one.severity] += 1
            self.rules[one.severity, one.rule] += 1
            yield one

    @property
    def errors(self) -> int:
        """How many findings are errors."""
        return self.severities["error"]

    @property
    def warnings(self) -> int:
        """How many findings are warnings."""
        return self.severities["warning"]

    @property
    def total(self) -> int:
        """How many findings there are."""
        return self.severities.total()

    def __str__(self) -> str:
        """For instance "3 specs, 1 other file checked: 2 errors, 1 warning"."""
        counts = f"{counted(self.errors, 'error')}, {counted(self.warnings, 'warning')}"
        checked = counted(self.checked, self.noun)
        if self.others and not self.checked:
            checked = counted(self.others, "file")
        elif self.others:
            checked += f", {counted(self.others, 'other file')}"
        return f"{checked} checked: {counts}"

    def by_rule(self) -> list[tuple[str, str, int]]:
        """(severity, rule, count): errors first, the most frequent rule first."""
        rows = [(severity, rule, count) for (severity, rule), count in self.rules.items()]
        return sorted(rows, key=lambda row: (row[0], -row[2], row[1]))
