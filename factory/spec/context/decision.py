"""Decisions, `context/decisions/NNNN-title.md`: a title, a status, and four sections."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from factory.spec.context.fault import Fault
from factory.spec.context.outline import Passage, outline

SECTIONS = ("Status", "Context", "Decision", "Consequences")
_STATUS = re.compile(
    r"(?:(proposed|accepted|rejected)|superseded by ([0-9]{4})(?:[-:. ].*)?)\.?", re.IGNORECASE
)
_FORMS = "proposed, accepted, rejected, or superseded by NNNN"


@dataclass(frozen=True, kw_only=True)
class Decision:
    """A decision as far as it could be read.

    `status` is `proposed`, `accepted`, `rejected`, `superseded`, or "" where it is none of them;
    `successor` is the number of the one that supersedes it, else "".
    """

    number: str
    text: str
    passages: tuple[Passage, ...]
    status: str
    successor: str

    @property
    def left_out(self) -> str:
        """Why no agent is told of it, or ""."""
        if self.status == "superseded":
            return f"superseded by {self.successor}"
        return "rejected" if self.status == "rejected" else ""

    def sections(self, name: str) -> list[Passage]:
        """The `##` sections of that name."""
        return [one for one in self.passages if one.level == 2 and one.title == name]

    def column(self, line: int, words: str) -> int:
        """The 1-based column at which `words` begin in a line, else that of its first text."""
        text = self.text.split("\n")[line - 1]
        at = text.find(words)
        return (at if at >= 0 else len(text) - len(text.lstrip())) + 1


def parse_decision(text: str, number: str) -> Decision:
    """Read a decision; never fails, `faults` says what is wrong with it."""
    passages = tuple(outline(text))
    said = next((one.text for one in passages if one.level == 2 and one.title == "Status"), "")
    found = _STATUS.fullmatch(said)
    successor = (found[2] or "") if found else ""
    status = "superseded" if successor else (found[1].lower() if found else "")
    return Decision(number=number, text=text, passages=passages, status=status, successor=successor)


def faults(
    decisions: Mapping[str, Decision], numbers: Collection[str]
) -> Iterator[tuple[str, Fault]]:
    """(name, what is wrong) for each fault of these decisions, alone and among each other.

    Args:
        decisions: file name → decision, in the order of the names.
        numbers: of all decisions, also of those that could not be read.
    """
    numbered: dict[str, str] = {}
    for name, decision in decisions.items():
        first = numbered.setdefault(decision.number, name)
        if first != name:
            yield (
                name,
                _fault(
                    f"its number is also that of {first.rpartition('/')[2]}",
                    "give each decision a number of its own",
                ),
            )
    known = {decisions[name].number: decisions[name] for name in numbered.values()}
    for name, decision in decisions.items():
        for fault in (*_shape(decision), *_status(decision, known, numbers)):
            yield name, fault


def _shape(decision: Decision) -> Iterator[Fault]:
    if not any(one.title or one.text for one in decision.passages):
        yield _fault("says nothing", "write what was decided, or delete the file")
        return
    headings = [one for one in decision.passages if one.level == 1]
    line = headings[0].line if headings else 1
    if not any(one.title for one in headings):
        yield _fault("has no title", f"begin it with a heading `# {decision.number} …`", line)
    for name in SECTIONS:
        found = decision.sections(name)
        if not found:
            yield _fault(f"the section {name!r} is missing", f"add a heading `## {name}`", line)
            continue
        line = found[0].line
        if not found[0].text:
            yield _fault(f"the section {name!r} says nothing", "write what holds", line)
        for again in found[1:]:
            yield _fault(f"the section {name!r} stands twice", "merge them", again.line)


def _status(
    decision: Decision, known: Mapping[str, Decision], numbers: Collection[str]
) -> Iterator[Fault]:
    section = next(iter(decision.sections("Status")), None)
    if section is None or not section.text:
        return
    line, successor = section.text_line, decision.successor
    if not decision.status:
        message = f"its status is none of {_FORMS}"
        yield _fault(message, f"write one of: {_FORMS}", line, decision.column(line, section.text))
        return
    if not successor:
        return
    if successor not in numbers:
        message = f"is superseded by {successor}, which does not exist"
    elif _leads_back(decision, known):
        message = f"is superseded by {successor}, which leads back to itself"
    else:
        return
    mend = "name the decision that holds instead"
    yield _fault(message, mend, line, decision.column(line, successor))


def _leads_back(start: Decision, known: Mapping[str, Decision]) -> bool:
    """Whether the decisions that supersede one another lead back to where they began."""
    seen: set[str] = set()
    here = start.successor
    while here in known and here not in seen:
        seen.add(here)
        here = known[here].successor
    return start.number in seen


def _fault(message: str, mend: str, line: int = 1, column: int = 1) -> Fault:
    return Fault(rule="context-decision", message=message, mend=mend, line=line, column=column)
