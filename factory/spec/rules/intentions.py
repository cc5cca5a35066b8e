"""What somebody hopes for, in place of what the product does: `We finally modernise the page.`"""

from __future__ import annotations

from collections.abc import Iterable

from factory.spec.language.late import late
from factory.spec.language.prose import LITERAL, Sentence, sentences
from factory.spec.language.word_list import word_set
from factory.spec.markdown import Block

# Said of a project, not of what somebody can do with the product.
_HOPES = word_set(
    """
    slow error-prone renovation solution deserve deserves expect expects simple finally modern
    modernise modernises modernize modernizes modernised modernized modernisation improve improves
    improved improving improvement improvements better overhaul overhauls overhauled overdue rewrite
    rewrites rework reworks reworked revamp revamps revamped refresh refreshes renew renews renewed
    renewal relaunch upgrade upgrades upgraded competition competitors competitive wish wished
    wishes hoped aim aims vision strategic strategy initiative roadmap milestone ahead solves solve
    happier satisfied satisfaction delight delights requested ticket innovative innovation
    digitalise digitalisation digitalization digitise digitisation transformation efficiency
    efficient productivity easier simpler simplify simplifies streamline streamlines optimise
    optimises enhance enhances enhanced boost boosts annoyed annoying annoys complained complaints
    outdated dated century promised agreed attractive younger state-of-the-art era implementation
    opportunity opportunities competitor huge must-have trend trends customer-centric differentiator
    usp proud pride convinced stressed owes important quality closeness underlines part promising
    smarter long-awaited progress
    """
)
# These may be said of a product, too: `It helps a traveller to the platform.`
_MAYBE_HOPES = word_set(
    """
    hope hopes goal goals phase phases love loves happy standard standards present future digital
    experience level forward gap everyday old asked said need needs want wants image age problem
    problems pain pains challenge challenges time something helps help useful chance chances
    potential market revenue sales growth growing brand reputation trust loyalty value faster
    quicker support supports supporting
    """
)


# With one of these as its subject a sentence is about the project.
_OURSELVES = late(
    r"\W*(?:after (?:\w+ ){1,5}, )?"
    r"(?:(?:finally|now|at last|in future|today|so|with|by|for|through|as|after|once),? )?"
    r"(?:(?:we|our|us|this|these|it|something|the (?:\w+ )?(?:project|goal|goals|aim|aims|"
    r"purpose|idea|vision|board|management|feature|module|release|change|"
    r"phase|update|spec|ticket|"
    r"initiative|motivation|intention|objective|task|topic|team|customer|boss|product owner|"
    r"stakeholders?)"
    r"|(?:the )?(?:management|leadership|headquarters) (?:has|have) (?:decided|agreed|resolved)"
    r"|(?:the (?:old|current|present|existing|previous) \w+ (?:is|are|was|were|has|"
    r"have)|because|"
    r"everything|(?:\w+ ){0,2}(?:expect|expects|deserve|deserves|demand|demands|"
    r"complain|complains))"
    r"|digitali[sz]ation"
    r"|(?:a|an|the|our) (?:\w+ ){0,2}(?:institute|company|firm|office|club|city|"
    r"town|department|council|school|hospital|group|agency|association) (?:wants?|stands?|"
    r"hopes?|aims?|strives?|feels?|sees itself|has always)"
    r"|(?:a|an|the) (?:\w+ ){0,3}(?:solution|renovation|tool|system|platform|portal|"
    r"approach) (?:for|to|of)"
    r"|(?:a|an|the) (?:\w+ ){0,2}(?:step|rewrite|rework|relaunch|overhaul|improvement|renewal|"
    r"refresh|upgrade|modernisation|modernization|implementation|version of)"
    r"|(?:improv|modernis|modernize|rework|renew|overhaul|optimis|optimiz|implement|digitis|"
    r"digitalis|simplif|streamlin|enhanc|upgrad|extend|refactor|requested|as requested|agreed|"
    r"discussed|promised)\w*)\b|(?:\w+ ){0,3}(?:should|must|will|want to|"
    r"shall) (?:love|like|enjoy|"
    r"be happy|be proud|be satisfied|feel))"
)


_US = frozenset(("us", "let's", "let’s", "our", "we"))
_BUT_BETTER = late(r"[^.;:]{0,40}\b(?:but|just|only|now) better\b")
# What a product does for somebody, whatever is hoped for besides.
_DOES = word_set(
    """
    sends send lists list counts count prints print reads read writes write pays pay shows show
    sees see orders order cancels cancel books book reserves reserve enters enter opens open checks
    check sign signs keeps keep hands scans scan uploads upload downloads download converts convert
    finds find picks pick follows stores whether tells tell warns warn reports report
    measures measure sets set switch switches exports export imports import records record
    answers answer chooses choose marks mark sorts sort searches search calculates calculate
    changes change lets let blocks block moves move copies copy draws draw plays play learns learn
    reminds remind invites invite refunds refund lends lend rents rent sells sell buys buy
    """
)


def tells_intentions_only(blocks: Iterable[Block]) -> bool:
    """Whether every sentence of an answer tells what is hoped for, and none what the product does.

    One sentence of substance will do: what moves a team may well stand beside it.
    """
    looked_at = False
    for block in blocks:
        if block.kind in ("row", "code"):
            return False
        for passage in block.passages:
            for sentence in sentences(passage.raw):
                if not _is_hope(sentence):
                    return False
                looked_at = True
    return looked_at


def _is_hope(sentence: Sentence) -> bool:
    words = sentence.words
    sure = not _HOPES.isdisjoint(words)
    if not sure and (_MAYBE_HOPES.isdisjoint(words) or words[0] in ("it", "these", "they")):
        return False
    if not _DOES.isdisjoint(words):
        return False
    if LITERAL in words or (sentence.has_digits and "ticket" not in words):
        return False
    prose = " ".join(words)
    return (
        not _US.isdisjoint(words)
        or _OURSELVES.match(prose) is not None
        or _BUT_BETTER.match(prose) is not None
    )
