"""Judge a hostile product as the line does: a real sandbox, evaluate, decide, redact, present."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from factory.build.brief import feedback_text
from factory.evaluate import ScenarioSource, evaluate
from factory.records import Candidate, Inventory, PublicVerdict, Report, Subject, Verdict
from factory.records.work_order import SandboxChoice
from factory.sandbox.protocol import Sandbox
from factory.sandbox.select import select
from factory.verdict import check_output, decide, redact
from tests.contract.launching import running
from tests.unit.evaluate.candidates import ENVIRONMENT, SERVICE, candidate, repository

CANARY = "marmalade-7719"
"""Stands in scenario names, steps and values, and must never come out."""

COMMAND = Subject(
    install='mkdir -p "$PREFIX/bin" && cp tool "$PREFIX/bin/tool" && chmod 755 "$PREFIX/bin/tool"',
    command="tool",
)

SERVER = """\
import http.server, os, sys, time
START

class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self, body=b"", status=200, **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        if self.path == "/":
            return self.answer(b"ready")
BODY
        self.answer(b"nothing here", 404)

    do_POST = do_GET

    def log_message(self, *words):
        pass

class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    def handle_error(self, *words):
        pass

Server(("127.0.0.1", int(os.environ["PORT"])), Handler).serve_forever()
"""


def server(body: str = "", start: str = "") -> dict[str, str]:
    """A service's files: `body` runs for each GET and POST but of /, `start` before it listens."""
    body = textwrap.indent(textwrap.dedent(body).strip("\n"), " " * 8)
    start = textwrap.dedent(start).strip("\n")
    return {"server.py": SERVER.replace("START", start).replace("BODY", body)}


def feature(*scenarios: str) -> dict[str, str]:
    """A suite of one feature file whose scenarios have these steps; each name holds CANARY."""
    parts = [f"Feature: Hidden {CANARY}"]
    for number, steps in enumerate(scenarios, 1):
        parts.append(f"\n  @R1\n  Scenario: Number {number} of {CANARY}")
        parts.append(textwrap.indent(textwrap.dedent(steps).strip("\n"), "    "))
    return {"scenarios/greeting/greeting.feature": "\n".join(parts) + "\n"}


@dataclass(frozen=True, kw_only=True)
class Judged:
    """All that evaluation and verdict came to; `told` is everything that leaves their hands."""

    inventory: Inventory
    report: Report
    private: Verdict
    public: PublicVerdict
    title: str
    summary: str
    said: tuple[str, ...]
    out: Path

    @property
    def verdict(self) -> str:
        return self.public.verdict

    @property
    def outcomes(self) -> list[str]:
        """The outcomes in the order of the inventory."""
        seen = {one.id: one.outcome for one in self.report.scenarios}
        return [seen.get(one.id, "not run") for one in self.inventory.scenarios]

    @property
    def told(self) -> str:
        """The public verdict, the check, and what the next attempt is told."""
        parts = [self.public.to_json().decode(), self.title, self.summary]
        return "\n".join([*parts, feedback_text(self.public)])


def judge(
    tmp_path: Path,
    files: dict[str, str],
    features: dict[str, str],
    *,
    subject: Subject = SERVICE,
    seconds: float = 20,
    sandbox: Sandbox | None = None,
    progress: Callable[[str], None] | None = None,
    settings: str = "",
    before: Callable[[Candidate], None] | None = None,
) -> Judged:
    """Evaluate a product of `files` with these scenario files, and judge it.

    Args:
        seconds: the time limit of one scenario.
        sandbox: another than the default one.
        progress: called, besides being noted, with each line of progress.
        settings: more lines of scenarios.yml.
        before: called with the candidate before it is evaluated.
    """
    settings = f"version: 1\ntimeouts: {{scenario-seconds: {seconds}}}\n{settings}"
    for name in ("suite", "product", "out"):
        shutil.rmtree(tmp_path / name, ignore_errors=True)
    repository(tmp_path / "suite", {"scenarios.yml": settings, **features})
    record = candidate(tmp_path / "product", files, subject)
    if before:
        before(record)
    said: list[str] = []

    def say(text: str) -> None:
        said.append(text)
        if progress:
            progress(text)

    inventory, report = evaluate(
        record,
        scenarios=ScenarioSource(url=str(tmp_path / "suite")),
        sandbox=sandbox or select(SandboxChoice()),
        out=tmp_path / "out",
        clone_url=str(tmp_path / "product"),
        git_environment={},
        progress=say,
    )
    private = decide(inventory, report, record.work_order, record)
    public = redact(private, leak_left_bits=32.0)
    check = check_output(public, record.work_order, spent_usd=0.0)
    judged = Judged(
        inventory=inventory,
        report=report,
        private=private,
        public=public,
        title=check.title,
        summary=check.summary,
        said=tuple(said),
        out=tmp_path / "out",
    )
    assert CANARY not in judged.told and CANARY not in "\n".join(said)
    return judged


__all__ = [
    "CANARY",
    "COMMAND",
    "ENVIRONMENT",
    "Judged",
    "feature",
    "judge",
    "running",
    "server",
]
