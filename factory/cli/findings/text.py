"""Findings as a compiler prints them: place, message, the words they are about, the mend.

The first line of each begins in the first column and is never broken, everything else is indented,
so that `grep` and editors find the places. The page of a rule is named where it is met first.
"""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TextIO

import click
import msgspec

from factory.cli.findings import places
from factory.cli.findings.excerpt import excerpt
from factory.cli.findings.source import Sources, extent
from factory.cli.findings.tally import Tally
from factory.cli.output import clean
from factory.spec.finding import Finding
from factory.spec.pages import page

COLOURS = {"error": "red", "warning": "yellow"}
NARROWEST = 20
USUAL_COLUMNS = 100
"""Where there is no terminal to ask."""


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """`columns`: how wide the output is. `colour`: with colours. `wrap`: long advice in lines."""

    columns: int
    colour: bool
    wrap: bool


def look(stream: TextIO, env: Mapping[str, str]) -> Look:
    """How to print to a stream: colours and broken lines are for a terminal only."""
    terminal = stream.isatty()
    plain = bool(env.get("NO_COLOR")) or env.get("TERM") == "dumb"
    columns = shutil.get_terminal_size((USUAL_COLUMNS, 24)).columns
    return Look(columns=columns, colour=terminal and not plain, wrap=terminal)


def render(
    findings: Iterable[Finding],
    specs: int,
    *,
    notes: Sequence[str] = (),
    sources: Sources,
    look: Look,
    noun: str = "spec",
    others: int = 0,
) -> Iterator[str]:
    """The findings, each a few lines and an empty one, the notes, and the counts."""
    tally = Tally(specs, noun, others)
    painter = _Painter(look, sources)
    for one in tally.counted(findings):
        yield "\n".join(painter.finding(one)) + "\n\n"
    for said in notes:
        yield painter.note(said) + "\n"
    yield "\n".join(painter.counts(tally)) + "\n"


class _Painter:
    def __init__(self, look: Look, sources: Sources) -> None:
        self.look = look
        self.sources = sources
        self.explained: set[str] = set()

    def finding(self, one: Finding) -> Iterator[str]:
        place = self.styled(f"{places.shown(one.path)}:{one.line}:{one.column}:", bold=True)
        label = self.styled(f"{one.severity}[{one.rule}]", fg=COLOURS[one.severity], bold=True)
        yield f"{place} {label} {clean(one.message)}"
        gutter = max(len(str(one.line)), 3) + 1
        line = self.sources.line(one.path, one.line)
        if line is not None and line.strip():
            yield from self.excerpt(one, line, gutter)
        yield from self.advice("mend", clean(one.mend), gutter)
        if one.rule not in self.explained:
            self.explained.add(one.rule)
            yield from self.advice("page", page(one.rule), gutter)

    def excerpt(self, one: Finding, line: str, gutter: int) -> Iterator[str]:
        room = max(self.look.columns - gutter - 3, NARROWEST)
        part = excerpt(line, one.column, extent(line, one.column, one.message), room)
        mark = self.styled("^" * part.mark, fg=COLOURS[one.severity], bold=True)
        yield f"{self.edge(f'{one.line:>{gutter}} |')} {part.line}"
        yield f"{self.edge(' ' * gutter + ' |')} {' ' * part.blanks}{mark}"

    def advice(self, name: str, text: str, gutter: int) -> Iterator[str]:
        if not text:
            return
        head = f"{' ' * gutter} = {name}: "
        width = max(self.look.columns - len(head), NARROWEST)
        lines = [text]
        if self.look.wrap:
            lines = textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False)
        yield self.edge(head) + lines[0]
        yield from (" " * len(head) + one for one in lines[1:])

    def note(self, said: str) -> str:
        return f"{self.styled('note:', fg=COLOURS['warning'], bold=True)} {clean(said)}"

    def counts(self, tally: Tally) -> Iterator[str]:
        colour = "red" if tally.errors else "yellow" if tally.warnings else "green"
        yield self.styled(str(tally), fg=colour, bold=True)
        if len(tally.rules) > 1:
            for severity, rule, count in tally.by_rule():
                yield f"  {count:>4}  {self.styled(severity, fg=COLOURS[severity])}[{rule}]"

    def edge(self, text: str) -> str:
        return self.styled(text, fg="cyan")

    def styled(self, text: str, **style: object) -> str:
        return click.style(text, **style) if self.look.colour else text  # type: ignore[arg-type]
