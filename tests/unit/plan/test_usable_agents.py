"""An agent that could not be run is refused when its order is written, with its line."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from factory import resources
from factory.config.factory_file import load_configuration
from factory.errors import ConfigurationError
from factory.plan import make_order
from factory.records import WorkOrder
from factory.spec.brief import Brief
from factory.spec.document import parse_spec

FEATURE = (resources.folder("spec-templates") / "feature.md").read_text("utf-8")
HEAD = """\
version: 1
products: {shortener: {repository: acme/shortener, subject: {command: x}}}
scenarios: {repository: ../scenarios}
"""


def ordered(folder: Path, text: str) -> WorkOrder:
    (folder / "factory.yml").write_text(HEAD + text)
    configuration = load_configuration(folder)
    return make_order(
        parse_spec(FEATURE, path="shorten-url.md"),
        configuration,
        spec_path="shorten-url.md",
        spec_commit="a" * 40,
        base_commit="b" * 40,
        brief=Brief(parts=()),
        now=datetime(2026, 11, 27, tzinfo=UTC),
        agent=next(iter(configuration.agents.values())),
    )


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("uses: codex, model: nobody-knows", "minutes and tokens"),
        ("uses: codex, model: nobody-knows, minutes: 5", "bounds: tokens"),
        ("uses: gemini, model: nobody-knows, tokens: 5", "bounds: minutes"),
        ("uses: mini-swe-agent, model: a/nobody-knows", "minutes and tokens"),
        ("uses: claude-code, model: m, image: x", "bubblewrap"),
    ],
)
def test_without_price_and_bounds_it_is_refused_with_its_line(
    tmp_path: Path, agent: str, words: str
) -> None:
    with pytest.raises(ConfigurationError, match=words) as caught:
        ordered(tmp_path, f"sandbox: {{uses: bubblewrap}}\nagents:\n  b: {{{agent}}}\n")
    assert (caught.value.path, caught.value.line) == (str(tmp_path / "factory.yml"), 6)


@pytest.mark.parametrize(
    "agent",
    [
        "uses: codex, model: nobody-knows, minutes: 5, tokens: 5",
        "uses: codex, model: mine, prices: {mine: {input: 1, output: 2}}",
        "uses: mini-swe-agent, model: anthropic/claude-haiku-4-5",
        "uses: claude-code, model: nobody-knows",
    ],
)
def test_with_either_it_is_planned(tmp_path: Path, agent: str) -> None:
    order = ordered(tmp_path, f"agents:\n  b: {{{agent}}}\n")
    assert WorkOrder.__struct_fields__ and order.agent.name == "b"
