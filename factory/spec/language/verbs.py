"""Verbs of what products and people do, in the forms that requirements use."""

from __future__ import annotations

from factory.spec.language.word_list import word_set

_BASE = word_set(
    """
    create send delete store save log notify update email record generate publish assign remove
    add calculate charge export import print write move archive lock unlock cancel refund schedule
    display show hide open close play emit increment reset reserve release validate check verify
    let allow inform book invalidate render sort filter set clear post upload download reduce
    trigger start stop alert redirect sign turn mark put bring freeze pause resume ask offer list
    count convert copy merge split rebuild restart switch connect disconnect register subscribe
    unsubscribe invite credit debit bill pay order ship mail warn remind
    """
)


def _third_person(verb: str) -> str:
    if verb.endswith(("s", "sh", "ch", "x", "z")):
        return f"{verb}es"
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return f"{verb[:-1]}ies"
    return f"{verb}s"


# An act that changes something or reaches somebody, as `stores` or `store`.
ACTS = _BASE | {_third_person(one) for one in _BASE}
# Verbs that order something only of a subject of their own.
HAPPENS = word_set(
    """
    gets receives tells mails keeps starts begins recommends rings plays sees
    """
)
OTHER = word_set(
    """
    gives makes goes comes becomes stays leads means ends begins remains appears works counts
    holds contains happens follows passes falls rises leaves finds needs wants says reads carries
    arrives expires lasts waits runs loads exits answers returns responds refuses rejects accepts
    ignores takes drops rises sinks climbs grows exceeds loses raises
    """
)
# What somebody does,
DOING = ACTS | HAPPENS
# and every verb here.
VERBS = DOING | OTHER
