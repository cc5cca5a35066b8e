"""Findings as the one JSON document that `factory check --json` promises."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from factory.cli.output import json_text
from factory.spec.finding import Finding


def render(
    findings: Iterable[Finding],
    specs: int,
    *,
    notes: Sequence[str] = (),
    asked: dict[str, Any] | None = None,
    noun: str = "spec",
) -> Iterator[str]:
    """The document piece by piece: `findings`, `specs` (or what else was checked), `notes`
    where there are any, and `asked` where that was asked for."""
    yield '{\n  "findings": ['
    between = "\n"
    for one in findings:
        yield between + textwrap.indent(json_text(one.to_data()), " " * 4)
        between = ",\n"
    yield "]" if between == "\n" else "\n  ]"
    yield f',\n  "{noun}s": {specs}'
    for name, value in (("notes", list(notes) or None), ("asked", asked)):
        if value is not None:
            yield f',\n  "{name}": {textwrap.indent(json_text(value), "  ").lstrip()}'
    yield "\n}\n"
