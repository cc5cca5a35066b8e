"""Runs one command-line agent in a cell: its stream is read as it comes, at its end is a bill.

It ends by itself, or is ended where its stream shows that a limit is passed. The sandbox and the
egress proxy are the walls; a program's own limits only save money.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from factory import money
from factory.agents.command_line.charge import Charge
from factory.agents.command_line.place import Options, Place, placed
from factory.agents.command_line.watch import Watch
from factory.agents.outcome import outcome
from factory.agents.protocol import Assignment
from factory.agents.spent import Spent
from factory.agents.trajectory import Journal
from factory.errors import BudgetExceeded
from factory.records import AgentOutcome
from factory.sandbox.protocol import Sandbox


@contextmanager
def _written_down(assignment: Assignment, place: Place) -> Iterator[list[Charge]]:
    """Keep, over a kill, that the whole budget may be spent, and afterwards what was.

    A program that is killed along with us tells nobody; one that never reached out spent nothing.
    """
    paid: list[Charge] = []
    budget = assignment.budget
    checkpoint = assignment.checkpoint
    if checkpoint is None or place.proxy is None:
        yield paid
        return
    whole = Spent(money.charge(budget.usd), budget.tokens or 0)
    checkpoint.write("asked", **whole.facts())
    checkpoint.write("void")  # Nothing of it can be gone on with.
    try:
        yield paid
    finally:
        if paid or not place.proxy.connections:
            checkpoint.write("lost", **sum((_spent(one, whole) for one in paid), Spent()).facts())


def _spent(bill: Charge, whole: Spent) -> Spent:
    """Where the cost is not known, the tokens are not either."""
    tokens = bill.tokens.total
    return Spent(money.charge(bill.usd), tokens if bill.known else max(tokens, whole.tokens))


class CommandLineAgent:
    """One program of the kinds in this package; see `Options`."""

    def __init__(self, options: Options) -> None:
        self._options = options

    def work(self, assignment: Assignment, sandbox: Sandbox) -> AgentOutcome:
        """See `Agent.work`. Where the cost is not known for certain the whole budget is charged."""
        options = self._options
        if assignment.budget.usd <= 0 and options.adapter.asks_model:
            raise BudgetExceeded("nothing is left to spend", mend="raise `budget`")
        secret = options.secret()
        text = assignment.brief + ("\n" + assignment.feedback if assignment.feedback else "")
        launch = options.adapter.launch(options.settings, assignment.budget, text)
        started = time.monotonic()
        with (
            Journal(
                assignment.journal,
                spec_id=assignment.spec_id,
                attempt=assignment.attempt,
                base_tree=assignment.base_tree,
                agent=options.adapter.kind,
                model=options.settings.model,
                secrets=(*assignment.secrets, *secret.values()),
            ) as journal,
            placed(options, assignment, launch, text, secret) as place,
        ):
            watch = Watch(options=options, assignment=assignment, journal=journal, home=place.home)
            with _written_down(assignment, place) as paid:
                done = watch.ran(sandbox, place, launch)
                bill = watch.settled(done, place.proxy, launch)
                paid.append(bill)
            ended, message = watch.ending(done)
            message = journal.redact(message)
            journal.end(ended, message)
        return outcome(
            ended,
            message,
            steps=watch.steps,
            usage=journal.usage,
            duration_seconds=time.monotonic() - started,
            usd=bill.usd,
            usd_known=bill.known,
        )
