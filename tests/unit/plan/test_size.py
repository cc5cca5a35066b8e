"""What orders take as text: never more than planned, by the action's own way to pass them."""

from __future__ import annotations

import importlib.util
import json
import random
from pathlib import Path

import msgspec
import pytest

from factory.plan.size import characters, fitting
from tests.unit.plan.made import order

SPECS = Path(__file__).parents[2] / "cases" / "specs" / "valid"
LIMIT = 480_000
"""OUTPUT_LIMIT_CHARACTERS of .github/action/run.py."""
HANDOVER = Path(__file__).parents[3] / ".github" / "action" / "handover.py"


def passed(one) -> str:
    """A line of the matrix as `.github/action/stages/plan.py` writes it."""
    spec = importlib.util.spec_from_file_location("handover", HANDOVER)
    handover = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(handover)
    text = json.dumps(one.to_data(), ensure_ascii=False, separators=(",", ":"))
    line = {"spec": one.spec.id, "run_id": one.run_id, "attempt": 1}
    return json.dumps({**line, "work_order": handover.pack_text(text)}, ensure_ascii=False)


def noise(length: int) -> str:
    return "".join(random.Random(length).choices('abc"\\\nä ', k=length))


@pytest.mark.parametrize("length", [10, 500, 5_000, 25_000, 40_000, 90_000])
def test_an_order_takes_no_more_than_was_counted(length: int) -> None:
    one = order(text=noise(length))
    assert len(passed(one)) + 2 <= characters(one)
    assert characters(one) < len(passed(one)) * 1.2 + 1000


def test_a_hundred_specs_fit_in_one_plan() -> None:
    """Specs as people write them, each a second time in its brief, with 1.5 kB of standards."""
    texts = [one.read_text("utf-8") for one in sorted(SPECS.rglob("*.md"))]
    written = sorted(texts, key=len)[-20:]
    standards = (HANDOVER.parents[2] / "docs" / "check.md").read_text("utf-8")[:1_500]
    orders = []
    for n in range(100):
        one = order(f"s{n}", text=written[n % len(written)])
        brief = f"{standards}\n{one.spec.text}"
        orders.append(msgspec.structs.replace(one, brief=brief))
    assert sum(len(one.to_json()) for one in orders) > 2 * LIMIT, "uncompressed they would not"
    assert len(fitting(orders, LIMIT)[0]) == 100


def test_from_the_front_as_many_as_fit() -> None:
    orders = [order(f"s{n}", text="x" * 9_000) for n in range(10)]
    fit, left, long = fitting(orders, sum(map(characters, orders[:3])))
    assert (fit, left, long) == (orders[:3], orders[3:], [])
    assert fitting(orders, None) == (orders, [], [])


def test_one_that_can_never_pass_holds_up_no_other() -> None:
    huge = order("huge", text="".join(random.Random(1).choices("0123456789abcdef", k=400_000)))
    fit, left, long = fitting([huge, order("aa")], 480_000)
    assert ([one.spec.id for one in fit], left, long) == (["aa"], [], [huge])
