"""What tries at an attempt have used: known from its journal, and where not, never guessed low."""

from __future__ import annotations

import msgspec
import pytest

from factory.agents.checkpoint import JOURNAL, opened
from factory.agents.spent import Spent
from factory.agents.trajectory import Journal, Usage
from factory.build import known, total
from factory.build.tries import CHECKPOINT, key_of
from factory.ledger.accounts import Used
from factory.records import AgentOutcome, AgentProfile, Attempt, Budget
from tests.unit.plan.made import order

TREE = "a" * 40
CUT = 7


def an_order(uses="anthropic"):
    return msgspec.structs.replace(order(), agent=AgentProfile(name="builder", uses=uses))


def killed(out, one, *, abandoned=CUT, lines=(("asked", 50, 5),)):
    """What a killed try leaves."""
    with opened(out / CHECKPOINT, key_of(one)) as checkpoint:
        checkpoint.begin(TREE, Spent(abandoned, 1))
        for line, nano, tokens in lines:
            checkpoint.write(line, nano=nano, tokens=tokens)


def test_before_any_agent_nothing_was_used(tmp_path):
    assert known(tmp_path, an_order()) == Used()


@pytest.mark.parametrize("uses", ["anthropic", "claude-code", "codex"])
def test_a_request_without_an_end_counts_in_full(tmp_path, uses):
    one = an_order(uses)
    killed(tmp_path, one)
    assert known(tmp_path, one) == Used(nano=57, tokens=6)
    killed(tmp_path, one, lines=[("asked", 50, 5), ("turn", 20, 2), ("asked", 9, 1)])
    assert known(tmp_path, one) == Used(nano=7 + 20 + 9, tokens=1 + 2 + 1)


def test_limits_that_change_meanwhile_change_nothing(tmp_path):
    one = an_order()
    killed(tmp_path, one)
    lowered = msgspec.structs.replace(one, budget=Budget(usd=1), spent_usd=0.5)
    assert known(tmp_path, lowered) == Used(nano=57, tokens=6)


def test_steps_that_a_journal_lacks_count_by_the_trajectory(tmp_path):
    one = an_order()
    killed(tmp_path, one, lines=())
    with Journal(tmp_path, spec_id="aa", attempt=1, base_tree=TREE, agent="x") as journal:
        journal.step("", usage=Usage(usd=0.25))
    assert known(tmp_path, one) == Used(nano=250_000_007, tokens=1)


def test_of_a_damaged_journal_nobody_can_know(tmp_path):
    one = an_order()
    killed(tmp_path, one)
    journal = tmp_path / CHECKPOINT / JOURNAL
    journal.write_bytes(journal.read_bytes().replace(b"50", b"10"))
    assert known(tmp_path, one) is None


def test_a_replay_asks_nobody(tmp_path):
    one = an_order("replay")
    killed(tmp_path, one)
    assert known(tmp_path, one) == Used()


def test_a_finished_attempt_tells_all_its_tries():
    one = msgspec.structs.replace(an_order(), spent_usd=1.5)
    attempt = Attempt(
        work_order=one,
        agent=AgentOutcome(ended="finished", usd=0.5, duration_seconds=12.0),
        spent_usd=2.25,
        tokens=40,
        sandbox="bubblewrap",
    )
    assert total(attempt) == Used(nano=750_000_000, tokens=40, seconds=12.0)
