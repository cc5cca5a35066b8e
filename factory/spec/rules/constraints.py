"""`constraint-unmeasured`: a constraint with nothing to measure by."""

from __future__ import annotations

import re
from collections.abc import Iterator

from factory.spec.document import SpecDocument
from factory.spec.finding import Finding, finding_in
from factory.spec.language.late import late
from factory.spec.language.measures import NUMBER_WORDS
from factory.spec.language.prose import masked
from factory.spec.surroundings import Surroundings

_ABSOLUTE = late(
    r"\b(?:no|none|nothing|nobody|never|only|every|each|all|any|zero|neither|without|always|both|"
    r"exactly|stays? the same|identical|unchanged|WCAG|offline|nearest|of its own|"
    r"at most (?:the|its|their|those|one's|his|her|your|once|twice)|"
    r"(?:twice|thrice|half|double|triple|a (?:third|quarter|fifth|tenth)) "
    r"(?:of )?(?:the|its|that))\b",
    re.IGNORECASE,
)
# Not absolute for all their `no` and `all`: they compare, or promise any number of users, or
# deny a degree, as in `nobody waits long`.
_RELATIVE = late(
    r"\b(?:no|never|nobody|nothing|none|only)\b(?=[^.;:]{0,40}\b(?:long|slow\w*|much|many|"
    r"little|few|expensive|costly|heavy|heavily|noticeabl[ey]|excessive\w*|"
    r"difficult(?:y|ies)|troubles?|put up with|puts up with|"
    r"unnecessar\w{1,3})\b(?! than))"
    r"|\bany (?:size|number|amount|load|volume|scale|length|quantity|growth|demand|rate|speed)\b"
    r"|\b(?:no|not) (?:more|less|longer|later|fewer|slower|worse|higher|lower|bigger|larger)\b"
    r"|\b(?:all|any|every)\b(?=.{0,200}\b(?:same time|simultaneously|concurrently|in parallel)\b)",
    re.IGNORECASE | re.DOTALL,
)
# The present state as a bound: whoever builds does not know it.
_BESIDE_WHAT_IS = late(
    r"\b(?:(?:more|less|longer|later|fewer|slower|faster|quicker|worse|better|higher|lower|bigger|"
    r"larger|smaller|heavier|cheaper|dearer)\b[^.;:]{0,40}\bthan|as \w{3,20} as)\b[^.;:]{0,40}"
    r"\b(?:present|current|currently|existing|today|now|old|previous|former|before(?! \w)|so far|"
    r"until now|replaces?|replaced|predecessor|competitors?|usual|normal)\b",
    re.IGNORECASE,
)
_WHICH_CASE = ("While", "As long as")
_IN_WHICH_CASE = late(r"\A(?:While|As long as)\b[^,;:.]{1,160},\s")
_COMPARING = frozenset(("than", "as"))
_PRONOUN = late(
    r"\b(?:the|this|that|present|current|old|previous|former|existing|every|each|any|no|which)"
    r" ones?\b"
)
_NUMBER = late(r"\d(?<!\w\d)")
_DIGIT = late(r"\d")
_MESSAGE = late(r"`[^`\n]+ [^`\n]+`|\"[^\"\n]+ [^\"\n]+\"|“[^”\n]+ [^”\n]+”")  # It shows, or not.
_IN_A_NAME = late(r"\b[A-Za-z]+\d+[A-Za-z]\w*")  # `png2webp`


def constraints_measured(document: SpecDocument, _: Surroundings) -> Iterator[Finding]:
    """`constraint-unmeasured`: neither a number nor a word that admits no degree."""
    for one in document.requirements():
        if one.id.startswith("C") and one.text:
            yield from _measured(document, one.text, one.line, one.id)
    targets = document.section("Targets") if document.kind == "architecture" else None
    for item in targets.items if targets else ():
        yield from _measured(document, item.text, item.line, "the target")


def _measured(document: SpecDocument, text: str, line: int, name: str) -> Iterator[Finding]:
    if not is_measured(text):
        yield finding_in(
            document, "constraint-unmeasured", f"{name} has nothing to measure by",
            "give a number with its unit, or say what never or always holds", line=line,
        )  # fmt: skip


def is_measured(text: str) -> bool:
    """Whether a constraint has a number, or a word that admits no degree.

    In which case that is asked measures nothing: `While she zooms with two fingers, it …`.
    """
    text = _IN_WHICH_CASE.sub("", text, count=1) if text.startswith(_WHICH_CASE) else text
    if _NUMBER.search(text) or (_DIGIT.search(text) and _DIGIT.search(_IN_A_NAME.sub("", text))):
        return True
    prose = masked(text)
    words = set(re.findall(r"[a-z]+", prose.lower()))
    numbers = words & NUMBER_WORDS.keys()
    if numbers == {"one"} and _PRONOUN.search(prose.lower()):
        numbers = set()
    told = numbers or _ABSOLUTE.search(_RELATIVE.sub("", prose)) or _MESSAGE.search(text)
    return bool(told and (_COMPARING.isdisjoint(words) or not _BESIDE_WHAT_IS.search(prose)))
