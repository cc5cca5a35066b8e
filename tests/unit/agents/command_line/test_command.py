"""The agent `command`, with real commands in a real sandbox."""

from __future__ import annotations

import pytest
from messages_api.bench import assignment, profile, sandbox, written  # noqa: F401

from factory.agents.command_line.command import reported
from factory.agents.select import select
from factory.errors import AgentError, ConfigurationError
from factory.records import Budget


@pytest.fixture
def run(tmp_path, sandbox):  # noqa: F811
    def running(script, *, minutes=1.0, given=None, **options):
        agent = select(profile("command", argv=["bash", "-c", script], **options))
        budget = Budget(usd=5, spec_usd=5, minutes=minutes, steps=20)
        running.given = given or assignment(tmp_path, budget=budget, feedback="R1 is not met.")
        return agent.work(running.given, sandbox)

    return running


def test_it_reads_the_brief_on_stdin_and_in_a_file_and_changes_the_workspace(run):
    outcome = run('cat > stdin.md; cp "$FACTORY_BRIEF" file.md; cat {brief_file} > place.md')
    work = run.given.workspace
    expected = "Make greet.py greet the world.\nR1 is not met."
    for name in ("stdin.md", "file.md", "place.md"):
        assert (work / name).read_text() == expected
    # It could reach nothing, so it cost nothing.
    assert (outcome.ended, outcome.usd, outcome.usd_known) == ("finished", 0.0, True)


def test_its_environment_is_exactly_what_it_was_given(run, monkeypatch):
    monkeypatch.setenv("OUR_SECRET", "never-inside")
    monkeypatch.setenv("PASSED", "passed-value")
    run("env > env.txt", environment={"ITS_OWN": "1"})
    seen = (run.given.workspace / "env.txt").read_text()
    names = {line.partition("=")[0] for line in seen.splitlines()}
    assert names == {"ITS_OWN", "FACTORY_BRIEF", "PATH", "HOME", "LANG", "PWD", "SHLVL", "_"}
    outcome = run("echo $PASSED > passed.txt; echo $PASSED", environment=["PASSED"])
    assert outcome.message == "[redacted]"
    with pytest.raises(AgentError) as failure:
        run("echo $PASSED >&2; false", environment=["PASSED"])
    assert "passed-value" not in str(failure.value)
    assert (run.given.workspace / "passed.txt").read_text() == "passed-value\n"
    journal = (run.given.journal / "trajectory.jsonl").read_text()
    assert "passed-value" not in journal
    assert "never-inside" not in seen + journal


def test_a_reported_cost_is_taken_from_the_last_line(run):
    outcome = run("""echo noise; echo '{"total_cost_usd": 0.25, "result": "Built."}'""")
    assert (outcome.usd, outcome.usd_known, outcome.message) == (0.25, True, "Built.")


def test_without_such_a_line_the_end_of_its_output_is_the_message(run):
    outcome = run("echo one; echo two")
    assert outcome.message == "one\ntwo"


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"text",
        b"[1]",
        b"{}",
        b'{"total_cost_usd": "0.25"}',
        b'{"total_cost_usd": true}',
        b'{"total_cost_usd": -1}',
        b'{"total_cost_usd": NaN}',
        b'{"total_cost_usd": Infinity}',
        b'{"total_cost_usd": 1' + b"0" * 400 + b"}",
        b'{"total_cost_usd": 1}\nbye',
        b"[" * 100_000,
        b"\xff",
    ],
)
def test_a_cost_in_any_other_form_is_not_known(line):
    assert reported(line)[0] is None


def test_files_of_the_agent_are_shown_read_only(run, tmp_path):
    (tmp_path / "tools").mkdir()
    (tmp_path / "tools/agent").write_text("the agent itself\n")
    run("cp /agent/agent copy; ! touch /agent/new", files=str(tmp_path / "tools"))
    assert (run.given.workspace / "copy").read_text() == "the agent itself\n"


def test_the_time_limit_ends_it_and_keeps_what_is_there(run):
    outcome = run("touch begun; sleep 60", minutes=0.02)
    assert outcome.ended == "deadline"
    assert (run.given.workspace / "begun").exists()


@pytest.mark.parametrize(("script", "code"), [("echo why >&2; exit 3", 3), ("no-such-tool", 127)])
def test_a_failing_command_is_an_agent_error_with_its_last_words(run, script, code):
    with pytest.raises(AgentError, match=f"code {code}: .*(why|no-such-tool)"):
        run(script)
    end = written(run.given).end
    assert end is not None
    assert end.ended == "error"
    assert written(run.given).steps[-1].results[0].exit_code == code


def test_a_variable_to_pass_on_must_be_set(run, monkeypatch):
    monkeypatch.delenv("NOT_THERE", raising=False)
    with pytest.raises(ConfigurationError, match="NOT_THERE"):
        run("true", environment=["NOT_THERE"])


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"argv": "claude -p"},
        {"argv": [1]},
        {"argv": ["a"], "environment": "A=1"},
        {"argv": ["a"], "environment": {"A": 1}},
        {"argv": ["a"], "egress": ["api.anthropic.com"]},
        {"argv": ["a"], "egress": ["*:443"]},
        {"argv": ["a"], "egress": ["a:70000"]},
        {"argv": ["a"], "files": "/no/such/folder"},
        {"argv": ["a"], "model": "x"},
    ],
)
def test_options_in_another_form_are_refused(options):
    with pytest.raises(ConfigurationError):
        select(profile("command", **options))
