"""`/factory retry` and its like as comments on a spec's issue: who is heard, and what is done.

Of the event only two numbers are used. What was said, by whom and where is asked anew: the event
may be old by now, delivered twice, or run again by hand.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from factory import ledger
from factory.forge.comments import marker
from factory.forge.conversation import Conversation
from factory.pipeline.conversation.text import spec_of
from factory.pipeline.planning import Ledger
from factory.plan.standing import Standing, standing
from factory.plan.word import Word, heed
from factory.records import LedgerEntry

Order = Literal["retry", "resume", "pause", "status"]
ORDERS: Mapping[str, Order] = {
    "/factory retry": "retry",
    "/factory resume": "resume",
    "/factory pause": "pause",
    "/factory status": "status",
}
ANSWERED = "it has been answered"


@dataclass(frozen=True, kw_only=True)
class Heard:
    """What somebody who may write said on a spec's issue.

    `mark` is the marker of the answer: one for each comment, and one for each person that asks
    for the status.
    """

    order: Order
    spec_id: str
    issue: int
    login: str
    comment: int
    mark: str

    @property
    def reason(self) -> str:
        """Who said it and where, for the ledger."""
        word = "paused" if self.order == "pause" else "resumed"
        return f"{word} by @{self.login} in comment {self.comment}"


def hear(event: Mapping[str, Any], repository: str, talk: Conversation) -> Heard | str:
    """What an `issue_comment` event asks for, or why it asks for nothing.

    Args:
        event: its payload, as anybody may have caused it.
        repository: owner/name of the specs repository.
        talk: its issues.

    Raises:
        ForgeError, AuthenticationError: the forge could not be asked.
    """
    number = _number(event, repository)
    if number is None:
        return "no comment was made on an issue of this repository"
    said = talk.said(number)
    if said is None or said.body != event["comment"].get("body"):
        return "the comment was changed or deleted"
    order = ORDERS.get(said.body.partition("\n")[0].rstrip())
    if order is None:
        return "its first line is no order"
    if not said.is_person:
        return "a program wrote it"
    issue = talk.ours(said.issue)
    spec_id = spec_of(issue.mark) if issue else None
    if spec_id is None:
        return "it is not on an issue of the factory's"
    if not talk.may_write(said):
        return f"{said.login} has no write access"
    key = ("status", said.account) if order == "status" else ("answer", number)
    mark = marker(key[0], str(key[1]))
    if order != "status" and talk.has(said.issue, mark):
        return ANSWERED
    return Heard(
        order=order, spec_id=spec_id, issue=said.issue, login=said.login, comment=number, mark=mark
    )


def carry_out(
    heard: Heard, books: Ledger, *, now: datetime, lost_after: timedelta
) -> tuple[str, bool]:
    """Enter what was heard into the ledger; doing it twice enters it once.

    Args:
        lost_after: how long a run may be silent before it counts as lost.

    Returns:
        What it came to, in sentences of ours, and whether another plan is to be asked for.

    Raises:
        RecordError, AuthenticationError, ForgeError: the ledger could not be read or added to.
    """
    if heard.order == "status":
        return "", False
    word: Word = "paused" if heard.order == "pause" else "resumed"
    before, after = Standing(), Standing()

    def decide(entries: Any) -> Sequence[LedgerEntry]:
        nonlocal before, after
        of_spec: list[LedgerEntry] = entries.of_spec(heard.spec_id)
        added = heed(word, of_spec, reason=heard.reason, now=now)
        before = standing(of_spec, now, lost_after=lost_after)
        after = standing([*of_spec, added], now, lost_after=lost_after) if added else before
        return [added] if added else []

    ledger.append_if(decide, url=books.url, env=books.env)
    flying = after.in_flight.get(heard.spec_id)
    if word == "paused":
        if heard.spec_id not in after.paused:
            return (
                "There is nothing to pause: the ledger has no run of it, or was told since.",
                False,
            )
        ends = f" Run `{flying.run_id}` comes to its end; no attempt follows." if flying else ""
        return f"Paused: no version is planned until `/factory resume`.{ends}", False
    over = "The pause is over. " if heard.spec_id in before.paused else ""
    if flying:
        return f"{over}Run `{flying.run_id}` is under way, so nothing new is begun.", False
    return f"{over}It is planned again; where it does not begin, the queue below says why.", True


def _number(event: Mapping[str, Any], repository: str) -> int | None:
    """The comment that an event is about, where it is one that was made here on an issue."""
    try:
        here = event["repository"]["full_name"].casefold() == repository.casefold()
        on_issue = "pull_request" not in event["issue"]
        number = event["comment"]["id"]
        is_one = event["action"] == "created" and isinstance(number, int)
        return number if here and on_issue and is_one else None
    except (KeyError, TypeError, AttributeError):
        return None
