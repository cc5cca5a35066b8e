"""Answers that stand elsewhere: in a drawing, a meeting, the old program or somebody's head."""

from __future__ import annotations

from factory.spec.language.late import late
from factory.spec.language.prose import LITERAL, masked
from factory.spec.language.word_list import word_set

LONGEST_POINTER_WORDS = 18
_DIGITS = frozenset("0123456789")
# "See the wiki" answers where neither the gate nor the agent reads,
_POINTER = late(r"\W*(?:see|as in|(?:the )?same as|like in|refer to|cf|as described)\b")
# "As on the drawing that Petra sent": where nobody looks for an answer,
_SOMEWHERE = late(
    r"\b(?:see|as|like|according to|per|same|exactly|similar|from|on|in|follows?|matches|equals|"
    r"resembles|corresponds to|conforms to|looks)\b[^.;:]{0,30}?\b(?:mock-?ups?|sketch(?:es)?|"
    r"drawings?|slides?|slide deck|deck|wireframes?|figma|miro|confluence|sharepoint|notion|"
    r"screenshots?|attachments?|annex|appendix|meeting|workshop|call|talks?|conversation|"
    r"discussion|e-?mail|mail|chat|ticket|"
    r"jira|wiki|prototype|design|designs|style guide|whiteboard|flip ?chart|protocol|minutes|"
    r"concept|contract|offer|old (?:system|page|app|program|version|tool)|"
    r"(?:present|current|existing) (?:system|page|app|program|version|tool|one))\b"
)
_OPENS = late(
    r"\W*(?:the (?:\w+ ){0,2}(?:screen|page|layout|look|format|output|result|form|view|design)s? "
    r"(?:is |are |looks? |follows? |from |on |in |as )|outputs? |(?:looks?|exactly|just|much) |"
    r"like |as |same |the same |similar |according |per |see |what |all |everything |from )"
)
_AS_EVER = late(
    r"\W*(?:(?:\w+ ){1,4}?(?:is|are|looks?|works?|appears?|comes?) (?:\w+ )?)?"
    r"(?:the |exactly the |in the |in exactly the )?same\b[^.;:]{0,40}\bas "
    r"(?:now|today|before|always|ever|"
    r"everywhere(?: else)?|elsewhere|usual|currently|so far|until now|in the past|hitherto)\W*\Z"
)
# "What the handset asked for": whoever builds it knows no more than before.
_AS_WANTED = late(
    r"\W*(?:(?:exactly |just |something )?what|something(?: that)?|whatever|"
    r"that which|all(?: the \w+)?|everything|the (?:things?|data|information)"
    r"(?: that| which)?)\s"
    r"(?:[^\W\d_]{1,30}[\s'’]){1,6}?"
    r"(?:(?:ask|look|search|hop|wish)\w* for|want\w*|need\w*|present\w*|describ\w*|"
    r"promis\w*|agree\w*|said|expect\w*|request\w*|order\w*|"
    r"(?:is|are) used to|can (?:work|live|do something) with|(?:is|are) interested in|"
    r"would (?:think|like|wish|imagine|guess)|"
    r"(?:normally|usually|typically) \w+|makes? sense|imagin\w+)"
    r"(?: to \w+)?"
    r"(?: (?:from|of|in|by|on|at) (?:such|a|an|this|that|it|one|the)(?: \w+){0,2})?\W*\Z"
)
# `Those who need the numbers`: whoever it is for.
_WHOEVER = late(
    r"\W*(?:those|people|persons|users|anyone|anybody|everyone|everybody|"
    r"all|whoever|somebody|those of "
    r"us|customers|employees|colleagues)(?: (?:who|"
    r"that))? (?:\w+ )?(?:needs?|wants?|uses?|deals? with|works? "
    r"with|requires?|(?:is|are) interested in|cares? about|(?:has|have) to do with|benefits? from|"
    r"profits? from|asks? for|(?:is|are) (?:affected|concerned)(?: by)?|likes?)"
    r"(?: (?:the|it|them|this|that|these|such|an?)(?: \w+)?)?\W*\Z"
)
# "The target group is described in the marketing plan": so far away that nobody may know it.
_LAID_DOWN = late(
    r"\W*(?:the |our |this |these |they |it |that |all )(?:\w+ ){0,3}?(?:is|are|was|were) "
    r"(?:\w+ly )?"
    r"(?:described|listed|defined|explained|set out|laid down|found|documented|specified|given|"
    r"named|written down|recorded) (?:in|on|by) (?:the|our|another|an?|their|its)\b[^.;:]*\W*\Z"
)
# "The clerk gets all the information needed."
_ALL_NEEDED = late(
    r"\W*(?:\w+ ){1,4}?(?:gets?|sees?|receives?|has|have) (?:all|everything|the|any)(?: of)?"
    r"(?: the)? (?:\w+ )?(?:needed|required|necessary|wanted|requested|relevant|"
    r"(?:it|he|she|they) needs?)\W*\Z"
)
# "The drone thing, as discussed on Thursday.": said where the gate was not.
_AGREED = late(
    r"\b(?:as|what (?:was|has been|we)|was|were) (?:discussed|agreed|talked (?:about|over|through)|"
    r"arranged|settled)\b"
)
# "Everything the kiln master needs to know": whoever builds it knows no more than before.
_TO_KNOW = late(
    r"\b(?:everything|all|whatever|anything|things?|what)(?: that| which)?"
    r"(?: (?:the|a|an|our|it|they))?(?: \w+){0,2} (?:needs?|has|have|ought|wants?) to know\b"
)
# "Like Figma, page 3": a place is no answer, whatever its number.
_PAGE = late(
    r"\W*(?:like|see|as (?:in|on|per)|according to|per|from|same as)\s(?:the |our )?"
    r"(?:figma|miro|confluence|sharepoint|notion|jira|wiki|slides?|mock-?ups?|wireframes?|sketch|"
    r"prototype|style guide|deck|ticket|e-?mail)\b"
)
# "The picture on the whiteboard shows it."
_SHOWN = late(
    r"\W*(?:the|our|a|this|that) (?:\w+ ){0,2}(?:picture|drawing|sketch|diagram|whiteboard|"
    r"flip ?chart|photo|slides?|recording|video)\b[^.:]{0,60}\b"
    r"(?:shows?|tells?|explains?|says?|has) "
    r"(?:it|this|that|all|everything|the rest|how|which|what)\b"
)
# "What a node must not do follows from its tasks."
_FOLLOWS = late(
    r"\W*(?:what|which|how|all this|this|that|it|the rest)\b[^.:]{0,80}\b(?:follows? from|results? "
    r"from|(?:is|are) (?:clear|obvious|evident|known)|goes without saying|speaks for itself)\b"
)
_ANY = word_set(
    """
    a how this see as like same refer cf according per exactly similar from what whatever that all
    everything something the just much looks look in output outputs those people persons users
    anyone anybody everyone everybody whoever somebody customers employees colleagues our this these
    they it results result answers answer
    """
)


def points_elsewhere(text: str) -> bool:
    """Whether a short answer only says where the answer is, or who knows it."""
    first = text.partition(". ")[0] if " to know" in text else ""
    short = first and first.count(" ") <= LONGEST_POINTER_WORDS + 2
    if short and _TO_KNOW.search(first.lower()):
        return True
    if text.count(" ") > LONGEST_POINTER_WORDS + 2:
        return False
    if not _DIGITS.isdisjoint(text):
        lower = text.lower()
        return _PAGE.match(lower) is not None or _SHOWN.match(lower) is not None
    begins = text.split(None, 1)
    if not begins or begins[0].lower().strip("*_-:,.;") not in _ANY:
        return False
    prose = masked(text).lower()
    if LITERAL in prose or len(prose.split()) > LONGEST_POINTER_WORDS:
        return False
    return (
        _WHOEVER.match(prose) is not None
        or _AGREED.search(prose) is not None
        or _POINTER.match(prose) is not None
        or _AS_WANTED.match(prose) is not None
        or _SHOWN.match(prose) is not None
        or _FOLLOWS.match(prose) is not None
        or _AS_EVER.match(prose) is not None
        or _LAID_DOWN.match(prose) is not None
        or _ALL_NEEDED.match(prose) is not None
        or (_OPENS.match(prose) is not None and _SOMEWHERE.search(prose) is not None)
    )
