"""Each adapter with its stand-in, a real process in a real cell."""

from __future__ import annotations

import time

import pytest
from command_line_agents.bench import KEY, KINDS, TURN_USD, working
from messages_api.bench import written

from factory.errors import AgentError, AuthenticationError
from factory.records import Budget

BUILD = [
    working("echo hi > made.txt; cat made.txt; exit 3"),
    working("cat $FACTORY_BRIEF > told.md", "pwd", say="More."),
]


@pytest.mark.parametrize("kind", KINDS)
def test_it_builds_and_each_step_is_written_and_told_while_it_runs(bench, kind):
    late: list[int] = []

    def asked(number):
        """The answer is held back until the step before has been told."""
        until = time.monotonic() + 10
        while len(bench.said) < number and time.monotonic() < until:
            time.sleep(0.01)
        if len(bench.said) < number:
            late.append(number)

    outcome = bench.run(kind, BUILD, asked=asked)
    work = bench.given.workspace
    assert (work / "made.txt").read_text() == "hi\n"
    assert (work / "told.md").read_text().endswith("R1 is not met: a@b.example.")
    assert outcome.ended == "finished"
    assert "All built." in outcome.message
    trajectory = written(bench.given)
    assert trajectory.header.agent == kind
    calls = [call for step in trajectory.steps for call in step.calls]
    assert "echo hi > made.txt" in str(calls[0].input)
    results = [result for step in trajectory.steps for result in step.results]
    assert "hi" in results[0].text and "/workspace" in " ".join(r.text for r in results[1:3])
    if kind in ("codex", "mini-swe-agent"):
        assert (results[0].exit_code, results[0].is_error) == (3, True)
    assert not late
    assert bench.said[0].startswith("step 1: Looking.")
    # Three turns; Gemini does not say what was written to a cache, and adds what was thought.
    turns = {"gemini": 3 * (1200 * 3e-6 + 300 * 0.3e-6 + 70 * 15e-6)}.get(kind, 3 * TURN_USD)
    assert outcome.usd_known
    assert outcome.usd == pytest.approx(turns)
    assert sum(step.usage.usd for step in trajectory.steps) == pytest.approx(turns)
    assert outcome.output_tokens == (210 if kind == "gemini" else 150)


@pytest.mark.parametrize("kind", KINDS)
def test_a_refused_key_is_an_authentication_error_and_no_key_starts_nothing(
    bench, kind, monkeypatch
):
    with pytest.raises(AuthenticationError, match="refused"):
        bench.run(kind, BUILD, key="another")
    for name in ("ANTHROPIC_API_KEY", "OPENAI_API_KEY", "GEMINI_API_KEY"):
        monkeypatch.delenv(name)
    with pytest.raises(AuthenticationError, match="is not set"):
        bench.run(kind, BUILD)


@pytest.mark.parametrize("kind", ["gemini", "mini-swe-agent"])
def test_it_dies_and_the_whole_budget_is_charged(bench, kind):
    with pytest.raises(AgentError, match="code 137"):
        bench.run(kind, [working("true"), {"fault": "die"}])
    trajectory = written(bench.given)
    assert trajectory.end is not None and trajectory.end.ended == "error"
    assert sum(step.usage.usd for step in trajectory.steps) == pytest.approx(5)


def test_the_limit_of_steps_is_its_own_or_ours(bench):
    many = [working("true")] * 9
    budget = Budget(usd=5, spec_usd=5, minutes=2, steps=3)
    for kind in KINDS:
        outcome = bench.run(kind, many, budget=budget)
        assert (outcome.ended, outcome.steps) == ("steps", 3), kind
        # Codex has no such limit, so it was stopped, and what it asked meanwhile is not known.
        assert outcome.usd_known == (kind != "codex")
        assert outcome.usd == (5 if kind == "codex" else pytest.approx(outcome.usd))


def test_the_limit_of_money_and_of_tokens(bench):
    many = [working("true")] * 9
    budget = Budget(usd=1.5 * TURN_USD, spec_usd=5, minutes=2, steps=9)
    for kind in ("claude-code", "mini-swe-agent"):
        outcome = bench.run(kind, many, budget=budget)
        assert outcome.ended == "budget", kind
        assert outcome.usd == pytest.approx(2 * TURN_USD), kind
    outcome = bench.run("mini-swe-agent", many, tokens=3000)
    assert (outcome.ended, outcome.usd_known) == ("budget", False)
    assert "3100 tokens were used of 3000" in outcome.message


def test_the_deadline_ends_it_and_the_whole_budget_is_charged(bench):
    outcome = bench.run("claude-code", [working("touch begun"), {"fault": "hang"}], minutes=0.03)
    assert (outcome.ended, outcome.usd, outcome.usd_known) == ("deadline", 5, False)
    assert (bench.given.workspace / "begun").exists()


def test_without_a_price_it_runs_within_its_bounds_and_is_charged_in_full(bench):
    outcome = bench.run("codex", BUILD, prices={}, minutes=1, tokens=100_000, usd=0.75)
    assert (outcome.ended, outcome.usd, outcome.usd_known) == ("finished", 0.75, False)
    assert outcome.input_tokens + outcome.cache_read_tokens == 3900


def test_only_its_service_is_reached_and_all_else_is_noted(bench):
    ask = "python3 -c \"import os,http.client as h; c=h.HTTPConnection('127.0.0.1',3128); "
    ask += "c.set_tunnel('example.com',443); c.connect()\""
    bench.run("claude-code", [working(ask)])
    assert "[egress refused: example.com:443]" in written(bench.given).steps[-1].results[0].text


def test_a_flag_that_the_program_does_not_know_is_an_error_that_names_the_version(bench):
    program = bench.files / "bin/claude"
    program.write_text(program.read_text().replace("--safe-mode", "--older-mode"))
    with pytest.raises(AgentError, match="unknown option '--safe-mode'") as failure:
        bench.run("claude-code", BUILD)
    assert "2.1.197" in failure.value.mend
    # It never had a connection, so it can have spent nothing.
    assert sum(step.usage.usd for step in written(bench.given).steps) == 0


def test_a_program_that_is_not_there_says_where_it_was_looked_for(bench):
    with pytest.raises(AgentError, match="code 127") as failure:
        bench.run("codex", BUILD, program="no-such-program")
    assert "/agent" in failure.value.mend


def test_the_key_is_in_the_cell_and_nowhere_that_is_written(bench):
    outcome = bench.run(
        "claude-code", [working("env; echo $ANTHROPIC_API_KEY >&2"), {"say": f"It is {KEY}."}]
    )
    assert KEY not in outcome.message
    journal = (bench.given.journal / "trajectory.jsonl").read_text()
    assert "ANTHROPIC_API_KEY=[redacted]" in journal
    assert KEY not in journal + "".join(bench.said)
