"""What may still be told, counted without a ledger of one's own."""

from __future__ import annotations

import subprocess
import time

import msgspec
import pytest

from factory.errors import AuthenticationError, ForgeError
from factory.pipeline.judge.leak import Leak, merged_at
from factory.records import LedgerEntry
from factory.verdict import message_bits
from tests.adversarial.outside_product import lay_out, spec
from tests.adversarial.subject_bench import ENVIRONMENT
from tests.unit.evaluate.candidates import candidate


@pytest.fixture
def order(tmp_path):
    record = candidate(tmp_path / "x", {"a": "1"})
    return msgspec.structs.replace(record.work_order, leak_left_bits=32.0)


def test_at_home_nothing_counts(order):
    leak = Leak()
    assert leak.left(order, None) == 32.0
    assert leak.notes == []


def test_each_run_before_is_charged_a_whole_message(order):
    bits = message_bits(1)
    asked = []

    def runs(since):
        asked.append(since)
        return 3

    leak = Leak(runs=runs)
    assert leak.left(order, 1700000000) == pytest.approx(32.0 - 3 * bits)
    assert asked == [1700000000]


@pytest.mark.parametrize("runs", [100, 10**6])
def test_a_spent_budget_is_said(order, runs):
    leak = Leak(runs=lambda since: runs)
    assert leak.left(order, None) == 0.0
    leak.left(order, None)
    (note,) = leak.notes
    assert "leak budget of `greeting` version 1 is spent (32 bits" in note


@pytest.mark.parametrize("error", [AuthenticationError("403"), ForgeError("502")])
def test_what_cannot_be_counted_leaves_nothing(order, error):
    def runs(since):
        raise error

    leak = Leak(runs=runs)
    assert leak.left(order, None) == 0.0
    assert "actions: read" in leak.notes[0]


def test_what_a_whole_factory_has_told_counts_too(order):
    entry = LedgerEntry(
        at="2026-11-22T21:10:08Z", event="judged", run_id=order.run_id, spec_id="greeting",
        spec_version=1, spec_digest=order.spec.digest, product="x", leak_bits=20.0,
    )  # fmt: skip
    other = msgspec.structs.replace(entry, spec_version=2)
    leak = Leak(runs=lambda since: 0, told=lambda specs, spec_id: [entry, other])
    assert leak.left(order, None) == 12.0


def test_the_day_is_the_merges_and_not_the_authors(tmp_path):
    """An author's commit may bear any date; what was merged by the forge bears the forge's."""
    outside = lay_out(tmp_path)
    outside.git("checkout", "-q", "-b", "change")
    (outside.product / "specs/greeting.md").write_text(spec(version="2"))
    outside.git("add", "--all")
    future = int(time.time()) + 10**8
    env = {**ENVIRONMENT, "GIT_COMMITTER_DATE": f"{future} +0000"}
    subprocess.run(["git", "commit", "-q", "-m", "x"], cwd=outside.product, env=env, check=True)
    outside.git("checkout", "-q", "main")
    before = int(time.time())
    outside.git("merge", "-q", "--no-ff", "-m", "Merge", "change")
    head = outside.git("rev-parse", "HEAD")
    found = merged_at(outside.product, head, "specs/greeting.md")
    assert found is not None and before <= found <= time.time()
    assert merged_at(outside.product, head, "scenarios/greeting") is None
    # Merged without a commit of the forge's own, it cannot reach into the future either.
    side = outside.git("rev-parse", "change")
    assert (merged_at(outside.product, side, "specs/greeting.md") or 0) <= time.time()
