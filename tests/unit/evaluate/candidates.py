"""A tiny product, its scenarios and a candidate record, made in a moment."""

from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path

from factory.evaluate import ScenarioSource, evaluate
from factory.records import (
    AgentOutcome,
    AgentProfile,
    Budget,
    Candidate,
    Inventory,
    Product,
    Report,
    Requirement,
    SpecText,
    Subject,
    WorkOrder,
)
from factory.records.work_order import SandboxChoice
from factory.sandbox.select import select

SERVER = """\
import http.server, os
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = b"hello"
        self.send_response(200 if self.path in ("/", "/hello") else 404)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *words): pass
http.server.ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Handler).serve_forever()
"""
FEATURE = """\
Feature: Greeting

  @R1
  Scenario: It greets
    When I send GET "/hello"
    Then the response status is 200

  @R1 @sealed
  Scenario: It greets again
    When I send GET "/hello"
    Then the response body contains "hello"
"""
SERVICE = Subject(start="python3 server.py", ready="/", port=8080, start_seconds=10)
ENVIRONMENT = {
    "PATH": "/usr/local/bin:/usr/bin:/bin",
    "GIT_AUTHOR_NAME": "a",
    "GIT_AUTHOR_EMAIL": "a@acme.invalid",
    "GIT_COMMITTER_NAME": "a",
    "GIT_COMMITTER_EMAIL": "a@acme.invalid",
}


def repository(folder: Path, files: dict[str, str], branch: str = "main") -> str:
    """A git repository with these files in one commit; returns the commit."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def git(*words: str) -> str:
        done = subprocess.run(
            ["git", *words], cwd=folder, env=ENVIRONMENT, check=True, capture_output=True, text=True
        )
        return done.stdout.strip()

    git("init", "--quiet", f"--initial-branch={branch}")
    git("add", "--all")
    git("commit", "--quiet", "-m", "x")
    return git("rev-parse", "HEAD")


def candidate(
    folder: Path,
    files: dict[str, str],
    subject: Subject = SERVICE,
    sandbox: SandboxChoice = SandboxChoice(),  # noqa: B008
) -> Candidate:
    """A candidate whose product repository is `folder`."""
    branch = "factory/hold/greeting/20261122t210000-0123abcd"
    commit = repository(folder, files, branch)
    text = "spec"
    spec = SpecText(
        id="greeting",
        title="Greet",
        version=1,
        path="specs/greeting.md",
        commit=commit,
        digest=f"sha256:{hashlib.sha256(text.encode()).hexdigest()}",
        text=text,
        requirements=(Requirement(id="R1", text="It greets", line=1),),
    )
    order = WorkOrder(
        run_id="20261122t210000-0123abcd",
        nonce="0" * 32,
        created_at="2026-11-22T21:00:00Z",
        spec=spec,
        product=Product(name="greeter", repository=str(folder), subject=subject),
        base_commit=commit,
        agent=AgentProfile(name="builder", uses="replay"),
        budget=Budget(),
        sandbox=sandbox,
        brief=text,
    )
    return Candidate(
        work_order=order,
        commit=commit,
        tree_id=commit,
        branch=branch,
        changed_paths=1,
        agent=AgentOutcome(ended="finished"),
        spent_usd=0.0,
    )


def observe(
    tmp_path: Path,
    files: dict[str, str],
    *,
    subject: Subject = SERVICE,
    features: dict[str, str] | None = None,
    sandbox: SandboxChoice = SandboxChoice(),  # noqa: B008
) -> tuple[Inventory, Report]:
    """Evaluate a product of these files with these scenario files in a real sandbox."""
    suite = {"scenarios/greeting/greeting.feature": FEATURE} if features is None else features
    repository(tmp_path / "suite", suite)
    record = candidate(tmp_path / "product", files, subject, sandbox)
    return evaluate(
        record,
        scenarios=ScenarioSource(url=str(tmp_path / "suite")),
        sandbox=select(sandbox),
        out=tmp_path / "out",
        clone_url=str(tmp_path / "product"),
        git_environment={},
        progress=lambda text: None,
    )
