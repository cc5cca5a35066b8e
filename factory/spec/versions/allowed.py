"""What authors allow of how a spec differs from what it said before."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from factory.spec.allowing import Allowed, sound
from factory.spec.document import SpecDocument
from factory.spec.facts import Silence
from factory.spec.finding import Finding
from factory.spec.silences import silences


def unsilenced_since(
    document: SpecDocument, before: SpecDocument | None, findings: Sequence[Finding]
) -> list[Finding]:
    """Those of the findings between `document` and its last ready text that no new comment allows.

    A comment that the text `before` has too, on the same requirement, was written about an earlier
    change: who changes it again has to say why again.
    """
    old = {_said(*one) for one in _on_requirements(before)} if before and findings else set()
    new = [one for one in _on_requirements(document) if _said(*one) not in old] if findings else []
    allowed = Allowed(sound(silence for silence, _ in new))
    return [one for one in findings if not allowed.allows(one)]


def _said(silence: Silence, requirement: str) -> tuple[str, str, str]:
    return silence.rule, silence.reason, requirement


def _on_requirements(document: SpecDocument) -> Iterator[tuple[Silence, str]]:
    """Each comment, with the id of the first requirement that it is about; "" for none."""
    requirements = list(document.requirements())
    lines = [one.line for one in requirements]
    for silence in silences(document):
        at = bisect_left(lines, silence.first)
        about = at < len(lines) and lines[at] <= silence.last
        yield silence, requirements[at].id if about else ""
