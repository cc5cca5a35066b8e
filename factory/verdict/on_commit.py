"""Several public verdicts on one commit, as one verdict and one check in a person's words.

Pure, and made from public verdicts and public specs alone: what the message tells is what they
tell, so that their bits add up and nothing is added.
"""

from __future__ import annotations

from collections.abc import Sequence

from factory.forge.markdown import escaped
from factory.forge.protocol import CheckOutput
from factory.records import PublicVerdict, WorkOrder
from factory.records.verdict import VerdictWord
from factory.verdict.present import SUMMARY_LIMIT_BYTES, explanation, requirement_table
from factory.verdict.reasons import UNAVAILABLE, Unavailable
from factory.verdict.title import CLASSES, Told, inconclusive_title, title, word_of

_WORDS = {"pass": "passed", "fail": "**failed**", "inconclusive": "**no verdict**"}


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
    phrase = UNAVAILABLE[cause or Unavailable.EVALUATE_CRASHED]
    line = title(told) if told else inconclusive_title({phrase.cause})
    parts = [f"**{line}**"]
    if not told:
        parts += [phrase.cause, f"To mend it: {phrase.mend}"]
    elif len(told) > 1:
        parts.append(_overview(told))
    tail = [_turn(word_of(told)), *notes, _identity(told, commit, base)]
    room = SUMMARY_LIMIT_BYTES - len("\n\n".join([*parts, *tail]).encode()) - 400
    for order, public in told:
        text = _section(order, public, room, alone=len(told) == 1)
        room -= len(text.encode()) + 2
        if room < 0:
            parts.append("The tables of further specs are left out: there is no more room.")
            break
        parts.append(text)
    return CheckOutput(title=line, summary="\n\n".join([*parts, *tail]))


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
