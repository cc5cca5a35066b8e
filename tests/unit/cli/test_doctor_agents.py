"""`factory doctor` on the agents of factory.yml: program, key and price, without asking a model."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from command_line_agents.service import installed

from factory.cli.main import group
from factory.errors import ConfigurationError

HEAD = """\
version: 1
products: {shortener: {repository: acme/shortener, subject: {command: x}}}
scenarios: {repository: ../scenarios}
agents:
"""


@pytest.fixture
def rows(tmp_path, monkeypatch):
    """What it says of each agent, by name."""
    monkeypatch.setattr("factory.sandbox.select.survey", list)
    for name in ("ANTHROPIC_API_KEY", "OPENAI_API_KEY", "CODEX_API_KEY", "GEMINI_API_KEY", "MINE"):
        monkeypatch.delenv(name, raising=False)

    def found(agents: str):
        (tmp_path / "factory.yml").write_text(HEAD + agents)
        words = ["doctor", "--specs", str(tmp_path), "--json"]
        done = CliRunner().invoke(group, words, standalone_mode=False)
        if done.exception:
            raise done.exception
        told = {row["name"]: row for row in json.loads(done.stdout)["checks"]}
        return {name: row for name, row in told.items() if name.startswith("agent ")}

    return found


def test_program_and_key_are_found_or_it_says_what_to_do(rows, tmp_path: Path, monkeypatch):
    files = installed(tmp_path / "files")
    agents = f"""\
  a: {{uses: claude-code, model: claude-opus-5-5, files: {files}}}
  b: {{uses: codex, model: m, minutes: 5, tokens: 9, program: no-such-program}}
  c: {{uses: command, argv: [python3, /agent/x.py], environment: [MINE]}}
  d: {{uses: gemini, model: gemini-2.5-pro, image: some/image, minutes: 5, tokens: 9}}
  e: {{uses: anthropic}}
  f: {{uses: replay, trajectories: x}}
"""
    told = rows(agents)
    assert [row["ok"] for row in told.values()] == [False] * 5 + [True]
    assert "ANTHROPIC_API_KEY is not set" in told["agent a"]["found"]
    assert "no-such-program" in told["agent b"]["found"]
    assert "docs/agents.md" in told["agent b"]["mend"]
    for name in ("ANTHROPIC_API_KEY", "GEMINI_API_KEY", "MINE"):
        monkeypatch.setenv(name, "sk-something-secret")
    told = rows(agents)
    assert [row["ok"] for row in told.values()] == [True, False, True, True, True, True]
    assert told["agent a"]["found"].endswith(f"claude in {files}, key set")
    assert "not looked into" in told["agent d"]["found"]
    assert "secret" not in json.dumps(told)


def test_an_agent_without_price_and_bounds_is_told(rows, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "x")
    told = rows("  a: {uses: codex, model: nobody-knows, program: python3}\n")
    assert "needs bounds: minutes and tokens" in told["agent a"]["found"]


def test_a_factory_file_that_cannot_be_read_is_an_error_with_its_line(rows):
    with pytest.raises(ConfigurationError) as caught:
        rows("  a: {uses: codex, modle: x}\n")
    assert caught.value.line == 5


def test_where_github_is_named_it_says_how_to_look_there(tmp_path: Path, monkeypatch):
    monkeypatch.setattr("factory.sandbox.select.survey", list)
    words = ["doctor", "--specs", str(tmp_path)]
    for repository, told in (("acme/shortener", True), ("../shortener", False)):
        text = HEAD.replace("acme/shortener", repository) + "  a: {uses: replay, trajectories: x}\n"
        (tmp_path / "factory.yml").write_text(text)
        done = CliRunner().invoke(group, words, standalone_mode=False)
        assert ("factory doctor --github" in done.stdout) is told


def test_a_repository_without_github_is_refused(tmp_path: Path):
    done = CliRunner().invoke(group, ["doctor", "--repository", "a/b"], standalone_mode=False)
    assert "--github" in str(done.exception)
