"""What somebody by name, or we, have still to decide: nobody who builds can ask them."""

from __future__ import annotations

import re

from factory.spec.language.late import late
from factory.spec.language.word_list import word_set

_DECIDE = (
    r"(?:decides?|settles?|agrees?|recommends?|prefers?|chooses?|wants?|likes?|proposes?|"
    r"suggests?|picks?|thinks?|feels?)"
)
_FIND_OUT = (
    r"(?:find\ out|check|ask|see|tell|confirm|test|try|propose|decide|choose|clarify|say|look|ring|"
    r"call|write|talk|speak|settle|measure|suggest|review|approve)"
)
_AT_IT = (
    r"(?:talking|checking|asking|looking|thinking|working|finding|trying|waiting|negotiating|"
    r"discussing|clarifying|deciding)"
)
# A role is written with an article, or behind another word with a capital.
_NAME = r"(?<![A-Z]\w\ )(?<![a-z]\ the\ )(?<![Tt]he\ )(?<![Aa]\ )(?<![Aa]n\ )\b[A-Z][a-zß-ÿ]{2,}"
_NAME_WITHIN = rf"(?:(?<=[a-z,;(]\ )|(?<=\()){_NAME}"


# All of it begins with a word: within words nothing need be tried.
LEFT_TO_SOMEBODY = late(
    rf"""
    \b(?=\w)(?:
    {_NAME}\ (?:and\ [A-Z][a-z]+\ )?(?:has\ |have\ |still\ |needs\ )*to\ {_FIND_OUT}\b
    | {_NAME}\ (?:and\ [A-Z][a-z]+\ )?(?:is|are)\ (?:still\ )?{_AT_IT}\b
    | {_NAME_WITHIN}\ (?:still\ )?(?:wants|prefers|thinks|believes|suggests|proposes|recommends)\b
    | \b(?:that|which|what|as|once|until|when|whatever)\ {_NAME}(?:\ and\ [^.;,]{{1,40}}?)?\ 
      {_DECIDE}\b
    | \b(?:that|which|what|as|once|until|whatever)\ (?:[^.;,:]{{1,40}}?\ )?(?:our|we)\b
      (?:\ [^.;,:]{{1,40}}?)?\ {_DECIDE}(?:\ (?:on|upon|later|soon))?(?=\s*(?:[.;,(]|\Z))
    | \b(?:will|must|has\ to|have\ to)\ (?:still|yet)\ (?:settle|decide|agree|negotiate|discuss|fix|
      choose|set|clarify|name|define|work\ out|find)\b
    | \bstill\ (?:settle|decide|agree|negotiate|discuss)\b
    | \bstill\ (?:has|have|needs?)\ to\ {_FIND_OUT}\b
    | \b(?:unless|if|until|once|as\ soon\ as|however|whichever)\ we\b
    | \bwhatever\ we\ (?:\w+\ )?{_DECIDE}\b
    | (?<!\bthat\ )(?<!\bwhich\ )(?<!\bwho\ )\bwe\ (?:are|have|had)\ (?:still|yet|not\ yet)\b
    | (?<!\bthat\ )(?<!\bwhich\ )\bwe\ (?:still\ )?(?:fix|set|choose|decide|settle|pick|name)\b
      [^.;:]{{0,30}}\b(?:when|once|after|later|as\ soon\ as)\b
    | \bwill\ (?:still\ )?(?:name|choose|decide|fix|settle|agree|determine|announce|specify|pick|
      propose)\b
    | \bwill\ have\ (?:agreed|decided|settled|chosen|voted|fixed|named|set)\b
    | \bunless\ [^.;]{{1,60}}?\b(?:settles?|decides?|agrees?|votes?|turns?\ out|
      comes?\ back\ with)\b
    | \bwe\ (?:still\ )?(?:make|are\ making)\ up\ our\ minds?\b
    | \bwe\ are\ (?:weighing|waiting|hoping|thinking|debating|discussing|arguing|talking)\b
    | (?<!\bthat\ )(?<!\bwhich\ )\bwe\ (?:end\ up|might|may|could|would|plan|hope|intend|expect|
      prefer|choose|pick|want)\b
    | \b(?:we|our\ [^.;,:]{{1,30}}?)\ {_DECIDE}\ (?:on|upon)\ (?:with|in|at|after|when|once)\b
    | \ba\ (?:question|matter|topic|point|decision|task|subject)\ for\ (?:the|our|another|a|some)\ 
      (?:later\ |next\ |coming\ )?(?:\w+\ )?(?:meeting|workshop|team|board|call|architects?|review|
      sprint|iteration|version|discussion|round|day|time|week|refinement|planning)\b
    | \b(?:is|are)\ (?:for|left\ to|up\ to)\ (?:the\ |our\ )?\w+(?:\ \w+)?\ to\ {_FIND_OUT}\b
    | \b(?:whichever|whatever|however)\ [^.;,]{{1,40}}?
      \b(?:prefers?|finds?|(?<!\blooks\ )(?<!\bit\ )(?<!\bthey\ )likes|(?:we|you|they)\ like)\b
    | \bwhichever\ [^.;,]{{1,60}}?\b(?:agree(?:s|ing)?|decides?|settles?|chooses?|end(?:s)?\ up)\b
    | {_NAME}\ (?:will|has\ to|must)\ (?:come|get|report)\ back\b
    | \b(?:which|that|this|what)\ we\ (?:will|shall)\ (?:hear|learn|know|see|find\ out)\b
    | \bdepend(?:s|ing)\ on\ whom?\ we\b | \bstill\ with\ {_NAME}
    | \bdepend(?:s|ing)\ on\ (?:what|how)\ (?:the|our|his|her|their|[A-Z]\w+)\b
    | \bdepend(?:s|ing)\ on\ which\ of\ (?:the\ )?(?:two|three|four|these|those)\b
    | \b(?:[Tt]he|[Oo]ur)\ (?:team|developers|architects)\ 
      (?:picks?|decides?|chooses?|settles?|fix(?:es)?)\b
    | \b(?:comes|turns)\ out\ (?:once|when|after)\ {_NAME}
    | \b(?:will|has|have|must)\ (?:come|get)\ back\ to\ us\b
    | \b(?:comes?|gets?)\ back\ to\ us\ (?:on|about|after)\b
    | \b(?:round|meeting|workshop|session|review|call|assembly|committee|council|board)\ 
      (?:on|in|at|next)\ \w+\ (?:picks|decides|chooses|settles|fixes|votes)\b
    | {_NAME}\ (?:tells?|lets?|will\ tell|will\ let)\ us\b
    | \bbefore\ (?:we|you|they|anyone|somebody)\ (?:builds?|implements?|codes?|starts?|develops?)\b
    | \bsee\ (?:the|our|my)\ (?:discussion|conversation|correspondence|thread|meeting|talks?|
      negotiations?|comments?|offer|call)\b)
    """,
    re.VERBOSE,
)
"""What somebody by name, or we, have still to decide."""


# Looked for first: a word, in lower case, and then a name or one of us, which takes longer.
_NAMED = late(r"[A-Z](?:(?<=[a-z,;] [A-Z])|(?<=\([A-Z]))[a-zß-ÿ]{2,} [a-z]")
_BEGINS_WITH_A_NAME = late(r"\W*(?:R\d+: )?[A-Z][a-z]+ (?:to|is|are|has|have|still|needs|and) ")
_US = word_set(
    """
    our we us depending depends whichever whatever still yet minds will unless team developers
    architects
    """
)
# `A question for the board`, `see the correspondence`.
_OF_WHAT = word_set(
    """
    question matter topic decision discussion conversation correspondence thread
    """
)
_FOR_WHOM = frozenset(("for", "see"))


def shows_somebody(words: list[str], raw: str) -> bool:
    """Whether it is worth to look for what LEFT_TO_SOMEBODY finds in a sentence of these words,
    which stands in the passage `raw`."""
    if ANY_SOMEBODY.isdisjoint(words):
        return False
    if not _US.isdisjoint(words) or _BEGINS_WITH_A_NAME.match(raw) or _NAMED.search(raw):
        return True
    return not (_OF_WHAT.isdisjoint(words) or _FOR_WHOM.isdisjoint(words))


ANY_SOMEBODY = word_set(
    """
    tell tells let lets says come get us depends depending whichever report end might may could
    would plan hope intend expect if until once whatever unless however decide decides settle
    settles agree agrees recommend recommends prefer prefers wants like likes propose proposes
    suggest suggests think thinks
    believes feel feels picks choose chooses find check ask see tell confirm test try clarify say
    look ring call write talk speak measure review approve question matter topic point decision task
    subject discussion conversation correspondence thread talking checking asking looking thinking
    working finding trying waiting negotiating discussing clarifying deciding negotiate discuss
    soon still yet weighing hoping debating arguing minds fix set name settle will
    """
)
