"""A run's records gathered into one summary for the people who own spec and scenarios."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from factory.records import (
    Attempt,
    Candidate,
    PublicVerdict,
    RequirementState,
    Shipment,
    Verdict,
    WorkOrder,
    read,
)


@dataclass(frozen=True, kw_only=True)
class AttemptSummary:
    """One attempt. `requirements` is private to the owners of the scenarios.

    `seconds` maps stage → seconds; `candidate` is a commit, None where none came to be.
    """

    attempt: int
    verdict: str
    candidate: str | None
    usd: float
    replayed: bool
    agent_message: str
    agent_ended: str
    steps: int
    requirements: dict[str, RequirementState]
    scenarios_expected: int
    scenarios_passed: int
    reason: str
    feedback: PublicVerdict | None
    seconds: dict[str, float]


@dataclass(frozen=True, kw_only=True)
class RunSummary:
    """One run: its order, its attempts, and what shipped.

    `stopped` is why no attempt follows the last; "" where one may, or where it shipped.
    """

    order: WorkOrder
    attempts: tuple[AttemptSummary, ...]
    shipment: Shipment | None
    folder: Path
    stopped: str = ""

    @property
    def verdict(self) -> str:
        """The last attempt's verdict; a pass that has not shipped is inconclusive."""
        last = self.attempts[-1].verdict
        return "inconclusive" if last == "pass" and self.shipment is None else last

    @property
    def out_of_budget(self) -> bool:
        """Whether money stopped the last attempt before it could pass."""
        return self.verdict != "pass" and self.attempts[-1].agent_ended == "budget"

    @property
    def report(self) -> Path:
        """Where the page is."""
        return self.folder / "report.html"

    def to_data(self) -> dict[str, Any]:
        """The shape of `factory run --json` (design: stable, fields may be added)."""
        replayed = any(one.replayed for one in self.attempts)
        return {
            "mode": "replay" if replayed or self.order.agent.uses == "replay" else "live",
            "agent": self.order.agent.name,
            "product": self.order.product.name,
            "spec": self.order.spec.id,
            "version": self.order.spec.version,
            "run": self.order.run_id,
            "verdict": self.verdict,
            "attempts": [
                {
                    "attempt": one.attempt,
                    "verdict": one.verdict,
                    "candidate": one.candidate,
                    "usd": one.usd,
                    "requirements": dict(one.requirements),
                    "reason": one.reason,
                    "seconds": dict(one.seconds),
                }
                for one in self.attempts
            ],
            "shipped": (
                {"commit": self.shipment.commit, "branch": self.shipment.branch}
                if self.shipment
                else None
            ),
            "report": str(self.report),
        }


def summarise(folder: Path) -> RunSummary:
    """Gather the records of a run's folder (`attempt-<n>/*.json`).

    Raises:
        RecordError: a record is damaged.
    """
    order = read(WorkOrder, folder / "attempt-1" / "work-order.json")
    attempts, shipment, number = [], None, 1
    while (folder / f"attempt-{number}" / "work-order.json").is_file():
        place = folder / f"attempt-{number}"
        attempts.append(_attempt(place, number))
        if (place / "shipment.json").is_file():
            shipment = read(Shipment, place / "shipment.json")
        number += 1
    ended = folder / "ended"
    return RunSummary(
        order=order,
        attempts=tuple(attempts),
        shipment=shipment,
        folder=folder,
        stopped=ended.read_text("utf-8").strip() if ended.is_file() and not shipment else "",
    )


def _attempt(place: Path, number: int) -> AttemptSummary:
    order = read(WorkOrder, place / "work-order.json")
    built = _optional(Attempt, place / "attempt.json")
    candidate = _optional(Candidate, place / "candidate.json")
    private = _optional(Verdict, place / "verdict.json")
    public = _optional(PublicVerdict, place / "public-verdict.json")
    seconds_path = place / "durations.json"
    unknown: dict[str, RequirementState] = {
        one.id: "not-checked" for one in order.spec.requirements
    }
    return AttemptSummary(
        attempt=number,
        verdict=public.verdict if public else "inconclusive",
        candidate=candidate.commit if candidate else None,
        usd=built.agent.usd if built else 0.0,
        replayed=built.agent.replayed if built else False,
        agent_message=built.agent.message if built else "",
        agent_ended=built.agent.ended if built else "",
        steps=built.agent.steps if built else 0,
        requirements=dict(private.requirements) if private else unknown,
        scenarios_expected=private.scenarios_expected if private else 0,
        scenarios_passed=private.scenarios_passed if private else 0,
        reason=private.reason if private else (public.cause if public else "stopped before"),
        feedback=public,
        seconds=json.loads(seconds_path.read_text("utf-8")) if seconds_path.is_file() else {},
    )


def _optional(kind: Any, path: Path) -> Any:
    return read(kind, path) if path.is_file() else None
