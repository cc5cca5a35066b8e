"""`budget` and `prices` of factory.yml: every level is read, every mistake has its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from factory.agents.prices import price_of
from factory.config.factory_file import Configuration, load_configuration
from factory.errors import ConfigurationError
from factory.records import Budget

BASE = """\
version: 1
products: {shortener: {repository: acme/shortener, subject: {start: serve}}}
scenarios: {repository: ../scenarios}
"""
PRICE = "{input: 3, output: 15, included: [inference_geo]}"


def load(folder: Path, more: str = "", **files: str) -> Configuration:
    (folder / "factory.yml").write_text(BASE + more, encoding="utf-8")
    for name, text in files.items():
        (folder / f"{name}.yml").write_text(text, encoding="utf-8")
    return load_configuration(folder)


def test_every_level_is_read(tmp_path: Path) -> None:
    found = load(
        tmp_path,
        "budget:\n"
        "  attempt: {usd: 1, tokens: 2, minutes: 3, steps: 4}\n"
        "  spec: {usd: 5, tokens: 6, minutes: 7, attempts: 8}\n"
        "  day: {usd: 9, tokens: 10}\n"
        "  factory: {usd: 11}\n",
    )
    assert found.budget == Budget(
        usd=1.0, tokens=2, minutes=3.0, steps=4, spec_usd=5.0, spec_tokens=6, spec_minutes=7.0,
        attempts=8, day_usd=9.0, day_tokens=10, factory_usd=11.0,
    )  # fmt: skip
    assert type(found.budget.usd) is float


def test_without_it_there_are_defaults(tmp_path: Path) -> None:
    assert load(tmp_path).budget == Budget()
    assert (Budget().usd, Budget().spec_usd, Budget().day_usd) == (5, 15, 100)


@pytest.mark.parametrize(
    "body",
    [
        "attempt: {usd: .nan}",
        "spec: {minutes: .inf}",
        "day: {usd: 1e999}",
        "attempt: {minutes: 1e7}",
        "attempt: {usd: 0}",
        "day: {minutes: 5}",
        "factory: {usd: -1}",
        "spec: {tokens: 1.5}",
    ],
)
def test_a_limit_that_is_none_is_refused_with_its_line(tmp_path: Path, body: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        load(tmp_path, f"budget:\n  {body}\n")
    assert caught.value.line == 5


@pytest.mark.parametrize("form", ["inline", "file"])
def test_prices_reach_the_agents_and_come_before_the_list(tmp_path: Path, form: str) -> None:
    text = f"claude-sonnet-5-5: {PRICE}\n"
    if form == "inline":
        found = load(tmp_path, f"prices:\n  {text}")
    else:
        text = f"as-of: 2026-11-27\nmodels:\n  {text}"
        found = load(tmp_path, "prices: own.yml\n", own=text)
    price = price_of("claude-sonnet-5-5", found.agents["builder"].options["prices"])
    assert (price.base.input, price.base.cache_write) == (3000, 3750)
    assert price.included == {"inference_geo"}
    assert set(found.prices) == {"claude-sonnet-5-5"}


def test_an_agents_own_price_comes_first(tmp_path: Path) -> None:
    own = "agents: {a: {uses: anthropic, model: m, prices: {m: {input: 1, output: 2}}}}\n"
    found = load(tmp_path, own + "prices: {m: {input: 3, output: 4}, n: {input: 5, output: 6}}\n")
    prices = found.agents["a"].options["prices"]
    assert prices["m"]["input"] == 1 and prices["n"]["input"] == 5


@pytest.mark.parametrize("kind", ["anthropic", "claude-code", "codex", "gemini", "mini-swe-agent"])
def test_prices_reach_every_kind_of_agent_that_is_priced(tmp_path: Path, kind: str) -> None:
    agents = f"agents: {{a: {{uses: {kind}, model: m}}, b: {{uses: command, argv: [x]}}}}\n"
    found = load(tmp_path, agents + "prices: {m: {input: 3, output: 4}}\n")
    assert found.agents["a"].options["prices"] == {"m": {"input": 3, "output": 4}}
    assert "prices" not in found.agents["b"].options


@pytest.mark.parametrize(
    ("more", "files", "line"),
    [
        ("prices:\n  m: {input: 3}\n", {}, 5),
        ("prices:\n  m: {input: 0, output: 1}\n", {}, 5),
        ("prices:\n  m: {input: 3, output: 1, cached: 1}\n", {}, 5),
        ("prices: missing.yml\n", {}, 4),
        ("prices: ../outside.yml\n", {}, 4),
        ("prices: own.yml\n", {"own": "models:\n  m: {input: free, output: 1}\n"}, 2),
    ],
)
def test_a_price_that_is_none_is_refused_with_its_line(tmp_path, more, files, line) -> None:
    with pytest.raises(ConfigurationError) as caught:
        load(tmp_path, more, **files)
    assert caught.value.line == line, caught.value
