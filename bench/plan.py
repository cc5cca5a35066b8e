"""How long planning takes over 10,000 specs that depend on each other, and how that grows.

    python bench/plan.py [--specs 10000] [--entries 100000] [--rounds 5]

Counted is what planning does with specs that were parsed and a ledger that was read: where each
spec stands by the entries, which are ready and in which order, what can be built at once, the
agent of every attempt at every spec, and the orders of one matrix with their briefs, packed as
they pass between jobs. Seconds are processor time of the one thread that plans. Not counted:
reading and checking the files (`gate.py` does), git, and the network. The specs: nine of ten are
features of 40 products in areas of their own, each depends on up to three earlier ones, a fifth
has shipped; every tenth binds the features of its product.
"""

from __future__ import annotations

import argparse
import gc
import random
import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

from processes import row  # noqa: E402

from factory.config.factory_file import Configuration, Route  # noqa: E402
from factory.plan.areas import area_of, spread  # noqa: E402
from factory.plan.claim import held_areas  # noqa: E402
from factory.plan.orders import make_order  # noqa: E402
from factory.plan.queue import choose  # noqa: E402
from factory.plan.route import agents_by_attempt, route  # noqa: E402
from factory.plan.size import fitting  # noqa: E402
from factory.plan.standing import LOST_AFTER, standing  # noqa: E402
from factory.records import (  # noqa: E402
    AgentProfile,
    Budget,
    LedgerEntry,
    Product,
    RetryRules,
    Subject,
)
from factory.records.work_order import SandboxChoice  # noqa: E402
from factory.spec.context import Context  # noqa: E402
from factory.spec.document import SpecDocument, parse_spec  # noqa: E402
from factory.spec.gather import Gatherer  # noqa: E402

NOW = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
FEATURE = (ROOT / "spec-templates" / "feature.md").read_text("utf-8")
CONSTRAINT = (ROOT / "spec-templates" / "constraint.md").read_text("utf-8")
PRODUCTS, MATRIX, OUTPUTS = 40, 256, 480_000
DIGEST = "sha256:" + "0" * 64


def library(count: int) -> list[SpecDocument]:
    """`count` specs; the dice are loaded, so that each run plans the same."""
    dice = random.Random(1)
    made: list[SpecDocument] = []
    features: list[str] = []
    for number in range(count):
        name, product = f"spec-{number}", f"product-{dice.randrange(PRODUCTS)}"
        text = FEATURE if number % 10 else CONSTRAINT
        kind_lines = [f"id: {name}", f"product: {product}", "status: ready"]
        if number % 10:
            after = dice.sample(features[-200:], min(len(features), dice.randrange(4)))
            kind_lines.append(f"depends-on: [{', '.join(after)}]")
            kind_lines.append(f"priority: {dice.choice(['low', 'normal', 'normal', 'high'])}")
            kind_lines.append(f"area: area-{number}")
            features.append(name)
        keys = {line.partition(":")[0] for line in kind_lines}
        lines = [one for one in text.split("\n") if one.partition(":")[0] not in keys]
        made.append(
            parse_spec("\n".join([lines[0], *kind_lines, *lines[1:]]), path=f"specs/{name}.md")
        )
    return made


def ledger(specs: list[SpecDocument], count: int) -> list[LedgerEntry]:
    """`count` entries of runs at these specs, five to a run; the newest are in flight."""
    features = [one for one in specs if one.kind == "feature"]
    entries = []
    for number in range(count // 5):
        one = features[number % len(features)]
        at = NOW - timedelta(minutes=3 * (count // 5 - number))
        for step, event in enumerate(("planned", "reserved", "built", "judged", "stopped")):
            if event == "stopped" and number > count // 5 - 50:
                continue
            entries.append(
                LedgerEntry(
                    at=f"{at + timedelta(seconds=step):%Y-%m-%dT%H:%M:%SZ}",
                    event=event,  # type: ignore[arg-type]
                    run_id=f"20261127t100000-{number:08x}",
                    attempt=1,
                    spec_id=one.id,
                    spec_version=1,
                    spec_digest=DIGEST,
                    product=str(one.meta["product"]),
                    usd=0.5,
                    reason="the base branch moved before it shipped" if event == "stopped" else "",
                )
            )
    return entries


def configuration() -> Configuration:
    names = ("cheap", "strong", "other")
    return Configuration(
        products={
            f"product-{n}": Product(
                name=f"product-{n}", repository="/x", subject=Subject(command="x")
            )
            for n in range(PRODUCTS)
        },
        scenarios_repository="/s",
        specs_repository=None,
        specs_ref="",
        scenarios_ref="main",
        agents={name: AgentProfile(name=name, uses="replay") for name in names},
        routes=(
            Route(when={"attempt": "last", "stakes": ["normal", "high"]}, agent="other", line=1),
            Route(when={"attempt": "2+"}, agent="strong", line=2),
        ),
        budget=Budget(),
        prices={},
        retries=RetryRules(),
        lost_after=LOST_AFTER,
        sandbox=SandboxChoice(),
        leak_bits=32.0,
        path="factory.yml",
    )


class Planning:
    """One plan over a library, in the steps that are timed."""

    def __init__(self, specs: list[SpecDocument], entries: list[LedgerEntry]) -> None:
        self.specs, self.entries, self.configuration = specs, entries, configuration()
        self.shipped: dict[str, dict[str, dict[int, str]]] = {}
        for one in specs[: len(specs) // 5]:
            of_product = self.shipped.setdefault(str(one.meta["product"]), {})
            of_product[one.id] = {1: "c" * 40}
        self.ages = {one.id: number % 500 for number, one in enumerate(specs)}

    def stand(self) -> None:
        self.standing = standing(self.entries, NOW)

    def queue(self) -> None:
        self.choice = choose(self.specs, self.shipped, (), stand=self.standing, ages=self.ages)

    def spread(self) -> None:
        areas = {one.id: area_of(one) for one in self.specs}
        held = held_areas(self.standing, areas)
        self.parted = spread(self.choice.ready, held, MATRIX)

    def routes(self) -> None:
        for one in self.specs:
            route(one, self.configuration)
            agents_by_attempt(one, self.configuration)

    def orders(self) -> None:
        gatherer = Gatherer(self.specs, Path())
        made = [
            make_order(
                one,
                self.configuration,
                spec_path=one.path,
                spec_commit="a" * 40,
                base_commit="b" * 40,
                brief=gatherer.brief(one, Context(files=(), left_out={})),
                now=NOW,
                agent=self.configuration.agents["cheap"],
            )
            for one in self.parted.taken
        ]
        self.fit = fitting(made, OUTPUTS)[0]


STEPS = ("stand", "queue", "spread", "routes", "orders")


def timed(step: Callable[[], None]) -> float:
    gc.collect()
    began = time.process_time()
    step()
    return time.process_time() - began


def measure(count: int, entries: int, rounds: int) -> dict[str, float]:
    """Median seconds of each step, and of all."""
    specs = library(count)
    planning = Planning(specs, ledger(specs, entries))
    taken = [{name: timed(getattr(planning, name)) for name in STEPS} for _ in range(rounds)]
    found = {name: statistics.median(one[name] for one in taken) for name in STEPS}
    found["all"] = statistics.median(sum(one.values()) for one in taken)
    print(
        f"\n{count:,} specs, {len(planning.entries):,} entries: {len(planning.choice.ready):,} "
        f"ready, {len(planning.parted.taken)} taken, {len(planning.fit)} fit"
    )
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--specs", type=int, default=10_000)
    parser.add_argument("--entries", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    many = measure(options.specs, options.entries, options.rounds)
    for name in STEPS:
        row(name, many[name], "s")
    row("all", many["all"], "s", "at most 3", kept=many["all"] <= 3)
    few = measure(options.specs // 10, options.entries // 10, options.rounds)
    for name in STEPS:
        row(name, few[name], "s")
    row("all", few["all"], "s")
    # n log n: ten times as many may take 13.3 times as long from 1,000 on.
    grown = sum(many[name] for name in STEPS[:4]) / sum(few[name] for name in STEPS[:4])
    row(
        "growth, without the orders of one matrix",
        grown,
        "times",
        "at most 13.3",
        kept=grown <= 13.3,
    )


if __name__ == "__main__":
    main()
