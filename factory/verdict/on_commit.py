"""Several public verdicts on one commit, as one verdict and one check in a person's words.

Pure, and made from public verdicts and public specs alone: what the message tells is what they
tell, so that their bits add up and nothing is added.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from factory.forge.markdown import escaped, plain
from factory.forge.protocol import CheckOutput
from factory.records import PublicVerdict, WorkOrder
from factory.records.verdict import VerdictWord
from factory.verdict.present import (
    CLASSES,
    SUMMARY_LIMIT_BYTES,
    TITLE_LIMIT,
    explanation,
    requirement_table,
)
from factory.verdict.reasons import UNAVAILABLE, Unavailable

Told = tuple[WorkOrder, PublicVerdict]
_WORDS = {"pass": "passed", "fail": "**failed**", "inconclusive": "**no verdict**"}


@dataclass(frozen=True)
class Count:
    """Of `all` requirements no more than `met` are met; `exact` where it is that many."""

    met: int
    all: int
    exact: bool


def word_of(told: Sequence[Told]) -> VerdictWord:
    """One verdict for all: fail where one failed, pass where each passed and there is one."""
    words = {public.verdict for _, public in told}
    if "fail" in words:
        return "fail"
    return "pass" if words == {"pass"} else "inconclusive"


def count(told: Sequence[Told]) -> Count | None:
    """How many requirements are met, as far as the verdicts tell; None where they do not.

    As in the check of one spec, a requirement that no scenario checks counts as met.
    """
    met = every = 0
    exact = True
    for order, public in told:
        size = len(order.spec.requirements)
        named = len(public.requirements_not_met)
        known = public.verdict == "pass" or (public.verdict == "fail" and (named or public.other))
        if not known:
            return None
        every += size
        met += size - named - public.other
        exact = exact and not public.other
    return Count(met, every, exact) if every else None


def check_on_commit(
    told: Sequence[Told],
    *,
    commit: str,
    base: str,
    cause: Unavailable | None = None,
    notes: Sequence[str] = (),
) -> CheckOutput:
    """The title and summary of the check on a commit that somebody outside wrote.

    Args:
        told: each spec's order and public verdict; empty where it did not come to any.
        commit: what was judged.
        base: the commit that factory.yml and the specs were read at, or "".
        cause: why there is no verdict, where `told` is empty.
        notes: sentences of ours to add, as on what may not be told.
    """
    word = word_of(told)
    title = plain(_title(word, told), limit=TITLE_LIMIT)
    parts = [f"**{title}**"]
    if not told:
        phrase = UNAVAILABLE[cause or Unavailable.EVALUATE_CRASHED]
        parts += [phrase.cause, f"To mend it: {phrase.mend}"]
    elif len(told) > 1:
        parts.append(_overview(told))
    tail = [_turn(word), *notes, _identity(told, commit, base)]
    room = SUMMARY_LIMIT_BYTES - len("\n\n".join([*parts, *tail]).encode()) - 400
    for order, public in told:
        text = _section(order, public, room, alone=len(told) == 1)
        room -= len(text.encode()) + 2
        if room < 0:
            parts.append("The tables of further specs are left out: there is no more room.")
            break
        parts.append(text)
    return CheckOutput(title=title, summary="\n\n".join([*parts, *tail]))


def _title(word: VerdictWord, told: Sequence[Told]) -> str:
    found = count(told)
    if word == "inconclusive":
        return "Inconclusive: no verdict, so not shippable"
    if found and word == "pass":
        return f"{found.met} of {found.all} requirements met: shippable"
    if found:
        most = "" if found.exact else "At most "
        return f"{most}{found.met} of {found.all} requirements met: not shippable"
    failed = [public for _, public in told if public.verdict == "fail"]
    if len(told) > 1:
        return f"{len(failed)} of {len(told)} specs failed: not shippable"
    how = CLASSES.get(failed[0].failure_class or "", "holdout scenarios did not pass")
    return f"Not shippable: {how}"


def _overview(told: Sequence[Told]) -> str:
    rows = ["| Spec | Version | Verdict |", "| --- | --- | --- |"]
    rows += [
        f"| {escaped(order.spec.title, limit=120)} | {order.spec.version} "
        f"| {_WORDS[public.verdict]} |"
        for order, public in told[:200]
    ]
    more = f"\n\n{len(told) - 200} more are not shown." if len(told) > 200 else ""
    return "\n".join(rows) + more


def _section(order: WorkOrder, public: PublicVerdict, room: int, *, alone: bool) -> str:
    how = CLASSES.get(public.failure_class or "", "") if public.verdict == "fail" else ""
    name = f"### {escaped(order.spec.title, limit=120)}: {_WORDS[public.verdict]}"
    bare = public.verdict == "fail" and not (public.failure_class or public.other)
    said = "Only the verdict is told; why is said below." if bare else explanation(public)
    parts = [f"{name}, {how}" if how else name, said]
    # In a long list, what has nothing to tell by requirement does not take the room of others.
    if alone or public.verdict != "inconclusive":
        table = requirement_table(public, order, max(room - 1500, 0))
        parts.append(table)
    parts.append(f"Spec `{order.spec.id}` version {order.spec.version}.")
    return "\n\n".join(parts)


def _turn(word: VerdictWord) -> str:
    if word == "pass":
        return "**Next:** whoever reviews this; the holdouts have nothing against it."
    if word == "fail":
        return "**Next:** whoever wrote this; push a commit that meets the spec."
    return "**Next:** the people who look after this job; the author can do nothing about it."


def _identity(told: Sequence[Told], commit: str, base: str) -> str:
    run = f", run `{told[0][0].run_id}`" if told else ""
    read = f"; factory.yml and specs as of `{base}`" if base else ""
    return f"Judged: commit `{commit}`{read}{run}."
