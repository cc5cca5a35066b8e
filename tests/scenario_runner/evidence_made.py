"""Evidence of runs that never were, for what a real run would take long to show."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from scenario_runner.model import Inventory, Outcome, Scenario, Step, SuiteError, Verdict
from scenario_runner.reports.evidence import Evidence
from scenario_runner.run.report import PRIVATE_NAME, Report


def made(
    folder: Path,
    outcomes: Sequence[Outcome],
    verdict: Verdict,
    *,
    text: str = "a",
    errors: Sequence[SuiteError] = (),
    detail: dict[str, Any] | None = None,
    source: str = "",
) -> Evidence:
    """One scenario an outcome, named `text`, each with the same private detail."""
    scenarios = [
        Scenario(
            id=f"s-{number}",
            name=text,
            path="a.feature",
            line=number * 3 + 2,
            tags=(),
            steps=(Step("Then", "then", text, number * 3 + 3),),
            feature=text,
        )
        for number in range(len(outcomes))
    ]
    folder.mkdir(exist_ok=True)
    lines = [json.dumps({"id": each.id, **(detail or {})}) + "\n" for each in scenarios]
    (folder / PRIVATE_NAME).write_text("".join(lines))
    rows = tuple((each, outcome, 0.5) for each, outcome in zip(scenarios, outcomes, strict=True))
    report = Report(rows, tuple(errors), verdict, 0, 1.5)
    inventory = Inventory(tuple(scenarios), (), sources={"a.feature": source.encode()})
    return Evidence.gather(report, inventory, folder, 1_700_000_000.0)
