"""`agents` of factory.yml: every kind its own keys, every mistake its place and what was meant."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from factory.config.factory_file import Configuration, load_configuration
from factory.config.validate import load_schema
from factory.errors import ConfigurationError

HEAD = """\
version: 1
products: {shortener: {repository: acme/shortener, subject: {command: x}}}
scenarios: {repository: ../scenarios}
agents:
"""
ALL = """\
  builder: {uses: anthropic, model: claude-sonnet-5-5, effort: high, tools: [bash], steps: 50}
  claude:
    uses: claude-code
    model: claude-opus-5-5
    effort: xhigh
    files: tools/claude
    usd: 2
    minutes: 20
    system: [agents/house.md, agents/claude.md]
  codex: {uses: codex, model: gpt-5.2-codex, effort: minimal, minutes: 10, tokens: 500000, usd: 1}
  gemini: {uses: gemini, model: gemini-2.5-pro, prices: {gemini-2.5-pro: {input: 1, output: 9}}}
  mini: {uses: mini-swe-agent, model: anthropic/claude-haiku-4-5, image: ghcr.io/acme/mini:1}
  own: {uses: command, argv: [a, "{brief_file}"], environment: [TOKEN], egress: ["a.example:443"]}
  again: {uses: replay, trajectories: recordings}
"""


NOTES = ("agents/house.md", "agents/claude.md")


def load(folder: Path, agents: str) -> Configuration:
    (folder / "factory.yml").write_text(HEAD + agents, encoding="utf-8")
    return load_configuration(folder)


def test_every_kind_is_taken_with_its_keys(tmp_path: Path) -> None:
    (tmp_path / "agents").mkdir()
    for name in NOTES:
        (tmp_path / name).write_text("# Notes\n\nLook twice.\n")
    found = load(tmp_path, ALL)
    assert [one.uses for one in found.agents.values()] == [
        "anthropic", "claude-code", "codex", "gemini", "mini-swe-agent", "command", "replay",
    ]  # fmt: skip
    assert found.agents["claude"].system == ("agents/house.md", "agents/claude.md")
    assert found.agents["claude"].told == ("house", "claude")
    assert found.agents["codex"].told == ("codex",)
    assert found.places["codex"] == (14, 10)


@pytest.mark.parametrize(
    ("agent", "at", "words", "mend"),
    [
        ("{uses: claude-code, model: m, efort: high}", "efort", "efort", "`effort`"),
        ("{uses: codex, model: m, tokns: 5}", "tokns", "tokns", "`tokens`"),
        ("{uses: gemini, model: m, effort: high}", "effort", "effort", "known keys"),
        ("{uses: replay, trajectories: x, model: m}", "model", "model", "known keys"),
        ("{uses: command, argv: [a], trajectory: x}", "trajectory", "trajectory", "known keys"),
        ("{uses: claud-code, model: m}", "claud-code", "claud-code", "claude-code"),
        ("{uses: codex}", "{uses", "model", "add `model:`"),
        ("{uses: command}", "{uses", "argv", "add `argv:`"),
        ("{model: m}", "{model", "uses", "add `uses:`"),
        ("{uses: codex, model: m, minutes: 0}", "0}", "minutes", "longest"),
        ("{uses: codex, model: m, steps: 1.5}", "1.5", "steps", "a whole number"),
        ("{uses: claude-code, model: m, effort: huge}", "huge", "huge", "xhigh"),
        ("{uses: anthropic, tools: [bash, web]}", "web", "web", "str_replace"),
        ("{uses: codex, model: m, key: sk-abcdefghijk}", "sk-", "key", "NAME"),
        ("{uses: codex, model: m, base-url: 'http://x'}", "'http", "base-url", "https://"),
        ("{uses: codex, model: m, egress: [x.example]}", "x.example", "egress", "host:port"),
        ("{uses: anthropic, system: [house.md]}", "house.md", "system", "agents/builder.md"),
        ("{uses: anthropic, system: [agents/../x.md]}", "agents/..", "system", "agents/builder.md"),
    ],
)
def test_a_mistake_is_named_with_its_place_and_what_was_meant(
    tmp_path: Path, agent: str, at: str, words: str, mend: str
) -> None:
    with pytest.raises(ConfigurationError) as caught:
        load(tmp_path, f"  b: {agent}\n")
    error = caught.value
    assert (error.path, error.line) == (str(tmp_path / "factory.yml"), 5)
    assert words in error.message, error
    assert mend in error.mend, error
    assert error.column == f"  b: {agent}".index(at) + 1, error


def test_notes_that_are_not_there_are_named_with_their_line(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"agents/house\.md") as caught:
        load(tmp_path, ALL)
    assert (caught.value.line, caught.value.column) == (13, 14)


def test_each_kind_has_a_branch_and_each_key_a_description() -> None:
    definitions = load_schema("factory.schema.json")["$defs"]
    kinds = definitions["agent"]["properties"]["uses"]["enum"]
    branches = {name.removeprefix("agent-") for name in definitions if name.startswith("agent-")}
    assert branches - {"keys"} == set(kinds)
    for kind in kinds:
        branch = definitions[f"agent-{kind}"]
        assert branch["additionalProperties"] is False
        assert set(branch.get("required", [])) <= set(branch["properties"])
        told = json.dumps(definitions["agent"]["allOf"])
        assert f"agent-{kind}" in told
    for name, key in definitions["agent-keys"].items():
        assert key["description"], name
