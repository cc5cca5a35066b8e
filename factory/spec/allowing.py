"""What the comments of a spec allow, and what is said of those that allow nothing."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate

from factory.spec.catalogue import CATALOGUE
from factory.spec.facts import Silence
from factory.spec.finding import Finding, HasPath, by_place, finding_at, finding_in
from factory.spec.language.late import late
from factory.spec.visible import cut

# A reason is a clause, not a word.
_FEWEST_WORDS = 3
_LETTER = late(r"[^\W\d_]")
_SHOWN_CHARACTERS = 60
# Found when specs are compared, after each was read.
_BETWEEN = frozenset(("contradiction", "label-unknown", "overlap"))
# Found when a spec is compared with what it said before. Once that is merged nothing is found, and
# the comment stays: to take it out would be a change of the text.
_SINCE = frozenset(("requirement-renumbered", "requirement-reused"))


class Allowed:
    """Comments to be asked of many findings: an author may write thousands on one line."""

    def __init__(self, silences: Iterable[Silence]) -> None:
        places: dict[str, set[tuple[int, int]]] = {}
        for one in silences:
            places.setdefault(one.rule, set()).add((one.first, one.last))
        self._places = {rule: sorted(found) for rule, found in places.items()}
        # For each place the last line that it or one before it reaches.
        self._reached = {
            rule: list(accumulate((last for _, last in found), max))
            for rule, found in self._places.items()
        }

    def allows(self, finding: Finding) -> bool:
        """Whether one of the comments is about this finding; its path is not looked at."""
        places = self._places.get(finding.rule, ())
        at = bisect_right(places, finding.line, key=lambda place: place[0])
        return at > 0 and self._reached[finding.rule][at - 1] >= finding.line


def silenced(
    spec: HasPath, silences: Sequence[Silence], findings: Sequence[Finding]
) -> list[Finding]:
    """The findings that no comment allows, and what is wrong with the comments.

    Args:
        spec: what was read.
        silences: its comments, as `factory.spec.silences` reads them.
        findings: of this spec alone.
    """
    if not silences:
        return list(findings)
    good = sound(silences)
    allowed = Allowed(good)
    left = [one for one in findings if not allowed.allows(one)]
    left += filter(None, (_wrong(spec, one) for one in silences))
    here = [one for one in good if not _is_found_elsewhere(one.rule)]
    left += _unused(spec.path, here, findings)
    return sorted(left, key=by_place)


def silences_between(silences: Iterable[Silence]) -> Iterator[Silence]:
    """Those that allow what is found between specs."""
    return (one for one in sound(silences) if one.rule in _BETWEEN)


def silenced_between(
    findings: Iterable[Finding], silences: Mapping[str, Sequence[Silence]]
) -> Iterator[Finding]:
    """The findings between specs that no comment allows, and the comments that allow nothing.

    Args:
        findings: of all specs together.
        silences: for each path, its comments as `silences_between` gives them.
    """
    allowed = {path: Allowed(found) for path, found in silences.items()}
    met: dict[str, list[Finding]] = {path: [] for path in silences}
    for finding in findings:
        if finding.path in met:
            met[finding.path].append(finding)
        if finding.path not in allowed or not allowed[finding.path].allows(finding):
            yield finding
    for path, found in silences.items():
        yield from _unused(path, found, met[path])


def unsilenced(
    path: str, silences: Iterable[Silence], findings: Iterable[Finding]
) -> list[Finding]:
    """Those of the findings in a spec that no comment allows; nothing is said of the comments."""
    allowed = Allowed(sound(silences))
    return [one for one in findings if one.path == path and not allowed.allows(one)]


def sound(silences: Iterable[Silence]) -> list[Silence]:
    """Those that name a rule which can be silenced, and give a reason."""
    return [one for one in silences if _names_a_rule(one) and _gives_a_reason(one)]


def _names_a_rule(one: Silence) -> bool:
    return one.rule in CATALOGUE and CATALOGUE[one.rule].silenceable


def _gives_a_reason(one: Silence) -> bool:
    return len([word for word in one.reason.split() if _LETTER.search(word)]) >= _FEWEST_WORDS


def _is_found_elsewhere(rule: str) -> bool:
    """Whether it is found between specs, between versions, or by a model."""
    return rule in _BETWEEN or rule in _SINCE or rule.startswith("question-")


def _wrong(spec: HasPath, one: Silence) -> Finding | None:
    if not _names_a_rule(one):
        why = "cannot be silenced" if one.rule in CATALOGUE else "is no rule of the gate"
        name = cut(one.rule, _SHOWN_CHARACTERS) or "nothing"
        return finding_in(
            spec, "silence-unknown", f"{name!r} {why}",
            "name a rule as findings show it, in `gate: allow RULE: reason`",
            line=one.line, column=one.column,
        )  # fmt: skip
    if not _gives_a_reason(one):
        return finding_in(
            spec, "silence-reason", f"{one.rule} is allowed without a reason",
            f"write why: `gate: allow {one.rule}: reason`", line=one.line, column=one.column,
        )  # fmt: skip
    return None


def _unused(
    path: str, silences: Iterable[Silence], findings: Iterable[Finding]
) -> Iterator[Finding]:
    """A finding for each of the comments that allows nothing."""
    lines: dict[str, list[int]] = {}
    for finding in sorted(findings, key=lambda one: one.line):
        lines.setdefault(finding.rule, []).append(finding.line)
    for one in silences:
        found = lines.get(one.rule, [])
        at = bisect_left(found, one.first)
        if at == len(found) or found[at] > one.last:
            yield finding_at(
                path, "silence-unused", f"there is no {one.rule} here to allow",
                "take the comment out", line=one.line, column=one.column,
            )  # fmt: skip
