"""A public verdict in a person's words, as the text of a check run.

Built from the public verdict, the public spec and the ledger alone, so it can say nothing that is
private. Over a limit it degrades by rule: what is not met comes first, rows that do not fit are
counted, and only then is anything cut.
"""

from __future__ import annotations

import re

from factory.forge.markdown import escaped, plain
from factory.forge.protocol import CheckOutput
from factory.records import PublicVerdict, WorkOrder
from factory.verdict.course import Course
from factory.verdict.notes import notes
from factory.verdict.reasons import phrase_of
from factory.verdict.title import CLASSES, TITLE_LIMIT, title

# GitHub: summary at most 65,535 characters; counted here in bytes, the stricter reading.
SUMMARY_LIMIT_BYTES = 65_535
REQUIREMENT_TEXT_LIMIT = 300
LAPS_SHOWN = 20
_ROOM_LEFT_BYTES = 200
_SPEND = "Spend: {}, of {:.2f} USD for this spec."


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


def under_way(order: WorkOrder, doing: str) -> CheckOutput:
    """The check while it is in progress; `doing` is a word of ours, as "building"."""
    count = f"attempt {order.attempt} of {order.budget.attempts}"
    return CheckOutput(
        title=_named(f"In progress: {doing}, {count}", order),
        summary=(
            f"{_identity(order, None)}\n\n**Next:** the factory; the verdict follows here. "
            "The link to the run shows how far it is."
        ),
    )


def check_output(
    public: PublicVerdict,
    order: WorkOrder,
    *,
    spent_usd: float | None = None,
    usd_known: bool = True,
    stop: str | None = None,
    course: Course = Course(),  # noqa: B008 -- frozen
) -> CheckOutput:
    """The title, the summary and the annotations of the check run `factory / verdict`.

    The annotations are on lines of the spec, for a check on the spec's commit alone.

    Args:
        public: the public verdict.
        order: the work order that it answers; gives the public spec, budget and attempt.
        spent_usd: what all attempts so far have cost, or None where that is not known.
        usd_known: False where an agent's cost is not known for certain, so that its whole budget
            was charged.
        stop: after a fail, why no attempt follows; "" where one does. None works it out from the
            budget alone.
        course: the run's attempts so far.
    """
    if stop is None:
        stop = _out_of_budget(order, spent_usd)
    line = title([(order, public)])
    how = CLASSES.get(public.failure_class or "")
    what = f"The candidate: {how}. " if how and public.verdict == "fail" else ""
    head = [f"**{line}**", what + explanation(public), _turn(public, order, stop)]
    tail = [
        _laps(course),
        _money(order, spent_usd, usd_known),
        _time(order, course),
        _identity(order, public),
    ]
    fixed = "\n\n".join(["", *head, *tail, ""])
    room = SUMMARY_LIMIT_BYTES - len(fixed.encode()) - _ROOM_LEFT_BYTES
    table = requirement_table(public, order, room)
    return CheckOutput(
        title=_named(line, order),
        summary="\n\n".join(part for part in [*head, table, *tail] if part),
        annotations=notes(public, order),
    )


def explanation(public: PublicVerdict) -> str:
    """What a reader has to know of a verdict beyond its title."""
    if public.verdict == "inconclusive":
        phrase = phrase_of(public.cause)
        part = f"**What broke:** {phrase.part}. " if phrase and phrase.part else ""
        cause, mend = escaped(public.cause, limit=500), escaped(public.mend, limit=500)
        return f"{part}{cause}\n\nTo mend it: {mend}"
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


def requirement_table(public: PublicVerdict, order: WorkOrder, room_bytes: int) -> str:
    """The requirements of the public spec, as many rows as there is room for.

    In the order of the spec; where not all fit, those that are not met come first.
    """
    words = {"pass": "met", "fail": "not told", "inconclusive": "not told"}
    # Where scenarios are judged by their tags alone there is no spec, and no text of it.
    texts = any(item.text for item in order.spec.requirements)
    rows = []
    for item in order.spec.requirements:
        unmet = item.id in public.requirements_not_met
        word = "**not met**" if unmet else words[public.verdict]
        text = f" {escaped(item.text, limit=REQUIREMENT_TEXT_LIMIT)} |" if texts else ""
        rows.append((unmet, f"| {escaped(item.id, limit=10)} |{text} {word} |"))
    head = ["| Requirement | Outcome |", "| --- | --- |"]
    if texts:
        head = ["| Requirement | Text of the spec | Outcome |", "| --- | --- | --- |"]
    room = room_bytes - sum(len(row) + 1 for row in head)
    if sum(len(row.encode()) + 1 for _, row in rows) > room:
        rows.sort(key=lambda row: not row[0])
    shown = []
    for _, row in rows:
        room -= len(row.encode()) + 1
        if room < 0:
            break
        shown.append(row)
    left = len(rows) - len(shown)
    return "\n".join([*head, *shown]) + (f"\n\n{left} more are not shown." if left else "")


def _named(line: str, order: WorkOrder) -> str:
    """A title that says which spec it is about: several can be merged in one commit."""
    return plain(f"{line} — {plain(order.spec.title, limit=120)}", limit=TITLE_LIMIT)


def _out_of_budget(order: WorkOrder, spent_usd: float | None) -> str:
    if order.attempt >= order.budget.attempts:
        return "no attempt is left"
    return "the budget is used up" if (spent_usd or 0.0) >= order.budget.spec_usd else ""


def _turn(public: PublicVerdict, order: WorkOrder, stop: str) -> str:
    """Whose turn it is, and what happens next."""
    count = f"Attempt {order.attempt} of {order.budget.attempts}."
    if public.verdict == "pass":
        return f"{count} **Next:** the factory ships exactly this commit."
    if public.verdict == "inconclusive":
        phrase = phrase_of(public.cause)
        who = phrase.who if phrase else "the people who run the factory"
        return f"{count} **Next:** {who}; nothing ships meanwhile."
    if not stop:
        follows = f"attempt {order.attempt + 1} follows with this feedback"
        return f"{count} **Next:** the builder; {follows}."
    return f"{count} **Next:** the owner of the spec; {escaped(stop, limit=300)}."


def _laps(course: Course) -> str:
    """A table of the attempts, where there was more than one."""
    if len(course.laps) < 2:
        return ""
    rows = ["| Attempt | Verdict | Not met | Spend | Took |", "| --- | --- | --- | --- | --- |"]
    for one in course.laps[-LAPS_SHOWN:]:
        named = ", ".join(one.not_met) or "not told" if one.verdict == "fail" else ""
        usd = "not known" if one.usd is None else f"{one.usd:.2f} USD"
        rows.append(f"| {one.attempt} | {one.verdict} | {named} | {usd} | {_span(one.seconds)} |")
    left = len(course.laps) - LAPS_SHOWN
    return "\n".join(rows) + (f"\n\n{left} earlier are not shown." if left > 0 else "")


def _money(order: WorkOrder, spent_usd: float | None, usd_known: bool) -> str:
    if spent_usd is None:
        return _SPEND.format("not known", order.budget.spec_usd)
    more = "" if usd_known else " charged, since what the agent spent is not known for certain"
    return _SPEND.format(f"{spent_usd:.2f} USD{more}", order.budget.spec_usd)


def _time(order: WorkOrder, course: Course) -> str:
    if course.seconds is None:
        return f"Time: this attempt was planned at {escaped(order.created_at, limit=40)}."
    return f"Time: {_span(course.seconds)} from the first plan to this verdict."


def _span(seconds: float | None) -> str:
    """A time for people: minutes, and hours where there are any."""
    if seconds is None:
        return "not known"
    minutes = max(round(seconds / 60), 1)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


def _identity(order: WorkOrder, public: PublicVerdict | None) -> str:
    candidate = f", candidate `{public.candidate or 'none'}`" if public else ""
    return (
        f"Spec `{order.spec.id}` version {order.spec.version}, run `{order.run_id}`, "
        f"attempt {order.attempt}{candidate}."
    )
