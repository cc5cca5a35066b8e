"""`<!-- gate: allow RULE: reason -->`: a finding on one line, accepted by somebody who says why."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from factory.spec.allowing import allows, unused
from factory.spec.catalogue import CATALOGUE
from factory.spec.document import SpecDocument
from factory.spec.facts import Silence
from factory.spec.finding import Finding, by_place, finding_in

_COMMENT = re.compile(r"<!--\s*gate:\s*(\w+)\b(.*?)(?:-->|$)", re.IGNORECASE)
_IN_FRONT_MATTER = re.compile(r"#\s*gate:\s*(\w+)\b(.*)$", re.IGNORECASE)
# What other tools call it; `<!-- gate: B12 -->` may be anything.
_MEANT = frozenset(
    ("ignore", "ignores", "allows", "allowed", "disable", "silence", "skip", "suppress", "permit",
     "accept", "off", "noqa", "except")
)  # fmt: skip
# A reason is a clause, not a word.
_FEWEST_WORDS = 3
# Found when specs are compared, after each was read.
_BETWEEN = frozenset(("contradiction", "label-unknown", "overlap"))
# Found when a spec is compared with what it said before. Once that is merged nothing is found, and
# the comment stays: to take it out would be a change of the text.
_SINCE = frozenset(("requirement-renumbered", "requirement-reused"))


def silenced(document: SpecDocument, findings: Sequence[Finding]) -> list[Finding]:
    """The findings that no comment allows, and what is wrong with the comments."""
    if not _may_allow(document):
        return list(findings)
    good: list[Silence] = []
    left: list[Finding] = []
    for one in _silences(document):
        wrong = _wrong(document, one)
        if wrong is None:
            good.append(one)
        else:
            left.append(wrong)
    used: set[Silence] = set()
    for finding in findings:
        by = [one for one in good if allows(one, finding)]
        used.update(by)
        if not by:
            left.append(finding)
    for one in good:
        # What is found elsewhere: between specs, between versions, or by a model.
        elsewhere = one.rule in _BETWEEN | _SINCE or one.rule.startswith("question-")
        if one not in used and not elsewhere:
            left.append(unused(document.path, one))
    return sorted(left, key=by_place)


def silences_between(document: SpecDocument) -> list[Silence]:
    """The comments that allow what is found between specs."""
    if not _may_allow(document):
        return []
    return [
        one for one in _silences(document) if one.rule in _BETWEEN and _wrong(document, one) is None
    ]


def unsilenced(document: SpecDocument, findings: Sequence[Finding]) -> list[Finding]:
    """Those of the findings in a spec that no comment allows; comments are not looked at again."""
    good = [one for one in _silences(document) if _wrong(document, one) is None]
    return [
        finding
        for finding in findings
        if finding.path == document.path and not any(allows(one, finding) for one in good)
    ]


def _may_allow(document: SpecDocument) -> bool:
    text = document.text
    return "gate:" in text or "Gate:" in text or "GATE:" in text


def unsilenced_since(
    document: SpecDocument, before: SpecDocument | None, findings: Sequence[Finding]
) -> list[Finding]:
    """Those of the findings between `document` and its last ready text that no new comment allows.

    A comment that the text `before` has too, on the same requirement, was written about an earlier
    change: who changes it again has to say why again.
    """
    if not _may_allow(document):
        return list(findings)
    old = set(_reasons(before)) if before else set()
    good = [
        silence
        for silence, requirement in _on_requirements(document)
        if (silence.rule, silence.reason, requirement) not in old
        and _wrong(document, silence) is None
    ]
    return [one for one in findings if not any(allows(silence, one) for silence in good)]


def _reasons(document: SpecDocument) -> Iterator[tuple[str, str, str]]:
    for silence, requirement in _on_requirements(document):
        yield silence.rule, silence.reason, requirement


def _on_requirements(document: SpecDocument) -> Iterator[tuple[Silence, str]]:
    """Each comment, with the id of the first requirement that it is about; "" for none."""
    requirements = list(document.requirements())
    for silence in _silences(document):
        about = (one.id for one in requirements if silence.first <= one.line <= silence.last)
        yield silence, next(about, "")


def _wrong(document: SpecDocument, one: Silence) -> Finding | None:
    rule = CATALOGUE.get(one.rule)
    if rule is None or not rule.silenceable:
        why = "cannot be silenced" if rule else "is no rule of the gate"
        return finding_in(
            document, "silence-unknown", f"{one.rule or 'nothing'!r} {why}",
            "name a rule as findings show it, in `gate: allow RULE: reason`",
            line=one.line, column=one.column,
        )  # fmt: skip
    if len(one.reason.split()) < _FEWEST_WORDS:
        return finding_in(
            document, "silence-reason", f"{one.rule} is allowed without a reason",
            f"write why: `gate: allow {one.rule}: reason`", line=one.line, column=one.column,
        )  # fmt: skip
    return None


def _silences(document: SpecDocument) -> Iterator[Silence]:
    blocks = sorted(
        (block.line, block.kind) for section in document.sections for block in section.blocks
    )
    headings = [section.line for section in document.sections]
    starts = sorted({line for line, _ in blocks} | set(headings))
    for number, line in enumerate(document.lines, 1):
        if "gate:" not in line.lower():
            continue
        in_body = number > document.front_end
        alone = not _COMMENT.sub("", line).strip(" -*>")
        for found in (_COMMENT if in_body else _IN_FRONT_MATTER).finditer(line):
            rules, reason = _read(found[1].lower(), found[2])
            if not rules or (in_body and _in_code(blocks, number)):
                continue
            first, last = number, number
            if in_body:
                first, last = _about(number, alone, starts, headings, document)
            for rule in rules:
                yield Silence(
                    rule=rule, line=number, column=found.start() + 1,
                    first=first, last=last, reason=reason,
                )  # fmt: skip


def _read(verb: str, text: str) -> tuple[list[str], str]:
    """The rules that a comment names and its reason; none of a comment that is about else."""
    if verb != "allow":
        return ([f"{verb} {text.partition(':')[0].strip()}".strip()] if verb in _MEANT else []), ""
    head, colon, reason = text.strip().partition(":")
    names = [name for name in _APART.split(head.strip()) if name]
    # `unmeasured, vague-word: the editor decides it`; the colon may lack where one is named.
    if names and colon and ("," in head or all(name in CATALOGUE for name in names)):
        return names, reason.strip()
    name, _, reason = text.strip().partition(" ")
    return [name.rstrip(":")], reason.strip().removeprefix(":").strip()


_APART = re.compile(r"[\s,]+")


def _about(
    number: int, alone: bool, starts: list[int], headings: list[int], document: SpecDocument
) -> tuple[int, int]:
    """The lines that a comment is about: its own block; alone on a line, also the next."""
    at = bisect_right(starts, number)
    first = starts[at - 1] if at else number
    last = starts[at] - 1 if at < len(starts) else len(document.lines)
    if not alone:
        return first, last
    below_heading = first in headings and not any(
        document.lines[n].strip() and "<!--" not in document.lines[n]
        for n in range(first, number - 1)
    )
    end = starts[at + 1] - 1 if at + 1 < len(starts) else len(document.lines)
    return (first if below_heading else number), (end if at < len(starts) else last)


def _in_code(blocks: Sequence[tuple[int, str]], number: int) -> bool:
    at = bisect_right(blocks, (number, "￿"))
    return at > 0 and blocks[at - 1][1] == "code"
