"""What a day's runs may cost together, and what verdicts may still tell: read from the ledger."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from factory.errors import BudgetExceeded
from factory.forge.local import LocalForge
from factory.pipeline import Equipment
from factory.pipeline.equipment import now_text
from factory.records import (
    AgentProfile,
    Budget,
    Product,
    Requirement,
    SpecText,
    Subject,
    WorkOrder,
    digest_of,
)


def order(attempt: int = 1, version: int = 1) -> WorkOrder:
    return WorkOrder(
        run_id="20261122t210000-0123abcd",
        nonce="0" * 32,
        created_at=now_text(),
        spec=SpecText(
            id="greeting",
            title="Greet",
            version=version,
            path="specs/greeting.md",
            commit="a" * 40,
            digest=digest_of("x"),
            text="x",
            requirements=(Requirement(id="R1", text="It greets", line=1),),
        ),
        product=Product(name="greeter", repository="/x", subject=Subject(command="greet")),
        base_commit="a" * 40,
        agent=AgentProfile(name="builder", uses="replay"),
        budget=Budget(usd=5.0),
        brief="x",
        attempt=attempt,
    )


@pytest.fixture
def shop(tmp_path: Path) -> Equipment:
    folder = tmp_path / "specs.git"
    subprocess.run(["git", "init", "--quiet", "--bare", str(folder)], check=True)
    return Equipment(
        forge=LocalForge(None), scenarios=None, ledger_url=str(folder), leak_bits=20, day_usd=6
    )


def test_an_attempt_gets_no_more_than_is_left_of_the_day(shop: Equipment) -> None:
    assert shop.within_today(order()).budget.usd == 5.0
    shop.record(order(), "built", usd=4.5)
    assert shop.within_today(order(2)).budget.usd == 1.5
    shop.record(order(2), "built", usd=1.5)
    with pytest.raises(BudgetExceeded, match="6 USD are spent") as caught:
        shop.within_today(order(3))
    assert caught.value.exit_code == 4 and "factory.yml" in caught.value.mend


def test_yesterday_does_not_count(shop: Equipment, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("factory.pipeline.equipment.now_text", lambda: "2020-01-01T23:59:59Z")
        shop.record(order(), "built", usd=6.0)
    assert shop.within_today(order(2)).budget.usd == 5.0


def test_leaks_of_one_spec_version_add_up(shop: Equipment) -> None:
    shop.record(order(), "judged", verdict="fail", leak_bits=10.5)
    assert shop.leak_left(order()) == 20, "the attempt's own entry is from before a crash"
    assert shop.leak_left(order(2)) == 9.5
    assert shop.leak_left(order(1, version=2)) == 20
    shop.record(order(2), "judged", verdict="fail", leak_bits=10.5)
    assert shop.leak_left(order(3)) == 0
