"""What is still to be decided, in the many ways in which people write that."""

from __future__ import annotations

import re
from functools import cache

from factory.spec.language.lexicon import Lexicon
from factory.spec.language.word_list import phrases, word_set

_DECIDED = (
    r"(?:determined|decided|defined|confirmed|announced|agreed|discussed|specified|clarified|"
    r"added|completed|provided|filled(?: in)?|advised|negotiated|finali[sz]ed|worked out|"
    r"figured out|settled|resolved|chosen|fixed|set|named|written|detailed|described|"
    r"estimated|supplied|investigated|checked with \w+|done)"
)

_KNOWN = (
    r"(?:determined|confirmed|specified|defined|known|clear|decided|agreed|settled|finali[sz]ed|"
    r"chosen|fixed|written|named|found)"
)


@cache
def undecided() -> re.Pattern[str]:
    """What leaves something open; compiled when a sign is met first: most specs show none."""
    return re.compile(
        rf"""
    \b(?:TBD|TBC|TBA|TBDs|TBH|TBR|TO\ DO|TODO|FIXME|XXX|WIP|T\.B\.[ADC]\.?|tbd|tbc|tba|todo|fixme)\b
    | \[[a-z]{{3,}}(?:\ [a-z]+){{0,3}}\](?![(\[:]) | \(\?\) | \[\?\] | \b(?:XX+|NN)\b
    | (?:\.\.\.|…)\s*\Z | \?{{2,}} | …\s*\?
    | \bX\ (?:seconds|minutes|hours|days|weeks|months|years|characters|MB|percent|items)\b
    | (?i:\[\s*(?:needs?\ clarification|clarify|tbd|todo|open|insert|fill|placeholder|your|xx+|
        to\ be|value|number|date|name|amount|n)\b[^\]]{{0,200}}\](?!\())
    | \b(?i:to\ be\ {_DECIDED})\b
    | \b(?i:(?:is|are|gets?)\ (?:decided|defined|specified|determined|chosen)\ (?:later|soon))\b
    | \b(?i:(?:yet|still|remains?|left|needs?|has|have)\ to\ be\ \w+(?:ed|en|n)\b)
    | \b(?i:(?:has|have)\ yet\ to\b)
    | \b(?i:not\ (?:been\ |finally\ )?(?:decided|finali[sz]ed))\b
    | \b(?i:not\ yet\ (?:been\ )?{_KNOWN}|not\ (?:been\ )?{_KNOWN}\ yet)\b
    | \b(?i:will\ be\ {_DECIDED}\ (?:later|soon|in|during|at|by|once|when|with|after|together))
    | \b(?i:(?:decide|define|clarify|discuss|specify|confirm|agree|check|work\ out|figure\ out)\ 
        (?:this\ |that\ |it\ |these\ |on\ this\ |about\ this\ )?
        (?:later|with\ (?:the\ )?(?:team|legal|design|marketing|sales|stakeholders?|product|ops|
        finance|support|security|customer|client|owner)))\b
    | \b(?i:undecided|unresolved|unspecified|open\ (?:question|point|issue)s?|
        needs?\ (?:clarification|discussion|a\ decision|deciding|further\ (?:analysis|discussion|
        investigation|thought))|(?:pending|awaiting|subject\ to)\ (?:a\ |the\ |further\ |final\ )?
        (?:decision|clarification|confirmation|discussion|input|approval\ (?:by|of|from)\ \w+|
        review|feedback|analysis)|
        details?\ (?:to\ follow|later|follow|pending|missing|still\ open)|more\ details?\ later|
        coming\ soon|lorem\ ipsum|for\ now|
        (?:we|I)\ (?:still\ |will\ |must\ |need\ to\ |
        have\ to\ |should\ )+(?:decide|clarify|discuss|define|ask|check|find\ out|think|agree)|
        not\ sure|under\ discussion|being\ (?:discussed|clarified|decided|negotiated)|not\ final\b|
        tentative(?:ly)?|provisional(?:ly)?|for\ the\ (?:moment|time\ being)|revisit|
        (?:needs?|need|waiting\ for)\ input|come\ back\ to\ this|to\ be\ seen|we(?:'ll|\ will)\ see|
        (?:details?|more)\ (?:will\ )?(?:come|comes|follows?)|don['’]t\ know|
        do\ not\ know\ yet|unclear\ (?:whether|if|how|what|who|which)|
        (?-i:(?:\A|(?<=[:;(,.–—]\ )|(?<=\())[Aa]sk\ [A-Z][a-z]+)|
        ask\ (?:the\ )?(?:team|legal|design|marketing|sales|stakeholders?|product|ops|finance|
        support|security|customer|client|owner)\b|
        (?<!wants\ )(?<!want\ )(?<!have\ )to\ follow(?=\W*\Z|[.;,)]|\ (?:soon|later|from|by)\b))
    """,
        re.VERBOSE,
    )


# Looked for before the sentence is read closely, which takes long and mostly finds nothing:
# words and phrases that leave something open by themselves,
_PLAIN_SIGNS = word_set(
    """
    tbd tbc tba tbds tbh tbr todo fixme xxx wip t.b.d t.b.c t.b.a undecided unresolved unspecified
    clarify clarification discussion pending awaiting lorem unclear tentative tentatively
    provisional provisionally revisit xx nn ... … details detail x ask
    """
)
_SIGNS = Lexicon(
    dict.fromkeys(
        phrases(
            """
            to do, for now, for the moment, for the time being, not final, not sure, to follow, open
            question, open questions, open point, open points, open issue, open issues, subject to,
            coming soon, needs a decision, needs deciding, need a decision, needs further, need
            further, has yet to, have yet to, needs input, need input, waiting for input, don't
            know, don’t know, do not know, ask the, ask legal, ask sales, ask marketing, ask
            support, ask product, ask finance, ask security, come back to this, more later, more
            follows, more comes, more to come, under discussion, we see, we'll see
            """
        ),
        True,
    )
)
# participles of deciding, beside a word that puts off,
_SETTLED = word_set(
    """
    determined decided defined confirmed announced agreed discussed specified clarified added
    completed provided filled advised negotiated finalised finalized worked figured settled
    resolved chosen fixed set named written detailed described estimated supplied investigated
    checked done known clear seen
    """
)
_PUT_OFF = word_set("yet still been being later soon not remains remain left")
# and verbs of deciding, beside those who have to.
_DECIDE = word_set(
    """
    decide define clarify discuss specify confirm agree check work figure ask find think know
    """
)
_WHO_HAS_TO = word_set("we i later with")
_MARKS = frozenset(("?", "??", "???", "[", "<", "{"))
ANY_SIGN = _PLAIN_SIGNS | _MARKS | _SETTLED | _DECIDE | _SIGNS.anchors


def shows_undecided(words: list[str]) -> bool:
    """Whether it is worth to look for what `undecided` finds in a sentence of these words."""
    if ANY_SIGN.isdisjoint(words):
        return False
    if not _PLAIN_SIGNS.isdisjoint(words) or not _MARKS.isdisjoint(words):
        return True
    if not _SETTLED.isdisjoint(words) and (
        not _PUT_OFF.isdisjoint(words) or _holds(words, "to", "be")
    ):
        return True
    if not _DECIDE.isdisjoint(words) and not _WHO_HAS_TO.isdisjoint(words):
        return True
    return _SIGNS.in_words(words)


def _holds(words: list[str], first: str, second: str) -> bool:
    return any(words[at - 1] == first for at, word in enumerate(words) if word == second and at)
