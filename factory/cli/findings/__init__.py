"""What `factory check` found, printed in the form that was asked for."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from factory.spec.finding import Finding

FORMATS = ("text", "json", "github", "sarif")


def show(
    form: str,
    findings: Iterable[Finding],
    specs: int,
    *,
    notes: Sequence[str] = (),
    asked: dict[str, Any] | None = None,
    noun: str = "spec",
    others: int = 0,
) -> None:
    """Print findings to stdout.

    Args:
        form: one of FORMATS.
        findings: in the order of the files; read once.
        specs: how many specs were checked.
        notes: what could not be checked, where that is about no spec.
        noun: what was checked, where that is no spec; only for text and json.
        asked: what `--ask` came to, for forms that carry it.
        others: how many files besides were checked that are none of these; for text and GitHub.
    """
    for piece in _rendered(form, findings, specs, notes, asked, noun, others):
        sys.stdout.write(piece)


def _rendered(
    form: str,
    findings: Iterable[Finding],
    specs: int,
    notes: Sequence[str],
    asked: dict[str, Any] | None,
    noun: str,
    others: int,
) -> Iterator[str]:
    if form == "json":
        from factory.cli.findings import document

        return document.render(findings, specs, notes=notes, asked=asked, noun=noun)
    from factory.cli.findings.source import Sources

    if form == "sarif":
        from factory.cli.findings import sarif

        return sarif.render(findings, specs, notes=notes, sources=Sources(), env=os.environ)
    if form == "github":
        from factory.cli.findings import github

        return github.render(findings, specs, notes=notes, others=others, env=os.environ)
    from factory.cli.findings import text

    look = text.look(sys.stdout, os.environ)
    sources = Sources()
    return text.render(
        findings, specs, notes=notes, sources=sources, look=look, noun=noun, others=others
    )
