"""Jobs run again and again: somebody draws verdicts until a suite, or its flakes, are known."""

from __future__ import annotations

import itertools
import subprocess
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from factory import ledger
from factory.forge.local import LocalForge
from factory.pipeline import Equipment
from factory.records import LedgerEntry, PublicVerdict, WorkOrder
from factory.verdict import Unavailable, message_bits, redact, unavailable
from tests.unit.plan.made import order
from tests.unit.verdict.test_redact import PRIVATE

COMMIT = "c" * 40
CAUSES = (Unavailable.SUITE_INVALID, Unavailable.EVIDENCE_MISSING, Unavailable.EVALUATE_CRASHED)


@pytest.fixture
def shop(tmp_path: Path) -> Equipment:
    folder = str(tmp_path / "specs.git")
    subprocess.run(["git", "init", "--quiet", "--bare", folder], check=True)
    return Equipment(forge=LocalForge(None), scenarios=None, ledger_url=folder)


def judged_anew(one: WorkOrder) -> Iterator[PublicVerdict]:
    """What each further run would say: another suite, another outcome, each time."""
    for number, named in enumerate(itertools.product(("R1", "R2", "E1", "C1"), repeat=2)):
        private = msgspec.structs.replace(
            PRIVATE, run_id=one.run_id, nonce=one.nonce, spec_id=one.spec.id,
            spec_digest=one.spec.digest, candidate=COMMIT, nameable=named,
            suite_digest=f"hmac-sha256:{number:064x}",
        )  # fmt: skip
        yield redact(private, leak_left_bits=32.0)


def entries(shop: Equipment) -> list[LedgerEntry]:
    return ledger.read(url=str(shop.ledger_url), env={})


def test_whoever_judges_again_reads_what_was_told_first(shop: Equipment) -> None:
    told = {
        shop.tell(order(), COMMIT, lambda left, one=one: one).to_json()
        for one in judged_anew(order())
    }
    looked = {
        shop.would_tell(order(), COMMIT, lambda left, one=one: one).to_json()
        for one in judged_anew(order())
    }
    assert len(told) == 1
    assert looked == told, "the job evaluate says no other before it is published"
    assert [one.event for one in entries(shop)] == ["judged"]


def test_breaking_it_again_and_again_is_charged_each_time(shop: Equipment) -> None:
    """An inconclusive verdict may be followed by another message, which costs as any other."""
    one = order(leak_left_bits=2.5 * message_bits(len(order().spec.requirements)))
    for cause in CAUSES * 2:
        shop.tell(one, COMMIT, lambda left, cause=cause: unavailable(
            one, cause, leak_left_bits=left
        ))  # fmt: skip
    spent = entries(shop)
    full = [entry for entry in spent if entry.reason != spent[-1].reason]
    assert len(full) == 2, "what the budget pays for; then the bare word, told once"
    assert [entry.turn for entry in spent] == [1, 2, 3]
