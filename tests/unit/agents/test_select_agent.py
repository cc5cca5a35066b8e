"""Profiles and their options."""

from __future__ import annotations

import pytest
from messages_api.bench import profile

from factory.agents.anthropic_loop import AnthropicAgent
from factory.agents.replay import ReplayAgent
from factory.agents.select import select
from factory.errors import ConfigurationError


def test_the_kinds_are_made():
    assert isinstance(select(profile("replay", trajectories="x")), ReplayAgent)
    assert isinstance(select(profile("anthropic")), AnthropicAgent)
    own = {"mine": {"input": 1, "output": 2}}
    assert isinstance(select(profile("anthropic", model="mine", prices=own)), AnthropicAgent)


@pytest.mark.parametrize(
    ("uses", "options"),
    [
        ("replay", {}),
        ("replay", {"trajectories": 5}),
        ("replay", {"trajectories": "x", "model": "y"}),
        ("anthropic", {"modle": "x"}),
        ("anthropic", {"model": "a-model-without-a-price"}),
        ("anthropic", {"model": 5}),
        ("anthropic", {"effort": "very"}),
        ("anthropic", {"max_output_tokens": 0}),
        ("anthropic", {"max_output_tokens": "many"}),
        ("anthropic", {"call_seconds": True}),
        ("anthropic", {"prices": [1]}),
    ],
)
def test_unknown_options_and_wrong_forms_are_refused(uses, options):
    with pytest.raises(ConfigurationError):
        select(profile(uses, **options))


def test_a_folder_of_files_that_is_not_there_is_told_with_where_it_was_looked_for(tmp_path):
    with pytest.raises(ConfigurationError, match="not a folder") as caught:
        select(profile("command", argv=["/agent/build"], files=str(tmp_path / "none")))
    assert "the folder where the factory runs" in caught.value.mend
