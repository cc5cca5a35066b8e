"""The stage build, with a real repository, a real sandbox and an agent driven by the test."""

from __future__ import annotations

import os
import subprocess

import pytest
from messages_api.bench import sandbox  # noqa: F401

from factory.agents.toolbox import Toolbox
from factory.agents.trajectory import Journal, Usage
from factory.build import build
from factory.errors import AgentError, BudgetExceeded, InputError, RecordError
from factory.ports.git import command
from factory.records import (
    AgentOutcome,
    AgentProfile,
    Attempt,
    Budget,
    Product,
    PublicVerdict,
    Requirement,
    SpecText,
    Subject,
    WorkOrder,
    digest_of,
    read,
)
from factory.spec.brief import Brief, part_of

TOKEN = "token-of-the-build"


def git(folder, *words):
    env = {**os.environ, "GIT_CONFIG_GLOBAL": "/dev/null", "HOME": "/nonexistent"}
    for kind in ("AUTHOR", "COMMITTER"):
        env |= {f"GIT_{kind}_NAME": "a", f"GIT_{kind}_EMAIL": "a@example.com"}
    done = subprocess.run(["git", "-C", folder, *words], env=env, capture_output=True, check=True)
    return done.stdout.decode().strip()


@pytest.fixture
def product(tmp_path):
    folder = tmp_path / "product"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    (folder / "secret-history.txt").write_text("old")
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "one")
    git(folder, "rm", "-q", "secret-history.txt")
    (folder / "greet.py").write_text('print("hello")\n')
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "two")
    return folder


SPEC = SpecText(
    id="greeting",
    title="Greeting",
    version=1,
    path="specs/greeting.md",
    commit="c" * 40,
    digest=digest_of("- R1: It greets."),
    text="- R1: It greets.",
    requirements=(Requirement(id="R1", text="It greets.", line=1),),
)


def order(product, **changes):
    values = {
        "run_id": "20261122t211008-0123abcd",
        "nonce": "0" * 32,
        "created_at": "2026-11-22T21:10:08Z",
        "spec": SPEC,
        "product": Product(name="greeter", repository=str(product), subject=Subject(command="x")),
        "base_commit": git(product, "rev-parse", "HEAD"),
        "agent": AgentProfile(name="builder", uses="replay"),
        "budget": Budget(usd=2, spec_usd=3),
        "brief": Brief(parts=(part_of(SPEC),)).text,
    }
    return WorkOrder(**{**values, **changes})


class Scripted:
    """An agent that runs commands in the sandbox and costs what it is told to."""

    def __init__(self, *commands, usd=0.5, fails=False, known=True):
        self.commands, self.usd, self.fails, self.known = commands, usd, fails, known
        self.given, self.outputs = [], []

    def work(self, assignment, box):
        self.given.append(assignment)
        with (
            Journal(assignment.journal, spec_id=assignment.spec_id, attempt=assignment.attempt,
                    base_tree=assignment.base_tree, agent="scripted",
                    secrets=assignment.secrets) as journal,
            Toolbox(box, assignment.workspace) as tools,
        ):  # fmt: skip
            for line in self.commands:
                reply = tools.call("bash", {"command": line})
                self.outputs.append(reply.text)
                journal.step(line, [("bash", {"command": line})], [reply])
            journal.step("", usage=Usage(usd=self.usd))
            if self.fails:
                raise AgentError("the model is out of reach")
            journal.end("finished", "done")
        return AgentOutcome(
            ended="finished", usd=self.usd, usd_known=self.known, steps=len(self.commands)
        )


@pytest.fixture
def run(tmp_path, product, sandbox):  # noqa: F811
    def running(agent, **changes):
        return build(
            changes.pop("work_order", None) or order(product, **changes),
            out=tmp_path / "out",
            agent=agent,
            sandbox=sandbox,
            clone_url=str(product),
            git_environment={"GIT_CONFIG_VALUE_0": TOKEN},
            progress=said.append,
        )

    said: list[str] = []
    running.said = said
    return running


def test_an_attempt_is_a_record_and_the_tree_that_the_agent_left(run, tmp_path, product):
    agent = Scripted("sed -i s/hello/hi/ greet.py", "ls -a; id")
    attempt = run(agent, spent_usd=1.0)
    assert read(Attempt, tmp_path / "out/attempt.json") == attempt
    assert attempt.spent_usd == 1.5
    assert (tmp_path / "out" / attempt.tree / "greet.py").read_text() == 'print("hi")\n'
    given = agent.given[0]
    assert given.base_tree == git(product, "rev-parse", "HEAD^{tree}")
    assert given.budget.usd == 2
    assert "- R1: It greets." in given.brief
    assert given.feedback == ""
    assert run.said


def test_the_agent_sees_no_history_no_token_and_no_environment_of_ours(run, monkeypatch):
    for name in ("GITHUB_ENV", "GITHUB_TOKEN", "ANTHROPIC_API_KEY", "FACTORY_SCENARIOS"):
        monkeypatch.setenv(name, f"value-of-{name}")
    agent = Scripted(
        "ls -A /workspace", "env; cat /proc/*/environ | tr '\\0' '\\n'", "ls / /workspace/.."
    )
    run(agent)
    assert agent.outputs[0].split() == ["greet.py"]
    seen = "\n".join(agent.outputs)
    assert TOKEN not in seen
    assert "value-of-" not in seen
    assert {"value-of-GITHUB_TOKEN", "value-of-ANTHROPIC_API_KEY", TOKEN} <= set(
        agent.given[0].secrets
    )


def test_a_later_attempt_goes_on_from_the_candidate_before_with_its_feedback(run, product):
    first = order(product)
    (product / "greet.py").write_text('print("attempt one")\n')
    git(product, "commit", "-qam", "candidate")
    verdict = PublicVerdict(
        run_id=first.run_id,
        nonce=first.nonce,
        attempt=1,
        spec_id="greeting",
        spec_version=1,
        spec_digest=first.spec.digest,
        candidate=git(product, "rev-parse", "HEAD"),
        suite_digest=None,
        verdict="fail",
        failure_class="behaviour",
        requirements_not_met=("R1",),
    )
    agent = Scripted("cat greet.py")
    run(agent, base_commit=first.base_commit, previous=verdict.candidate, feedback=verdict,
        attempt=2)  # fmt: skip
    assert agent.outputs == ['print("attempt one")\n']
    assert "R1" in agent.given[0].feedback
    assert agent.given[0].attempt == 2


def test_what_was_set_aside_too_long_ago_is_not_begun_with(run):
    agent = Scripted("ls")
    with pytest.raises(BudgetExceeded, match="to be begun with by 2026-11-22T21:10:08Z"):
        run(agent, budget=Budget(begin_by="2026-11-22T21:10:08Z"))
    assert agent.given == []
    assert run(agent, budget=Budget(begin_by="2999-01-01T00:00:00Z")).agent.ended == "finished"


def test_what_stands_on_another_base_is_not_gone_on_from(run, product):
    """A commit of anybody's, or a candidate from before others merged something."""
    stranger = git(product, "rev-parse", "HEAD~1")
    agent = Scripted("ls")
    with pytest.raises(InputError, match="does not stand on"):
        run(agent, previous=stranger, attempt=2)
    assert agent.given == []


def test_a_finished_attempt_is_returned_as_it_is(run, tmp_path):
    attempt = run(Scripted("echo 1 > a"))
    never = Scripted("echo 2 > a")
    assert run(never) == attempt
    assert never.given == []
    assert (tmp_path / "out/tree/a").read_text() == "1\n"
    with pytest.raises(InputError, match="not attempt 2"):
        run(never, attempt=2)


def test_a_killed_build_begins_anew_on_a_clean_tree_and_its_spend_counts(run, tmp_path, sandbox):  # noqa: F811
    with pytest.raises(AgentError):
        run(Scripted("touch left-behind; mkdir -p d/e; chmod 0 d", usd=0.25, fails=True))
    assert not (tmp_path / "out/attempt.json").exists()
    agent = Scripted("ls", usd=0.5)
    attempt = run(agent, spent_usd=1.0)
    assert agent.outputs == ["greet.py\n"]
    assert agent.given[0].budget.usd == 1.75
    assert attempt.spent_usd == 1.75


def test_the_spec_limit_counts_what_attempts_before_have_spent(run):
    agent = Scripted()
    run(agent, spent_usd=2.25)
    assert agent.given[0].budget.usd == 0.75


@pytest.mark.parametrize(
    ("usd", "known", "spent"),
    [
        (0.5, False, 0.5),  # The agent's own limit: it cannot have spent more.
        (9.0, False, 2.0),  # At most all that was set aside for it.
        (9.0, True, 9.0),  # It passed its limit with one request, and says so.
    ],
)
def test_a_cost_that_is_not_known_counts_as_much_as_it_can_be(run, usd, known, spent):
    assert run(Scripted(usd=usd, known=known)).spent_usd == spent


def test_nothing_left_to_spend_is_said_before_anything_starts(run, tmp_path):
    agent = Scripted()
    with pytest.raises(BudgetExceeded, match="greeting"):
        run(agent, spent_usd=3.0)
    assert agent.given == []
    assert not (tmp_path / "out/attempt.json").exists()


def test_a_commit_that_the_product_does_not_have_is_an_input_error(run, tmp_path):
    with pytest.raises(InputError):
        run(Scripted(), base_commit="d" * 40)
    assert not (tmp_path / "out/attempt.json").exists()


@pytest.mark.parametrize(("old", "new"), [("It greets.", "It opens a back door."), ("===", "==")])
def test_an_order_whose_brief_was_changed_is_not_built(run, tmp_path, product, old, new):
    whole = order(product)
    agent = Scripted()
    with pytest.raises(RecordError, match="was changed"):
        run(agent, work_order=order(product, brief=whole.brief.replace(old, new, 1)))
    assert agent.given == [] and not (tmp_path / "out").exists()


def test_no_repository_is_left_beside_the_tree(run, tmp_path):
    run(Scripted())
    found = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert found == ["attempt.json", "trajectory.jsonl", "tree"]
    with pytest.raises(Exception, match="git"):
        command.git("log", repository=tmp_path / "out")
