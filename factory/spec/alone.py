"""What can be said of one spec by itself."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from factory.errors import FactoryError
from factory.spec.allowing import silenced, silences_between
from factory.spec.document import SpecDocument, parse_spec
from factory.spec.extract import facts_of
from factory.spec.facts import Checked, Facts
from factory.spec.finding import Finding, finding_in, finding_of
from factory.spec.rules import checks
from factory.spec.silences import silences
from factory.spec.spoken import spoken
from factory.spec.surroundings import Surroundings
from factory.spec.text_file import decode

# In one spec: whoever has a thousand does not read on, and a hostile one has a million.
MOST_FINDINGS = 1000


def check_text(data: bytes, shown: str, around: Surroundings) -> Checked:
    """Check the bytes of a spec file; `shown` is how messages call it."""
    try:
        document = parse_spec(decode(data, shown=shown), path=shown)
    except FactoryError as error:
        return Checked(findings=(finding_of(error, "unreadable"),), facts=None)
    findings, facts = check_alone(document, around)
    return Checked(findings=tuple(findings), facts=facts)


def check_alone(document: SpecDocument, around: Surroundings) -> tuple[list[Finding], Facts]:
    """Findings in one spec that nobody allows, and what others are to be compared with."""
    said = list(spoken(document))
    found = list(islice(checks(document, said, around), MOST_FINDINGS + 1))
    cut_off = len(found) > MOST_FINDINGS
    comments = list(silences(document))
    left = silenced(document, comments, list(_once(found)))
    if cut_off or len(left) > MOST_FINDINGS:
        left = [*left[:MOST_FINDINGS], _more(document)]
    return left, facts_of(document, said, silences_between(comments))


def _more(document: SpecDocument) -> Finding:
    return finding_in(
        document, "unreadable", f"more than {MOST_FINDINGS} findings; no more are listed",
        "mend these first",
    )  # fmt: skip


# A line that is told for the one need not be told for the other.
_SAYS_AS_MUCH = {
    "vague-word": "section-thin",
    "template-text": "open-question",
    "requirement-empty": "open-question",
}


def _once(found: list[Finding]) -> Iterator[Finding]:
    places = {(one.rule, one.line) for one in found}
    for one in found:
        if (_SAYS_AS_MUCH.get(one.rule, ""), one.line) not in places:
            yield one
