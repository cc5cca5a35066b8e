"""What the issue about a spec that failed for good says: public facts, in a person's words.

All that an author wrote is escaped; the title holds nothing of it, since no title can be.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from factory.forge.markdown import escaped
from factory.pipeline.check import named
from factory.pipeline.conversation.likely import WORDS, Likely, likely
from factory.pipeline.conversation.questions import asked, doubts
from factory.records import PublicVerdict, Requirement, WorkOrder

TEXT_LIMIT = 600
_MARK = re.compile(r"<!-- dark-factory spec ([a-z][a-z0-9-]{1,62}) -->")


@dataclass(frozen=True, kw_only=True)
class Failure:
    """A spec that failed for good. `reason` is the ledger's, `cause` a word for an end without a
    verdict, `public` the last verdict, if it was a fail. `spent_usd` is of all attempts at this
    version. `place` is the address of the specs repository, `run_url` of the workflow run, or "".
    `stuck`: the agent left the same files as before.
    """

    order: WorkOrder
    reason: str
    cause: str
    public: PublicVerdict | None
    spent_usd: float
    place: str
    run_url: str = ""
    stuck: bool = False


def mark_of(spec_id: str) -> str:
    """The first line of a spec's issue. An id cannot end an HTML comment."""
    return f"<!-- dark-factory spec {spec_id} -->"


def spec_of(mark: str) -> str | None:
    """The spec that a marker names; None where it is none of a spec's."""
    found = _MARK.fullmatch(mark)
    return found[1] if found else None


def title(spec_id: str) -> str:
    """The title of a spec's issue."""
    return f"The spec {spec_id} is not built"


def text(failure: Failure) -> str:
    """The issue's text, Markdown, without its marker."""
    order, public = failure.order, failure.public
    named = public.requirements_not_met if public else ()
    doubted = doubts(order.spec, named)
    guess = likely(failure.cause, public, order.history, doubted, stuck=failure.stuck)
    asks = asked(order.spec, named, doubted)
    wanted = [one for one in order.spec.requirements if one.id in named]
    parts = [
        _head(failure),
        f"**Whose turn?** {WORDS[guess.whose]}: {guess.why}.",
        _not_met(failure, wanted, asks),
        _next(failure, guess, bool(wanted)),
        _foot(failure),
    ]
    return "\n\n".join(part for part in parts if part)


def _head(failure: Failure) -> str:
    spec, budget = failure.order.spec, failure.order.budget
    spec_link = f"[version {spec.version}]({_line(failure, 1)})"
    lines = [
        f"**{escaped(spec.title, limit=200)}**, {spec_link}: no attempt follows.",
        f"- What ended it: {escaped(failure.reason, limit=300)}.",
        f"- Attempt {failure.order.attempt} of {budget.attempts} was the last.",
        f"- Spent on this version: {failure.spent_usd:.2f} of {budget.spec_usd:.2f} USD.",
    ]
    return "\n".join([lines[0], "", *lines[1:]])


def _not_met(failure: Failure, wanted: Sequence[Requirement], asks: dict[str, list[str]]) -> str:
    public = failure.public
    if public is None:
        return ""
    more = ["More is not met than can be named without giving a scenario away."] * public.other
    if not wanted:
        return "\n".join(more)
    lines = ["### Not met, and to be answered in the spec", ""]
    for one in wanted:
        link = f"[line {one.line}]({_line(failure, one.line)})"
        lines.append(f"- **{one.id}**, {link}: {escaped(one.text, limit=TEXT_LIMIT)}")
        lines += [f"  - {escaped(ask, limit=TEXT_LIMIT)}" for ask in asks.get(one.id, ())]
    return "\n".join([*lines, *(["", *more] if more else [])])


def _next(failure: Failure, guess: Likely, has_questions: bool) -> str:
    if guess.whose == "machinery":
        return (
            "### What to do next\n\nIt is not the author's turn. Who runs the factory mends what "
            f"ended it: the check `{named(failure.order.spec.id)}` on the spec's commit and the "
            "log of the run say more. Then comment `/factory retry` here."
        )
    first = "Answer the questions in the spec" if has_questions else "Change the spec"
    change = f"{first}, raise its `version` and merge it: that is built by itself."
    retry = "Comment `/factory retry` here: this version is built once more as it is."
    if failure.spent_usd >= failure.order.budget.spec_usd or guess.whose == "money":
        retry = (
            "As it is this version cannot be built again, since its budget is spent: a higher "
            "version has one of its own."
        )
    ways = (retry, change) if guess.whose == "code" else (change, retry)
    return f"### What to do next\n\n1. {ways[0]}\n2. Or: {ways[1][:1].lower()}{ways[1][1:]}"


def _foot(failure: Failure) -> str:
    run = f"`{failure.order.run_id}`"
    link = f"[run {run}]({failure.run_url})" if failure.run_url else f"run {run}"
    return (
        "Who may write to this repository can comment `/factory retry`, `/factory pause`, "
        f"`/factory resume` or `/factory status` here. From {link}; a pass closes this issue."
    )


def _line(failure: Failure, line: int) -> str:
    spec = failure.order.spec
    return f"{failure.place}/blob/{spec.commit}/{quote(spec.path)}?plain=1#L{line}"
