"""What is still to be decided, in the many ways in which people write that."""

from __future__ import annotations

import re

from factory.spec.language.late import late
from factory.spec.language.lexicon import Lexicon
from factory.spec.language.prose import Sentence
from factory.spec.language.word_list import phrases, word_set

_DECIDED = (
    r"(?:determined|found out|looked into|decided|defined|confirmed|announced|agreed|"
    r"discussed|specified|clarified|"
    r"added|completed|provided|filled(?: in)?|advised|negotiated|finali[sz]ed|worked out|"
    r"figured out|settled|resolved|chosen|fixed|set|named|written|detailed|described|"
    r"estimated|supplied|investigated|checked with \w+|done)"
).replace(" ", r"\ ")  # Within a verbose pattern.

_KNOWN = (
    r"(?:determined|confirmed|specified|defined|known|clear|decided|agreed|settled|finali[sz]ed|"
    r"chosen|fixed|written|named|found)"
)


# All of it begins with a word, or with one of these marks: within words nothing need be tried.
UNDECIDED = late(
    rf"""
    (?:\b(?=\w)|(?=[\[(?.…]))(?:
    \b(?:TBD|TBC|TBA|TBDs|TBH|TBR|TO\ DO|TODO|FIXME|XXX|WIP|T\.B\.[ADC]\.?|tbd|tbc|tba|todo|fixme)\b
    | \[[a-z]{{3,}}(?:\ [a-z]+){{0,3}}\](?![(\[:]) | \(\?\) | \[\?\] | \b(?:XX+|NN|xx+)\b
    | \[(?:Describe|Insert|List|Explain|Add|Name|State|Write|Give|Tell|Define|Specify|Replace|Enter|
        Fill|Put|Say|Note|What|Who|Which|How|When|Where|Why|Your)\ [^\]\n]{{3,200}}\](?![(\[:])
    | \[[^\]\n]{{0,80}}\bgoes?\ here\b[^\]\n]{{0,200}}\](?!\()
    | (?:\.\.\.|…)\s*\Z | \?{{2,}} | …\s*\?
    | \bX\ (?:seconds|minutes|hours|days|weeks|months|years|characters|MB|percent|items)\b
    | (?i:\[\s*(?:needs?\ clarification|clarify|tbd|todo|open|insert|fill|placeholder|your|xx+|
        to\ be|value|number|date|name|amount|n)\b[^\]]{{0,200}}\](?!\())
    | \b(?i:to\ be\ {_DECIDED})\b
    | \b(?i:(?:is|are|gets?)\ (?:decided|defined|specified|determined|chosen)\ (?:later|soon))\b
    | \b(?i:(?:yet|still|remains?|left|needs?|has|have)\ to\ be\ \w+(?:ed|en|n)\b)
    | \b(?i:(?:has|have)\ yet\ to\b)
    | \b(?i:not\ (?:been\ |finally\ )?(?:decided|finali[sz]ed))\b
    | \b[A-Z][a-z]+\ to\ (?:decide|confirm|clarify|choose|say)(?=\W*\Z|[.;,)])
    | \bwaiting\ for\ [A-Z]\w+['’]s\ (?:answer|reply|decision|feedback|input|word|okay)\b
    | (?:One|Two)\ (?:short\ )?(?:sentences?|paragraphs?)\ (?:on|about)\b
    | \((?:[A-Z]\w+|[Ww]e|I|the\ \w+)\ (?:still\ |will\ |has\ to\ |have\ to\ )?
      (?:decides?|knows|chooses?|clarif(?:y|ies)|asks|picks)\)
    | \b(?i:not\ yet\ (?:been\ )?{_KNOWN}|not\ (?:been\ )?{_KNOWN}\ yet)\b
    | \b(?i:will\ be\ {_DECIDED}\ (?:later|soon|in|during|at|by|once|when|with|after|together))
    | \b(?i:(?:decide|define|clarify|discuss|specify|confirm|agree|check|work\ out|figure\ out)\ 
        (?:this\ |that\ |it\ |these\ |on\ this\ |about\ this\ )?
        (?:later|with\ (?:the\ )?(?:team|legal|design|marketing|sales|stakeholders?|product|ops|
        finance|support|security|customer|client|owner)))\b
    | \b(?i:(?<!\ban\ )(?<!\bthe\ )(?<!\bno\ )(?<!\beach\ )(?<!\bevery\ )(?<!\bany\ )
        (?:undecided|unresolved|unspecified)\b|
        (?<!\ban\ )(?<!\bthe\ )(?<!\beach\ )(?<!\bevery\ )(?<!\bno\ )(?<!\d\ )
        open\ (?:question|point|issue)s?|
        (?:is|remains|stays)\ (?:still\ )?an\ open\ (?:question|point|issue)|
        clears?\ (?:this|that|it)\ up\ with|
        depends\ on\ what\ (?:the\ )?\w+\ (?:says?|decides?|wants?|thinks?)|
        needs?\ (?:clarification|discussion|a\ decision|deciding|further\ (?:analysis|discussion|
        investigation|thought))|(?:pending|awaiting|subject\ to)\ (?:a\ |the\ |further\ |final\ )?
        (?:decision|clarification|confirmation|discussion|input|approval\ (?:by|of|from)\ \w+|
        review|feedback|analysis)|
        details?\ (?:to\ follow|later|follow|pending|missing|still\ open)|more\ details?\ later|
        coming\ soon|lorem\ ipsum|for\ now|
        (?:we|I)\ (?:still\ |will\ |must\ |need\ to\ |
        have\ to\ |should\ )+(?:decide|clarify|discuss|define|ask|check|find\ out|think|agree)|
        not\ sure|under\ discussion|not\ final\b|
        being\ (?:discussed|clarified|decided|negotiated)(?!\ by\b)|
        tentative(?:ly)?|provisional(?:ly)?|for\ the\ (?:moment|time\ being)|revisit|
        (?:needs?|need|waiting\ for)\ input|come\ back\ to\ this|
        (?:remains|still|yet)\ to\ be\ seen|we(?:'ll|\ will)\ see|
        details?\ (?:will\ )?(?:come|comes|follows?)|don['’]t\ know|
        (?<!one\ )more\ (?:will\ |to\ )?(?:come|comes|follows?)
        (?=\W*\Z|[.;,)]|\ (?:later|soon))|
        do\ not\ know\ yet|unclear\ (?:whether|if|how|what|who|which)|
        (?-i:(?:\A|(?<=[:;(,.–—]\ )|(?<=\())[Aa]sk\ [A-Z][a-z]+)|
        (?<!has\ to\ )(?<!need\ to\ )(?<!having\ to\ )
        (?<!\band\ )
        ask\ (?:the\ )?(?:team|legal|design|marketing|sales|stakeholders?|product|ops|finance|
        support|security|customer|client|owner)\b|
        (?<!wants\ )(?<!want\ )(?<!have\ )to\ follow(?=\W*\Z|[.;,)]|\ (?:soon|later|from|by)\b)))
    """,
    re.VERBOSE,
)
"""What leaves something open."""
IN_DOUBT = frozenset(
    phrases(
        """
        undecided, unresolved, unspecified, for now, for the moment, for the time being, open point,
        open points, open issue, open issues, under discussion, tentative, tentatively, provisional,
        provisionally, revisit, not sure, not final, xxx, xx, nn, not settled yet, not yet clear,
        unknown yet, as yet unknown, not known at, currently unclear, remains unclear, unless we,
        until we, once we, if we, as soon as we, whoever else
        """
    )
)
"""Of these each may be what the product is about: `Shows the oldest undecided request`."""


# What leaves something open by its words alone.
LEFT_OPEN = Lexicon(
    dict.fromkeys(
        phrases(
            """
            wording follows, texts follow, rest follows, the rest is to come, details in a later, in
            a later version of this, we need to talk, must talk about, have to talk about, need to
            talk about, up for debate, up for discussion, open for discussion, open to debate, open
            to discussion, still in the air, up in the air, in limbo, under consideration by us,
            might still change, we will fill in, will fill in later, fill in later, fill this in,
            awaiting word, awaiting news, waiting for word, owe it to us, owes it to us, knows the
            details, know the details, knows more about this, to my knowledge, off the top of my
            head, finger in the air, guesstimate, educated guess, rule of thumb, for want of a
            better, lack of a better, whichever we choose, whatever we choose, whichever the team,
            whatever the team, we did not decide, needs to be checked with, to be checked with,
            double check with, double-check with, check back with, check again with, worked out
            later, figure out later, decide later on, still to define, still to decide, still to
            clarify, as yet unknown, unknown yet, not known at, currently unclear, not yet clear,
            remains unclear, leave it open, dummy value, dummy number, dummy text, sample value for
            now, insert here, ballpark figure, this may still change, this might still change, we
            will add, we shall add, we will provide, we will supply, we add later, see ticket, see
            issue, somebody has to decide, someone has to decide, someone must decide, number still
            missing, but that may change, remains to be seen, this still needs a number, this still
            needs a value, to be aligned with, is an open matter, or something like it, needs a
            proper number, still want to, still wants to, before we go live, turns out well,
            whichever comes out, still has to find out, still have to find out, still has to ask,
            still has to check with, still has to decide, still have to decide, still discussing,
            still debating, still negotiating, still arguing about, still thinking about, still
            working on this, still looking into, still with the, let us know, lets us know, we
            expect it in, we expect it by, will propose something, will suggest something, will come
            up with, will think of something, shall propose, propose something, collect the edge
            cases, described elsewhere, defined elsewhere, explained elsewhere, documented
            elsewhere, listed elsewhere, laid down elsewhere, specified elsewhere, regulated
            elsewhere, still differ about, still differ on, still disagree, subject to what, not
            settled between, not settled yet, whichever suits, whatever suits, whichever fits,
            whichever is easier, whichever is simpler, whichever is cheaper, whichever is quicker,
            see slack, and will say, and will tell us, and will then say, will know more, ( which
            one :, whoever else
            """
        ),
        True,
    )
)
_TO_DECIDE = word_set("decide discuss clarify define check confirm specify agree determine settle")


def left_open(sentence: Sentence) -> tuple[int, int] | None:
    """(first word, one past the last) of what leaves something open by its words alone."""
    words = sentence.words
    if not LEFT_OPEN.anchors.isdisjoint(words):
        for first, end, _ in LEFT_OPEN.find(sentence):
            ends = words[end - 1] != "follows" or words[end : end + 1] in _AT_THE_END
            if ends and words[first - 1 : first] not in _OF_THE_MATTER:
                return first, end
    if words[0] not in BEGINS_A_QUESTION and _TO_DECIDE.isdisjoint(words[-4:]):
        return None
    bare = [word for word in words if word not in _MARKS_AT_ENDS]
    # `Guests: to decide.`
    if bare and bare[-1] in _TO_DECIDE and bare[-2:-1] == ["to"] and len(bare) < _SHORT:
        at = words.index(bare[-1])
        return at - 1, at + 1
    open_still = bare[-1:] == ["open"] and "still" in words
    if (words[0] in _ASKING and open_still) or _is_of_a_question(words):
        return 0, len(words)
    return None


def _is_of_a_question(words: list[str]) -> bool:
    """Whether a sentence begins with what is asked: `Whether holidays count is with the board.`

    `Whether it rains or not, the pump stops at 06:00` leaves nothing open.
    """
    asks = words[0] in _ASKING_WHICH or (words[0] in _OF_WHICH and words[1:2] == ["which"])
    if not asks or words[-1] != "." or len(words) < _FEWEST_OF_A_QUESTION:
        return False
    return not (words[0] in ("whether", "how") and _HOLDS_ANYHOW.search(" ".join(words)))


_OF_WHICH = frozenset(("in", "by", "on", "for", "with", "from", "at", "to", "of"))
_FEWEST_OF_A_QUESTION = 7
_HOLDS_ANYHOW = late(r"(?:whether|however|how)\b.{1,120} , (?:the|a|an|each|every|it|they|nobody) ")


_AT_THE_END: tuple[list[str], ...] = ([], ["."], [")"], [";"], ["later"], ["soon"])
_MARKS_AT_ENDS = frozenset((".", ")", "(", ";"))
_SHORT = 6
_ASKING_WHICH = frozenset(("whether", "which", "how"))
_ASKING = _ASKING_WHICH | {"what"}
BEGINS_A_QUESTION = _ASKING | _OF_WHICH
"""A sentence that begins with another word does not begin with what is asked."""
_OF_THE_MATTER = (["that"], ["which"], ["who"], ["if"], ["when"], ["while"], ["until"], ["a"])

# Looked for before the sentence is read closely, which takes long and mostly finds nothing:
# words, marks and phrases that leave something open by themselves,
_PLAIN_SIGNS = word_set(
    """
    tbd tbc tba tbds tbh tbr todo fixme xxx wip t.b.d t.b.c t.b.a undecided unresolved unspecified
    clarify clarification discussion pending awaiting lorem unclear tentative tentatively
    provisional provisionally revisit xx nn ... … details detail x ask decides waiting
    ? ?? ??? [ < {
    """
)
_SIGNS = Lexicon(
    dict.fromkeys(
        phrases(
            """
            to decide, to confirm, to clarify, clears this up, clears that up, clears it up, depends
            on what, to do, for now, for the moment, for the time being, not final, not sure, to
            follow, open question, open questions, open point, open points, open issue, open issues,
            subject to, coming soon, needs a decision, needs deciding, need a decision, needs
            further, need further, has yet to, have yet to, needs input, need input, waiting for
            input, don't know, don’t know, do not know, ask the, ask legal, ask sales, ask
            marketing, ask support, ask product, ask finance, ask security, come back to this, more
            later, sentence on, sentence about, sentences on, sentences about, paragraph on,
            paragraph about, more follows, more comes, more to come, under discussion, we see,
            we'll see
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
    resolved found looked
    chosen fixed set named written detailed described estimated supplied investigated
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
ANY_SIGN = _PLAIN_SIGNS | _SETTLED | _DECIDE | _SIGNS.anchors


def shows_undecided(words: list[str]) -> bool:
    """Whether it is worth to look for what UNDECIDED finds in a sentence of these words."""
    said = ANY_SIGN.intersection(words)
    if not said:
        return False
    if not _PLAIN_SIGNS.isdisjoint(said):
        return True
    if not _SETTLED.isdisjoint(said) and (
        not _PUT_OFF.isdisjoint(words) or _holds(words, "to", "be")
    ):
        return True
    if not _DECIDE.isdisjoint(said) and not _WHO_HAS_TO.isdisjoint(words):
        return True
    return _SIGNS.in_words(words)


def _holds(words: list[str], first: str, second: str) -> bool:
    return any(words[at - 1] == first for at, word in enumerate(words) if word == second and at)
