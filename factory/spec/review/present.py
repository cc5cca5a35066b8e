"""The gate's report in a person's words: the text and the annotations of a check run.

Written for people who never saw the tool. What authors wrote stands in it only as itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from factory.counted import counted
from factory.forge.markdown import escaped, plain
from factory.forge.protocol import Annotation, CheckOutput
from factory.records import GateFinding, GateReport
from factory.spec.catalogue import CATALOGUE
from factory.spec.pages import page
from factory.spec.review.protected import LABEL

SUMMARY_LIMIT_BYTES = 65_535
SIDE_ROOM_BYTES = 12_000
PATH_LIMIT = 200
TEXT_LIMIT = 500

INTRODUCTION = (
    "A spec here is built by a program that cannot ask back. So before a spec is merged, this "
    "check reads it as that program would and points at each place where it would have to guess."
)
UNAVAILABLE: Mapping[str, tuple[str, str]] = {
    "no-report": (
        "The part of the gate that reads the pull request came to no end.",
        "Read the log of the job `review`, then run the failed jobs again.",
    ),
    "other-base": (
        "The gate judges pull requests into the default branch alone, and this one goes elsewhere.",
        "Change its base branch, or leave it: the check counts for nothing there.",
    ),
    "unreadable": (
        "The commits of this pull request could not be fetched and compared.",
        "Read the log of the job `review`; bring the branch up to date and push again.",
    ),
}
"""Why there is no report, and what to do about it."""

Link = Callable[[str, int], str]
"""Asked with a path and a line: the address of that place at the commit that was looked at."""


def check_output(report: GateReport, link: Link | None = None) -> CheckOutput:
    """Title, summary and annotations of the check run `factory / gate`."""
    head = [f"**{_headline(report)}.** {INTRODUCTION}", _refused(report), _allowed(report)]
    tail = [_known(report, link), _identity(report)]
    fixed = sum(len(part.encode()) + 2 for part in [*head, *tail])
    body = _findings(report, link, SUMMARY_LIMIT_BYTES - fixed - 500)
    summary = "\n\n".join(part for part in [*head, body, *tail] if part)
    return CheckOutput(
        title=_headline(report), summary=summary, annotations=tuple(_annotations(report))
    )


def unavailable_output(cause: str) -> CheckOutput:
    """What the check says where there is no report; `cause` is a key of UNAVAILABLE."""
    why, mend = UNAVAILABLE[cause]
    return CheckOutput(
        title="The gate could not judge this pull request",
        summary=f"**{why}**\n\nTo mend it: {mend}\n\nUntil then the check is not green.",
    )


def _headline(report: GateReport) -> str:
    errors = counted(report.errors, "error")
    if report.refused_count or report.refused:
        also = f"; and {errors} in specs" if report.errors else ""
        return f"Refused: specs and protected files change together{also}"
    if not report.passed:
        return f"Failed: {errors} to mend"
    warnings = f", {counted(report.warnings, 'warning')}" if report.warnings else ""
    if report.changed_specs:
        return f"Passed: {counted(report.changed_specs, 'changed spec')}, no error{warnings}"
    return f"Passed: no spec is changed{warnings}"


def _refused(report: GateReport) -> str:
    """What is refused, why, and the two ways out."""
    if not report.refused:
        return ""
    rows = _fitting(
        (
            f"- {escaped(one.path, limit=PATH_LIMIT)}: {escaped(one.why, limit=TEXT_LIMIT)}"
            for one in report.refused
        ),
        SIDE_ROOM_BYTES,
    )
    if report.refused_count > len(rows):
        rows.append(f"- and {report.refused_count - len(rows)} more")
    return "\n".join(
        [
            "#### Protected files",
            "",
            "These files decide what runs and who decides, so a change to a spec must not bring a "
            "change to them along unnoticed:",
            "",
            *rows,
            "",
            "To mend it: move these files into a pull request of their own. Or let a code owner "
            f"of each (CODEOWNERS on the base branch) look at them and then set the label `{LABEL}`"
            " as the last thing before merging; it counts for the commit on which it is set, and "
            "only until the next event of this pull request.",
        ]
    )


def _allowed(report: GateReport) -> str:
    if not report.allowed_by:
        return ""
    login = escaped(report.allowed_by, limit=100)
    return f"Protected files change too; their code owner {login} has let this very commit through."


def _findings(report: GateReport, link: Link | None, room_bytes: int) -> str:
    """Errors and warnings as tables, as many rows as there is room for."""
    parts = []
    for severity, title, total in (
        ("error", "To mend before this can be merged", report.errors),
        ("warning", "Worth a second look", report.warnings),
    ):
        rows = [one for one in report.findings if one.severity == severity]
        if total:
            table = _table(f"#### {title}", rows, total, link, room_bytes)
            room_bytes -= len(table.encode()) + 2
            parts.append(table)
    return "\n\n".join(parts)


def _known(report: GateReport, link: Link | None) -> str:
    total = report.known_errors + report.known_warnings
    if not total:
        return ""
    head = (
        "#### Already there\n\n"
        f"{counted(report.known_errors, 'error')} and "
        f"{counted(report.known_warnings, 'warning')} stand in files that this pull request "
        "does not change. They do not count here."
    )
    return _table(head, report.known, total, link, SIDE_ROOM_BYTES)


def _table(
    head: str, rows: Sequence[GateFinding], total: int, link: Link | None, room_bytes: int
) -> str:
    lines = [head, "", "| Where | Rule | What | To mend it |", "| --- | --- | --- | --- |"]
    shown = _fitting(
        (
            f"| {_place(one, link)} | {_rule(one)} | {escaped(one.message, limit=TEXT_LIMIT)} "
            f"| {escaped(one.mend, limit=TEXT_LIMIT)} |"
            for one in rows
        ),
        room_bytes - sum(len(line.encode()) + 1 for line in lines),
    )
    lines += shown
    if len(shown) < total:
        lines += ["", f"… and {total - len(shown)} more."]
    return "\n".join(lines)


def _fitting(rows: Iterable[str], room_bytes: int) -> list[str]:
    """As many of the rows, from the first on, as there is room for."""
    kept = []
    for row in rows:
        room_bytes -= len(row.encode()) + 1
        if room_bytes < 0:
            break
        kept.append(row)
    return kept


def _place(one: GateFinding, link: Link | None) -> str:
    shown = escaped(f"{one.path}:{one.line}", limit=PATH_LIMIT)
    return f"[{shown}]({link(one.path, one.line)})" if link and one.in_commit else shown


def _rule(one: GateFinding) -> str:
    """The rule's id, which leads to its page where it has one."""
    return f"[{one.rule}]({page(one.rule)})" if one.rule in CATALOGUE else one.rule


def _identity(report: GateReport) -> str:
    return (
        f"Looked at commit `{report.head}`, {counted(report.specs, 'spec')} in all, against "
        f"`{report.base}`. `factory check` says the same on your own machine."
    )


def _annotations(report: GateReport) -> list[Annotation]:
    """Those of refused files first, then errors, then warnings; only what the commit has."""
    refused = [
        Annotation(
            path=one.path,
            start_line=1,
            end_line=1,
            level="failure",
            title="protected file",
            message=plain(f"Refused: {one.why}.", limit=2 * TEXT_LIMIT),
        )
        for one in report.refused
        if one.in_commit
    ]
    found = [
        Annotation(
            path=one.path,
            start_line=one.line,
            end_line=one.line,
            level="failure" if one.severity == "error" else "warning",
            title=one.rule,
            message="\n\n".join(_told(one)),
        )
        for one in report.findings
        if one.in_commit
    ]
    return [*refused, *found]


def _told(one: GateFinding) -> Iterator[str]:
    """The paragraphs of an annotation: a reader sees no more of a finding than these."""
    yield plain(one.message, limit=2 * TEXT_LIMIT)
    if one.mend:
        yield f"To mend it: {plain(one.mend, limit=2 * TEXT_LIMIT)}"
    if one.rule in CATALOGUE:
        yield f"Why, with an example: {page(one.rule)}"
