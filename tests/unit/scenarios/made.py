"""Scenario repositories for tests."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests import forked

CASES = Path(__file__).parents[2] / "cases" / "scenarios"
SPECS = CASES / "specs"
FEATURE = """\
Feature: Parcels

  Background:
    Given a random word as "word"

  @E2
  Scenario: Secret name of a scenario
    When I send GET "/parcels/${word}"
    Then the response status is 404
"""


def repository(folder: Path, **features: str) -> Path:
    """A scenario repository for the spec `parcels`; keywords are names of feature files."""
    own = folder / "scenarios" / "parcels"
    own.mkdir(parents=True)
    for name, text in features.items():
        (own / f"{name}.feature").write_text(text)
    (folder / "scenarios.yml").write_text("version: 1\nspecs:\n  parcels: {answers-version: 3}\n")
    return folder


def factory(folder: Path, *words: object, **env: str) -> subprocess.CompletedProcess[str]:
    """`factory scenarios WORDS` as a process of its own."""
    hidden = ("GITHUB_ACTIONS", "GITHUB_JOB", "FACTORY_STAGE", "ANTHROPIC_API_KEY")
    kept = {name: value for name, value in os.environ.items() if name not in hidden}
    return forked.run(
        [sys.executable, "-m", "factory.cli", "scenarios", *map(str, words)],
        cwd=folder,
        env={**kept, **env},
        capture_output=True,
        text=True,
        timeout=120,
    )
