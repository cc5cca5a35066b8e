"""A product whose pull requests come from outside, its scenarios, and how it is judged."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

from factory.evaluate import ScenarioSource
from factory.forge.local import LocalForge
from factory.pipeline.judge import Asked, Judgement, judge, output_of
from factory.pipeline.judge.leak import Leak
from tests.adversarial.subject_bench import CANARY, ENVIRONMENT, repository, server
from tests.adversarial.tiny_line import SPEC

CONFIGURATION = """version: 1
products:
  greeter:
    subject: {start: python3 server.py, ready: /, port: 8080, start-seconds: 10}
scenarios: {repository: ../scenarios}
"""
GREETS = server('if self.path == "/hello": return self.answer(b"hello")')
RUDE = server()


def feature(*requirements: str) -> str:
    """A scenario for each requirement: `/hello` is answered; two where one is named twice."""
    parts = [f"Feature: Hidden {CANARY}"]
    for number, one in enumerate(requirements):
        path, status = ("/nowhere", 404) if one == "R2" else ("/hello", 200)
        parts.append(
            f'\n  @{one}\n  Scenario: {CANARY} {number}\n    When I send GET "{path}"\n'
            f"    Then the response status is {status}"
        )
    return "\n".join(parts) + "\n"


SUITE = {"scenarios/greeting/greeting.feature": feature("R1", "R1", "R2")}


def spec(spec_id: str = "greeting", **changes: str) -> str:
    """A spec of three requirements; `changes` are keys of its front matter."""
    text = SPEC.format(title=changes.pop("title", "Greet"), rule="`/hello` is answered with 200.")
    text = text.replace("id: greeting", f"id: {spec_id}")
    for key, value in changes.items():
        (line,) = [one for one in text.splitlines() if one.startswith(f"{key}:")]
        text = text.replace(line, f"{key}: {value}")
    return text


@dataclass
class Outside:
    """The repositories below `folder`; the product's main has configuration and specs."""

    folder: Path

    @property
    def product(self) -> Path:
        return self.folder / "product"

    def git(self, *words: str) -> str:
        done = subprocess.run(
            ["git", *words], cwd=self.product, env=ENVIRONMENT, check=True, capture_output=True,
            text=True,
        )  # fmt: skip
        return done.stdout.strip()

    def push(self, files: Mapping[str, str], branch: str = "change") -> str:
        """A commit of these files on a branch from main, which stays where it is."""
        self.git("checkout", "-q", "-B", branch, "main")
        for name, text in files.items():
            path = self.product / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        self.git("add", "--all")
        self.git("commit", "-q", "--allow-empty", "-m", "x")
        commit = self.git("rev-parse", "HEAD")
        self.git("checkout", "-q", "main")
        return commit

    def judge(
        self,
        commit: str,
        *,
        leak: Leak | None = None,
        source: ScenarioSource | None = None,
        **asked: object,
    ) -> Judgement:
        """Judge a commit; whatever may be told holds nothing of a scenario."""
        source = source or ScenarioSource(url=str(self.folder / "scenarios"))
        found = judge(
            Asked(repository=str(self.product), commit=commit, **asked),  # type: ignore[arg-type]
            forge=LocalForge(),
            scenarios=lambda place, ref: nullcontext(source),
            out=self.folder / "out",
            leak=leak or Leak(),
            say=lambda text: None,
        )
        output = output_of(found)
        told = [one.public.to_json().decode() for one in found.judged]
        assert CANARY not in "\n".join([output.title, output.summary, *told])
        return found


def lay_out(
    folder: Path,
    *,
    specs: Mapping[str, str] | None = None,
    suite: Mapping[str, str] = SUITE,
    configuration: str = CONFIGURATION,
) -> Outside:
    """Make product and scenarios below `folder`; `specs` by path, one spec where None."""
    specs = {"specs/greeting.md": spec()} if specs is None else specs
    files = {"factory.yml": configuration, "README.md": "A greeter.\n", **specs}
    repository(folder / "product", dict(files))
    repository(folder / "scenarios", dict(suite))
    return Outside(folder)
