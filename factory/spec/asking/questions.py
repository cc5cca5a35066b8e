"""The questions that two readers of a spec must answer alike, made by code from its text.

Answers are meant to be short: a status, a value, a number with its unit, a condition. So each kind
of question is asked only where the words of a requirement call for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from factory.spec.document import SpecDocument

Kind = Literal["outcome", "condition", "bound", "order", "repetition", "invalid"]

ABOUT: dict[Kind, str] = {
    "outcome": "what is observed from outside",
    "condition": "when it applies",
    "bound": "the limit",
    "order": "the order",
    "repetition": "what a repetition does",
    "invalid": "the answer it gets",
}
"""What a question of a kind is about, for messages."""

_ASKED: dict[Kind, str] = {
    "outcome": "What exactly does someone outside observe because of {id}: which value, status, "
    "message or file?",
    "condition": "Under which condition, or on which trigger, does {id} apply? (or: always)",
    "bound": "Which limit does {id} set: number, unit, and does the number itself still pass "
    "(inclusive) or not (exclusive)?",
    "order": "In which order does {id} give what it lists, and what decides between equals?",
    "repetition": "What is observed when the same request or action of {id} comes a second time?",
    "invalid": "Which exact answer (status, code, message) does this input get: {text}",
}
# Each calls for one more question about the requirement that holds it.
_BOUND = re.compile(
    r"\b(at (most|least)|up to|no (more|less|fewer|longer|later|earlier) than|"
    r"(more|less|fewer|longer|shorter|larger|greater|smaller|higher|lower) than|within|"
    r"between|exceed\w*|limit(ed|s)?|maximum|minimum|max|min|above|below|over|under|"
    r"from \S+ to|older|younger|until|before|after)\b[^.]*\d|"
    r"\d[^.]*\bor (more|less|fewer|longer)\b",
    re.IGNORECASE,
)
_ORDER = re.compile(
    r"\b(lists?|listed|rows|entries|items|results|table|sort(s|ed)?|columns)\b", re.IGNORECASE
)
_CHANGE = re.compile(
    r"(?<![-\w])(creat|add|append|delet|remov|send|sent|submit|register|sign up|pay|paid|charg|"
    r"refund|import|upload|sav|stor|updat|set|renam|cancel|confirm|book|retr|PUT|POST|PATCH|DELETE)\w*",
    re.IGNORECASE,
)
_INVALID = re.compile(r"[\W_]*(?:invalid|not valid)\b(?:[^:]*:)?[\W_]*", re.IGNORECASE)
_VALID = re.compile(r"[\W_]*valid\b", re.IGNORECASE)
_ITEM = re.compile(r"\s{0,3}(?:[-*+]|\d{1,9}[.)])\s+(\S.*)")
_RULER = re.compile(r"[\s|:-]+")
TEXT_LIMIT = 300


@dataclass(frozen=True, kw_only=True)
class Question:
    """`id` is unique in its spec; `subject` is a requirement's id or names an invalid input.

    `line` and `column` are 1-based: where the words stand that the question is about.
    """

    id: str
    kind: Kind
    subject: str
    text: str
    line: int
    column: int


def questions(document: SpecDocument) -> tuple[Question, ...]:
    """All questions about a spec, in the order of its text."""
    found = [*_about_requirements(document), *_about_inputs(document)]
    unique: dict[str, Question] = {}
    for one in found:
        unique.setdefault(one.id, one)  # A requirement's id may stand twice.
    return tuple(sorted(unique.values(), key=lambda one: one.line))


def _about_requirements(document: SpecDocument) -> Iterator[Question]:
    lines = document.lines
    for requirement in document.requirements():
        if not requirement.text:
            continue
        kinds: list[Kind] = ["outcome", "condition"]
        if requirement.id.startswith("C"):
            kinds = ["outcome"]  # A constraint holds always.
        if _BOUND.search(requirement.text):
            kinds.append("bound")
        if _ORDER.search(requirement.text):
            kinds.append("order")
        if _CHANGE.search(requirement.text) and requirement.id.startswith("R"):
            kinds.append("repetition")
        line = lines[requirement.line - 1] if requirement.line <= len(lines) else ""
        for kind in kinds:
            yield Question(
                id=f"{requirement.id}.{kind}",
                kind=kind,
                subject=requirement.id,
                text=_ASKED[kind].format(id=requirement.id),
                line=requirement.line,
                column=line.find(requirement.id) + 1 or 1,
            )


def _about_inputs(document: SpecDocument) -> Iterator[Question]:
    """One for each invalid input that the section Inputs lists."""
    for number, (line, column, text) in enumerate(_invalid_inputs(document), 1):
        yield Question(
            id=f"invalid.{number}",
            kind="invalid",
            subject=f"invalid input {number}",
            text=_ASKED["invalid"].format(text=" ".join(text.split())[:TEXT_LIMIT]),
            line=line,
            column=column,
        )


def _invalid_inputs(document: SpecDocument) -> Iterator[tuple[int, int, str]]:
    """(line, column, text) of each item and table row that follows the word "Invalid"."""
    section = document.section("Inputs")
    lines = document.body.split("\n")
    below = False
    for at in range(section.line if section else len(lines), len(lines)):
        line = lines[at]
        if line.startswith("## "):
            return
        item = _ITEM.fullmatch(line)
        text = item[1] if item else line.strip()
        opens = _INVALID.match(text)
        if opens:
            below = below or not text[opens.end() :] or not item
        elif _VALID.match(text):
            below = False
        told = item and (text[opens.end() :] if opens else below)
        row = below and text.startswith("|") and not _RULER.fullmatch(text)
        header = row and at + 1 < len(lines) and bool(_RULER.fullmatch(lines[at + 1].strip()))
        if told or (row and not header):
            yield at + 1, len(line) - len(line.lstrip()) + 1, text.strip("|")
