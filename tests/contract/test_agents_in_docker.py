"""A command-line agent in a container: the same program, the same way out, the same bill."""

# ruff: noqa: F811

from __future__ import annotations

from pathlib import Path

import pytest
from command_line_agents.bench import TURN_USD, Bench, working
from messages_api.bench import written

from factory.sandbox.docker import Docker
from tests.contract.sandbox_boxes import docker_image  # noqa: F401


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["mini-swe-agent"])
def test_it_builds_in_an_image(
    docker_image: str, kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = Bench(tmp_path, Docker(docker_image), monkeypatch)
    outcome = bench.run(kind, [working("echo hi > made.txt; pwd")])
    assert bench.given is not None
    assert (bench.given.workspace / "made.txt").read_text() == "hi\n"
    assert "/workspace" in written(bench.given).steps[0].results[0].text
    assert (outcome.ended, outcome.usd_known) == ("finished", True)
    assert outcome.usd == pytest.approx(2 * TURN_USD)
