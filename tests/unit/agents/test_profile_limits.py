"""What a profile restricts: limits only go down, tools are those named, an image needs docker."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from messages_api.bench import KEY, assignment, bash, finish, profile, sandbox  # noqa: F401
from messages_api.server import MessagesServer

from factory.agents.bounds import bounded
from factory.agents.select import sandbox_choice, select
from factory.errors import ConfigurationError
from factory.records import Budget
from factory.records.work_order import SandboxChoice

limits = st.fixed_dictionaries(
    {},
    optional={
        "usd": st.floats(0, 100),
        "minutes": st.floats(0.1, 600),
        "steps": st.integers(1, 1000),
        "tokens": st.integers(1, 10**9),
    },
)


@given(limits, st.floats(0, 50), st.floats(0.1, 300), st.integers(1, 500))
def test_a_profiles_limits_lower_the_budget_and_never_raise_it(options, usd, minutes, steps):
    budget = Budget(usd=usd, spec_usd=50, minutes=minutes, steps=steps)
    found = bounded(budget, {**options, "model": "x"})
    assert found.usd == min(usd, options.get("usd", usd))
    assert found.minutes == min(minutes, options.get("minutes", minutes))
    assert found.steps == min(steps, options.get("steps", steps))
    assert (found.spec_usd, found.attempts) == (budget.spec_usd, budget.attempts)


@pytest.fixture
def built(tmp_path, sandbox, monkeypatch):  # noqa: F811
    """What an agent with these options does with these turns, and what the model was sent."""

    def running(turns, **options):
        with MessagesServer({"turns": turns}, key=KEY) as server:
            monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)
            monkeypatch.setenv("ANTHROPIC_BASE_URL", server.url)
            agent = select(profile("anthropic", **options))
            return agent.work(assignment(tmp_path), sandbox), server.requests

    return running


def test_an_agent_has_the_tools_that_it_names_and_no_other(built):
    edit = {
        "tool": "str_replace_based_edit_tool",
        "input": {"command": "view", "path": "/workspace"},
    }
    turns = [{"say": "", "calls": [edit]}, {"say": "", "calls": [bash("echo here")]}, finish()]
    outcome, requests = built(turns, tools=["bash"])
    assert outcome.ended == "finished"
    assert [tool["name"] for tool in requests[0]["tools"]] == ["bash", "finish"]
    last = str(requests[-1]["messages"])
    assert "There is no tool 'str_replace_based_edit_tool'" in last
    assert "here" in last


def test_the_limit_of_steps_of_a_profile_holds(built):
    turns = [{"say": "", "calls": [bash("true")]}] * 5
    outcome, requests = built(turns, steps=2)
    assert (outcome.ended, outcome.steps, len(requests)) == ("steps", 2, 2)


def test_an_image_is_dockers():
    own, usual = profile("anthropic", image="some/image"), SandboxChoice()
    assert sandbox_choice(own, usual) == SandboxChoice(uses="docker", image="some/image")
    assert sandbox_choice(profile("anthropic"), usual) == usual
    with pytest.raises(ConfigurationError, match="bubblewrap"):
        sandbox_choice(own, SandboxChoice(uses="bubblewrap"))
