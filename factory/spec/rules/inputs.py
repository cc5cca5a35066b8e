"""Inputs: what is not valid, and what each of these gets for an answer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby, pairwise

from factory.spec.catalogue import Severity
from factory.spec.document import SpecDocument
from factory.spec.finding import Finding, finding_in
from factory.spec.language.late import late
from factory.spec.language.prose import LITERAL, masked
from factory.spec.markdown import Block, Section
from factory.spec.rules.answers import answers, behind_label, is_filled, tells_an_answer
from factory.spec.rules.nothing import goes_as_ever, refuses_in_general, says_nothing
from factory.spec.surroundings import Surroundings

# Both are looked for in lower case: a pattern that reads either case is several times slower.
# Words that only invalid input has; "without" and "empty" are said of valid input, too.
_INVALID = late(
    r"\b(?:invalid|not valid|wrong|malformed|refus\w+|reject\w*|errors?|unknown|unsupported|"
    r"not supported|out of range|outside|exceed\w*|otherwise|anything else|any other|other than|"
    r"everything else|all else|another|no such|not signed in|cannot|"
    r"other (?:inputs?|values?|taps?|keys?|requests?|files?|texts?|answers?|forms?|numbers?)|"
    r"not (?:an?|accepted|allowed|permitted|parsable|well-formed)|bad|illegal|"
    r"too (?:long|short|large|small|big|many|few|high|low|old|late|early)|longer than|larger than|"
    r"shorter than|declined|denied|forbidden|corrupt\w*|unreadable|non-\w+|neither|fails?|"
    r"(?:status|http|answers?) 4\d\d|4\d\d(?=\s*(?:[`“\".,;|)]|$))|"
    r"exit(?:s| code) [1-9])"
)
# Of a table: what is sent, and what comes back.
_HEADS_ANSWERS = late(
    r"\b(?:answers?|status|errors?|messages?|exit|happens|response|reply|shows?|says?)\b",
    re.IGNORECASE,
)
_LEADS = late(r"\b(?:invalid|not valid|refused|rejected|not accepted|errors?)\b", re.IGNORECASE)
_VALID = late(r"^\W*(?:\*\*|__)?valid\b", re.IGNORECASE)
_PARTS = late(r"[.;]\s+|,\sand\s")
_SENTENCE = late(r"(?<=[.;])\s+")
_ALSO = (" also ", " too", " as well", " likewise")
# `A name without @ is invalid, too`: that is all that is said of it.
_ONLY_INVALID = late(
    r"[^\"“`:]{1,200}\b(?:(?:is|are|counts? as|also counts? as) (?:also )?"
    r"(?:invalid|wrong|not valid|incorrect),? (?:too|as well|likewise)|"
    r"also (?:is|are|counts? as) (?:invalid|wrong)|(?:is|are) also (?:invalid|wrong))\.?",
    re.IGNORECASE,
)
_BEHIND_COLON = late(r":\s|->|→")


def inputs(document: SpecDocument, _: Surroundings) -> Iterator[Finding]:
    """`invalid-inputs`, `invalid-unanswered` and `edge-case-none` of a feature."""
    if document.kind != "feature":
        return
    section = document.section("Inputs")
    if section is not None and section.has_text:
        if not any(map(_tells_of_invalid, section.blocks)):
            empty = next(filter(_says_nothing_of_invalid, section.blocks), None)
            if empty is not None or not any(map(_is_answered, section.blocks)):
                yield finding_in(
                    document, "invalid-inputs", "nothing is said of invalid input",
                    "list what is not valid, and the answer each gets",
                    line=empty.line if empty else section.line,
                )  # fmt: skip
        yield from _unanswered(document, section)
    edges = document.section("Edge cases")
    if edges is not None and edges.has_text:
        cases = [
            one
            for one in edges.blocks
            if one.kind == "item" or document.requirement_at.get(one.line, "")[:1] == "E"
        ]
        if not cases:
            said = next((one for one in edges.blocks if one.text), None)
            line = said.line if said else edges.line
            yield _no_edge_case(document, "there is no numbered edge case", line)
        for item in cases:
            if says_nothing(item.text) or goes_as_ever(item.text):
                yield _no_edge_case(document, "it says that there is no edge case", item.line)


def _no_edge_case(document: SpecDocument, message: str, line: int) -> Finding:
    return finding_in(
        document, "edge-case-none", message, "write what happens at the edges as `- E1: …`",
        line=line,
    )  # fmt: skip


def _tells_of_invalid(block: Block) -> bool:
    told = block.text.lower()
    # Most say it by the first of these words, which is found at once.
    named = "invalid" in told or _INVALID.search(told) is not None
    if not named or _says_nothing_of_invalid(block):
        return False
    # `Valid data; invalid data leads to an error.`: its end tells nothing more.
    *before, last = _PARTS.split(block.text)
    return (
        not before
        or not refuses_in_general(last)
        or any(_INVALID.search(part.lower()) for part in before)
    )


def _says_nothing_of_invalid(block: Block) -> bool:
    return not _VALID.match(block.text) and (
        says_nothing(block.text) or refuses_in_general(block.text)
    )


def _is_answered(block: Block) -> bool:
    """Whether it is an input and, behind a colon, what it gets."""
    if block.kind == "row":
        return _HEADS_ANSWERS.search(block.text) is not None
    told = block.kind == "item" and any(mark in block.text for mark in (": ", "->", "→"))
    if not told or _VALID.match(block.text):
        return False
    parts = _BEHIND_COLON.split(masked(block.text), maxsplit=1)
    return len(parts) > 1 and (LITERAL in parts[1] or tells_an_answer(parts[1]))


def _unanswered(document: SpecDocument, section: Section) -> Iterator[Finding]:
    """Items, or rows of a table, that name an invalid input and no answer to it."""
    below_invalid = below_valid = answered_by_lead = False
    for passage in (one for block in section.blocks for one in block.passages):
        if not any(word in passage.raw for word in _ALSO):
            continue
        for sentence in _SENTENCE.split(passage.raw):
            if _ONLY_INVALID.fullmatch(sentence.strip()):
                yield _finding(document, passage.line)
    groups = [
        (kind, list(blocks)) for kind, blocks in groupby(section.blocks, key=lambda one: one.kind)
    ]
    tabled = any(kind == "row" and _answers_invalid(blocks[0].text) for kind, blocks in groups)
    for (kind, group), (after, _) in pairwise([*groups, ("", [])]):
        if kind == "item" and tabled:
            continue  # A table says what each of them gets.
        if kind == "item" and after == "row" and _leads(group[-1].text):
            below_invalid, below_valid = True, False  # `- Invalid, in this order:`, and a table.
            group = group[:-1]
        if kind == "text":
            lead = group[-1].text
            below_valid = _VALID.match(lead) is not None
            below_invalid = bool(_LEADS.search(lead)) and not below_valid
            answered_by_lead = below_invalid and answers(lead.split("with the answer")[0])
        elif kind == "row":
            for table in _tables(document, group):
                yield from _rows(document, table, below_invalid)
        elif kind == "item":
            # Without a lead, too, a list of answers shows what lacks one.
            answered = [_is_answered(block) for block in group]
            most_are = sum(answered) >= 2 and sum(answered) * 2 > len(answered)
            expected = below_invalid or (most_are and not below_valid)
            labelled = any(_INVALID_LABEL.match(block.text) for block in group)
            for block in group:
                asked = expected and not answered_by_lead
                asked = asked and not _names_no_input(block.text, labelled=labelled)
                yield from _item(document, block, asked)


def _answers_invalid(head: str) -> bool:
    """Whether a table is one of invalid inputs and of what each gets."""
    return _LEADS.search(head) is not None and _HEADS_ANSWERS.search(head) is not None


def _names_no_input(text: str, *, labelled: bool) -> bool:
    """Whether an item says of the others, or of all, what is looked at, valid, or goes first.

    `labelled`: whether those that name an invalid input say so.
    """
    if _TELLS.match(text) and (labelled or _INVALID.search(text.lower()) is None):
        return True
    return _BOUNDS.match(text) is not None or _OF_THE_ORDER.search(text) is not None


# `The first in this order wins`: which of the answers, where several hold.
_OF_THE_ORDER = late(
    r"\A\W*(?!invalid|not valid)[^:\n]{0,120}\b(?:(?:in|by|of) (?:the|this|that|its|their) "
    r"(?:\w+ )?(?:order|sequence)\b"
    r"|the one (?:further|higher) up\b"
    r"|the (?:first|topmost|upper|upmost|highest|earliest)\b[^:\n]{0,40}\b(?:wins|counts|decides|"
    r"applies|gives)\b)",
    re.IGNORECASE,
)
_INVALID_LABEL = late(r"\W*(?:\*\*|__)?(?:invalid|not valid)\b", re.IGNORECASE)
# Among inputs with a label each: `The command looks at REFERENCE first.`
_TELLS = late(
    r"(?:The|A|An|Each|Every|Of|[A-Z][a-z]+s)\s(?:(?:[\w-]+|`[^`\n]{1,40}`),?\s){1,8}?"
    r"(?:looks|reads|checks|takes|comes|goes|counts|wins|tells|names|stands|applies|holds|belongs?|"
    r"is|are)\b[^:]*\Z"
)


# `FILE` has at most 1,000 lines: what is valid.
_BOUNDS = late(
    r"\W*(?:`[^`\n]{1,60}`|[A-Z]{2,}(?: and [A-Z]{2,})?) "
    r"(?:is|are|has|have|holds?|takes?|contains?|names?|means?|consists?)\b"
    r"[^:]*\Z"
)


# `An opening under 30 ms joins the closures beside it`, `a line of another form makes it stop`.
_DOES = late(
    r"\b(?:makes|joins|ends|starts|moves|adds|removes|sets|resets|opens|turns|lets|takes)\b"
)


def _leads(text: str) -> bool:
    return text.endswith(":") and _INVALID_LABEL.match(text) is not None


def _tables(document: SpecDocument, rows: list[Block]) -> Iterator[list[Block]]:
    """The rows of each table: two of them may stand one after the other."""
    first = 0
    for at in range(1, len(rows)):
        if not document.lines[rows[at].line - 2].strip():
            yield rows[first:at]
            first = at
    yield rows[first:]


def _rows(document: SpecDocument, rows: list[Block], below_invalid: bool) -> Iterator[Finding]:
    """Rows that lack a cell which the others have."""
    header, *others = rows
    filled = [sum(map(is_filled, block.passages)) for block in others]
    usual = max(filled, default=0)
    for block, count in zip(others, filled, strict=True):
        if count < 2 <= usual and (below_invalid or _LEADS.search(header.text) or usual > count):
            yield _finding(document, block.line)


def _item(document: SpecDocument, block: Block, below_invalid: bool) -> Iterator[Finding]:
    first = block.passages[0].raw if block.passages else block.text
    invalid = _INVALID_LABEL.match(first)
    if invalid is None and not below_invalid:
        return
    if _VALID.match(first):
        return
    below = _below(document, block)
    if not below and not any(passage.cell >= 0 for passage in block.passages):
        if not answers(behind_label(first)):
            # Without a label it may well be valid, or tell of all of them; and some verbs answer.
            sure = invalid and not _DOES.search(first)
            yield _finding(document, block.line, None if sure else "warning")
        return
    if answers(behind_label(first)):
        return  # One answer for all that stand below it.
    for line, said in below:
        if not answers(said) and not _OF_THE_ORDER.search(said):
            yield _finding(document, line, None if invalid else "warning")


def _below(document: SpecDocument, block: Block) -> list[tuple[int, str]]:
    """(line, text) of each item of the list in an item; what stands deeper belongs to its text.

    A row of a table there says in its other cells what it gets.
    """
    found: list[tuple[int, str]] = []
    least = 0
    for passage in block.passages[1:]:
        if passage.cell >= 0:
            continue
        written = document.lines[passage.line - 1]
        indent = len(written) - len(written.lstrip())
        if found and indent > least:
            found[-1] = (found[-1][0], f"{found[-1][1]} {passage.raw}")
        else:
            found.append((passage.line, passage.raw))
            least = indent
    return found


def _finding(document: SpecDocument, line: int, severity: Severity | None = None) -> Finding:
    return finding_in(
        document, "invalid-unanswered", "an invalid input has no answer",
        "say what whoever sends it gets: a status, a message, an exit code", line=line,
        severity=severity,
    )  # fmt: skip
