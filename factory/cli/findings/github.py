"""Findings as annotations of a GitHub Actions step, as lines of its log and in its summary.

GitHub shows the first 10 errors and the first 10 warnings of a step; the log holds all findings,
the summary as many as fit.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence

from factory.cli.findings import places
from factory.cli.findings.tally import Tally
from factory.cli.output import clean
from factory.counted import counted
from factory.ports import workflow
from factory.spec.finding import Finding
from factory.spec.pages import page

SHOWN_EACH = 10
SUMMARY_BYTES = workflow.SUMMARY_LIMIT_BYTES * 3 // 4
"""Other commands of the step may have something to say as well."""
_TEXT_LIMIT = 500
_TITLE = "factory check"


def render(
    findings: Iterable[Finding],
    specs: int,
    *,
    notes: Sequence[str] = (),
    others: int = 0,
    env: Mapping[str, str],
) -> Iterator[str]:
    """The lines to print; at the end the step's summary is written where GitHub reads one.

    Args:
        notes: warnings about no file; they come first, so that GitHub shows them.
        others: how many files besides were checked that are no specs.
        env: of the process; GITHUB_STEP_SUMMARY and GITHUB_WORKSPACE are read.

    Raises:
        ConfigurationError: the summary cannot be written.
    """
    tally = Tally(specs, others=others)
    first: dict[str, list[Finding]] = {"error": [], "warning": []}
    rows = _Rows(env)
    for one in tally.counted(findings):
        if tally.total == 1:
            yield "::group::All findings\n"
        yield _logged(one, env) + "\n"
        rows.add(one)
        if len(first[one.severity]) < SHOWN_EACH:
            first[one.severity].append(one)
    if tally.rules:
        yield "::endgroup::\n"
    for said in notes:
        yield workflow.annotation("warning", clean(said, _TEXT_LIMIT), title=_TITLE) + "\n"
    room = {"error": SHOWN_EACH, "warning": max(SHOWN_EACH - len(notes), 0)}
    for severity, shown in first.items():
        for one in shown[: room[severity]]:
            yield _annotated(one, env) + "\n"
    hidden = [
        counted(count - room[noun], f"more {noun}")
        for noun, count in (("error", tally.errors), ("warning", tally.warnings))
        if count > room[noun]
    ]
    if hidden:
        yield (
            f"GitHub shows {SHOWN_EACH} errors and {SHOWN_EACH} warnings of a step; "
            f"not shown: {', '.join(hidden)}. All findings are in the group above.\n"
        )
    yield f"{tally}\n"
    if env.get("GITHUB_STEP_SUMMARY"):
        workflow.add_summary(rows.summary(tally, notes), env)


def _logged(one: Finding, env: Mapping[str, str]) -> str:
    place = f"{places.shown(places.in_repository(one.path, env))}:{one.line}:{one.column}"
    return f"{place}: {one.severity}[{one.rule}] {_said(one.message)} Mend: {_said(one.mend)}"


def _annotated(one: Finding, env: Mapping[str, str]) -> str:
    message = clean(one.message, _TEXT_LIMIT)
    mend = f"\nMend: {clean(one.mend, _TEXT_LIMIT)}" if one.mend else ""
    # A byte that is no UTF-8 cannot be written in a command.
    path = os.fsencode(places.in_repository(one.path, env)).decode("utf-8", "replace")
    return workflow.annotation(
        one.severity,
        f"{message}{mend}\n{page(one.rule)}",
        title=one.rule,
        path=path,
        line=one.line,
        column=one.column,
    )


def _said(text: str) -> str:
    """`text` as a sentence in the log, with nothing that the runner takes for a command."""
    said = clean(text, _TEXT_LIMIT).replace("##[", "## [")
    return said if said.endswith((".", "?", "!")) else f"{said}."


class _Rows:
    """The rows of the summary's table: errors first, no more than fit."""

    def __init__(self, env: Mapping[str, str]) -> None:
        self._env = env
        self._rows: dict[str, list[str]] = {"error": [], "warning": []}
        self._bytes = dict.fromkeys(self._rows, 0)

    def add(self, one: Finding) -> None:
        if self._bytes[one.severity] > SUMMARY_BYTES:
            return
        from factory.forge.markdown import escaped

        path = places.shown(places.in_repository(one.path, self._env))
        place = escaped(f"{path}:{one.line}:{one.column}", limit=_TEXT_LIMIT)
        told = [escaped(text, limit=_TEXT_LIMIT) for text in (one.message, one.mend)]
        row = f"| {one.severity} | {place} | [{one.rule}]({page(one.rule)}) | {' | '.join(told)} |"
        self._rows[one.severity].append(row)
        self._bytes[one.severity] += len(row.encode()) + 1

    def summary(self, tally: Tally, notes: Sequence[str]) -> str:
        from factory.forge.markdown import escaped

        lines = [f"### {tally}", ""]
        for said in notes:
            lines += [f"**Note:** {escaped(said, limit=_TEXT_LIMIT)}", ""]
        if not tally.rules:
            return "\n".join(lines)
        lines += ["| | place | rule | finding | mend |", "| --- | --- | --- | --- | --- |"]
        room, kept = SUMMARY_BYTES, 0
        for row in self._rows["error"] + self._rows["warning"]:
            room -= len(row.encode()) + 1
            if room < 0:
                break
            lines.append(row)
            kept += 1
        left = tally.total - kept
        if left:
            lines += ["", f"{counted(left, 'more finding')} did not fit; the step's log has all."]
        return "\n".join(lines)
