"""From the private verdict to all that may be public: pure, and measured in bits.

A message can tell at most log2(number of possible messages) bits about the scenarios. For a
spec of n requirements the messages are

    1                                   pass
    C                                   inconclusive, one for each cause of ours
    2                                   fail in class build or start, where nothing ran
    3 · (1 + 2 · (n + n(n-1)/2 + n(n-1)(n-2)/6))
                                        fail in class timeout, crash or behaviour: either no
                                        requirement named (then always `other`), or one, two or
                                        three named, with or without `other`

The count depends on the public spec alone, never on the verdict: what a message tells lies in
which one was chosen, so every one costs the same. When the leak budget cannot pay for it, only
pass, fail or inconclusive is told: three messages, log2(3) bits.
"""

from __future__ import annotations

import math

from factory.records import FailureClass, PublicVerdict, RequirementState, Verdict, WorkOrder
from factory.verdict.reasons import (
    INCONCLUSIVE,
    NO_MORE_TO_TELL,
    UNAVAILABLE,
    Phrase,
    Unavailable,
    code_of,
)

NAMED_AT_MOST = 3
_BEFORE_SCENARIOS: tuple[FailureClass, ...] = ("build", "start")
_WITH_SCENARIOS: tuple[FailureClass, ...] = ("timeout", "crash", "behaviour")


def message_count(requirements: int) -> int:
    """How many different messages there can be for a spec of that many requirements."""
    named = sum(math.comb(requirements, size) for size in range(1, NAMED_AT_MOST + 1))
    causes = len(INCONCLUSIVE) + len(UNAVAILABLE)
    return 1 + causes + len(_BEFORE_SCENARIOS) + len(_WITH_SCENARIOS) * (1 + 2 * named)


def message_bits(requirements: int) -> float:
    """What one full message can tell, in bits, rounded up to hundredths."""
    return _rounded_up(math.log2(message_count(requirements)))


def word_bits() -> float:
    """What pass, fail or inconclusive alone can tell, in bits, rounded up to hundredths."""
    return _rounded_up(math.log2(3))


def redact(verdict: Verdict, *, leak_left_bits: float) -> PublicVerdict:
    """What may be told of `verdict`.

    Args:
        verdict: the private verdict.
        leak_left_bits: what is left of the leak budget of this version of the spec.

    Returns:
        The full message where the budget pays for it, else the bare word.
    """
    bits = message_bits(len(verdict.requirements))
    if not leak_left_bits >= bits:
        phrase = NO_MORE_TO_TELL if verdict.verdict == "inconclusive" else None
        return _public(verdict, bits=word_bits(), phrase=phrase)
    if verdict.verdict == "pass":
        return _public(verdict, bits=bits)
    if verdict.verdict == "inconclusive":
        code = code_of(verdict.reason)
        unknown = INCONCLUSIVE[code_of("")]
        return _public(verdict, bits=bits, phrase=INCONCLUSIVE.get(code, unknown))
    failure_class = verdict.failure_class or "behaviour"
    if failure_class in _BEFORE_SCENARIOS:
        return _public(verdict, bits=bits, failure_class=failure_class)
    allowed = set(verdict.nameable)
    unmet = [key for key, state in verdict.requirements.items() if state == _UNMET]
    named = tuple(key for key in unmet if key in allowed)[:NAMED_AT_MOST]
    return _public(
        verdict,
        bits=bits,
        failure_class=failure_class,
        named=named,
        other=not named or len(unmet) > len(named),
    )


def unavailable(
    order: WorkOrder, cause_code: Unavailable | str, *, leak_left_bits: float = math.inf
) -> PublicVerdict:
    """The public verdict for an evaluation that never came to records to judge.

    Args:
        order: the work order that should have been judged.
        cause_code: a code of `Unavailable`; any other is told as `evidence-missing`.
        leak_left_bits: as for `redact`; a cause from before scenarios were read costs nothing.
    """
    try:
        phrase = UNAVAILABLE[Unavailable(cause_code)]
    except ValueError:
        phrase = UNAVAILABLE[Unavailable.EVIDENCE_MISSING]
    bits = message_bits(len(order.spec.requirements)) if phrase.scenarios_read else 0.0
    if not leak_left_bits >= bits:
        phrase, bits = NO_MORE_TO_TELL, word_bits()
    return undecided(order, cause=phrase.cause, mend=phrase.mend, leak_bits=bits)


def undecided(
    order: WorkOrder, *, cause: str, mend: str, candidate: str | None = None, leak_bits: float = 0.0
) -> PublicVerdict:
    """An inconclusive verdict on an attempt before any of its scenarios was judged.

    Args:
        cause, mend: fixed phrases of ours.
        candidate: the commit that it is on, where there is one.
        leak_bits: what saying so may tell.
    """
    return PublicVerdict.of(
        order,
        candidate=candidate,
        suite_digest=None,
        verdict="inconclusive",
        cause=cause,
        mend=mend,
        leak_bits=leak_bits,
    )


_UNMET: RequirementState = "not-met"


def _public(
    verdict: Verdict,
    *,
    bits: float,
    failure_class: FailureClass | None = None,
    named: tuple[str, ...] = (),
    other: bool = False,
    phrase: Phrase | None = None,
) -> PublicVerdict:
    return PublicVerdict(
        run_id=verdict.run_id,
        nonce=verdict.nonce,
        attempt=verdict.attempt,
        spec_id=verdict.spec_id,
        spec_version=verdict.spec_version,
        spec_digest=verdict.spec_digest,
        candidate=verdict.candidate,
        suite_digest=verdict.suite_digest,
        verdict=verdict.verdict,
        failure_class=failure_class,
        requirements_not_met=named,
        other=other,
        cause=phrase.cause if phrase else "",
        mend=phrase.mend if phrase else "",
        leak_bits=bits,
    )


def _rounded_up(bits: float) -> float:
    return math.ceil(bits * 100) / 100
