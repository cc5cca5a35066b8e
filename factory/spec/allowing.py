"""What a silence allows, and what is said of one that allows nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from factory.spec.facts import Silence
from factory.spec.finding import Finding, finding_at


def allows(one: Silence, finding: Finding) -> bool:
    """Whether a silence is about this finding."""
    return one.rule == finding.rule and one.first <= finding.line <= one.last


def silenced_between(
    findings: Iterable[Finding], silences: Mapping[str, Sequence[Silence]]
) -> Iterator[Finding]:
    """The findings between specs that no comment allows, and the comments that allow nothing.

    Args:
        findings: of all specs together.
        silences: for each path, its comments as `silences_between` gives them.
    """
    used: set[tuple[str, Silence]] = set()
    for finding in findings:
        by = [one for one in silences.get(finding.path, ()) if allows(one, finding)]
        used.update((finding.path, one) for one in by)
        if not by:
            yield finding
    for path, found in silences.items():
        yield from (unused(path, one) for one in found if (path, one) not in used)


def unused(path: str, one: Silence) -> Finding:
    """The finding that a comment allows nothing."""
    return finding_at(
        path, "silence-unused", f"there is no {one.rule} here to allow", "take the comment out",
        line=one.line, column=one.column,
    )  # fmt: skip
