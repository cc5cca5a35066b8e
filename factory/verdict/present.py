"""A public verdict in a person's words, as the text of a check run.

Built from the public verdict and the public spec alone, so it can say nothing that is private.
"""

from __future__ import annotations

import re

from factory.forge.markdown import escaped, plain
from factory.forge.protocol import CheckOutput
from factory.records import PublicVerdict, WorkOrder

# GitHub: summary at most 65,535 characters; counted here in bytes, the stricter reading.
SUMMARY_LIMIT_BYTES = 65_535
TITLE_LIMIT = 255
REQUIREMENT_TEXT_LIMIT = 300

CLASSES = {
    "build": "it could not be installed",
    "start": "it did not start",
    "timeout": "it did not answer in time",
    "crash": "it crashed",
    "behaviour": "it does not do what the spec says",
}


def statement_text(envelope: str) -> str:
    """The signed statement as the further text of a check run; `envelope_in` finds it again."""
    return (
        "The verdict as a signed in-toto statement; `factory verify` reads it.\n\n"
        f"```json\n{envelope}\n```\n"
    )


def envelope_in(text: str) -> str:
    """The envelope in a check run's text, or "" where there is none."""
    found = re.search(r"^```json\n(\{[^\n]*\})\n```$", text.replace("\r\n", "\n"), re.MULTILINE)
    return found[1] if found else ""


def check_output(
    public: PublicVerdict,
    order: WorkOrder,
    *,
    spent_usd: float | None = None,
    usd_known: bool = True,
    next_attempt: bool | None = None,
) -> CheckOutput:
    """The title and summary of the check run `factory / verdict`.

    Args:
        public: the public verdict.
        order: the work order that it answers; gives the public spec, budget and attempt.
        spent_usd: what all attempts so far have cost, or None where that is not known.
        usd_known: False where an agent's cost is not known for certain, so that its whole budget
            was charged.
        next_attempt: whether another attempt follows; None works it out from the budget.
    """
    if next_attempt is None:
        next_attempt = (
            public.verdict == "fail"
            and order.attempt < order.budget.attempts
            and (spent_usd or 0.0) < order.budget.spec_usd
        )
    parts = [
        f"**{_headline(public)}**",
        explanation(public),
        _turn(public, order, next_attempt),
        _money(order, spent_usd, usd_known),
        _identity(public, order),
    ]
    head, tail = parts[:3], parts[3:]
    fixed = "\n\n".join(["", *head, *tail, ""])
    room = SUMMARY_LIMIT_BYTES - len(fixed.encode()) - 200
    table = requirement_table(public, order, room)
    summary = "\n\n".join(part for part in [*head, table, *tail] if part)
    return CheckOutput(title=_title(public, order), summary=summary)


def _title(public: PublicVerdict, order: WorkOrder) -> str:
    name = plain(order.spec.title, limit=120)
    return plain(f"{_headline(public)} — {name}", limit=TITLE_LIMIT)


def _headline(public: PublicVerdict) -> str:
    if public.verdict == "pass":
        return "Passed: every required holdout scenario passed"
    if public.verdict == "fail":
        how = CLASSES.get(public.failure_class or "", "holdout scenarios did not pass")
        return f"Failed: {how}"
    return "Inconclusive: no verdict, so nothing ships"


def explanation(public: PublicVerdict) -> str:
    """What a reader has to know of a verdict beyond its headline."""
    if public.verdict == "inconclusive":
        return (
            f"{escaped(public.cause, limit=500)}\n\nTo mend it: {escaped(public.mend, limit=500)}"
        )
    if public.verdict == "pass":
        return (
            "*Met* means that no required holdout scenario speaks against it; "
            "a requirement that no scenario checks counts as met here."
        )
    if public.failure_class in ("build", "start"):
        return "No scenario could be run, so nothing is known of the requirements."
    if public.other and public.requirements_not_met:
        return "More is not met than is named here."
    if public.other:
        return "What is not met cannot be named without giving a holdout scenario away."
    if public.requirements_not_met:
        return "No other requirement was found not met."
    return "The leak budget of this spec version is spent, so only the verdict is told."


def _turn(public: PublicVerdict, order: WorkOrder, next_attempt: bool) -> str:
    """Whose turn it is."""
    attempt, attempts = order.attempt, order.budget.attempts
    count = f"Attempt {attempt} of {attempts}."
    if public.verdict == "pass":
        return f"{count} **Next:** the factory ships exactly this commit."
    if public.verdict == "inconclusive":
        return f"{count} **Next:** the people who run the factory."
    if next_attempt:
        return f"{count} **Next:** the builder; attempt {attempt + 1} follows with this feedback."
    why = "no attempt is left" if attempt >= attempts else "the budget is used up"
    return f"{count} **Next:** the owner of the spec; {why}."


def requirement_table(public: PublicVerdict, order: WorkOrder, room_bytes: int) -> str:
    """The requirements of the public spec, as many rows as there is room for."""
    words = {"pass": "met", "fail": "not told", "inconclusive": "not told"}
    rows = ["| Requirement | Text of the spec | Outcome |", "| --- | --- | --- |"]
    used = sum(len(row) + 1 for row in rows)
    requirements = order.spec.requirements
    for index, item in enumerate(requirements):
        unmet = item.id in public.requirements_not_met
        word = "**not met**" if unmet else words[public.verdict]
        text = escaped(item.text, limit=REQUIREMENT_TEXT_LIMIT)
        row = f"| {escaped(item.id, limit=10)} | {text} | {word} |"
        used += len(row.encode()) + 1
        if used > room_bytes:
            return "\n".join(rows) + f"\n\n{len(requirements) - index} more are not shown."
        rows.append(row)
    return "\n".join(rows)


def _money(order: WorkOrder, spent_usd: float | None, usd_known: bool) -> str:
    limit = f"of {order.budget.spec_usd:.2f} USD for this spec"
    if spent_usd is None:
        return f"Spend: not known, {limit}."
    more = "" if usd_known else " charged, since what the agent spent is not known for certain"
    return f"Spend: {spent_usd:.2f} USD{more}, {limit}."


def _identity(public: PublicVerdict, order: WorkOrder) -> str:
    candidate = public.candidate or "none"
    return (
        f"Spec `{order.spec.id}` version {order.spec.version}, run `{order.run_id}`, "
        f"attempt {order.attempt}, candidate `{candidate}`."
    )
