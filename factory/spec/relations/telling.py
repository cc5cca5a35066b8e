"""Findings in specs of which only facts are at hand."""

from __future__ import annotations

from factory.spec.catalogue import CATALOGUE
from factory.spec.facts import Facts
from factory.spec.finding import Finding


def finding(rule: str, one: Facts, line: int, column: int, message: str, mend: str) -> Finding:
    """A finding of that rule, as grave as the catalogue says."""
    return Finding(
        rule=rule, severity=CATALOGUE[rule].severity, path=one.path, line=line, column=column,
        message=message, mend=mend,
    )  # fmt: skip
