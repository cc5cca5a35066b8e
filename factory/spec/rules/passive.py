"""`passive`: it is not said who acts."""

from __future__ import annotations

import re

from factory.spec.language.calendar import MONTHS
from factory.spec.language.clauses import ARTICLES, BE, CONDITION, MODAL, RELATIVE, clause
from factory.spec.language.measures import number
from factory.spec.language.prose import Sentence
from factory.spec.language.word_list import word_set
from factory.spec.spoken import Spoken

# A decision somebody has to take: even as a condition it matters who.
DECISIONS = word_set(
    """
    cleared approved released accepted confirmed checked reviewed verified authorised authorized
    granted rejected validated vetted countersigned examined inspected endorsed ratified signed-off
    certified audited declined adopted proofread proof-read acknowledged
    """
)
# What somebody has to do, so that it matters who: a person, another system, the product?
_ACTED = word_set(
    """
    deposited changed approved reviewed verified validated checked confirmed notified informed
    alerted contacted assigned escalated processed handled authorised authorized inspected monitored
    audited resolved investigated decided agreed managed tested signed emailed e-mailed mailed sent
    called dispatched forwarded delivered cleaned maintained triggered performed done executed
    initiated granted revoked refunded charged billed invoiced paid cancelled canceled scheduled
    rescheduled updated archived backed synced synchronised synchronized migrated produced published
    deployed corrected fixed adjusted selected chosen determined collected evaluated assessed
    considered enforced ensured guaranteed provided supported created deleted removed locked
    unlocked blocked unblocked suspended activated deactivated enabled disabled encrypted purged
    announced issued handed ended renumbered reset moved ticked crossed struck packed unpacked
    washed replaced repaired refilled topped stamped filed weighed entered transferred swapped
    exchanged phoned waived fined compensated reimbursed settled reconciled credited debited
    deducted withdrawn retracted voided annulled extended prolonged postponed rebooked returned
    brought picked gathered laid placed hung posted shipped loaded unloaded thrown destroyed
    discarded shredded burned transcribed noted reported asked told warned invited reminded
    interviewed trained introduced mowed cooked served fed watered planted harvested dealt awarded
    rewarded banned flagged admitted written put pushed pulled exposed cross-checked rinsed
    sterilised disinfected inoculated examined treated discharged prescribed dispensed graded
    looked passed cleared vetted screened sampled opened lowered hoisted rung polished
    trimmed measured entrusted appointed elected nominated briefed instructed consulted heard
    questioned fetched borrowed lent rented sold bought purchased acquired hired dismissed promoted
    demoted relocated evacuated escorted accompanied driven towed lifted hauled docked
    moored anchored sealed unsealed wrapped unwrapped bagged boxed palletised stacked shelved
    restocked reordered recalled scrapped recycled donated auctioned surrendered confiscated seized
    impounded translated proofread proof-read typeset edited redacted anonymised pseudonymised
    certified notarised countersigned endorsed ratified vetoed adopted tabled minuted recorded
    registered enrolled admitted expelled matriculated examined marked invigilated tutored coached
    looked looked-after nursed bandaged vaccinated weighed sequenced centrifuged incubated pipetted
    established found calibrated serviced overhauled lubricated greased oiled tightened loosened
    mounted dismounted installed uninstalled commissioned decommissioned patched rolled
    """
)
PARTICIPLES = _ACTED | {"copied", "saved", "stored", "printed", "shown", "started", "stopped"}
"""Of what is done by somebody or something, whether or not it matters by whom."""

# What a product does by itself, or what only tells a state: nobody asks by whom.
_OF_ITSELF = word_set(
    """
    answered rounded compared renewed scaled reached refused carried copied skipped painted rated
    typed inserted ignored suggested repainted damaged printed played closed scanned filled traced
    named sorted ordered listed grouped counted displayed numbered called titled followed preceded
    included excluded contained related linked connected attached aligned centred centered
    underlined coloured colored shaded greyed capitalised capitalized truncated shortened padded
    indented separated joined repeated multiplied divided added subtracted converted encoded decoded
    escaped quoted parsed matched saved stored started stopped finished completed based limited
    allowed needed required used expected interested involved supposed located situated composed
    covered affected concerned entitled obliged permitted crowded bored tired married retired unpaid
    unused unchanged undecided unlimited unsigned missed occupied reserved booked delayed received
    mentioned stated described specified defined implied intended dated aged exceeded shared expired
    highlighted hashed embedded nested combined mixed merged cropped zoomed rotated resized
    compressed muted paused looped animated faded dimmed focused detached balanced isolated licensed
    equipped furnished heated cooled ventilated weighted averaged summed interpolated estimated
    calculated computed measured accepted downloaded uploaded applied dropped imported exported
    appended prepended concatenated sliced mapped filtered rendered emitted streamed buffered queued
    retried redirected replayed refreshed reloaded interpreted treated assumed regarded deemed
    raised preserved retained summarised summarized abbreviated folded collapsed expanded formatted
    localised localized flushed padded percent-encoded terminated delimited prefixed suffixed
    omitted elided toggled logged timed
    """
)
# Within a product each has a part that does it.
_BETWEEN_PARTS = word_set(
    """
    copied stored saved written compressed converted encoded hashed encrypted imported exported
    mirrored replicated uploaded downloaded merged filtered rendered calculated computed appended
    retried queued rounded compared scaled sorted grouped counted parsed streamed summarised
    summarized prepared enriched joined split cut cached pulled scanned indexed
    """
)
_IRREGULAR = word_set("withheld sought taught frozen torn driven overridden withdrawn given")


def _is_done(word: str) -> bool:
    """Whether it says what is done to something by somebody, who ought to be named."""
    if word in _ACTED or word in _IRREGULAR:
        return True
    formed = len(word) > _SHORTEST and word.endswith("ed")
    return formed and word not in _OF_ITSELF and not word.startswith(_OF_STATES)


_SHORTEST = 4
_OF_STATES = ("un", "mal", "mis", "pre", "non")  # `malformed`, `unread`, `misaligned`.
_OWING = word_set("has have had needs need ought")
_OWED = _OWING | {"is", "are"}  # `Members are to be informed.`
_NEGATED = word_set(
    """
    no not nothing none nobody neither never cannot can't nor without
    """
)


_BECOMING = BE | {"gets", "get"}  # `The file gets scanned.`


def passive(sentence: Sentence, *, of_itself: bool = False) -> int | None:
    """The place of a passive verb of a main clause that names nobody who acts.

    `of_itself`: also where a product may do it by itself, as `is copied`.
    """
    words = sentence.words
    if _BECOMING.isdisjoint(words):
        return None
    for at, word in enumerate(words[:-3]):
        if word == "it" and _is_seen_to(words, at + 1):
            return at + 1  # `It is ensured that every letter is answered.`
    for at, word in enumerate(words[:-1]):
        if word not in BE and (word not in ("gets", "get") or not _is_done(words[at + 1])):
            continue
        verb = at + 1
        while verb < len(words) - 1 and (words[verb].endswith("ly") or words[verb] in _FILLERS):
            verb += 1
        moved = words[verb] == "taken" and words[verb + 1] in ("off", "down", "out", "away", "back")
        done = _is_done(words[verb]) or (of_itself and words[verb] in _BETWEEN_PARTS)
        if not done and not moved and not _is_owed(words, at, verb):
            continue
        if words[verb + 1 : verb + 2] and words[verb + 1] in _STATED.get(words[verb], ()):
            continue
        if _names_actor(words, verb):
            continue
        before = clause(words, at)
        if _is_conditional(before) or not RELATIVE.isdisjoint(_last_of(before)):
            continue
        if "still" in words[at:verb]:
            continue  # `Is still locked`, as it was before.
        denied = {*before[:1], *before[-2:], *words[at:verb]}
        if not _NEGATED.isdisjoint(denied) or (
            words[at - 1 : at] == ["to"] and not _OWED & set(words[max(0, at - 3) : at])
        ):
            continue
        return at
    return None


def _last_of(before: list[str]) -> list[str]:
    """The last words before a verb: `an attachment with a macro in it` is no `it`."""
    if before[-1:] == ["it"] and before[-2:-1] and before[-2] in _PREPOSITIONS:
        return []
    # `The families with a talk with that teacher are informed`
    named = before[-2:-1] == ["that"] and before[-3:-2] and before[-3] in _PREPOSITIONS
    return [] if named else before[-2:]


_PREPOSITIONS = frozenset(("in", "on", "of", "with", "for", "to", "from", "at", "behind", "beside"))


def _is_seen_to(words: list[str], at: int) -> bool:
    """Whether `is ensured that`, `must be decided whether` stands here."""
    verb = at + 2 if words[at] in MODAL and words[at + 1] == "be" else at + 1
    behind = words[verb + 1] if verb + 1 < len(words) else ""
    return words[verb - 1] in BE and words[verb] in _SEEN_TO and behind in _OF_WHAT


_OF_WHAT = frozenset(("that", "whether", "if", "how", "who", "which", "what", "sure"))
_SEEN_TO = word_set(
    """
    ensured guaranteed assured checked verified made decided determined examined clarified
    """
)


def undecided_condition(one: Spoken) -> int | None:
    """The place of a condition such as `once the lesson has been cleared`, of which the whole spec
    does not say who fulfils it."""
    words = one.sentence.words
    for at, word in enumerate(words):
        if word not in DECISIONS or at < 2 or words[at - 1] not in BE or _names_actor(words, at):
            continue
        before = clause(words, at)
        if _is_conditional(before) and RELATIVE.isdisjoint(before) and _NEGATED.isdisjoint(before):
            return None if _is_said_who(one.document.text, word) else at - 1
    return None


# `Was approved`, `an approved return`.
_NOT_SAID_BEHIND = (
    "is", "are", "was", "were", "been", "being", "be", "gets", "not", "a", "an", "the", "each"
)  # fmt: skip


def _is_said_who(text: str, participle: str) -> bool:
    """Whether a spec says anywhere who does that: `clears`, `cleared by`, `a nurse cleared`."""
    stem = participle[:-3] if participle.endswith("ied") else participle[:-2]
    active = rf"\b{stem}(?:e|es|s|ing|er|ers|y|ies|ying)?\b|\b{participle}\s(?:\w+\s)?by\b"
    not_passive = "".join(f"(?<!{one} )" for one in _NOT_SAID_BEHIND)
    told = rf"{not_passive}\b{participle}\b"
    return re.search(f"{active}|{told}", text, re.IGNORECASE) is not None


def _is_conditional(before: list[str]) -> bool:
    """Whether a clause tells when; `after 3 days` is no clause, and `for` begins none."""
    return any(
        word in CONDITION
        and word != "for"
        and (word != "than" or at + 1 == len(before))  # `Folders older than 9 days are deleted`
        and (word != "given" or at == 0)  # `The report given by --report`
        and not _is_of_a_time(before, at)
        for at, word in enumerate(before)
    )


def _is_of_a_time(before: list[str], at: int) -> bool:
    """Whether no clause begins: `after 3 days`, `once a day`, `after each booking the desk`."""
    word, behind = before[at], before[at + 1 : at + 2]
    if not behind:
        return word in _BEFORE_TIMES  # `The files of the day before are merged`
    if word == "once":
        return behind[0] in ("a", "an", "per", "every", "each")
    if word not in _BEFORE_TIMES:
        return False
    anew = not ARTICLES.isdisjoint(before[at + 3 :])
    clock = behind[0][0].isdigit() or number(behind[0]) is not None
    return clock or (behind[0] in ARTICLES and anew)


_BEFORE_TIMES = frozenset(("after", "before", "until", "since"))
# With these behind them they tell of a state, or of a form: `signed in`, `written as`.
_STATED = {
    "signed": ("in", "on", "up", "out"),
    "given": ("in", "by", "as", "above", "below", "with", ".", ",", "for", "on", "back"),
    "established": ("in", "."),
    "found": ("in", "at", "on", "under", "behind", "there", "again", ".", ","),
    "written": ("as", "in", "with", "like"),
    "placed": ("at", "above", "below", "beside"),
    "put": ("at",),
    "opened": ("in", "with", "on"),
    "registered": ("in", "at", "for", "as", "with"),
    "enrolled": ("in", "at", "for"),
    "recorded": ("in", "as"),
    "measured": ("at", "in", "from", "with"),
    "marked": ("as", "with", "in"),
    "sold": ("out",),
    "passed": (".", ",", "without"),
    "mounted": ("on", "at"),
    "installed": ("on", "in", "with"),
    "stacked": ("on", "in"),
    "cleared": (".", "when"),
    "heard": ("in", "at", "through"),
    "edited": ("in",),
}
_FILLERS = word_set(
    """
    then also only always first still again now being been both
    """
)


def _is_owed(words: list[str], at: int, verb: int) -> bool:
    """`must be reported`, `has to be renewed`: a duty, and nobody has it."""
    owed = words[max(0, at - 2) : at]
    return (
        words[at] == "be"
        and bool(owed)
        and (owed[-1] in MODAL or (owed[-1] == "to" and owed[0] in _OWED))
        and words[verb].endswith(("ed", "en"))
        and words[verb] not in _STATES
    )


_STATES = word_set(
    """
    allowed needed required used based named limited expected signed red green open even
    """
)


def _names_actor(words: list[str], verb: int) -> bool:
    """Whether `by` and somebody follow a verb; `by hand` and `by colour` name nobody."""
    for at in range(verb + 1, min(verb + 5, len(words) - 1)):
        if words[at] == "by":
            # `Is verified, and this by counting` tells only how.
            how = words[at + 1].endswith("ing") and at > verb + 1
            when = not _WHEN.isdisjoint(words[at + 1 : at + 5])
            where = not _PLACES.isdisjoint(words[at + 1 : at + 4])
            by_what = words[at + 2] if words[at + 1] in _COUNTING else words[at + 1]
            return by_what not in _NOBODY and not how and not when and not where
    return False


# `Is picked by the next day`.
_WHEN = frozenset(MONTHS) | word_set(
    "day days week month evening morning night midnight deadline monday friday sunday"
)
# `Is hung on the rail by the laundry door`.
_PLACES = word_set("door doors window entrance exit wall fence sink stairs road")
_COUNTING = word_set("a an one the each")
_NOBODY = word_set(
    """
    hand default mistake e-mail email post mail phone telephone letter text radio fax courier date
    name colour number id then now noon midnight
    """
)
