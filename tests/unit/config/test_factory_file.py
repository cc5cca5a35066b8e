"""factory.yml: defaults, and errors with line, column and mend."""

from pathlib import Path

import pytest

from factory.config.factory_file import load_configuration
from factory.errors import ConfigurationError

SMALLEST = """\
version: 1
products:
  shortener:
    repository: acme/shortener
    subject: {start: python3 -m shortener}
scenarios: {repository: ../scenarios}
"""


def load(tmp_path: Path, text: str):
    (tmp_path / "factory.yml").write_text(text, encoding="utf-8")
    return load_configuration(tmp_path)


def test_version_products_and_scenarios_are_enough(tmp_path: Path) -> None:
    found = load(tmp_path, SMALLEST)
    product = found.products["shortener"]
    assert product.repository == "acme/shortener"
    assert (product.base_branch, product.subject.port, product.subject.ready) == ("main", 8080, "/")
    assert found.scenarios_repository == str((tmp_path / "../scenarios").resolve())
    assert found.budget.attempts == 3 and found.leak_bits == 32
    assert [one.uses for one in found.agents.values()] == ["anthropic"]


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("version: 1", "version: 2", 1, "version"),
        ("    repository: acme", "    repositry: acme", 4, "repositry"),
        ("subject: {start: python3 -m shortener}", "subject: {}", 5, "subject"),
        ("start: python3 -m shortener", "start: a, command: b", 5, "subject"),
        ("scenarios:", "scenario:", 6, "scenario"),
        ("version: 1", "version: 1\nversion: 1", 2, "twice"),
        ("version: 1", "version: 1\nroutes: [{agent: nobody}]", 2, "nobody"),
        ("version: 1", "version: 1\nbudget: {attempt: {usd: -1}}", 2, "usd"),
        ("version: 1", "version: 1\nroutes:\n  - {agent: builder, when: {atempt: 1}}", 3, "atempt"),
        ("version: 1", "version: 1\nroutes: [{agent: builder, when: {attempt: 0}}]", 2, "attempt"),
        (
            "version: 1",
            "version: 1\nroutes: [{agent: builder, when: {attempt: 2nd}}]",
            2,
            "attempt",
        ),
        ("version: 1", "version: 1\nroutes: [{agent: builder, when: {stakes: big}}]", 2, "stakes"),
        ("version: 1", "version: 1\nretries: {from: start}", 2, "from"),
        ("version: 1", "version: 1\nretries: {stop-on: [money]}", 2, "stop-on"),
    ],
)
def test_a_mistake_is_named_with_its_line(
    tmp_path: Path, old: str, new: str, line: int, words: str
) -> None:
    assert old in SMALLEST
    with pytest.raises(ConfigurationError) as caught:
        load(tmp_path, SMALLEST.replace(old, new, 1))
    assert caught.value.line == line, caught.value
    assert words in caught.value.message
    assert caught.value.path == str(tmp_path / "factory.yml")


def test_a_missing_file_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"no factory\.yml") as caught:
        load_configuration(tmp_path)
    assert "--specs" in caught.value.mend and caught.value.exit_code == 2


def test_an_unknown_agent_in_a_route_is_named_at_its_place(tmp_path: Path) -> None:
    text = "routes:\n  - {agent: builder}\n  - when: {attempt: last}\n    agent: nobody\n"
    with pytest.raises(ConfigurationError, match="unknown agent 'nobody'") as caught:
        load(tmp_path, SMALLEST + text)
    assert (caught.value.line, caught.value.column) == (10, 12)
    assert "builder" in caught.value.mend


def test_retries_have_defaults_and_can_be_set(tmp_path: Path) -> None:
    rules = load(tmp_path, SMALLEST).retries
    assert (rules.start, rules.infrastructure) == ("candidate", 2)
    assert rules.stop_on == ("repeat", "no-gain", "regression")
    text = "retries: {from: base, stop-on: [repeat], infrastructure: 0, lost-after-hours: 2}\n"
    found = load(tmp_path, SMALLEST + text)
    assert (found.retries.start, found.retries.stop_on) == ("base", ("repeat",))
    assert found.retries.infrastructure == 0
    assert found.lost_after.total_seconds() == 7200
