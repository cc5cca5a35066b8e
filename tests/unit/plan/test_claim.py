"""Claims in a real ledger: of plans at the same moment only one gets a spec."""

from __future__ import annotations

import subprocess
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from factory import ledger
from factory.plan.claim import claim
from factory.plan.standing import LOST_AFTER
from factory.records.ledger import ASKED
from tests.unit.plan.made import NOW, entry, order, run_id

AREAS = {name: ("shortener", name) for name in ("aa", "bb")}


@pytest.fixture
def url(tmp_path: Path) -> str:
    folder = tmp_path / "specs.git"
    subprocess.run(["git", "init", "--quiet", "--bare", str(folder)], check=True)
    return str(folder)


def claimed(url: str, *orders, now=NOW, areas=AREAS, **more) -> list[str]:
    return [one.spec.id for one in claim(orders, url=url, env={}, now=now, areas=areas, **more)]


def entered(url: str) -> list[tuple[str, str]]:
    return [(one.run_id, one.reason) for one in ledger.read(url=url, env={})]


def test_a_claim_is_in_the_ledger_once_and_holds(url: str) -> None:
    assert claimed(url, order("aa"), order("bb", run=2)) == ["aa", "bb"]
    assert claimed(url, order("aa")) == ["aa"], "its own claim again, as after a kill"
    assert claimed(url, order("aa", run=3)) == []
    assert sorted(entered(url)) == [(run_id(1), ""), (run_id(2), "")]


def test_a_claim_that_was_lost_is_free_again(url: str) -> None:
    claimed(url, order("aa"))
    later = NOW + LOST_AFTER + timedelta(minutes=1)
    assert claimed(url, order("aa", run=2), now=later) == ["aa"]


def test_an_area_that_somebody_has_begun_in_is_not_claimed(url: str) -> None:
    claimed(url, order("aa"))
    one_area = {"aa": ("shortener", ""), "bb": ("shortener", "bb")}
    assert claimed(url, order("bb", run=2), areas=one_area) == []
    assert claimed(url, order("bb", run=2), areas={"bb": ("shortener", "bb")}) == [], (
        "of a spec that is gone, all of the product is held"
    )


def test_whoever_asks_again_may_take_what_is_parked_or_in_flight(url: str) -> None:
    claimed(url, order("aa"))
    ledger.append(entry(1, "parked", reason="no gain"), url=url, env={})
    assert claimed(url, order("aa", run=2)) == []
    assert claimed(url, order("aa", run=2), again=True) == ["aa"]
    assert (run_id(2), ASKED) in entered(url)
    assert claimed(url, order("aa", run=3), again=True) == ["aa"]


def test_what_is_paused_is_not_claimed_unless_somebody_asks(url: str) -> None:
    ledger.append(entry(1, "stopped"), url=url, env={})
    ledger.append(entry(1, "paused", reason="paused by @ann"), url=url, env={})
    assert claimed(url, order("aa", run=2)) == []
    assert claimed(url, order("bb", run=3)) == ["bb"]
    assert claimed(url, order("aa", run=2), again=True) == ["aa"]
    ledger.append(entry(2, "stopped"), url=url, env={})
    assert claimed(url, order("aa", run=4)) == ["aa"], "whoever asked has ended the pause"


def test_of_plans_at_the_same_moment_one_gets_the_spec(url: str) -> None:
    def one(number: int) -> list[str]:
        return claimed(url, order("aa", run=number), order("bb", run=number + 10))

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(one, range(1, 5)))
    assert sorted(name for names in found for name in names) == ["aa", "bb"]
    assert len(entered(url)) == 2
