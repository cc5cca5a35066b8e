"""Answers that say there is nothing to say, and refusals that nobody sees."""

from __future__ import annotations

import re

from factory.spec.language.late import late
from factory.spec.language.prose import LITERAL, masked
from factory.spec.language.word_list import word_set

_CASES = (
    r"(?:(?:known|such|other|further|relevant|real|special|possible|particular|conceivable|"
    r"invalid|wrong|bad|incorrect|edge|corner|border|boundary|exceptional|unusual)\s)+"
    r"(?:cases?|inputs?|entr(?:y|ies)|values?|requests?|data|situations?|exceptions?|ones?)\b"
)
_IS = r"(?:is|are|was|were|can be|will be|should be|seems? to be)"
# Looked for in lower case, at the beginning of an answer.
_NOTHING = late(
    rf"(?:none|nothing|nil|no|-+|not (?:applicable|possible|relevant|any|known))\W*\Z"
    r"|n/a\b"
    r"|(?:none|nothing)(?:\W+(?:that we|which we|we|to speak|to expect|to mention|special|unusual|"
    r"remarkable|noteworthy|notable|surprising|exciting|interesting|particular|"
    r"extraordinary|since|because|as|so far|known|expected|foreseen|in particular|yet|at all|here|"
    r"else|worth|comes to mind|out of)\b|,|;|\.)"
    rf"|there {_IS} (?:none|"
    r"nothing (?:special|unusual|else|more|to|out|here|worth|we|extraordinary)|"
    rf"no(?:t any)? {_CASES}|no (?:exceptions?|edges?)\b)"
    rf"|(?:no|not any) {_CASES}(?!\s(?:has|have|gets?|shows?|changes?|reaches|appears?))"
    r"|(?:nobody|no one|we|i)\b.{0,40}\b(?:think|thought|know|knew|see|expect|find|found|come up|"
    r"came up|imagine|foresee|anticipate|have|had)\b.{0,20}\b(?:any|one|none|no|nothing)\b"
    r"|(?:(?:invalid|wrong|bad|special|other) )?(?:inputs?|edge cases?|cases|requests|values|they|"
    r"it) (?:do not|does not|don't|cannot|can't|can not|never|will not) (?:exist|occur|happen|"
    r"arise|come up|come in|need an(?:y|) answer)"
    r"|no inputs? (?:is|are|can be) (?:invalid|wrong|refused)|(?:all|every|any) inputs? (?:is|are) "
    r"(?:valid|accepted|fine|allowed)"
    r"|(?:those|all|anybody|anyone|everybody|everyone|people|persons)\b[^.;:]{0,60}"
    r"\bwhom (?:it|this) (?:may )?concerns?\W*\Z"
    r"|(?:all|everything|they|these|the edges)\b.{0,20}(?:is|are|was|were) (?:already )?(?:covered|"
    r"handled|described|contained|dealt with)\b"
)
_LABEL = late(
    r"\W*(?:[a-z]\d{1,4}\s*:|(?:invalid|not valid)[^:.]{0,40}:|edge cases?:)?\W*", re.IGNORECASE
)
# Without one of these at its beginning an answer says more, and need not be read closely.
_OPENING = word_set(
    """
    none nothing nil no n/a not there nobody we i all everything they these it every any input those
    anybody anyone everybody everyone people persons
    inputs edge edges invalid bad wrong special other the -
    """
)
# What a refusal is about when nobody knows which input is meant,
_GENERIC = (
    r"(?:(?:invalid|wrong|bad|incorrect|malformed|erroneous|faulty|illegal|improper|broken|other|"
    r"different)\s(?:\w{1,30}\s?){0,3}|(?:everything|anything|all) else\s?|malformed ones?)"
)
_REFUSED = (
    r"(?:refused|rejected|turned (?:down|away)|declined|denied|not (?:accepted|allowed|permitted|"
    r"possible|taken)|handled|dealt with|taken care of|caught|blocked|forbidden|sorted out|"
    r"thrown out|sent back|filtered(?: out)?|unacceptable)"
)
_REFUSES = (
    r"(?:refuses?|rejects?|turns? down|declines?|denies|deny|handles?|catch(?:es)?|blocks?|"
    r"filters?(?: out)?|(?:does|do) not accept|forbids?)"
)
# and what is added to it without telling anything.
_EMPTY_END = (
    r"(?:\s(?:by|in) (?:the |our )?[a-z-]+|\swith an? (?:error|message|error message|warning|"
    r"exception)|\saccordingly|\sproperly|\scorrectly|\sat once|\sas an error)?\W*\Z"
)
_GENERIC_REFUSAL = late(
    rf"(?:all |any |every |each )?{_GENERIC}\b(?:is|are|gets?|will be|must be)\s{_REFUSED}"
    rf"{_EMPTY_END}"
    rf"|(?:all |any |every |each )?{_GENERIC}\b(?:will|does|do|can|may|must)\s(?:\w+ ){{0,3}}?"
    r"not (?:get (?:in|through)|come (?:in|through)|pass|go through|work|enter)\W*\Z"
    rf"|[^.:;]{{2,80}}?\b{_REFUSES}\s(?:all |any |every |each )?{_GENERIC}\W*\Z"
)
_REFUSAL_AT_THE_END = late(
    r"(?:\b(?:is|are|gets?|will be|must be)\s)?\b(?:refused|rejected|turned (?:down|away)|declined|"
    rf"denied|not accepted|unacceptable){_EMPTY_END}",
    re.IGNORECASE,
)


def says_nothing(text: str) -> bool:
    """Whether an item, behind its label, says that there is none: `E1: No edge cases known.`"""
    begins = text.split(None, 2)[:2]
    if begins and begins[0].strip(":,.;*_").lower() not in _OPENING:
        labelled = begins[0].endswith(":") and len(begins) > 1
        if not labelled or begins[1].strip(":,.;*_").lower() not in _OPENING:
            return False
    answer = _LABEL.sub("", masked(text).lower(), count=1)
    return (
        _NOTHING.match(answer) is not None
        and LITERAL not in answer
        and not any(one.isdigit() for one in answer)
    )


def goes_as_ever(text: str) -> bool:
    """Whether an edge case tells no case, and that all goes as elsewhere.

    `At the bounds it does what the rules say.`
    """
    if len(text) > _LONGEST_AS_EVER or any(mark in text for mark in '`"“'):
        return False
    said = _REFERENCE.sub("", text)
    return (
        _DIGIT.search(said) is None
        and _AT_THE_EDGE.search(said) is not None
        and _AS_EVER.search(said) is not None
    )


_LONGEST_AS_EVER = 300
_REFERENCE = late(r"[REC](?<=\b[REC])\d{1,3}\b")
_DIGIT = late(r"\d")
_AT_THE_EDGE = late(
    r"\b(?:limits?|borders?|bounds?|edges|extremes|margins|special|unusual|exceptional|odd|"
    r"out[- ]of[- ]the[- ](?:ordinary|common))\b",
    re.IGNORECASE,
)
_AS_EVER = late(
    r"\b(?:(?:does|do) what|keeps? to what|as (?:said|laid down|described|ever|usual|always)|"
    r"same (?:treatment|way)|(?:as|with) the rules|lay down|out of the ordinary happens)\b",
    re.IGNORECASE,
)
_WORD = late(r"[^\W_]+(?:['’.-][^\W_]+)*")
_MARKUP = late(r"<[^<>]{0,80}>|&#?\w{1,10};")
_FIRST_WITHOUT_SPACES = "\u0e00"  # Thai, and the scripts of the Far East: a sentence is one word.
_LONGEST_NONE = 60
# What stands for a whole requirement, and is none.
_NO_REQUIREMENT = late(
    r"\W*(?:(?:there (?:is|are)|we have) )?(?:none|nothing|nil|n/a|no|no (?:(?:further|other|more|"
    r"special|additional|such) )*(?:rules?|requirements?|constraints?|limits?|limitations?|"
    r"restrictions?|edge cases?|cases?)|not (?:applicable|relevant|needed|required|any|known|used)|"
    r"(?:does|do) not apply)"
    r"(?: (?:so far|known|yet|at all|needed|required|here|else|special|apply|applies|exist|"
    r"in particular|in general|at present|at the moment|at this time|for now|for this|to this|"
    r"to say|to add|today|now|either)){0,2}\W*"
    r"|\W*(?:see|as|like|same(?: as)?|cf\.?|refer to) (?:\w{1,15} ){0,2}(?:above|below|before|"
    r"elsewhere|earlier|previous|previously|[rec]\d{1,3})\W*"
    r"|\W*to (?:come|follow)\W*"
)
_NONE_SIGNS = word_set(
    """
    none nothing nil n/a no not see as like same cf refer to there we does do
    """
)


def is_no_requirement(text: str) -> bool:
    """Whether what stands behind a number says nothing at all: `-`, `..`, `n/a`, `None so far.`"""
    if len(text) > _LONGEST_NONE:
        return False
    said = _MARKUP.sub(" ", text) if "<" in text or "&" in text else text
    words = said.split()
    if len(words) > 2 and words[0].lower().strip("*_(") not in _NONE_SIGNS:
        return False
    if not any(map(str.isalnum, said)):
        return True
    return _NO_REQUIREMENT.fullmatch(said.lower().replace("*", "")) is not None


def is_one_word(text: str) -> bool:
    """Whether a requirement is one word, or a bare number, and no literal: `Reserved.`"""
    if len(text) > _LONGEST_NONE or "`" in text:
        return False
    return len(_WORD.findall(text)) == 1 and max(text) < _FIRST_WITHOUT_SPACES


def refuses_in_general(text: str) -> bool:
    """Whether all it says is that what is wrong is refused: neither what, nor what one sees."""
    answer = _LABEL.sub("", masked(text).lower(), count=1)
    if _GENERIC_REFUSAL.match(answer) is not None:
        return True
    shows = any(sign in answer for sign in _SIGNS_OF_GENERALITY)
    return shows and _GENERALITY.match(answer) is not None


_SIGNS_OF_GENERALITY = (" lead", " result", " cause", " trigger", " raise", " not ", "what is ")


# `Invalid data leads to an error`, `all that it does not allow`; few answers show a sign.
_GENERALITY = late(
    rf"(?:all |any |every |each )?{_GENERIC}\b(?:leads?|results?|causes?|triggers?|raises?)\s"
    r"(?:(?:to|in)\s)?(?:an?|the)\s(?:\w{1,20}\s)?(?:errors?|messages?|error messages?|"
    r"warnings?|rejections?|refusals?|exceptions?)\W*\Z"
    r"|(?:all|everything|anything|whatever)(?: that| which)? (?:\w{1,20} ){1,4}(?:does not|"
    r"doesn't|do not|cannot) (?:allow|accept|permit|take|let through|like|understand)\W*\Z"
    r"|[^.:;]{2,60}\bwhat is (?:wrong|invalid|not valid|not allowed)\W*\Z"
)


def without_bare_refusal(prose: str) -> str:
    """An answer without `is refused` at its end, which nobody sees."""
    end = prose[-_LONGEST_END:].lower()
    if not any(one in end for one in _REFUSALS):
        return prose
    return prose[:-_LONGEST_END] + _REFUSAL_AT_THE_END.sub("", prose[-_LONGEST_END:])


_LONGEST_END = 120
_REFUSALS = ("refused", "rejected", "turned ", "declined", "denied", "accept")
