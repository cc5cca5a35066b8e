"""What is still to be decided, in the many ways in which people write that."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

from factory.spec.document import SpecDocument
from factory.spec.finding import Finding, finding_in
from factory.spec.language.lexicon import Lexicon
from factory.spec.language.prose import LITERAL, masked
from factory.spec.language.word_list import phrases, word_set
from factory.spec.markdown import Passage
from factory.spec.spoken import BINDING, Spoken
from factory.spec.surroundings import Surroundings

_DECIDED = (
    r"(?:determined|decided|defined|confirmed|announced|agreed|discussed|specified|clarified|"
    r"added|completed|provided|filled(?: in)?|advised|negotiated|finali[sz]ed|worked out|"
    r"figured out|settled|resolved|chosen|fixed|set|named|written|detailed|described|"
    r"estimated|supplied|investigated|checked with \w+|done)"
)


@cache
def _open() -> re.Pattern[str]:
    """Compiled when a sign is met first: most specs show none."""
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
    | \b(?i:not\ (?:been\ |finally\ )?(?:decided|finali[sz]ed))\b
    | \b(?i:not\ yet\ (?:been\ )?(?:determined|confirmed|specified|defined|known|clear|
        decided|agreed|settled|finali[sz]ed|chosen|fixed|written))\b
    | \b(?i:not\ (?:been\ )?(?:determined|confirmed|specified|defined|known|clear)\ yet)\b
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
        (?-i:[Aa]sk\ [A-Z][a-z]+)|
        ask\ (?:the\ )?(?:team|legal|design|marketing|sales|stakeholders?|product|ops|finance|
        support|security|customer|client|owner)\b|to\ follow\b)
    """,
        re.VERBOSE,
    )


# Looked for before the sentence is read closely, which takes long and mostly finds nothing:
# words and phrases that leave something open by themselves,
_PLAIN_SIGNS = word_set(
    """
    tbd tbc tba tbds tbh tbr todo fixme xxx wip t.b.d t.b.c t.b.a undecided unresolved unspecified
    clarify clarification discussion pending awaiting lorem unclear tentative tentatively
    provisional provisionally revisit xx nn ... … details detail x
    """
)
_SIGNS = Lexicon(
    dict.fromkeys(
        phrases(
            """
            to do, for now, for the moment, for the time being, not final, not sure, to follow,
            open question, open questions, open point, open points, open issue, open issues,
            subject to, coming soon, needs a decision, needs deciding, need a decision, needs
            further, need further, needs input, need input, waiting for input, don't know, don’t
            know, do not know, ask the, ask legal, ask sales, ask marketing, ask support, ask
            product, ask finance, ask security, come back to this, more later, more follows, more
            comes, more to come, under discussion, we see, we'll see
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
_WORDS = re.compile(r"[a-z.]+|[?\[<{]")
_MARKS = frozenset(("?", "??", "???", "[", "<", "{"))
# `<name of the field>`: what a template asks to be replaced. HTML has no tag of two words.
_PLACEHOLDER = re.compile(
    r"<[A-Za-z]\w{0,30}[ _-][\w -]{0,60}>|(?<!\$)\{\{ ?[A-Za-z][\w -]{0,60}\}\}"
)
# Elsewhere a question may be the user's own: "It answers one question: did the job run?"
_ASKED_OF_US = re.compile(r"(?:^|[.!?]\s)[^.?!:]{3,300}\?")
_ASKED = re.compile(r"\b[^\W\d_][\w'’]{0,60}[)\"”]?\s?\?(?=\s|$)")


def open_in_front_matter(document: SpecDocument, _: Surroundings) -> Iterator[Finding]:
    """`open-question` in a title, an owner or a product."""
    for key in ("title", "owner", "product"):
        value = document.meta.get(key)
        found = _open().search(value) if isinstance(value, str) and _has_sign(value) else None
        if found:
            line, column = document.front.place((key,))
            yield finding_in(
                document, "open-question", f"{found[0]!r} leaves {key} open", "decide it",
                line=line, column=column,
            )  # fmt: skip


def _has_sign(text: str) -> bool:
    return _shows_a_sign(_WORDS.findall(text.lower()))


_ANY_SIGN = _PLAIN_SIGNS | _MARKS | _SETTLED | _DECIDE | _SIGNS.anchors


def _shows_a_sign(words: list[str]) -> bool:
    if _ANY_SIGN.isdisjoint(words):
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


def open_questions(said: Iterable[Spoken], _: Surroundings) -> Iterator[Finding]:
    """`open-question`: marks, promises to decide later, placeholders, sentences that ask."""
    looked_at: Passage | None = None
    for one in said:
        # A look at the words first: most sentences leave nothing open.
        if one.passage is not looked_at and _shows_a_sign(one.sentence.words):
            looked_at = one.passage
            yield from _in(one.document, one.passage, asked=one.section.name in BINDING)


def _in(document: SpecDocument, passage: Passage, *, asked: bool) -> Iterator[Finding]:
    prose = masked(passage.raw)
    places: dict[int, str] = {}
    for pattern in (_open(), _PLACEHOLDER, _ASKED if asked else _ASKED_OF_US):
        for found in pattern.finditer(prose):
            places.setdefault(found.start(), found[0])
    told: set[int] = set()
    for offset, words in sorted(places.items()):
        line, column = document.place(passage, offset)
        if line in told or LITERAL in words:
            continue  # One finding a line is enough to decide it.
        told.add(line)
        yield finding_in(
            document, "open-question", f"{' '.join(words.split())[:60]!r} leaves something open",
            "decide it, and write what was decided", line=line, column=column,
        )  # fmt: skip
