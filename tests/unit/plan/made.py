"""Specs, orders and ledger entries for the tests of planning."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from factory import resources
from factory.config.factory_file import Configuration, Route
from factory.plan.standing import LOST_AFTER
from factory.records import (
    AgentProfile,
    Budget,
    LedgerEntry,
    PastAttempt,
    Product,
    PublicVerdict,
    Requirement,
    RetryRules,
    SpecText,
    Subject,
    WorkOrder,
    digest_of,
)
from factory.records.work_order import SandboxChoice
from factory.spec.document import SpecDocument, parse_spec

FEATURE = (resources.folder("spec-templates") / "feature.md").read_text("utf-8")
NOW = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
PRODUCT = Product(name="shortener", repository="/x", subject=Subject(command="x"))


def spec(
    name: str, *, status: str = "ready", after: str = "", version: int = 1, **keys: str
) -> SpecDocument:
    """A feature from the template; `keys` replace or add keys of its front matter."""
    text = FEATURE.replace("id: shorten-url", f"id: {name}")
    text = text.replace("status: draft", f"status: {status}")
    text = text.replace("version: 1", f"version: {version}")
    text = text.replace("depends-on: []", f"depends-on: [{after}]")
    for key, value in keys.items():
        lines = [one for one in text.split("\n") if not one.startswith(f"{key}:")]
        text = "\n".join([lines[0], f"{key}: {value}", *lines[1:]])
    return parse_spec(text, path=f"specs/{name}.md")


def entry(
    run: int, event: str, *, ago: timedelta = timedelta(), spec_id: str = "aa", **facts: Any
) -> LedgerEntry:
    """An entry of the run of that number, so long before NOW."""
    return LedgerEntry(
        **{
            "at": f"{NOW - ago:%Y-%m-%dT%H:%M:%SZ}",
            "event": event,
            "run_id": run_id(run),
            "attempt": 1,
            "spec_id": spec_id,
            "spec_version": 1,
            "spec_digest": digest_of("x"),
            "product": "shortener",
            **facts,
        }
    )


def run_id(number: int) -> str:
    return f"20261127t100000-{number:08x}"


def order(spec_id: str = "aa", *, run: int = 1, text: str = "x", **facts: Any) -> WorkOrder:
    """A work order; `facts` replace what it holds."""
    given: dict[str, Any] = {
        "run_id": run_id(run),
        "nonce": "0" * 32,
        "created_at": "2026-11-27T10:00:00Z",
        "spec": SpecText(
            id=spec_id,
            title="Greet",
            version=1,
            path=f"specs/{spec_id}.md",
            commit="a" * 40,
            digest=digest_of(text),
            text=text,
            requirements=tuple(
                Requirement(id=f"R{number}", text="It greets", line=number)
                for number in range(1, 9)
            ),
        ),
        "product": PRODUCT,
        "base_commit": "a" * 40,
        "agent": AgentProfile(name="builder", uses="replay"),
        "budget": Budget(),
        "brief": text,
    }
    return WorkOrder(**{**given, **facts})


def past(attempt: int, *named: str, other: bool = False, **facts: Any) -> PastAttempt:
    """An attempt that failed in behaviour, with a tree of its own."""
    given: dict[str, Any] = {
        "attempt": attempt,
        "agent": "builder",
        "tree_id": f"{attempt:040x}",
        "failure_class": "behaviour",
        "requirements_not_met": named,
        "other": other,
    }
    return PastAttempt(**{**given, **facts})


def public(order: WorkOrder, *named: str, verdict: str = "fail", **facts: Any) -> PublicVerdict:
    """The public verdict on the candidate of an order."""
    given: dict[str, Any] = {
        "run_id": order.run_id,
        "nonce": order.nonce,
        "attempt": order.attempt,
        "spec_id": order.spec.id,
        "spec_version": order.spec.version,
        "spec_digest": order.spec.digest,
        "candidate": f"{order.attempt:040x}",
        "suite_digest": "hmac-sha256:" + "0" * 64,
        "verdict": verdict,
        "failure_class": "behaviour" if verdict == "fail" else None,
        "requirements_not_met": named,
        "leak_bits": 5.0,
    }
    return PublicVerdict(**{**given, **facts})


def configuration(*routes: tuple[dict[str, Any], str], **facts: Any) -> Configuration:
    """A factory.yml with the agents cheap, strong and other."""
    given: dict[str, Any] = {
        "products": {"shortener": PRODUCT},
        "scenarios_repository": "/s",
        "specs_repository": None,
        "specs_ref": "",
        "scenarios_ref": "main",
        "agents": {
            name: AgentProfile(name=name, uses="replay") for name in ("cheap", "strong", "other")
        },
        "routes": tuple(
            Route(when=when, agent=agent, line=number)
            for number, (when, agent) in enumerate(routes, 1)
        ),
        "budget": Budget(),
        "prices": {},
        "retries": RetryRules(),
        "lost_after": LOST_AFTER,
        "sandbox": SandboxChoice(),
        "leak_bits": 32.0,
        "path": "factory.yml",
    }
    return Configuration(**{**given, **facts})
