"""One thing the gate found: what, on which line, and how to mend it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import msgspec

from factory.errors import FactoryError
from factory.spec.catalogue import CATALOGUE, Severity

if TYPE_CHECKING:
    from factory.spec.document import SpecDocument


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """`line` and `column` are 1-based; `path` is as the user would name the file."""

    rule: str
    severity: Severity
    path: str
    line: int
    column: int
    message: str
    mend: str

    def to_data(self) -> dict[str, Any]:
        """The shape of `factory check --json`."""
        return msgspec.structs.asdict(self)


def finding_in(
    document: SpecDocument,
    rule: str,
    message: str,
    mend: str,
    *,
    line: int = 1,
    column: int = 1,
    severity: Severity | None = None,
) -> Finding:
    """A finding in a spec: in its first line and column, as grave as its rule, unless told."""
    return Finding(
        rule=rule,
        severity=severity or CATALOGUE[rule].severity,
        path=document.path,
        line=line,
        column=column,
        message=message,
        mend=mend,
    )


def finding_of(error: FactoryError, rule: str) -> Finding:
    """The finding that something could not be read, where the error says."""
    return Finding(
        rule=rule,
        severity=CATALOGUE[rule].severity,
        path=os.path.relpath(error.path) if error.path else "",
        line=error.line or 1,
        column=error.column or 1,
        message=error.message,
        mend=error.mend,
    )


def by_place(finding: Finding) -> tuple[str, int, int, str]:
    """The order in which findings are shown."""
    return finding.path, finding.line, finding.column, finding.rule
