"""What an invalid input gets: a status, a message, or whatever else somebody outside can tell."""

from __future__ import annotations

import re

from factory.spec.language.late import late
from factory.spec.language.prose import LITERAL, masked
from factory.spec.markdown import Passage
from factory.spec.rules.nothing import without_bare_refusal

# What somebody outside can tell as an answer.
_ANSWER = late(
    r"(?:\b(?:status|http|answers?|gets?|with|gives?)|(?<!\d)[.,:;→>–—-]|:\s)\s*[1-5]\d\d\b|"
    r"\b(?:exit(?:s|ed)?|refus\w+|reject\w*|ignor\w+|"
    r"shows?|shown|says?|said|skip\w*|returns?|returned|prints?|printed|warn\w*|fails?|failed|"
    r"responds?|replies|replied|answers|answered|declin\w+|den(?:y|ies|ied)|drop(?:s|ped)?|treated|"
    r"counts?|counted|"
    r"read as|taken as|told|tells|sees?|asked|asks|stays?|stops?|stopped|keeps?|kept|remains?|"
    r"rounded|cut|trimmed|turned|bounced?|dismiss\w*|discard\w*|logged|reported|"
    r"reports?|gets?|receives?|"
    r"marked|flagged|listed|highlighted|disabled|blocked|blocks|redirect\w*|"
    r"appears?|displays?|displayed|gives (?:the|an) answer|"
    r"forbidden|not found|unauthori[sz]ed|conflict|quarantin\w+|closes?|closed|beeps?|blinks?|"
    r"held|moved|written|sent|sends|not accepted|unchanged|nothing|aborts?|aborted|no effect|"
    r"raises?|raised|throws?|thrown|yields?|becomes?|goes|leads (?:to|back)|comes back|rings?|"
    r"buzzes|vibrates?|sounds?|lights? up|lit|leaves|results? in|clears?|cleared|restores?|"
    r"restored|panics?)\b"
    r"|\b(?:gives?|makes?|brings?|earns?|draws?|causes?|triggers?|produces?|publish(?:es)?|puts?|"
    rf"writes?|leads?)\b[^.;]{{1,80}}{LITERAL}"
    # As nouns only without an article: "a message of 80 characters" is an input.
    r"|\b(?=[csemra])(?<!\ba )(?<!\ban )(?<!\bthe )(?<!\beach )(?<!\bof )"
    r"(?:codes?|status|errors?|messages?|response|reply|answer)\b"
)
_MORE_IS_SAID = late(rf"[.”\"]\s+[A-Z{LITERAL}]")
# What stands where an answer should, and is none.
_HOLLOW = late(
    r"[\s–—?-]*(?:(?:is )?not (?:possible|allowed|permitted|ok|valid|supported)|invalid|forbidden|"
    r"error|an error|no|n/a|none|impossible|bad)?[\s.–—?-]*",
    re.IGNORECASE,
)
_BEHIND_MARK = late(r":|->|→|=>|\s[–—-]\s")
_UP_TO_LABEL = late(r"\A\W*(?:\*\*|__)?(?:invalid|not valid)[^:.]*:", re.IGNORECASE)
_CODED = late(r"\b(?:status|http|code|exit)[ :=`]{1,3}\d{1,3}\b", re.IGNORECASE)
_SEPARATOR = late(r"[,:;–—=]|->|→|\s-\s")


def answers(text: str) -> bool:
    """Whether an answer is told: a word for one, or something literal behind a comma or colon."""
    prose = masked(text)
    told = _BEHIND_MARK.split(prose, maxsplit=1)
    if len(told) > 1 and _HOLLOW.fullmatch(told[1]):
        return False
    behind = _SEPARATOR.split(prose, maxsplit=1)
    if (len(behind) > 1 and LITERAL in behind[1]) or tells_an_answer(prose):
        return True
    return len(told) > 1 and len(without_bare_refusal(told[1]).split()) > 1


def tells_an_answer(prose: str) -> bool:
    """Whether prose tells what somebody sees, beside that something is refused."""
    seen = without_bare_refusal(prose)
    return _ANSWER.search(seen.lower()) is not None or _MORE_IS_SAID.search(seen) is not None


def is_filled(cell: Passage) -> bool:
    """Whether a cell says something; that it gets `none` is an answer, beside those of others."""
    return cell.raw.strip("* ").lower() == "none" or not _HOLLOW.fullmatch(cell.raw)


def behind_label(text: str) -> str:
    """What follows `Invalid:`, and no promise of answers to come.

    All of it where the label has the answer: `Invalid, status 400: more than 50 lines`.
    """
    label = _UP_TO_LABEL.match(text)
    return text if label is None or _CODED.search(label[0]) else text[label.end() :]
