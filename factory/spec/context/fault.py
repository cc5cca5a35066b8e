"""What is wrong at one place of a context file."""

from __future__ import annotations

from dataclasses import dataclass

from factory.spec.catalogue import CATALOGUE, Severity


@dataclass(frozen=True, kw_only=True)
class Fault:
    """A finding without its path: in the first line and column unless they are given."""

    rule: str
    message: str
    mend: str
    line: int = 1
    column: int = 1

    @property
    def severity(self) -> Severity:
        """As the catalogue says of its rule."""
        return CATALOGUE[self.rule].severity


def nothing_said() -> Fault:
    """What is wrong with a file that says nothing."""
    return Fault(
        rule="context-empty",
        message="says nothing",
        mend="write what every builder must know, or delete the file",
    )
