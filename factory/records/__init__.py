"""Frozen, versioned data that crosses from stage to stage, with a JSON Schema each."""

from factory.digest import digest_of
from factory.records.attempt import AgentOutcome, Attempt, Candidate
from factory.records.attempts import PastAttempt, RetryRules
from factory.records.base import Record, decode, read
from factory.records.evaluation import (
    ExpectedScenario,
    Inventory,
    ObservedScenario,
    Report,
)
from factory.records.gate import GateFinding, GateReport, RefusedChange
from factory.records.ledger import LedgerEntry
from factory.records.retry import RetryRequest
from factory.records.shipment import Shipment
from factory.records.spend import Spend
from factory.records.verdict import FailureClass, PublicVerdict, RequirementState, Verdict
from factory.records.work_order import (
    AgentProfile,
    BoundSpec,
    Budget,
    ContextFile,
    Product,
    Requirement,
    SpecText,
    Subject,
    WorkOrder,
)

__all__ = [
    "AgentOutcome",
    "AgentProfile",
    "Attempt",
    "BoundSpec",
    "Budget",
    "Candidate",
    "ContextFile",
    "ExpectedScenario",
    "FailureClass",
    "GateFinding",
    "GateReport",
    "Inventory",
    "LedgerEntry",
    "ObservedScenario",
    "PastAttempt",
    "Product",
    "PublicVerdict",
    "Record",
    "RefusedChange",
    "Report",
    "Requirement",
    "RequirementState",
    "RetryRequest",
    "RetryRules",
    "Shipment",
    "SpecText",
    "Spend",
    "Subject",
    "Verdict",
    "WorkOrder",
    "decode",
    "digest_of",
    "read",
]
