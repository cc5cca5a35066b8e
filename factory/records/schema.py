"""The JSON Schema (2020-12) of each record, generated from its declaration.

`python -m factory.records.schema` rewrites `factory/records/schemas/`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec

from factory.records.attempt import Attempt, Candidate
from factory.records.base import Record
from factory.records.evaluation import Inventory, Report
from factory.records.gate import GateReport
from factory.records.ledger import LedgerEntry
from factory.records.retry import RetryRequest
from factory.records.shipment import Shipment
from factory.records.spend import Spend
from factory.records.verdict import PublicVerdict, Verdict
from factory.records.work_order import WorkOrder

KINDS: dict[str, type[Record]] = {
    "gate-report": GateReport,
    "work-order": WorkOrder,
    "attempt": Attempt,
    "candidate": Candidate,
    "inventory": Inventory,
    "report": Report,
    "verdict": Verdict,
    "public-verdict": PublicVerdict,
    "shipment": Shipment,
    "ledger-entry": LedgerEntry,
    "retry-request": RetryRequest,
    "spend": Spend,
}
FOLDER = Path(__file__).parent / "schemas"


def schema(kind: type[Record]) -> dict[str, Any]:
    """The JSON Schema of one record kind."""
    body = msgspec.json.schema(kind)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **body}


def rendered(kind: type[Record]) -> str:
    """The schema as the text of its file."""
    return json.dumps(schema(kind), indent=2, ensure_ascii=False) + "\n"


def write_all(folder: Path = FOLDER) -> None:
    """Write every schema file."""
    folder.mkdir(exist_ok=True)
    for name, kind in KINDS.items():
        (folder / f"{name}.schema.json").write_text(rendered(kind), encoding="utf-8")


if __name__ == "__main__":
    write_all()
