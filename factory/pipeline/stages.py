"""STAGES: the one place where the order is written, and what each stage does in a folder."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from factory import __version__, agents, build, evaluate, hold, ship, verdict
from factory.errors import FactoryError
from factory.pipeline.equipment import Equipment, now_text
from factory.pipeline.publish import check_output, publish
from factory.records import Attempt, Candidate, Inventory, PublicVerdict, Report, WorkOrder, read
from factory.records.base import write_atomically


@dataclass(frozen=True, kw_only=True)
class Stage:
    """One stage: its name, the record it ends with, and what it does in an attempt's folder.

    `run` is None for plan alone: it works for many specs at once and makes the folders.
    `account` enters what the record says into the ledger. It comes after the record, so it is
    also called for a stage that was done before a kill; entering twice changes nothing.
    """

    name: str
    writes: str
    run: Callable[[Equipment, Path], None] | None
    account: Callable[[Equipment, Path], None] | None = None


def _build(shop: Equipment, folder: Path) -> None:
    planned = read(WorkOrder, folder / "work-order.json")
    agent, sandbox = agents.select(planned.agent), shop.agent_sandbox_for(planned)
    order = shop.reserve(planned, build.known(folder, planned))
    try:
        build.build(
            order,
            out=folder,
            agent=agent,
            sandbox=sandbox,
            clone_url=shop.forge.clone_url(order.product.repository),
            git_environment=shop.forge.git_environment(order.product.repository),
            progress=shop.say,
        )
    except BaseException:
        # Nothing is under way any more; what it came to is known now or never.
        with contextlib.suppress(FactoryError):
            shop.release(order, build.known(folder, planned))
        raise


def _account_built(shop: Equipment, folder: Path) -> None:
    attempt = read(Attempt, folder / "attempt.json")
    order = attempt.work_order
    facts = {"bound": order.bound, "context": order.context, "agent": order.agent.name}
    shop.release(order, build.total(attempt), facts)


def _hold(shop: Equipment, folder: Path) -> None:
    attempt = read(Attempt, folder / "attempt.json")
    product = attempt.work_order.product
    candidate = hold.hold(
        attempt,
        record_folder=folder,
        out=folder,
        clone_url=shop.forge.clone_url(product.repository),
        git_environment=shop.forge.git_environment(product.repository),
    )
    shop.say(f"held as {candidate.commit[:12]} on {candidate.branch}")


def _account_held(shop: Equipment, folder: Path) -> None:
    candidate = read(Candidate, folder / "candidate.json")
    shop.record(candidate.work_order, "held", commit=candidate.commit)


def _evaluate(shop: Equipment, folder: Path) -> None:
    candidate = read(Candidate, folder / "candidate.json")
    product = candidate.work_order.product
    planned = read(WorkOrder, folder / "work-order.json")
    assert shop.scenarios is not None, "evaluation is given its scenarios by the caller"
    evaluate.evaluate(
        candidate,
        scenarios=shop.scenarios,
        sandbox=shop.sandbox_for(candidate.work_order),
        out=folder,
        clone_url=shop.forge.clone_url(product.repository),
        git_environment=shop.forge.git_environment(product.repository),
        progress=shop.say,
        # By the ledger too: a candidate on a base that moved was set no minutes aside of its own.
        limit_seconds=min(candidate.seconds_left, shop.seconds_left(planned)),
    )


def _verdict(shop: Equipment, folder: Path) -> None:
    candidate = read(Candidate, folder / "candidate.json")
    order = candidate.work_order
    report = read(Report, folder / "report.json")
    private = verdict.decide(
        read(Inventory, folder / "inventory.json"),
        report,
        order,
        candidate,
    )
    private.write(folder / "verdict.json")
    # The leak is counted before the message can be read: a crash in between costs bits, no more.
    public = shop.tell(
        order,
        candidate.commit,
        lambda left: verdict.redact(private, leak_left_bits=left),
        seconds=report.duration_seconds,
    )
    envelope = ""
    if shop.signing_key:
        statement = verdict.statement(public, candidate, version=__version__)
        envelope = verdict.signed(statement, shop.signing_key)
        write_atomically(folder / "statement.json", f"{envelope}\n".encode())
    output = check_output(candidate, public, shop.course(order))
    publish(shop.forge, candidate, public, output, specs=None, envelope=envelope)
    public.write(folder / "public-verdict.json")
    shop.note(_told(public))


def _told(public: PublicVerdict) -> str:
    """One line: the verdict, and what of it may be known."""
    named = ", ".join(public.requirements_not_met)
    parts = [
        public.verdict,
        f" ({public.failure_class})" if public.failure_class else "",
        f": not met {named}" if named else "",
        ", and more" if named and public.other else "",
        f"; told in {public.leak_bits:g} bits at most" if public.verdict == "fail" else "",
    ]
    return "".join(parts)


def _ship(shop: Equipment, folder: Path) -> None:
    candidate = read(Candidate, folder / "candidate.json")
    product = candidate.work_order.product
    shipment = ship.ship(
        candidate,
        read(PublicVerdict, folder / "public-verdict.json"),
        out=folder,
        clone_url=shop.forge.clone_url(product.repository),
        git_environment=shop.forge.git_environment(product.repository),
        now=now_text(),
    )
    shop.say(f"{shipment.branch} is now {shipment.commit[:12]}")


def _account_shipped(shop: Equipment, folder: Path) -> None:
    candidate = read(Candidate, folder / "candidate.json")
    shop.record(candidate.work_order, "shipped", commit=candidate.commit)


STAGES: tuple[Stage, ...] = (
    Stage(name="plan", writes="work-order.json", run=None),
    Stage(name="build", writes="attempt.json", run=_build, account=_account_built),
    Stage(name="hold", writes="candidate.json", run=_hold, account=_account_held),
    Stage(name="evaluate", writes="report.json", run=_evaluate),
    Stage(name="verdict", writes="public-verdict.json", run=_verdict),
    Stage(name="ship", writes="shipment.json", run=_ship, account=_account_shipped),
)
