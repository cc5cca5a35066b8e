"""The bench of every test of command-line agents."""

import pytest
from command_line_agents.bench import Bench
from messages_api.bench import sandbox  # noqa: F401


@pytest.fixture
def bench(tmp_path, sandbox, monkeypatch):  # noqa: F811
    return Bench(tmp_path, sandbox, monkeypatch)
