"""What somebody will still tell, what the author only guesses, and places left for numbers."""

from __future__ import annotations

import re

from factory.spec.language.late import late
from factory.spec.language.word_list import word_set

_GIVE = r"(?:send|give|tell|provide|deliver|supply|name|let|show|hand|mail|write|get\ back\ to)"
_GIVEN = r"(?:told|sent|given|promised|named|shown|answered)"
_DECIDE = (
    r"(?:tell|name|choose|decide|define|pick|settle|fix|specify|clarify|determine|work\ out|"
    r"provide|come\ up\ with|agree)"
)
_DEPARTMENTS = (
    r"(?:legal|marketing|sales|finance|controlling|procurement|purchasing|compliance|management|"
    r"product|design|engineering|operations|ops|hr|security|support|the\ board|the\ lawyers?|"
    r"the\ designers?|the\ stakeholders?|the\ product\ owner|the\ po|the\ team)"
)
_UNITS = (
    r"(?:%|percent|EUR|USD|GBP|CHF|€|\$|£|euros?|dollars?|ms|milliseconds|seconds|minutes|hours|days|"
    r"weeks|months|years|characters|[kKMG]i?B|items|times|users|requests|pixels|px|[cmk]?m|kg|°C)"
)
_MATTERS = r"(?:bound|limit|wording|format|threshold|choice|decision|colour|exact\ \w{1,20})"


# All of it begins with a word or a currency: within words nothing need be tried.
PROMISED = late(
    rf"""
    (?:\b(?=\w)|(?=[€$£]))(?:
    (?i:\b(?:will|shall|must|should|can|could|is|are|has|have|going|about|due|promised|owes?)\b
        [^.;:]{{0,40}}?\b{_GIVE}\ us\b
    | \b(?:has|have)\ (?:not\ )?(?:yet\ )?{_GIVEN}\ us\b | \bowes?\ us\b
    | \b{_DEPARTMENTS}\ (?:department\ |people\ )?(?:(?:is|are)\ going\ to|will|has\ yet\ to|
        still\ (?:has|have|needs?)\ to|must\ still|has\ to|have\ to|needs?\ to)\ (?:still\ )?
        {_DECIDE}\b
    | \b{_DEPARTMENTS}\ (?:decides|chooses|picks|defines)\ (?:later|soon|which|what|how|on\ this)
    | \bwe\ (?:are\ |still\ )*(?:(?:waiting|wait)\ (?:for|on)|await(?:ing)?)\b
    | \b(?:is|are)\ up\ to\ (?:the\ )?(?:product\ owner|po|developers?|builder|agent|team|
        implementers?|implementation|legal|marketing|sales|finance|design|management|board)\b
    | \bcomes?\ from\ (?:\w+\ ){{1,3}}(?:later|soon|next\ week)\b
    | \b(?:may|might|could|can|will)\ (?:still|yet)\ (?:change|be\ changed)\b
        (?=\W*(?:\Z|[.;,)]|until\b|before\b|later\b))
    | \b(?:may|might|could|will)\ (?:change|be\ changed)\ later\b | \bsubject\ to\ change\b
    | \b(?:is|are)\ (?:(?:only|just|still|so\ far)\ )?(?:a|an|my|our)\ (?:first\ |rough\ |wild\ )?
        (?:guess|placeholder|assumption)(?=\W*(?:\Z|[.;,)]|for\b|until\b))
    | \b(?:is|are)\ (?:only\ |just\ |still\ )?a\ (?:first|rough|early)\ (?:draft|estimate|idea)\b
    | \b(?:is|are)\ missing\ (?:here|so\ far|for\ now)\b | \bstill\ missing\ (?:here|in\ this)\b
    | \b(?:i|we)\ (?:think|guess|believe|suppose|assume|reckon)\b
    | \b(?:my|our)\ (?:best\ )?(?:guess|assumption)\b
    | (?:\A|(?<=[:;(,.–—]\ )|(?<=\())see\ (?:the\ |my\ |our\ )?
        (?:e-?mail|mail|notes?|minutes|chat|thread|ticket)\b
    | (?<!,\ )\bwhatever\ (?:the\ )?(?![RECrec]\d)\w{{1,20}}\ 
        (?:decides?|says?|wants?|agrees?|likes?)\b
    | \bas\ far\ as\ (?:i|we)\ know\b | \bto\ our\ knowledge\b | \bno\ idea\b(?!\ of\b) | \bunsure\b
    | \b{_MATTERS}\ (?:is|are|stays?|remains?)\ (?:still\ |left\ |kept\ )?open
        (?=\W*(?:\Z|[.;,]))
    )
    | (?<![\w.])(?:[XN]{{1,3}}[.,][XNxn]{{1,3}}|\d{{1,6}}[.,](?:xx+|XX+|NN+)|x[.,]xx)(?![\w.])
    | (?<![\w.])[XN]\ ?{_UNITS}(?!\w) | [€$£]\ ?[XN]\b
    | (?<![\w_])_{{2,9}}(?![\w_]))
    """,
    re.VERBOSE,
)
"""What somebody will still tell, what is guessed, and places left for numbers."""


# Looked for first, in lower case:
_NUMBERS = frozenset(
    ("x", "n", "x.xx", "xx.xx", "x.x", "n.nn", "nn.nn", "n.n", "xx", "nn", "xxx", "nnn")
)
_GUESSES = word_set("guess placeholder assumption")
_WHO = word_set(
    """
    legal marketing sales finance controlling procurement purchasing compliance management product
    design engineering operations ops hr security support board lawyer lawyers designer designers
    stakeholder stakeholders owner po team developer developers builder agent implementer
    implementers implementation
    """
)
_WHAT_THEY_DO = word_set(
    """
    tell name choose decide define pick settle fix specify clarify determine out provide up agree
    decides chooses picks defines
    """
)
_SPEAKS = word_set("i we my our us")
_SPOKEN = word_set(
    """
    think guess believe suppose assume reckon know knowledge waiting await awaiting wait assumption
    send give tell provide deliver supply name let show hand mail write back told sent given
    promised named shown answered owes owe
    """
)
# Words that mean something beside one of others only.
_TOGETHER = (
    (word_set("draft estimate idea"), word_set("rough first early no")),
    (_GUESSES, word_set("is are my our")),
    (word_set("see"), word_set("mail email e-mail notes note minutes chat thread ticket")),
    (word_set("whatever"), word_set("decides decide says wants agrees likes")),
    (word_set("missing"), word_set("here far now")),
    (word_set("later soon"), word_set("comes come")),
    (word_set("change changed"), word_set("still yet later subject")),
    (
        word_set("open"),
        word_set("bound limit wording format threshold choice decision colour exact"),
    ),
    (_SPEAKS, _SPOKEN),
    (_WHO, _WHAT_THEY_DO),
)
_ALONE = _NUMBERS | {"unsure"}


def _beside() -> dict[str, frozenset[str]]:
    """Each word with those beside which it means something."""
    found = {one: frozenset((one,)) for one in _ALONE}
    for ones, others in _TOGETHER:
        found |= {one: found.get(one, frozenset()) | others for one in ones}
    return found


_BESIDE = _beside()
ANY_PROMISE = frozenset(_BESIDE)


def shows_a_promise(words: list[str]) -> bool:
    """Whether it is worth to look for what PROMISED finds in a sentence of these words."""
    said = ANY_PROMISE.intersection(words)
    return bool(said) and any(not _BESIDE[one].isdisjoint(words) for one in said)
