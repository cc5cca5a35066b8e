"""Evaluation with Docker as the sandbox: a service, and a command installed into the prefix."""

from __future__ import annotations

from pathlib import Path

import pytest

from factory.records import Subject
from factory.records.work_order import SandboxChoice
from tests.contract.sandbox_boxes import docker_image  # noqa: F401
from tests.unit.evaluate import candidates as made

pytestmark = pytest.mark.slow

COMMAND = """\
Feature: Greeting
  @R1
  Scenario: It greets and writes
    When I run it with "Ada"
    Then the exit code is 0
    And the output contains "hello Ada"
    And the file "said.txt" contains "Ada"
"""
TOOL = '#!/bin/sh\necho "hello $1"\necho "$1" > said.txt\n'


def test_a_service(tmp_path: Path, docker_image: str) -> None:  # noqa: F811
    choice = SandboxChoice(uses="docker", image=docker_image)
    _, report = made.observe(tmp_path, {"server.py": made.SERVER}, sandbox=choice)
    assert [one.outcome for one in report.scenarios] == ["passed", "passed"], report.trouble
    assert report.sandbox.startswith("docker")


def test_a_command(tmp_path: Path, docker_image: str) -> None:  # noqa: F811
    install = 'cp greet "$PREFIX/bin/greet" && chmod 700 "$PREFIX/bin/greet"'
    _, report = made.observe(
        tmp_path,
        {"greet": TOOL},
        subject=Subject(install=install, command="greet"),
        features={"scenarios/greeting/a.feature": COMMAND},
        sandbox=SandboxChoice(uses="docker", image=docker_image),
    )
    assert [one.outcome for one in report.scenarios] == ["passed"], report.trouble
