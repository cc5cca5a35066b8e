"""What a journal says of a command-line agent: all that it may use, until its bill is known."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from factory.agents.checkpoint import left, opened
from factory.agents.command_line.agent import _written_down
from factory.agents.command_line.charge import Charge
from factory.agents.prices import Tokens
from factory.agents.spent import Spent
from factory.records import Budget

WHOLE = Spent(2_000_000_000, 900)


class Killed(BaseException):
    """Ends it in its middle."""


def ran(folder, *, bill=None, connections=1):
    """Its journal after a run that ended with a bill, or without."""
    proxy = SimpleNamespace(connections=connections)
    with opened(folder, "key") as checkpoint:
        checkpoint.begin("a" * 40)
        given = SimpleNamespace(checkpoint=checkpoint, budget=Budget(usd=2, tokens=900))
        with pytest.raises(Killed), _written_down(given, SimpleNamespace(proxy=proxy)) as paid:
            assert left(folder, "key").spent == WHOLE, "written before it begins"
            if bill is not None:
                paid.append(bill)
            raise Killed
    found = left(folder, "key")
    assert found is not None and not found.resumed, "nothing of it can be gone on with"
    return found.spent


def test_without_a_bill_all_of_it_counts_once_it_reached_out(tmp_path):
    assert ran(tmp_path) == WHOLE


def test_one_that_never_reached_out_spent_nothing(tmp_path):
    assert ran(tmp_path, connections=0) == Spent()


@pytest.mark.parametrize(("known", "tokens"), [(True, 30), (False, 900)])
def test_a_bill_counts_and_where_it_is_not_known_all_tokens(tmp_path, known, tokens):
    bill = Charge(usd=0.5, known=known, tokens=Tokens(input=20, output=10))
    assert ran(tmp_path, bill=bill) == Spent(500_000_000, tokens)
