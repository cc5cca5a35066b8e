"""One thing the gate found: what, on which line, and how to mend it."""

from __future__ import annotations

import os
from typing import Any, Protocol

import msgspec

from factory.errors import FactoryError
from factory.spec.catalogue import CATALOGUE, Severity


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


class HasPath(Protocol):
    """A spec as far as a finding in it needs it: the document, or what is remembered of it."""

    @property
    def path(self) -> str:
        """As the user would name the file."""
        ...


def finding_in(
    spec: HasPath,
    rule: str,
    message: str,
    mend: str,
    *,
    line: int = 1,
    column: int = 1,
    severity: Severity | None = None,
) -> Finding:
    """A finding in a spec: in its first line and column, as grave as its rule, unless told."""
    return finding_at(spec.path, rule, message, mend, line=line, column=column, severity=severity)


def finding_at(
    path: str,
    rule: str,
    message: str,
    mend: str,
    *,
    line: int = 1,
    column: int = 1,
    severity: Severity | None = None,
) -> Finding:
    """The same in any file."""
    return Finding(
        rule=rule,
        severity=severity or CATALOGUE[rule].severity,
        path=path,
        line=line,
        column=column,
        message=message,
        mend=mend,
    )


def finding_of(error: FactoryError, rule: str) -> Finding:
    """The finding that something could not be read, where the error says."""
    return finding_at(
        os.path.relpath(error.path) if error.path else "", rule, error.message, error.mend,
        line=error.line or 1, column=error.column or 1,
    )  # fmt: skip


def by_place(finding: Finding) -> tuple[str, int, int, str]:
    """The order in which findings are shown."""
    return finding.path, finding.line, finding.column, finding.rule
