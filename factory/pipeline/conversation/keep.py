"""Keep the issue about a spec: opened where it failed for good, changed, closed by a pass."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from factory import money
from factory.forge.comments import marker
from factory.forge.conversation import Conversation
from factory.ledger.accounts import Accounts
from factory.pipeline.conversation.text import Failure, mark_of, text, title
from factory.pipeline.retry import Ended
from factory.plan.standing import standing
from factory.records import LedgerEntry, PublicVerdict


def keep(
    ended: Ended,
    entries: Sequence[LedgerEntry],
    *,
    talk: Conversation,
    now: datetime,
    place: str,
    run_url: str = "",
) -> str:
    """Tell people how a line ended, if that is for them to know. Telling it again changes nothing.

    Args:
        ended: the line.
        entries: all that the ledger has of its spec, how the line ended included.
        place: the address of the specs repository.
        run_url: the page of the workflow run, or "".

    Returns:
        The address of the issue that was opened, changed or closed, else "".

    Raises:
        ForgeError, AuthenticationError: people could not be told.
    """
    order = ended.order
    spec, mark = order.spec, mark_of(order.spec.id)
    if ended.shipped:
        commit = f" as `{ended.candidate.commit[:12]}`" if ended.candidate else ""
        word = f"Version {spec.version} has passed, and has shipped{commit}."
        closed = talk.end(mark, (marker("shipped", order.run_id), word))
        return closed.url if closed else ""
    reason = standing(entries, now).parked.get((spec.id, spec.version))
    if reason is None:
        return ""
    public = _fail(ended)
    failure = Failure(
        order=order,
        reason=reason,
        cause="" if public else ended.cause,
        public=public,
        spent_usd=money.dollars(Accounts(entries).spec(spec.id, spec.version).nano),
        place=place,
        run_url=run_url,
        stuck=_is_stuck(ended),
    )
    word = (
        f"Version {spec.version} failed for good in run `{order.run_id}`; the text above says why."
    )
    again = (marker("failed", order.run_id), word)
    return talk.tell(mark, title(spec.id), text(failure), again=again).url


def _fail(ended: Ended) -> PublicVerdict | None:
    public = ended.public
    return public if public is not None and public.verdict == "fail" else None


def _is_stuck(ended: Ended) -> bool:
    trees = [one.tree_id for one in ended.order.history]
    return ended.candidate is not None and ended.candidate.tree_id in trees
