"""What a day's runs may cost together, and what verdicts may still tell: read from the ledger."""

from __future__ import annotations

import math
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
import pytest

from factory.errors import BudgetExceeded
from factory.forge.local import LocalForge
from factory.ledger.accounts import Used
from factory.pipeline import Equipment
from factory.pipeline.equipment import now_text
from factory.records import (
    AgentProfile,
    Budget,
    Product,
    PublicVerdict,
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
        agent=AgentProfile(name="builder", uses="anthropic"),
        budget=Budget(usd=5.0, day_usd=6.0),
        brief="x",
        attempt=attempt,
    )


@pytest.fixture
def shop(tmp_path: Path) -> Equipment:
    folder = tmp_path / "specs.git"
    subprocess.run(["git", "init", "--quiet", "--bare", str(folder)], check=True)
    return Equipment(forge=LocalForge(None), scenarios=None, ledger_url=str(folder))


def judged(one: WorkOrder) -> PublicVerdict:
    return PublicVerdict(
        run_id=one.run_id, nonce=one.nonce, attempt=one.attempt, spec_id=one.spec.id,
        spec_version=one.spec.version, spec_digest=one.spec.digest, candidate="a" * 40,
        suite_digest=None, verdict="pass",
    )  # fmt: skip


def used(usd: float) -> Used:
    return Used(nano=round(usd * 1e9))


def test_an_attempt_gets_no_more_than_is_left_of_the_day(shop: Equipment) -> None:
    assert shop.reserve(order(), None).budget.usd == 5.0
    shop.release(order(), used(4.5))
    second = shop.reserve(order(2), None)
    assert (second.budget.usd, second.budget.usd_level) == (1.5, "day")
    shop.release(order(2), used(1.5))
    with pytest.raises(BudgetExceeded, match=r"is \$6\.0000: \$6\.0000 spent, .*left") as caught:
        shop.reserve(order(3), None)
    assert caught.value.exit_code == 4 and "factory.yml" in caught.value.mend
    assert caught.value.level == "day" and caught.value.frees_at.endswith("T00:00:00Z")


def test_what_is_set_aside_counts_until_it_is_released(shop: Equipment) -> None:
    shop.reserve(order(), None)
    assert shop.reserve(order(2), None).budget.usd == 1.0
    with pytest.raises(BudgetExceeded, match="set aside"):
        shop.reserve(order(3), None)
    shop.release(order(), used(0.25))
    shop.release(order(), used(0.25))
    assert shop.reserve(order(3), None).budget.usd == 4.75


def test_of_many_that_race_for_the_last_dollar_none_gets_it_twice(shop: Equipment) -> None:
    def one(number: int) -> float:
        try:
            return shop.reserve(order(number), None).budget.usd
        except BudgetExceeded:
            return 0.0

    with ThreadPoolExecutor(6) as pool:
        got = sorted(pool.map(one, range(1, 7)))
    assert got == [0, 0, 0, 0, 1.0, 5.0]


def test_minutes_of_a_spec_are_those_of_all_that_was_built_and_judged(shop: Equipment) -> None:
    planned = order()
    assert shop.seconds_left(planned) == math.inf
    budget = msgspec.structs.replace(planned.budget, spec_minutes=10)
    planned = msgspec.structs.replace(planned, budget=budget)
    assert shop.seconds_left(planned) == 600
    granted = shop.reserve(planned, None)
    assert granted.budget.minutes == 7.5, "the rest is for judging"
    shop.release(granted, Used(seconds=200.0))
    shop.tell(planned, "a" * 40, lambda left: judged(planned), seconds=61.0)
    assert shop.seconds_left(planned) == 600 - 200 - 120
