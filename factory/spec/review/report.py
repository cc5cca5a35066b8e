"""The gate's report on a pull request, cut to what can pass from one job to the next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

import msgspec

from factory.records import GateFinding, GateReport, RefusedChange
from factory.records.base import Part
from factory.spec.review.changes import Commits

# Records travel as environment, 128 KiB a string on Linux; base64 takes a third more than it is
# given, and what an author writes need not compress.
BYTES_LIMIT = 80_000
FINDINGS_LIMIT = 250
KNOWN_LIMIT = 20
REFUSED_LIMIT = 50
WHY_LIMIT = 1000
_REFUSED_BYTES = 20_000
_KNOWN_BYTES = 8_000
_HEAD_BYTES = 1_000

P = TypeVar("P", bound=Part)


def assemble(
    commits: Commits,
    *,
    pull: int | None,
    findings: Sequence[GateFinding],
    modes: Mapping[str, str],
    specs: int = 0,
    changed_specs: int = 0,
    known: Sequence[GateFinding] = (),
    refused: Mapping[str, str] | None = None,
    allowed_by: str | None = None,
) -> GateReport:
    """The report: errors come first, and of each list as much is kept as there is room for.

    `modes` is what the commit holds; a finding elsewhere is marked so.
    """
    paths = {path for path, mode in modes.items() if mode != "160000"}
    refusals = [
        RefusedChange(
            path=_encodable(path), why=_encodable(why)[:WHY_LIMIT], in_commit=path in paths
        )
        for path, why in sorted((refused or {}).items())
    ]
    kept_refusals = _fitting(refusals, REFUSED_LIMIT, _REFUSED_BYTES)
    kept_known = _fitting(_ordered(known, paths), KNOWN_LIMIT, _KNOWN_BYTES)
    room = BYTES_LIMIT - _HEAD_BYTES - _size(kept_refusals) - _size(kept_known)
    return GateReport(
        head=commits.head,
        base=commits.ancestors[0],
        pull=pull,
        specs=specs,
        changed_specs=changed_specs,
        errors=_count(findings, "error"),
        warnings=_count(findings, "warning"),
        findings=_fitting(_ordered(findings, paths), FINDINGS_LIMIT, room),
        known_errors=_count(known, "error"),
        known_warnings=_count(known, "warning"),
        known=kept_known,
        refused=kept_refusals,
        refused_count=len(refusals),
        allowed_by=allowed_by,
    )


def _encodable(text: str) -> str:
    """`text` without what no JSON may hold: a name in git need not be UTF-8."""
    return text.encode("utf-8", "replace").decode()


def _ordered(findings: Iterable[GateFinding], paths: set[str]) -> list[GateFinding]:
    """Errors before warnings, each by place."""
    marked = [msgspec.structs.replace(one, in_commit=one.path in paths) for one in findings]
    return sorted(marked, key=lambda one: (one.severity, one.path, one.line, one.column, one.rule))


def _fitting(items: Sequence[P], count: int, room_bytes: int) -> tuple[P, ...]:
    kept = []
    for item in items[:count]:
        room_bytes -= len(msgspec.json.encode(item)) + 1
        if room_bytes < 0:
            break
        kept.append(item)
    return tuple(kept)


def _size(items: Sequence[Part]) -> int:
    return sum(len(msgspec.json.encode(item)) + 1 for item in items)


def _count(findings: Iterable[GateFinding], severity: str) -> int:
    return sum(one.severity == severity for one in findings)
