"""Whether a run that failed has a reason to end before its attempts are used up.

Pure, and from what the public verdicts said alone: a decision that looked into a private verdict
would tell something of it by what happens next (docs/decisions/0015-when-a-run-stops.md).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from factory.records import PastAttempt, RetryRules

NAMED_AT_MOST = 3
_REACHED = {"build": 0, "start": 1, "timeout": 2, "crash": 2, "behaviour": 2}


def why_stop(
    history: Sequence[PastAttempt],
    rules: RetryRules,
    *,
    place: Mapping[str, int],
    next_agent: str,
) -> str:
    """Why no attempt is to follow the last of `history`; "" where one may.

    An attempt that goes to another agent than the last one is not refused for lack of progress:
    that the last agent is stuck says nothing of the next. A regression stops either.

    Args:
        history: the attempts of a run, all failed, in their order.
        rules: which causes end a run.
        place: requirement → its place in the spec; verdicts name requirements in this order.
        next_agent: who would make the next attempt.
    """
    if len(history) < 2:
        return ""
    *earlier, last = history
    if "regression" in rules.stop_on:
        lost = next((text for one in earlier if (text := _lost(one, last, place))), "")
        if lost:
            return lost
    if next_agent != last.agent:
        return ""
    if "repeat" in rules.stop_on:
        if last.tree_id in [one.tree_id for one in earlier]:
            return "the agent left the same files as in an earlier attempt"
        if last.failure_class is not None and _print(last) in map(_print, earlier):
            return f"the same failure twice: {_told(last)}"
    if "no-gain" in rules.stop_on and not _may_have_gained(earlier[-1], last, place):
        return f"no requirement more is met than in attempt {earlier[-1].attempt}"
    return ""


def known_met(one: PastAttempt, requirement: str, place: Mapping[str, int]) -> bool:
    """Whether a verdict would have named this nameable requirement, had it not been met.

    Verdicts name the first three. Where a subject crashed or hung, scenarios may be unheard.
    """
    if one.failure_class != "behaviour" or requirement in one.requirements_not_met:
        return False
    named = one.requirements_not_met
    full = len(named) == NAMED_AT_MOST
    unknown = len(place)
    return not full or place.get(requirement, unknown) < place.get(named[-1], unknown)


def _lost(one: PastAttempt, last: PastAttempt, place: Mapping[str, int]) -> str:
    """What an earlier attempt had reached and the last has not; "" where nothing is known."""
    if one.failure_class is None or last.failure_class is None:
        return ""
    if _REACHED[last.failure_class] < _REACHED[one.failure_class]:
        return f"attempt {one.attempt} came further: {_told(last)}"
    again = [key for key in last.requirements_not_met if known_met(one, key, place)]
    if again:
        return f"{', '.join(again)} held in attempt {one.attempt} and no longer does"
    return ""


def _may_have_gained(before: PastAttempt, last: PastAttempt, place: Mapping[str, int]) -> bool:
    if before.failure_class is None or last.failure_class is None:
        return True  # A bare `fail` says nothing of progress.
    if _REACHED[last.failure_class] != _REACHED[before.failure_class]:
        return _REACHED[last.failure_class] > _REACHED[before.failure_class]
    if before.other and not last.other:
        return True
    return any(known_met(last, key, place) for key in before.requirements_not_met)


def _print(one: PastAttempt) -> tuple[object, ...]:
    """The fingerprint of a failure: all that was said of it."""
    return one.failure_class, one.requirements_not_met, one.other


def _told(one: PastAttempt) -> str:
    named = ", ".join(one.requirements_not_met)
    more = (" and more" if named else "a requirement that is not named") if one.other else ""
    return f"{one.failure_class}" + (f", not met: {named}{more}" if named or more else "")
